"""A bucket before its cache: copies are checked, bounded and never the truth; faults are told."""

import hashlib
import os
import time
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from pim import files
from pim.files import bucket as bucket_of
from pim.files import cache
from pim.project.bucket import bucket_storages
from tests.factories import buckets

DATA = b"0123456789" * 400
SHA = hashlib.sha256(DATA).hexdigest()
NAME = f"{SHA[:2]}/{SHA[2:4]}/{SHA}"


def put(tmp_path, data=DATA):
    path = tmp_path / "finished"
    path.write_bytes(data)
    return files.artefacts().put(path, files.name_of(hashlib.sha256(data).hexdigest()))


def test_another_host_brings_the_file_once(bucket, settings, tmp_path):
    endpoint, name = bucket
    put(tmp_path)
    buckets.move_in(settings, endpoint, tmp_path / "other", bucket=name)
    shelf = files.artefacts()
    assert not shelf.place(NAME).exists()
    assert shelf.local(NAME).read_bytes() == DATA
    buckets.client(endpoint).delete_object(Bucket=name, Key=f"pim/artefacts/{NAME}")
    assert shelf.local(NAME).read_bytes() == DATA  # immutable: the copy is as good


def test_two_hosts_may_write_the_same_file(bucket, settings, tmp_path):
    endpoint, name = bucket
    put(tmp_path)
    buckets.move_in(settings, endpoint, tmp_path / "other", bucket=name)
    put(tmp_path)
    assert buckets.keys(endpoint, name) == [f"pim/artefacts/{NAME}"]
    assert files.artefacts().digest(NAME) == SHA


def test_a_copy_of_other_bytes_never_gets_the_name(bucket, tmp_path):
    endpoint, name = bucket
    key = f"pim/artefacts/{NAME}"
    buckets.client(endpoint).put_object(Bucket=name, Key=key, Body=b"x" * len(DATA))
    shelf = files.artefacts()
    with pytest.raises(files.FilesUnreachable, match="other bytes"):
        shelf.local(NAME)
    assert [p for p in shelf.root.rglob("*") if p.is_file()] == []
    assert shelf.digest(NAME) != SHA


def test_an_upload_that_breaks_off_shows_nothing(bucket, tmp_path, monkeypatch):
    endpoint, name = bucket
    shelf = files.artefacts()

    def half(path, *args, **kwargs):
        shelf.client.put_object(Bucket=name, Key="elsewhere", Body=b"half")
        from botocore.exceptions import ConnectionClosedError

        raise ConnectionClosedError(endpoint_url=endpoint)

    monkeypatch.setattr(shelf.client, "upload_file", half)
    with pytest.raises(files.FilesUnreachable):
        put(tmp_path)
    assert (buckets.keys(endpoint, name), shelf.look(NAME)) == (["elsewhere"], None)
    assert ((tmp_path / "finished").read_bytes(), shelf.place(NAME).exists()) == (DATA, False)


def test_an_upload_that_arrives_cut_is_refused(bucket, tmp_path, monkeypatch):
    shelf = files.artefacts()

    def cut(path, where, key, **kwargs):
        shelf.client.put_object(Bucket=where, Key=key, Body=DATA[:-1])

    monkeypatch.setattr(shelf.client, "upload_file", cut)
    with pytest.raises(files.FilesUnreachable, match="did not arrive"):
        put(tmp_path)
    assert not shelf.place(NAME).exists()
    monkeypatch.undo()
    put(tmp_path)
    assert shelf.digest(NAME) == SHA  # the next attempt replaces it


def test_a_file_about_to_be_collected_is_sent_again(bucket, tmp_path, monkeypatch):
    put(tmp_path)
    first = files.artefacts().look(NAME).modified
    monkeypatch.setattr(bucket_of, "FRESH", 0.0)
    time.sleep(1.1)  # the protocol tells whole seconds
    put(tmp_path)
    assert files.artefacts().look(NAME).modified > first


def test_a_large_file_is_streamed_and_leaves_no_copy(bucket, settings, tmp_path, monkeypatch):
    put(tmp_path).unlink()
    monkeypatch.setattr(bucket_of, "SMALL", 100)
    shelf = files.artefacts()
    with shelf.open(NAME, first=10, last=14) as stream:
        assert stream.read() == DATA[10:15]
    with shelf.open(NAME) as stream:
        assert stream.read() == DATA
    assert not shelf.place(NAME).exists()


def test_a_server_that_is_away_is_an_error_that_may_pass(bucket, settings, tmp_path):
    name = bucket[1]
    away = "http://127.0.0.1:9"
    buckets.move_in(settings, away, tmp_path, bucket=name)
    shelf = files.artefacts()
    shelf.client.meta.config.retries = {"max_attempts": 0}
    assert "127.0.0.1:9" in shelf.fault()
    for ask in (shelf.look, shelf.read):
        with pytest.raises(files.FilesUnreachable):
            ask(NAME)


def test_the_cache_drops_what_was_used_longest_ago(settings, tmp_path):
    settings.FILES_CACHE_ROOT, settings.FILES_CACHE_MB = tmp_path, 1
    now = time.time()
    for age, name in enumerate(["new", "middle", "old"]):
        path = tmp_path / "assets" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x" * 600_000)
        os.utime(path, (now - 7200 - age, now - 7200 - age))
    assert cache.prune(at=now) == 2
    assert [p.name for p in (tmp_path / "assets").iterdir()] == ["new"]


def test_the_cache_leaves_alone_what_was_just_used(settings, tmp_path):
    settings.FILES_CACHE_ROOT, settings.FILES_CACHE_MB = tmp_path, 0
    (tmp_path / "busy").write_bytes(b"x")
    assert (cache.prune(at=time.time()), (tmp_path / "busy").exists()) == (0, True)


@pytest.mark.parametrize(
    "url", ["bucket", "/folder", "s3://", "https://bucket", "s3://key:secret@bucket", "s3://b?x=1"]
)
def test_a_place_that_is_no_bucket_is_refused_at_the_start(url):
    with pytest.raises(ImproperlyConfigured, match="PIM_FILES is"):
        bucket_storages(url)


def test_half_a_login_is_refused_at_the_start():
    with pytest.raises(ImproperlyConfigured, match="PIM_S3_SECRET"):
        bucket_storages("s3://bucket", key="only")


def test_files_of_jobs_have_a_path_here(bucket):
    from django.core.files.base import ContentFile
    from django.core.files.storage import storages

    media = storages.create_storage(storages.backends["default"])
    name = media.save("jobs/list.csv", ContentFile(b"a;b\n"))
    assert Path(media.path(name)).read_bytes() == b"a;b\n"
    assert media.save("jobs/list.csv", ContentFile(b"other")) != name
    for strange in ("../../etc/passwd", "/etc/passwd"):
        with pytest.raises(ValueError, match="not a name"):
            media.path(strange)
