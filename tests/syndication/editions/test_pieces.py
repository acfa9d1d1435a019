"""Files of pieces: merged in order whatever came when, read back as they were written."""

from array import array
from itertools import pairwise
from types import SimpleNamespace

from hypothesis import given, settings
from hypothesis import strategies as st

from syndication.actions.editions import pieces as pieces_of
from syndication.actions.editions.pieces import Pieces, Spool, compose, load, merged
from syndication.supervise import wire


def spooled(path, parts):
    """Return a spool of parts [{unit: payload}], each in order of units."""
    spool = Spool(path)
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


def read(segments):
    return {piece.unit_id: piece.payload for piece in wire.read_pieces(segments)}


payloads = st.dictionaries(st.integers(1, 40), st.none() | st.binary(max_size=60), max_size=30)


@settings(deadline=None)
@given(first=payloads, second=payloads, gone=st.sets(st.integers(1, 40)), size=st.integers(1, 7))
def test_patched_pieces_are_what_a_full_writing_gives(tmp_path_factory, first, second, gone, size):
    folder = tmp_path_factory.mktemp("pieces")
    units = sorted(first)
    parts = [{u: first[u] for u in units[n : n + size]} for n in range(0, len(units), size)]
    old, segments = merged(
        None, spooled(folder / "spool1", parts[::-1]), dropped=(), path=folder / "old.frames"
    )
    compose(old, segments, beat=lambda: None)
    gone -= second.keys()
    new, segments = merged(
        old, spooled(folder / "spool2", [second]), dropped=gone, path=folder / "new.frames"
    )
    expected = {u: p for u, p in {**first, **second}.items() if p is not None and u not in gone}
    assert list(new.units) == sorted(expected)
    assert read(segments) == expected
    assert list(new.prices) == [float(unit) for unit in new.units]
    assert [new.names[group] for group in new.groups] == ["w" * (unit % 2) for unit in new.units]
    assert all(a.path != b.path or a.offset + a.size != b.offset for a, b in pairwise(segments))
    compose(new, segments, beat=lambda: None)
    assert read([(str(new.path), 0, sum(new.sizes))]) == expected


def test_stored_pieces_that_do_not_fit_their_index_are_not_used(settings, tmp_path):
    settings.ARTEFACT_ROOT = tmp_path
    pieces = Pieces(pieces_of.new_path(), units=array("q", [1]), sizes=array("I", [3]))
    pieces.prices, pieces.groups = array("d", [1.0]), array("H", [0])
    pieces.path.write_bytes(b"abc")
    pieces.write_index()
    assert load(pieces.path.name).units == pieces.units
    pieces.path.write_bytes(b"ab")
    assert load(pieces.path.name) is None
    pieces_of.forget(pieces.path.name)
    assert load(pieces.path.name) is None
    assert list(pieces_of.folder().iterdir()) == []
