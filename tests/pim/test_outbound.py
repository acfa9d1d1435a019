"""The one way out: public hosts only, pinned, within limits, redirects checked again."""

import socket
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from pim import outbound
from pim.outbound import OutboundFailed, OutboundRefused, check_address, fetch, is_public


class Handler(BaseHTTPRequestHandler):
    """Answers by path, and keeps what it was asked."""

    def do_GET(self):
        self.server.asked.append((self.path, dict(self.headers)))
        if self.path.startswith("/to/"):
            self.send_response(302)
            self.send_header("Location", self.path.removeprefix("/to/"))
            self.end_headers()
        elif self.path == "/slow":
            self._trickle()
        else:
            self._say(b"x" * 5000 if self.path == "/large" else b"hello")

    def do_POST(self):
        self.server.asked.append((self.path, dict(self.headers)))
        self._say(self.rfile.read(int(self.headers["Content-Length"])))

    def _say(self, body: bytes):
        self.send_response(200)
        self.send_header("ETag", '"1"')
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _trickle(self):
        try:
            for _turn in range(200):
                self.wfile.write(b"H")
                self.wfile.flush()
                time.sleep(0.05)
        except OSError:
            return

    def log_message(self, *args):
        pass


@contextmanager
def listening():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.asked = []
    threading.Thread(target=server.serve_forever, args=[0.02], daemon=True).start()
    try:
        yield server, f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def server(settings):
    with listening() as (server, url):
        settings.OUTBOUND_HOSTS = [f"127.0.0.1:{server.server_port}"]
        server.url = url
        yield server


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.215.14", True),
        ("2606:4700::1111", True),
        ("127.0.0.1", False),
        ("10.0.0.1", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("224.0.0.1", False),
        ("0.0.0.0", False),
        ("::1", False),
        ("::127.0.0.1", False),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b:1::1", False),
        ("2002:7f00:1::", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
    ],
)
def test_address_is_public_only_if_what_it_embeds_is(address, public):
    assert is_public(address) is public


@pytest.mark.parametrize(
    "url",
    [
        "http://93.184.215.14/",
        "https://127.0.0.1/",
        "https://2130706433/",
        "https://localhost/",
        "https://user@93.184.215.14/",
        "https://93.184.215.14\\@127.0.0.1/",
        "https://93.184.215.14/a b",
        "file:///etc/passwd",
        "ftp://93.184.215.14/",
        "https:///x",
        "https://[::1/",
    ],
)
def test_address_that_must_not_be_asked_is_refused(url):
    with pytest.raises(OutboundRefused):
        check_address(url)


def test_name_with_one_private_address_is_refused(monkeypatch):
    rows = [(0, 0, 0, "", ("93.184.215.14", 443)), (0, 0, 0, "", ("10.0.0.1", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **how: rows)
    with pytest.raises(OutboundRefused):
        check_address("https://rebinding.example/")


def test_listed_host_is_asked(server):
    answer = fetch(f"{server.url}/x", headers={"If-None-Match": '"0"'})
    assert (answer.status, answer.read(), answer.headers["etag"]) == (200, b"hello", '"1"')
    [(path, headers)] = server.asked
    assert (path, headers["if-none-match"]) == ("/x", '"0"')


def test_body_is_sent(server):
    assert fetch(f"{server.url}/in", method="POST", body=b"{}").read() == b"{}"


def test_redirect_to_a_private_host_is_refused(server):
    with listening() as (other, url):
        with pytest.raises(OutboundRefused):
            fetch(f"{server.url}/to/{url}/secret")
        assert other.asked == []


def test_secrets_do_not_go_along_to_another_host(server, settings):
    with listening() as (other, url):
        settings.OUTBOUND_HOSTS = [*settings.OUTBOUND_HOSTS, f"127.0.0.1:{other.server_port}"]
        fetch(f"{server.url}/to/{url}/x", headers={"Authorization": "Bearer s", "X-Keep": "1"})
        [(_path, headers)] = other.asked
    assert "authorization" not in headers
    assert headers["x-keep"] == "1"
    assert server.asked[0][1]["authorization"] == "Bearer s"


def test_redirects_end(server):
    with pytest.raises(OutboundFailed):
        fetch(f"{server.url}/to//to//to//to//to//to//x", redirects=3)
    assert len(server.asked) == 4


def test_redirect_is_the_answer_where_none_is_wanted(server):
    assert fetch(f"{server.url}/to//x", redirects=0).status == 302


def test_answer_larger_than_allowed_is_refused(server):
    with pytest.raises(OutboundRefused) as refused:
        fetch(f"{server.url}/large", max_bytes=4999)
    assert refused.value.code == "too_large"
    assert len(fetch(f"{server.url}/large", max_bytes=5000).read()) == 5000


def test_trickling_answer_is_cut_off(server):
    with pytest.raises(OutboundFailed):
        fetch(f"{server.url}/slow", seconds=0.3)


def test_connection_goes_to_the_address_that_was_checked(server, settings, monkeypatch):
    """A name that is looked up again elsewhere must not lead there."""
    settings.OUTBOUND_HOSTS = ["shop.example"]
    real = socket.getaddrinfo
    looked_up = []

    def once(host, *args, **how):
        if host == "shop.example":
            looked_up.append(host)
            return [(0, 0, 0, "", ("127.0.0.1", server.server_port))]
        return real(host, *args, **how)

    monkeypatch.setattr(outbound.socket, "getaddrinfo", once)
    answer = fetch(f"http://shop.example:{server.server_port}/x")
    assert (answer.read(), looked_up) == (b"hello", ["shop.example"])
    assert server.asked[0][1]["Host"] == f"shop.example:{server.server_port}"
