"""Delivery by HTTP PUT, through the one guarded way out; what arrived is asked for."""

import base64
import hashlib
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote, urlsplit

from django.utils.translation import gettext_noop as _

from pim import outbound
from pim.published import Refused

from .place import Place, Undeliverable, Unreached, safe_name

SLOWEST = 50_000  # bytes per second
SHORTEST = 60.0
ANSWER = 64 * 1024
NEVER = (400, 401, 403, 404, 405, 410, 411, 413, 414, 415)


def send(place: Place, files: list[tuple[str, Path]]) -> None:
    """PUT each file below the address; servers that answer HEAD are asked for its size."""
    for name, path in files:
        url = _url(place, name)
        headers = _login(place) | {"content-digest": f"sha-256=:{_sha256(path)}:"}
        put(url, path, headers=headers)
        _check(url, path, headers=_login(place))


def try_out(place: Place, name: str, path: Path) -> None:
    """PUT a file there and DELETE it, where the server knows how to."""
    send(place, [(name, path)])
    ask(_url(place, name), method="DELETE", headers=_login(place))


def put(url: str, path: Path, *, headers: Mapping[str, str]) -> None:
    """PUT a file; raise Unreached where it may pass another time, else Undeliverable."""
    size = path.stat().st_size
    sent = {"content-type": "application/octet-stream", "content-length": str(size), **headers}
    with path.open("rb") as body:
        answer = ask(
            url, method="PUT", headers=sent, body=body, seconds=max(SHORTEST, size / SLOWEST)
        )
    if not 200 <= answer.status < 300:
        said = answer.read()[:300].decode("utf-8", "replace").strip()
        message = _("The server answered %(status)s: %(said)s")
        kind = Undeliverable if answer.status in NEVER else Unreached
        raise kind(message, status=answer.status, said=said or "–")


def ask(url: str, **how) -> outbound.Answer:
    """Ask by the one way out, whose refusals become Undeliverable or Unreached."""
    try:
        return outbound.fetch(url, max_bytes=ANSWER, redirects=0, **how)
    except outbound.OutboundFailed as failed:
        raise Unreached(failed.sentence, **failed.params) from failed
    except Refused as refused:
        raise Undeliverable(refused.sentence, **refused.params) from refused


def _url(place: Place, name: str) -> str:
    parts = urlsplit(place.url)
    path = f"{parts.path.rstrip('/')}/{quote(safe_name(name))}"
    return parts._replace(path=path, fragment="").geturl()


def _login(place: Place) -> dict[str, str]:
    if token := place.secret.get("token"):
        return {"authorization": f"Bearer {token}"}
    if user := place.secret.get("user"):
        pair = f"{user}:{place.secret.get('password', '')}".encode()
        return {"authorization": f"Basic {base64.b64encode(pair).decode()}"}
    return {}


def _check(url: str, path: Path, *, headers: Mapping[str, str]) -> None:
    answer = ask(url, method="HEAD", headers=headers)
    there = answer.headers.get("content-length", "")
    # Many servers that take files do not give them: only a wrong answer is one.
    if answer.status == 200 and there.isdigit() and int(there) != path.stat().st_size:
        message = _("%(there)d of %(size)d bytes arrived.")
        raise Unreached(message, there=int(there), size=path.stat().st_size)


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return base64.b64encode(hashlib.file_digest(stream, "sha256").digest()).decode()
