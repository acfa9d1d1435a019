"""Bytes to elsewhere, by URL scheme: `file` is built in, others come as packages.

An entry point in the group `syndication.transports` named after the scheme gives a function
`send(url, files)`, where `files` is [(name, path)]; it raises OSError when it should be tried
again, and must not show half a file under its name.
"""

from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path
from urllib.parse import urlsplit

from .folder import send as send_to_folder

GROUP = "syndication.transports"
BUILT_IN: dict[str, Callable[[str, list[tuple[str, Path]]], None]] = {"file": send_to_folder}


class NoTransport(ValueError):
    """No transport is installed for this scheme."""


def send(url: str, files: list[tuple[str, Path]]) -> None:
    """Send files to a place."""
    scheme = urlsplit(url).scheme
    transport = BUILT_IN.get(scheme) or _outside(scheme)
    transport(url, files)


def _outside(scheme: str) -> Callable:
    for point in entry_points(group=GROUP, name=scheme):
        return point.load()
    raise NoTransport(f"There is no transport for {scheme}:// addresses.")
