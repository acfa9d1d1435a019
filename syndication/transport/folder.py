"""Delivery into a folder of this machine: each file appears whole, under an allowed root."""

import os
import shutil
import tempfile
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings

from .place import Place, Undeliverable, safe_name


class ForbiddenPlace(Undeliverable):
    """The folder is not below one that the operator has opened for deliveries."""


def send(place: Place, files: list[tuple[str, Path]]) -> None:
    """Copy the files into the folder that a `file://` URL names."""
    folder = open_folder(place.url)
    for name, path in files:
        _put(path, folder / safe_name(name))


def try_out(place: Place, name: str, path: Path) -> None:
    """Copy a file there and remove it."""
    send(place, [(name, path)])
    (open_folder(place.url) / name).unlink()


def open_folder(url: str) -> Path:
    """Return the folder that a `file://` URL names; ForbiddenPlace where it is not open."""
    parts = urlsplit(url)
    if parts.netloc not in ("", "localhost"):
        raise ForbiddenPlace(f"{url} names another machine.")
    folder = Path(unquote(parts.path)).resolve()
    if not any(folder == root or root in folder.parents for root in settings.DELIVERY_ROOTS):
        roots = ", ".join(map(str, settings.DELIVERY_ROOTS))
        raise ForbiddenPlace(f"{folder} is not below {roots} (PIM_DELIVERY_ROOTS).")
    return folder


def _put(source: Path, target: Path):
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".arriving-")
    try:
        with os.fdopen(handle, "wb") as stream, source.open("rb") as bytes_:
            shutil.copyfileobj(bytes_, stream, 1 << 20)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(name, 0o644)
        os.replace(name, target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
