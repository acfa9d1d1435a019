"""Bytes to elsewhere, by URL scheme: folder, SFTP, S3 and HTTP are built in, others are packages.

A transport is `send(place, files)`, where `files` is [(name, path)]; it raises OSError when it
should be tried again and Undeliverable when not, and must not show half a file under its name.
`try_out(place, name, path)` puts a small file there and takes it away. An entry point in the group
`syndication.transports` named after the scheme gives a function `send(url, files)`.
"""

from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path
from urllib.parse import urlsplit

from django.utils.translation import gettext_noop as _

from . import folder, http, s3, sftp
from .place import Place, Undeliverable, Unreached, secret_of

GROUP = "syndication.transports"
BUILT_IN = {"file": folder, "sftp": sftp, "s3": s3, "https": http, "http": http}


class NoTransport(Undeliverable):
    """No transport is installed for this scheme."""


def send(place: Place, files: list[tuple[str, Path]]) -> None:
    """Send files to a place."""
    scheme = urlsplit(place.url).scheme
    if scheme in BUILT_IN:
        BUILT_IN[scheme].send(place, files)
    else:
        _outside(scheme)(place.url, files)


def try_out(place: Place, name: str, path: Path) -> None:
    """Send a small file and take it away again, where the transport can."""
    scheme = urlsplit(place.url).scheme
    if scheme in BUILT_IN:
        BUILT_IN[scheme].try_out(place, name, path)
    else:
        _outside(scheme)(place.url, [(name, path)])


def known(scheme: str) -> bool:
    """Return whether there is a transport for the scheme."""
    return scheme in BUILT_IN or bool(entry_points(group=GROUP, name=scheme))


def host_of(url: str) -> str:
    """Return the host that is given a secret: for a bucket, that of its endpoint."""
    place = Place(url)
    where = s3.endpoint_of(place) if place.parts.scheme == "s3" else url
    return urlsplit(where).hostname or ""


def _outside(scheme: str) -> Callable:
    for point in entry_points(group=GROUP, name=scheme):
        return point.load()
    raise NoTransport(_("There is no transport for %(scheme)s:// addresses."), scheme=scheme)


__all__ = [
    "NoTransport",
    "Place",
    "Undeliverable",
    "Unreached",
    "host_of",
    "known",
    "secret_of",
    "send",
    "try_out",
]
