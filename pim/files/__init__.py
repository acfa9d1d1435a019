"""Where files lie: in folders of this machine, or in a bucket that all hosts share.

A *shelf* is a collection of files with names of our making ("ab/cd/<sha256>"): `assets()`,
`artefacts()`. Code that opens a file asks `local(name)` for a path to it; code that
sends one to a reader takes `open(name)`. What is on a shelf is whole: it was put there complete.
"""

from pathlib import Path

from django.conf import settings

from .folder import FolderShelf, Stored, sync_file
from .names import DIGEST, FilesUnreachable, name_of

ROOTS = {"assets": "ASSET_ROOT", "artefacts": "ARTEFACT_ROOT", "media": "MEDIA_ROOT"}


def assets() -> FolderShelf:
    """Return the shelf of ingested files and their thumbnails."""
    return shelf("assets")


def artefacts() -> FolderShelf:
    """Return the shelf of what was issued, and of what editions keep for the next ones."""
    return shelf("artefacts")


def shelf(area: str) -> FolderShelf:
    """Return a shelf by the name of its folder: "assets", "artefacts" or "media"."""
    root = Path(getattr(settings, ROOTS[area]))
    if not in_bucket():
        return FolderShelf(root)
    from .bucket import BucketShelf

    return BucketShelf(root, area=area)


def in_bucket() -> bool:
    """Return whether files are kept in a bucket, and folders are only caches of it."""
    return "files" in settings.STORAGES


__all__ = [
    "DIGEST",
    "FilesUnreachable",
    "FolderShelf",
    "Stored",
    "artefacts",
    "assets",
    "in_bucket",
    "name_of",
    "shelf",
    "sync_file",
]
