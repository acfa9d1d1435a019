"""Reading another system: tokens, waiting when told to, and never another host."""

import json

import pytest

from pim.importing.remote import BadAnswer, RemotePim, RemoteRefused
from pim.outbound import OutboundRefused
from tests.factories.replay import CREDENTIALS, playing

PAGE = json.dumps({"_links": {}, "_embedded": {"items": [{"code": "a"}]}}).encode()


@pytest.fixture
def server(settings):
    with playing({"/api/rest/v1/locales": PAGE}, settings) as server:
        yield server


@pytest.fixture
def waits():
    return []


@pytest.fixture
def remote(server, waits):
    return RemotePim(server.url, CREDENTIALS, sleep=waits.append)


def test_a_page_is_read_with_one_token(server, remote):
    for _turn in range(2):
        assert remote.page("/api/rest/v1/locales") == ([{"code": "a"}], "")
    assert server.granted == 1


def test_it_waits_as_long_as_it_is_told_to_and_longer_each_time_otherwise(server, remote, waits):
    told = [(429, b"", [("Retry-After", "25")]), (503, b""), (502, b"")]
    server.before = lambda request: told.pop(0) if told else None
    assert remote.page("/api/rest/v1/locales") == ([{"code": "a"}], "")
    assert waits == [10.0, 10.0, 5.0, 2.0, 4.0]


def test_it_does_not_ask_for_ever(server, remote, waits):
    server.before = lambda request: (503, b'{"message": "Closed."}')
    with pytest.raises(RemoteRefused) as caught:
        remote.document("/api/rest/v1/locales")
    assert caught.value.params["status"] == 503
    assert len(server.asked) == 7


def test_a_token_that_has_expired_is_renewed(server, remote):
    remote.page("/api/rest/v1/locales")

    def expired(request):
        return (401, b"{}") if request.headers["Authorization"] == "Bearer token-1" else None

    server.before = expired
    assert remote.page("/api/rest/v1/locales") == ([{"code": "a"}], "")
    assert server.granted == 2


@pytest.mark.parametrize(
    "href", ["http://evil.example/api/rest/v1/locales", "//evil.example/x", "http://127.0.0.1:1/x"]
)
def test_links_to_another_host_are_not_followed(server, remote, href):
    page = {"_links": {"next": {"href": href}}, "_embedded": {"items": []}}
    server.tape["/api/rest/v1/locales"] = json.dumps(page).encode()
    with pytest.raises(OutboundRefused):
        remote.page("/api/rest/v1/locales")


@pytest.mark.parametrize("body", [b"<html>", b'{"a": 1}', b"[1]"])
def test_what_is_no_page_of_a_pim_is_refused(server, remote, body):
    server.tape["/api/rest/v1/locales"] = body
    with pytest.raises(BadAnswer):
        remote.page("/api/rest/v1/locales")


def test_credentials_do_not_show(server):
    assert "secret" not in repr(CREDENTIALS)
