"""Delivery by SFTP: to a server whose key is known, under a temporary name, checked, renamed."""

import base64
import binascii
import hashlib
import io
import itertools
import posixpath
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

from django.utils.translation import gettext_noop as _

from pim import outbound
from pim.published import Refused

from .place import Place, Undeliverable, Unreached, safe_name

PORT = 22
CONNECT_SECONDS, IDLE_SECONDS = 15.0, 120.0
READ_BACK = 32 << 20  # bytes up to which what arrived is read again and compared
KEY_KINDS = ("Ed25519Key", "ECDSAKey", "RSAKey")


def send(place: Place, files: list[tuple[str, Path]]) -> None:
    """Put the files below the folder of the address; each appears under its name whole."""
    with _session(place) as session:
        for name, path in files:
            _put(session, path, posixpath.join(_base(place), safe_name(name)))


def try_out(place: Place, name: str, path: Path) -> None:
    """Put a file there and take it away again."""
    with _session(place) as session:
        target = posixpath.join(_base(place), safe_name(name))
        _put(session, path, target)
        session.remove(target)


def known_host_key(text: str) -> tuple[str, bytes]:
    """Return (type, key) of a line as `ssh-keyscan` prints it, host name or not; or ValueError."""
    words = [word for word in text.split() if word]
    for kind, key in itertools.pairwise(words):
        if kind.startswith(("ssh-", "ecdsa-")):
            try:
                return kind, base64.b64decode(key, validate=True)
            except binascii.Error:
                break
    raise ValueError("not a public key")


def _base(place: Place) -> str:
    """Return the folder: below the login's own for sftp://host/~/folder, else from the root."""
    return place.folder[2:] or "." if place.folder.startswith("~/") else f"/{place.folder}"


@contextmanager
def _session(place: Place) -> Iterator:
    import paramiko

    parts = place.parts
    host, port = parts.hostname or "", parts.port or PORT
    user = place.secret.get("user") or parts.username or ""
    if not user:
        raise Undeliverable(_("The address names no user, and the secret holds none."))
    kind, key = _pinned(place)
    try:
        address = outbound.address_of(host, port, url=place.url)
    except outbound.OutboundRefused as refused:
        raise Undeliverable(refused.sentence, **refused.params) from refused
    except Refused as refused:
        raise Unreached(refused.sentence, **refused.params) from refused
    connected = socket.create_connection((address, port), CONNECT_SECONDS)
    transport = paramiko.Transport(connected)
    try:
        transport.get_security_options().key_types = _algorithms(kind)
        transport.banner_timeout = transport.auth_timeout = CONNECT_SECONDS
        transport.start_client(timeout=CONNECT_SECONDS)
        # Nothing is said about who we are before the server has proved who it is.
        if transport.get_remote_server_key().asbytes() != key:
            raise Undeliverable(_("The server has another key than the one that is known."))
        _log_in(transport, user, place)
        session = paramiko.SFTPClient.from_transport(transport)
        session.get_channel().settimeout(IDLE_SECONDS)
        with session:
            yield session
    except paramiko.AuthenticationException as error:
        message = _("The server does not let us in: %(why)s")
        raise Undeliverable(message, why=str(error)) from error
    except paramiko.SSHException as error:
        raise ConnectionError(str(error)) from error
    except EOFError as error:
        raise Unreached(_("The server hung up.")) from error
    finally:
        transport.close()


def _pinned(place: Place) -> tuple[str, bytes]:
    try:
        return known_host_key(place.host_key)
    except ValueError:
        message = _("The key of the server is not known: give the line that ssh-keyscan prints.")
        raise Undeliverable(message) from None


def _algorithms(kind: str) -> tuple[str, ...]:
    return ("rsa-sha2-512", "rsa-sha2-256") if kind == "ssh-rsa" else (kind,)


def _log_in(transport, user: str, place: Place) -> None:
    if key := place.secret.get("key"):
        transport.auth_publickey(user, _private_key(key, place.secret.get("password")))
    elif password := place.secret.get("password"):
        transport.auth_password(user, password)
    else:
        raise Undeliverable(_("The secret holds neither a key nor a password."))


def _private_key(text: str, password: str | None):
    """Return a private key from its text or from the file that is named."""
    import paramiko

    try:
        text = text if "PRIVATE KEY" in text else Path(text).read_text()
    except OSError as error:
        message = _("The private key cannot be read: %(why)s")
        raise Undeliverable(message, why=str(error)) from None
    # An environment file keeps a text on one line.
    text = text.replace("\\n", "\n")
    for kind in KEY_KINDS:
        with suppress(paramiko.SSHException, ValueError):
            return getattr(paramiko, kind).from_private_key(io.StringIO(text), password=password)
    raise Undeliverable(_("The private key is of no kind that we know, or its password is wrong."))


def _put(session, path: Path, target: str) -> None:
    _make_folders(session, posixpath.dirname(target))
    arriving = posixpath.join(
        posixpath.dirname(target), f".arriving-{uuid4().hex[:12]}-{posixpath.basename(target)}"
    )
    try:
        session.put(str(path), arriving, confirm=False)
        _check(session, path, arriving)
        _rename(session, arriving, target)
    except BaseException:
        with suppress(Exception):
            session.remove(arriving)
        raise


def _make_folders(session, folder: str) -> None:
    made = "/" if folder.startswith("/") else ""
    for part in [part for part in folder.split("/") if part]:
        made = posixpath.join(made, part)
        try:
            session.stat(made)
        except FileNotFoundError:
            session.mkdir(made)


def _check(session, path: Path, arriving: str) -> None:
    size, there = path.stat().st_size, session.stat(arriving).st_size
    if there != size:
        raise Unreached(_("%(there)d of %(size)d bytes arrived."), there=there, size=size)
    if size <= READ_BACK:
        with path.open("rb") as sent, session.open(arriving, "rb") as arrived:
            arrived.prefetch(size)
            same = hashlib.file_digest(sent, "sha256").digest() == _digest(arrived)
        if not same:
            raise Unreached(_("Other bytes arrived than were sent."))


def _digest(stream) -> bytes:
    sha = hashlib.sha256()
    while chunk := stream.read(1 << 18):
        sha.update(chunk)
    return sha.digest()


def _rename(session, arriving: str, target: str) -> None:
    """Give the file its name in one step where the server can; else the old one goes first."""
    try:
        session.posix_rename(arriving, target)
    except OSError:
        with suppress(FileNotFoundError):
            session.remove(target)
        session.rename(arriving, target)
