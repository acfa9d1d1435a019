"""The one way out: HTTP requests that reach public hosts only, within limits of size and time.

The host is resolved once, every address is checked, and the connection goes to the very address
that was checked, so that a second look-up cannot lead elsewhere. Names listed in the setting
PIM_OUTBOUND_HOSTS ("host" or "host:port") may be private and may speak plain HTTP.
"""

import http.client
import ipaddress
import socket
import ssl
import tempfile
import threading
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import IO
from urllib.parse import SplitResult, urljoin, urlsplit

from django.conf import settings

from pim.content.refusals import Refused, _

SPOOL = 1024 * 1024
CHUNK = 64 * 1024
MAX_BYTES = 2 * 1024**3
SECONDS = 60.0
CONNECT_SECONDS = 10.0
REDIRECTS = 5
MOVED = (301, 302, 303, 307, 308)
SECRETS = ("authorization", "cookie", "proxy-authorization")
AGENT = "pim-syndication/1"
# Prefixes that carry an IPv4 address: NAT64 (RFC 6052) and addresses "compatible" with IPv4.
EMBEDDING = tuple(
    ipaddress.ip_network(text) for text in ("64:ff9b::/96", "::/96", "::ffff:0:0:0/96")
)
# What is given out on the public internet (IANA); all else is for other uses.
UNICAST = ipaddress.ip_network("2000::/3")
LOCAL_NAT64 = ipaddress.ip_network("64:ff9b:1::/48")


class OutboundRefused(Refused):
    """The address is one that must not be asked."""

    code = "address_refused"
    sentence = _("“%(url)s” cannot be fetched: %(why)s.")


class OutboundFailed(Refused):
    """The other side did not answer, or not as it should; trying later may help."""

    code = "fetch_failed"
    sentence = _("“%(url)s” could not be fetched: %(why)s.")


@dataclass(frozen=True)
class Answer:
    """What came back: header names in lower case, `body` a seekable stream at its start."""

    status: int
    headers: dict[str, str]
    body: IO[bytes]
    url: str

    def read(self) -> bytes:
        """Return the whole body."""
        self.body.seek(0)
        return self.body.read()


@dataclass(frozen=True)
class _Ask:
    method: str
    headers: dict[str, str]
    body: bytes | IO[bytes] | None
    max_bytes: int
    seconds: float
    beat: Callable[[], None]


@dataclass(frozen=True)
class _Place:
    """An address that was checked: `address` is what the connection goes to."""

    parts: SplitResult
    host: str
    port: int
    address: str
    secure: bool = field(default=True)

    @property
    def target(self) -> str:
        return (self.parts.path or "/") + (f"?{self.parts.query}" if self.parts.query else "")


def fetch(
    url: str,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    body: bytes | IO[bytes] | None = None,
    max_bytes: int = MAX_BYTES,
    seconds: float = SECONDS,
    redirects: int = REDIRECTS,
    beat: Callable[[], None] = lambda: None,
) -> Answer:
    """Return the answer of a public HTTPS address, whatever its status.

    Follows up to `redirects` redirects of GET and HEAD, each checked like the first; secrets in
    the headers do not go along to another host. `seconds` is the time for everything, `beat` is
    called whenever more has come. A `body` that is a stream needs its content-length in `headers`.
    Raises OutboundRefused (never ask again) or OutboundFailed (may pass).
    """
    sent = {"user-agent": AGENT, "accept-encoding": "identity"}
    sent |= {name.lower(): value for name, value in (headers or {}).items()}
    ask = _Ask(method, sent, body, max_bytes, seconds, beat)
    with _deadline(url, seconds) as watch:
        for _turn in range(redirects + 1):
            answer = _ask(url, ask, watch)
            place = answer.headers.get("location", "")
            if answer.status not in MOVED or not place or method not in ("GET", "HEAD"):
                return answer
            if not redirects:
                return answer
            ask, url = _moved(ask, url, urljoin(url, place))
    raise OutboundFailed(url=url, why=_("it redirects too often"))


def check_address(url: str) -> None:
    """Raise OutboundRefused where an address must not be asked, without asking it."""
    _place(url)


def address_of(host: str, port: int, *, url: str) -> str:
    """Return the address to connect to for `host` by protocols other than HTTP, once checked.

    The caller connects to this very address. Raises OutboundRefused or OutboundFailed.
    """
    found = _resolve(url, host, port)
    if not _trusted(host, port):
        _refuse_private(found, url, host)
    return found[0]


def _moved(ask: _Ask, before: str, after: str) -> tuple[_Ask, str]:
    if urlsplit(before)[:2] == urlsplit(after)[:2]:
        return ask, after
    kept = {name: value for name, value in ask.headers.items() if name not in SECRETS}
    return replace(ask, headers=kept), after


class _Watch:
    """Cuts the connection when the time is up, however slowly bytes trickle in."""

    def __init__(self):
        self.over = False
        self._socket: socket.socket | None = None

    def guard(self, connected: socket.socket) -> None:
        self._socket = connected
        if self.over:
            self.cut()

    def cut(self) -> None:
        self.over = True
        if self._socket is not None:
            try:
                self._socket.shutdown(socket.SHUT_RDWR)
            except OSError:
                return


@contextmanager
def _deadline(url: str, seconds: float):
    watch = _Watch()
    timer = threading.Timer(seconds, watch.cut)
    timer.daemon = True
    timer.start()
    try:
        yield watch
    except (OSError, http.client.HTTPException, ValueError) as fault:
        why = _("it took too long") if watch.over else f"{type(fault).__name__}: {fault}"
        raise OutboundFailed(url=url[:300], why=why) from fault
    finally:
        timer.cancel()


def _ask(url: str, ask: _Ask, watch: _Watch) -> Answer:
    connection = _Pinned(_place(url), watch, seconds=ask.seconds)
    try:
        connection.request(ask.method, connection.place.target, body=ask.body, headers=ask.headers)
        response = connection.getresponse()
        body = _body(response, url, ask, watch)
    finally:
        connection.close()
    headers = {name.lower(): value for name, value in response.getheaders()}
    return Answer(response.status, headers, body, url)


def _body(response, url: str, ask: _Ask, watch: _Watch) -> IO[bytes]:
    spool = tempfile.SpooledTemporaryFile(max_size=SPOOL)  # noqa: SIM115
    size = 0
    while chunk := response.read(CHUNK):
        size += len(chunk)
        if size > ask.max_bytes:
            raise OutboundRefused(
                _("“%(url)s” is larger than %(limit)s MB."),
                code="too_large",
                url=url[:300],
                limit=max(ask.max_bytes // 1024**2, 1),
            )
        spool.write(chunk)
        ask.beat()
    if watch.over or (response.length or 0) > 0:
        raise OutboundFailed(url=url[:300], why=_("the answer broke off"))
    spool.seek(0)
    return spool


class _Pinned(http.client.HTTPConnection):
    """A connection to an address that was checked, speaking TLS for the host's name."""

    def __init__(self, place: _Place, watch: _Watch, *, seconds: float):
        super().__init__(place.host, place.port, timeout=min(seconds, CONNECT_SECONDS))
        self.place, self._watch, self._seconds = place, watch, seconds

    def connect(self) -> None:
        plain = socket.create_connection((self.place.address, self.place.port), self.timeout)
        self._watch.guard(plain)
        self.sock = plain
        if self.place.secure:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(plain, server_hostname=self.place.host)
            self._watch.guard(self.sock)
        self.sock.settimeout(self._seconds)


def _place(url: str) -> _Place:
    parts, host, port = _parts(url)
    trusted = _trusted(host, port)
    if parts.scheme != "https" and not (trusted and parts.scheme == "http"):
        raise OutboundRefused(url=url[:300], why=_("only https addresses are"))
    found = _resolve(url, host, port)
    if not trusted:
        _refuse_private(found, url, host)
    return _Place(parts, host, port, found[0], secure=parts.scheme == "https")


def _parts(url: str) -> tuple[SplitResult, str, int]:
    try:
        parts = urlsplit(url)
        port = parts.port or (80 if parts.scheme == "http" else 443)
        host = (parts.hostname or "").encode("idna").decode("ascii").lower()
    except (ValueError, UnicodeError):
        raise OutboundRefused(url=url[:300], why=_("it is not an address")) from None
    if not host or parts.username is not None or not url.isprintable() or "\\" in url:
        raise OutboundRefused(url=url[:300], why=_("it is not an address"))
    if not url.isascii() or " " in url:
        raise OutboundRefused(url=url[:300], why=_("spaces and letters beyond ASCII are coded"))
    return parts, host, port


def _refuse_private(addresses: list[str], url: str, host: str) -> None:
    if not all(map(is_public, addresses)):
        why = _("%(host)s is not a public host") % {"host": host}
        raise OutboundRefused(url=url[:300], why=why)


def _trusted(host: str, port: int) -> bool:
    listed = {name.strip().lower() for name in settings.OUTBOUND_HOSTS}
    return host in listed or f"{host}:{port}" in listed


def _resolve(url: str, host: str, port: int) -> list[str]:
    try:
        rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as fault:
        raise OutboundFailed(url=url[:300], why=_("the host is not known")) from fault
    return [row[4][0] for row in rows]


def is_public(address: str) -> bool:
    """Return whether an IP address is of the public internet, whatever form it hides in."""
    ip = ipaddress.ip_address(address.split("%", 1)[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip in LOCAL_NAT64 or ip.is_site_local:
            return False
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and any(ip in network for network in EMBEDDING):
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if ip not in UNICAST:
            return False
    return ip.is_global and not ip.is_multicast
