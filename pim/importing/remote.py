"""A running PIM read through its REST: tokens, pages, waiting when told to; one host only."""

import base64
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urljoin, urlsplit

import orjson

from pim.content.refusals import Refused, _
from pim.outbound import Answer, OutboundFailed, OutboundRefused, fetch

V1 = "/api/rest/v1"
TOKEN = "/api/oauth/v1/token"
TRIES = 7
LONGEST_WAIT = 300.0
SLICE = 10.0
JSON_BYTES = 256 * 1024**2
AGAIN = (429, 500, 502, 503, 504)


class RemoteRefused(Refused):
    """The other system answers, and not with what was asked; `params["status"]` is its status."""

    code = "remote_refused"
    sentence = _("“%(path)s” of the other system answers %(status)s: %(message)s")


class BadAnswer(Refused):
    """The other system answers with something that is no page of a PIM."""

    code = "bad_answer"
    sentence = _("“%(path)s” of the other system answers with no document of a PIM.")


@dataclass(frozen=True)
class Credentials:
    """What a connection of the other system is given: never shown, stored or logged."""

    client_id: str = field(repr=False)
    secret: str = field(repr=False)
    username: str = field(repr=False)
    password: str = field(repr=False)


class RemotePim:
    """Reads from one host; `path` is an address on it, from the slash on.

    Too many requests, errors of the server and lost connections are tried again, as late as
    Retry-After says; `beat` is called while that lasts. Safe for several threads.
    """

    def __init__(
        self,
        url: str,
        credentials: Credentials,
        *,
        beat: Callable[[], None] = lambda: None,
        sleep: Callable[[float], None] = time.sleep,
    ):
        self.url = url.rstrip("/")
        self._credentials, self._beat, self._sleep = credentials, beat, sleep
        self._lock = threading.Lock()
        self._home = threading.current_thread()
        self._access = self._refresh = ""

    def page(self, path: str) -> tuple[list[dict], str]:
        """Return (the documents of a page, the path of the next page or "")."""
        found = self.document(path)
        if isinstance(found, dict) and "_embedded" in found:
            items = found["_embedded"].get("items")
            following = ((found.get("_links") or {}).get("next") or {}).get("href", "")
        else:
            items, following = found, ""
        if not isinstance(items, list) or not all(isinstance(one, dict) for one in items):
            raise BadAnswer(path=path[:200])
        return items, self.path_of(following) if following else ""

    def count(self, path: str) -> int:
        """Return how many items a list says it has, 0 where it does not say."""
        found = self.document(f"{path}?limit=1&with_count=true")
        number = found.get("items_count") if isinstance(found, dict) else 0
        return number if isinstance(number, int) else 0

    def document(self, path: str) -> Any:
        """Return the JSON of an address; raises `RemoteRefused`, `BadAnswer`."""
        answer = self._get(path, accept="application/json", max_bytes=JSON_BYTES)
        try:
            return orjson.loads(answer.read())
        except orjson.JSONDecodeError:
            raise BadAnswer(path=path[:200]) from None

    def download(self, path: str, *, max_bytes: int) -> Answer:
        """Return the answer with the bytes of a media file."""
        return self._get(path, accept="*/*", max_bytes=max_bytes)

    def path_of(self, href: str) -> str:
        """Return the path of a link; raises `OutboundRefused` where it leads to another host."""
        here, there = urlsplit(self.url), urlsplit(urljoin(self.url, href))
        if (there.hostname, there.port) != (here.hostname, here.port):
            raise OutboundRefused(url=href[:300], why=_("it leads to another host"))
        path = there.path.removeprefix(here.path.rstrip("/"))
        return f"{path}?{there.query}" if there.query else path

    def _get(self, path: str, *, accept: str, max_bytes: int) -> Answer:
        answer = self._authorised(path, accept, max_bytes)
        if answer.status == HTTPStatus.OK:
            return answer
        raise RemoteRefused(path=path[:200], status=answer.status, message=_message(answer))

    def _authorised(self, path: str, accept: str, max_bytes: int) -> Answer:
        for _turn in range(3):
            token = self._token()
            headers = {"authorization": f"Bearer {token}", "accept": accept}
            answer = self._patiently(path, headers=headers, max_bytes=max_bytes)
            if answer.status != HTTPStatus.UNAUTHORIZED:
                break
            self._forget(token)
        return answer

    def _patiently(self, path: str, **how) -> Answer:
        for turn in range(TRIES):
            try:
                answer = fetch(self.url + path, **how)
            except OutboundFailed:
                if turn == TRIES - 1:
                    raise
                self._wait(2.0**turn)
                continue
            if answer.status not in AGAIN or turn == TRIES - 1:
                break
            self._wait(_retry_after(answer, otherwise=2.0**turn))
        return answer

    def _wait(self, seconds: float) -> None:
        left = min(seconds, LONGEST_WAIT)
        while left > 0:
            self._sleep(min(left, SLICE))
            left -= SLICE
            if threading.current_thread() is self._home:
                self._beat()

    def _token(self) -> str:
        with self._lock:
            if not self._access:
                self._grant()
            return self._access

    def _forget(self, token: str) -> None:
        """Let go of a token that is no longer taken, unless another thread has a newer one."""
        with self._lock:
            if self._access == token:
                self._access = ""

    def _grant(self) -> None:
        known = self._credentials
        refresh, self._refresh = self._refresh, ""
        if refresh and self._ask({"grant_type": "refresh_token", "refresh_token": refresh}):
            return
        wish = {"username": known.username, "password": known.password}
        answer = self._ask({"grant_type": "password", **wish})
        if not answer:
            raise Refused(
                _("The other system gives no access: see client id, secret, user, password."),
                code="no_access",
            )

    def _ask(self, wish: dict) -> bool:
        """Ask for tokens; return whether there are any."""
        pair = f"{self._credentials.client_id}:{self._credentials.secret}"
        headers = {
            "authorization": f"Basic {base64.b64encode(pair.encode()).decode()}",
            "content-type": "application/json",
        }
        answer = self._patiently(
            TOKEN, method="POST", headers=headers, body=orjson.dumps(wish), max_bytes=1024**2
        )
        given = _json(answer) if answer.status == HTTPStatus.OK else {}
        self._access = str(given.get("access_token") or "")
        self._refresh = str(given.get("refresh_token") or "")
        return bool(self._access)


def _json(answer: Answer) -> dict:
    try:
        found = orjson.loads(answer.read())
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}


def _message(answer: Answer) -> str:
    return str(_json(answer).get("message") or HTTPStatus(answer.status).phrase)[:300]


def _retry_after(answer: Answer, *, otherwise: float) -> float:
    """Return the seconds that an answer asks to wait (RFC 9110 10.2.3): a number or a date."""
    given = answer.headers.get("retry-after", "").strip()
    if given.isascii() and given.isdigit():
        return float(given)
    try:
        then = parsedate_to_datetime(given)
    except ValueError:
        return otherwise
    return max((then - datetime.now(UTC)).total_seconds(), 0.0) if then.tzinfo else otherwise
