"""HTTP PUT: logins in headers, public hosts only, no redirects, sizes asked for afterwards."""

import base64
import hashlib

import pytest

from syndication.transport import Place, Undeliverable, send, try_out
from tests.factories import receivers

DATA = b"a file " * 1000


@pytest.fixture
def server(settings):
    with receivers.taker() as running:
        settings.OUTBOUND_HOSTS = [f"127.0.0.1:{running.server_port}"]
        yield running


@pytest.fixture
def files(tmp_path):
    path = tmp_path / "artefact"
    path.write_bytes(DATA)
    return [("list.txt", path), ("deep/Größe 1.txt", path)]


def test_files_are_put_below_the_address_with_their_digest(server, files):
    send(Place(f"{server.url}/in/"), files)
    assert server.files == {"/in/list.txt": DATA, "/in/deep/Gr%C3%B6%C3%9Fe%201.txt": DATA}
    sha = base64.b64encode(hashlib.sha256(DATA).digest()).decode()
    put = server.asked[0][2]
    assert (put["content-digest"], put["content-length"]) == (f"sha-256=:{sha}:", str(len(DATA)))
    assert "authorization" not in put


@pytest.mark.parametrize(
    ("secret", "sent"),
    [({"token": "abc"}, "Bearer abc"), ({"user": "a", "password": "b"}, "Basic YTpi")],
)
def test_a_secret_goes_into_the_header(secret, sent, server, files):
    send(Place(f"{server.url}/in", secret=secret), files[:1])
    assert {headers["authorization"] for _m, _p, headers in server.asked} == {sent}


@pytest.mark.parametrize("status", [500, 503, 429, 408])
def test_what_may_pass_is_tried_again(status, server, files):
    server.answers = [status]
    with pytest.raises(OSError, match=str(status)):
        send(Place(f"{server.url}/in"), files[:1])
    assert server.files == {}


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405])
def test_what_will_not_pass_is_for_good(status, server, files):
    server.answers = [status]
    with pytest.raises(Undeliverable, match=str(status)):
        send(Place(f"{server.url}/in"), files[:1])
    assert server.files == {}


def test_a_redirect_is_not_followed(server, files):
    server.answers = [302]
    with pytest.raises(OSError, match="302"):
        send(Place(f"{server.url}/in", secret={"token": "abc"}), files[:1])
    assert len(server.asked) == 1


def test_bytes_that_get_lost_are_noticed(server, files):
    server.takes = 10
    with pytest.raises(OSError, match=f"10 of {len(DATA)} bytes"):
        send(Place(f"{server.url}/in"), files[:1])


@pytest.mark.parametrize(
    "url",
    ["https://127.0.0.1/x", "https://10.0.0.1/x", "https://[::1]/x", "http://example.com/x",
     "https://169.254.169.254/latest"],
)  # fmt: skip
def test_only_public_hosts_are_asked(url, server, files):
    with pytest.raises(Undeliverable):
        send(Place(url), files)
    assert server.asked == []


def test_a_test_is_taken_away_again(server, files):
    try_out(Place(f"{server.url}/in"), "delivery-test.txt", files[0][1])
    assert server.files == {}
    assert server.asked[0][:2] == ("PUT", "/in/delivery-test.txt")
