"""Deliveries into a bucket, on a server that speaks S3."""

from urllib.parse import urlsplit

import pytest

from syndication.transport import Place, Undeliverable, host_of, send, try_out
from tests.factories import buckets

DATA = b"a file " * 1000
SECRET = {"user": buckets.LOGIN["key"], "password": buckets.LOGIN["secret"]}


@pytest.fixture
def place(s3, settings):
    settings.OUTBOUND_HOSTS = [urlsplit(s3).netloc]
    bucket = buckets.new_bucket(s3)
    where = Place(f"s3://{bucket}/in?endpoint={s3}&region={buckets.REGION}", secret=SECRET)
    return where, lambda: buckets.keys(s3, bucket)


@pytest.fixture
def files(tmp_path):
    path = tmp_path / "artefact"
    path.write_bytes(DATA)
    return [("list.txt", path), ("deep/Größe 1.txt", path)]


def test_files_arrive_below_the_prefix(place, files, s3):
    where, keys = place
    send(where, files)
    assert keys() == ["in/deep/Größe 1.txt", "in/list.txt"]
    stored = buckets.client(s3).get_object(Bucket=where.parts.hostname, Key="in/list.txt")
    assert stored["Body"].read() == DATA


def test_a_bucket_that_is_not_there_is_for_good(place, files):
    where, keys = place
    with pytest.raises(Undeliverable, match="404"):
        send(Place(where.url.replace("s3://", "s3://no-"), secret=SECRET), files)
    assert keys() == []


def test_without_a_login_nobody_is_asked(place, files):
    where, keys = place
    with pytest.raises(Undeliverable, match="access key"):
        send(Place(where.url), files)
    assert keys() == []


def test_a_private_endpoint_that_is_not_listed_is_not_asked(place, files, settings):
    where, keys = place
    settings.OUTBOUND_HOSTS = []
    with pytest.raises(Undeliverable):
        send(where, files)
    assert keys() == []


def test_a_test_leaves_nothing(place, files):
    where, keys = place
    try_out(where, "delivery-test.txt", files[0][1])
    assert keys() == []


def test_the_secret_is_for_the_host_of_the_endpoint():
    assert host_of("s3://b/x?endpoint=https://s3.example.com:9000") == "s3.example.com"
    assert host_of("s3://b/x?region=eu-north-1") == "s3.eu-north-1.amazonaws.com"
    assert host_of("sftp://a@files.example.com/x") == "files.example.com"
