"""Files of pieces: merged in order whatever came when, read back as they were written."""

import io
import os
from itertools import pairwise
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndication.actions import collect
from syndication.actions.editions import pieces as pieces_of
from syndication.actions.editions import splice
from syndication.actions.editions.pieces import load
from syndication.actions.editions.splice import Spool, composed, merged
from syndication.models import FragmentSet
from syndication.supervise import wire
from tests.factories import shelf

from .test_run import issue, text_of


def spooled(stem, parts):
    """Return a spool of parts [{unit: payload}], each in order of units."""
    spool = Spool(stem)
    for part in parts:
        for unit, payload in sorted(part.items()):
            left_out = payload is None
            entry = SimpleNamespace(identifier=f"ä{unit}")
            result = wire.Result(
                unit, False, "", float(unit), left_out, '{"n": 1}', "w" * (unit % 2), "[]", payload
            )
            spool.add(entry, result)
    spool.close()
    return spool


def read(pieces):
    """Return {unit: payload}, having compared both ways of reading."""
    stored = wire.StoredPieces(pieces.segments())
    found, copied = list(stored), io.BytesIO()
    stored.copy_to(copied)
    assert copied.getvalue() == b"".join(piece.payload for piece in found)
    apart = list(stored.apart())
    assert [piece._replace(payload=read_payload()) for piece, read_payload in apart] == found
    assert {piece.payload for piece, _ in apart} <= {b""}
    assert [(p.identifier, p.summary) for p in found] == [
        (f"ä{p.unit_id}", {"n": 1}) for p in found
    ]
    return {piece.unit_id: piece.payload for piece in found}


payloads = st.dictionaries(st.integers(1, 40), st.none() | st.binary(max_size=60), max_size=30)


@settings(deadline=None)
@given(
    first=payloads, second=payloads, third=payloads,
    gone=st.sets(st.integers(1, 40)), size=st.integers(1, 7),
)  # fmt: skip
def test_patched_pieces_are_what_a_full_writing_gives(
    tmp_path_factory, first, second, third, gone, size
):
    folder = tmp_path_factory.mktemp("pieces")
    units = sorted(first)
    parts = [{u: first[u] for u in units[n : n + size]} for n in range(0, len(units), size)]
    pieces, expected = merged(None, spooled(folder / "1", parts[::-1]), dropped=()), first
    for n, fresh in enumerate((second, third)):
        lost = gone - fresh.keys()
        pieces = merged(pieces, spooled(folder / f"fresh{n}", [fresh]), dropped=lost)
        expected = {u: p for u, p in {**expected, **fresh}.items() if u not in lost}
    expected = {unit: payload for unit, payload in expected.items() if payload is not None}
    assert list(pieces.units) == sorted(expected)
    assert read(pieces) == expected
    assert list(pieces.prices) == [float(unit) for unit in pieces.units]
    assert [pieces.names[g] for g in pieces.groups] == ["w" * (unit % 2) for unit in pieces.units]
    segments = pieces.segments()
    assert all(
        a.stem != b.stem or a.body_at + a.bodies != b.body_at or a.head_at + a.heads != b.head_at
        for a, b in pairwise(segments)
    )
    whole = composed(pieces, stem=folder / "whole", beat=lambda: None)
    assert len(whole.runs) == (1 if expected else 0)
    assert read(whole) == expected


@pytest.fixture
def kept(settings, tmp_path):
    """Return pieces that are stored, of two pairs of files."""
    settings.ARTEFACT_ROOT = tmp_path / "artefacts"
    first = merged(None, spooled(pieces_of.new_stem(), [{1: b"a", 2: b"b", 3: b"c"}]), dropped=())
    pieces = merged(first, spooled(pieces_of.new_stem(), [{2: b"zwei"}]), dropped=[3])
    pieces.write_index()
    return pieces


def test_stored_pieces_are_loaded_as_they_were(kept):
    found = load(kept.stem.name)
    assert read(found) == {1: b"a", 2: b"zwei"}
    assert (found.units, found.runs, found.names) == (kept.units, kept.runs, kept.names)


@pytest.mark.parametrize("suffix", [".heads", ".bodies", ".index"])
@pytest.mark.parametrize("spoil", [lambda p: os.truncate(p, 1), os.unlink], ids=["cut", "gone"])
def test_stored_pieces_that_do_not_fit_their_index_are_not_used(kept, suffix, spoil):
    spoil(f"{kept.stem}{suffix}")
    assert load(kept.stem.name) is None


def test_dropping_all_stems_leaves_nothing(kept):
    pieces_of.drop(pieces_of.stems_of(kept.stem.name))
    assert load(kept.stem.name) is None
    assert list(pieces_of.folder().iterdir()) == []


def test_files_that_are_cut_short_are_an_error(kept):
    segments = kept.segments()
    os.truncate(f"{kept.stem}.bodies", 2)
    with pytest.raises(EOFError):
        list(wire.StoredPieces(segments))
    with pytest.raises(EOFError):
        wire.StoredPieces(segments).copy_to(io.BytesIO())
    with pytest.raises(EOFError):
        [read_payload() for _, read_payload in wire.StoredPieces(segments).apart()]


@pytest.mark.django_db
def test_many_editions_leave_few_files_and_the_same_text(monkeypatch):
    monkeypatch.setattr(pieces_of, "MOST_FILES", 3)
    output = shelf.make_output()
    for n in range(6):
        shelf.stock({f"A-{m}": "one" if m > n else f"name {n}" for m in range(1, 9)})
        edition = issue(output)
        assert len(list(pieces_of.folder().glob("*.bodies"))) <= 4
    (row,) = FragmentSet.objects.all()
    assert {str(p.with_suffix("")) for p in pieces_of.folder().iterdir()} == pieces_of.stems_of(
        row.pieces
    )
    patched = text_of(edition)
    FragmentSet.objects.all().delete()
    shelf.stock({f"A-{m}": "one" if m > 5 else "name 5" for m in range(1, 9)})
    output.options = {"nap": 0.001}
    output.save()
    assert text_of(issue(output)) == patched


@pytest.mark.django_db
def test_lost_pieces_are_read_back_from_the_fragments():
    output = shelf.make_output()
    shelf.stock({"A-1": "one", "A-2": "two"})
    issue(output)
    for path in pieces_of.folder().iterdir():
        path.unlink()
    shelf.stock({"A-1": "one", "A-2": "zwei"})
    edition = issue(output)
    assert (edition.counts["rendered"], edition.counts["reused"]) == (1, 1)
    assert text_of(edition) == "list 2\nA-1;one;10\nA-2;zwei;10\n"
    assert len(list(pieces_of.folder().glob("*.bodies"))) == 1


@pytest.mark.django_db
def test_collection_removes_pieces_that_no_set_names(kept):
    FragmentSet.objects.create(
        output=shelf.make_output(), locale="en", frozen="f", environment="e", pieces=kept.stem.name
    )
    other = spooled(pieces_of.new_stem(), [{1: b"a"}]).pieces
    (pieces_of.folder() / "0123.frames").write_bytes(b"of an older release")
    collect.clear_pieces(grace=-1)
    assert read(load(kept.stem.name)) == {1: b"a", 2: b"zwei"}
    assert not pieces_of.heads_of(other.stem).exists()
    assert len(list(pieces_of.folder().iterdir())) == 5


@pytest.mark.django_db
def test_edition_that_fails_leaves_no_pieces(monkeypatch):
    monkeypatch.setattr(splice.Spool, "close", lambda self: 1 / 0)
    shelf.stock({"A-1": "one"})
    assert issue(shelf.make_output()).state == "retry_wait"
    assert list(pieces_of.folder().iterdir()) == []
