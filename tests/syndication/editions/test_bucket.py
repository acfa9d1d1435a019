"""Files in a bucket, a whole journey: issued on one host, served and re-issued on others."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from pim import files
from syndication import store
from syndication.actions.collect import collect, expire_editions
from syndication.actions.compress import compress_entry
from syndication.actions.editions import issue_edition, run_edition, splice
from syndication.models import ChannelSequence, Edition, OutboxEntry, Output, Pointer
from syndication.queries.verification import findings
from tests.factories import buckets, shelf

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
PICTURE = b"not really a picture " * 100
pytestmark = pytest.mark.django_db


@pytest.fixture
def hosts(s3, settings, tmp_path, store_root):
    """Return a function that moves to another host of the same installation."""
    bucket = buckets.new_bucket(s3)

    def move(name):
        buckets.move_in(settings, s3, tmp_path / name, bucket=bucket)
        return bucket

    move.lies = lambda: buckets.keys(s3, bucket)
    move("first")
    return move


def issue(output) -> Edition:
    (edition,) = issue_edition(output, actor="anna", at=NOW)
    assert run_edition(edition.pk)
    return Edition.objects.get(pk=edition.pk)


def keep_picture() -> str:
    sha = hashlib.sha256(PICTURE).hexdigest()
    files.assets().write(files.name_of(sha), [PICTURE])
    return sha


def make_public():
    ChannelSequence.objects.update(contexts={"locales": ["en"], "audiences": [["consumer", True]]})


def test_everything_of_an_edition_is_in_the_bucket(hosts):
    sha = keep_picture()
    shelf.stock({"A-1": "one", "A-2": f"picture {sha}"})
    edition = issue(shelf.make_output())
    assert edition.state == "issued", edition.cause
    link = edition.artefacts.get()
    lies = {key.removeprefix("pim/") for key in hosts.lies()}
    digests = {edition.frozen, edition.products, link.artefact_id}
    assert {f"artefacts/{files.name_of(digest)}" for digest in digests} <= lies
    assert f"assets/{files.name_of(sha)}" in lies
    assert "artefacts/current/list.json" in lies
    pieces = sorted(key.rpartition(".")[2] for key in lies if "/pieces/" in key)
    assert pieces == ["bodies", "heads", "index"]


def test_children_get_pictures_out_of_the_bucket(hosts):
    sha = keep_picture()
    hosts("second")
    assert not files.assets().place(files.name_of(sha)).exists()
    shelf.stock({"A-1": f"picture {sha}", "A-2": f"picture {'0' * 64}"})
    edition = issue(shelf.make_output())
    text = store.local(edition.artefacts.get().artefact_id).read_text()
    assert text.splitlines()[1:] == [f"A-1;{len(PICTURE)} bytes;10"]
    assert [(e.identifier, e.code) for e in edition.item_errors.all()] == [("A-2", "render_error")]


def test_another_host_serves_as_the_first_would(hosts, client):
    shelf.stock({"A-1": "one" * 500})
    make_public()
    edition = issue(shelf.make_output())
    compress_entry(OutboxEntry.objects.get(kind="compress").pk, at=NOW)
    sha = edition.artefacts.get().artefact_id
    hosts("second")
    plain = client.get("/out/list/list.en.txt")
    body = b"".join(plain)
    assert (plain.status_code, hashlib.sha256(body).hexdigest()) == (200, sha)
    assert (plain["ETag"], plain["Content-Length"]) == (f'"{sha}"', str(len(body)))
    same = client.get("/out/list/list.en.txt", HTTP_IF_NONE_MATCH=plain["ETag"])
    assert same.status_code == 304
    part = client.get("/out/list/list.en.txt", HTTP_RANGE="bytes=5-14")
    assert (part.status_code, b"".join(part)) == (206, body[5:15])
    packed = client.get("/out/list/list.en.txt", HTTP_ACCEPT_ENCODING="zstd")
    assert (packed["Content-Encoding"], len(b"".join(packed)) < len(body)) == ("zstd", True)
    assert client.head("/out/list/list.en.txt")["Content-Length"] == str(len(body))


def test_what_was_served_is_served_again_without_asking_the_bucket(hosts, client, monkeypatch):
    shelf.stock({"A-1": "one"})
    make_public()
    issue(shelf.make_output())
    hosts("second")
    whole = b"".join(client.get("/out/list/list.en.txt", HTTP_ACCEPT_ENCODING="zstd"))

    def away(*args, **kwargs):
        raise files.FilesUnreachable("the bucket is away")

    monkeypatch.setattr("pim.files.bucket.BucketShelf.look", away)
    again = client.get("/out/list/list.en.txt", HTTP_ACCEPT_ENCODING="zstd")
    assert (again.status_code, b"".join(again)) == (200, whole)


def test_large_files_are_streamed_with_their_ranges(hosts, client, monkeypatch):
    from pim.files import bucket

    shelf.stock({"A-1": "one" * 500})
    make_public()
    issue(shelf.make_output())
    whole = b"".join(client.get("/out/list/list.en.txt"))
    hosts("second")
    monkeypatch.setattr(bucket, "SMALL", 10)
    assert b"".join(client.get("/out/list/list.en.txt")) == whole
    part = client.get("/out/list/list.en.txt", HTTP_RANGE="bytes=-7")
    assert (part.status_code, b"".join(part)) == (206, whole[-7:])
    assert list(files.artefacts().root.rglob("*.txt")) == []


def test_another_host_issues_again_from_the_same_pieces(hosts, monkeypatch):
    output = shelf.make_output()
    shelf.stock({f"A-{n}": "one" for n in range(10)})
    issue(output)
    hosts("second")
    monkeypatch.setattr(splice, "from_database", None)
    shelf.stock({f"A-{n}": "two" if n == 3 else "one" for n in range(10)})
    edition = issue(output)
    assert edition.state == "issued", edition.cause
    assert [edition.counts[name] for name in ("rendered", "reused")] == [1, 9]
    text = store.local(edition.artefacts.get().artefact_id).read_text()
    assert text.splitlines()[4] == "A-3;two;10"


def test_readers_are_sent_to_the_bucket_where_that_is_wished(hosts, client, settings):
    from urllib.request import urlopen

    shelf.stock({"A-1": "one"})
    make_public()
    edition = issue(shelf.make_output())
    settings.FILES_REDIRECT_SECONDS = 60
    answer = client.get("/out/list/list.en.txt")
    assert (answer.status_code, answer["Cache-Control"]) == (302, "no-store")
    with urlopen(answer["Location"]) as served:  # the address of our own server on loopback
        sha = edition.artefacts.get().artefact_id
        assert hashlib.sha256(served.read()).hexdigest() == sha
        assert served.headers["Content-Type"] == "text/plain; charset=utf-8"
    known = client.get("/out/list/list.en.txt", HTTP_IF_NONE_MATCH=f'"{sha}"')
    assert known.status_code == 304


def test_who_may_not_have_a_file_gets_no_link(hosts, client, settings):
    shelf.stock({"A-1": "one"})
    issue(shelf.make_output())
    settings.FILES_REDIRECT_SECONDS = 60
    answer = client.get("/out/list/list.en.txt")
    assert (answer.status_code, answer.get("Location")) == (401, None)


def test_all_is_verified_in_the_bucket_and_not_in_the_cache(hosts, s3):
    shelf.stock({"A-1": "one"})
    edition = issue(shelf.make_output())
    ours = lambda: [f.message for f in findings(full=True, at=NOW) if f.check == "artefact"]  # noqa: E731
    assert ours() == []
    name = files.name_of(edition.artefacts.get().artefact_id)
    size = files.artefacts().look(name).size
    where = {"Bucket": hosts("first"), "Key": f"pim/artefacts/{name}"}
    buckets.client(s3).put_object(**where, Body=b"x" * size)
    assert ours() == ["list.en.txt has other bytes than its name"]
    buckets.client(s3).delete_object(**where)
    assert ours() == ["list.en.txt is not in the store"]


def test_what_nobody_needs_leaves_the_bucket_and_expired_editions_are_gone(hosts, client):
    output = shelf.make_output(keep_days=1)
    names = []
    for word in ("one", "two", "three", "four", "five"):
        shelf.stock({"A-1": word})
        make_public()
        names.append(files.name_of(issue(output).artefacts.get().artefact_id))
    later = timezone.now() + timedelta(days=2)
    assert expire_editions(at=later) == 2
    collect(at=later, grace=-1)
    left = set(hosts.lies())
    assert [f"pim/artefacts/{name}" in left for name in names] == [False, False, True, True, True]
    assert client.get("/out/list/editions/1/list.en.txt").status_code == 410
    assert b"five" in b"".join(client.get("/out/list/list.en.txt"))


def test_a_bucket_that_is_away_delays_an_edition_and_changes_nothing(hosts, monkeypatch, client):
    output = shelf.make_output()
    shelf.stock({"A-1": "one"})
    make_public()
    first = issue(output)
    shelf.stock({"A-1": "two"})
    make_public()
    before = hosts.lies()

    def away(*args, **kwargs):
        raise files.FilesUnreachable("the bucket is away")

    monkeypatch.setattr("pim.files.bucket.BucketShelf._upload", away)
    second = issue(output)
    assert (second.state, "the bucket is away" in second.cause) == ("retry_wait", True)
    assert (hosts.lies(), Pointer.objects.get().edition) == (before, first)
    assert b"A-1;one" in b"".join(client.get("/out/list/list.en.txt"))
    monkeypatch.undo()
    assert run_edition(second.pk)
    assert Edition.objects.get(pk=second.pk).state == "issued"


def test_a_reader_hears_when_the_bucket_is_away(hosts, client, monkeypatch):
    shelf.stock({"A-1": "one"})
    make_public()
    issue(shelf.make_output())
    hosts("second")

    def away(*args, **kwargs):
        raise files.FilesUnreachable("the bucket is away")

    monkeypatch.setattr("pim.files.bucket.BucketShelf.look", away)
    answer = client.get("/out/list/list.en.txt")
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert answer.json()["code"] == "files_unreachable"
    assert Output.objects.count() == 1
