"""The artefact store: immutable files named by the sha256 of their bytes.

A file gets its name only when it is complete: written beside the store, flushed to disk,
verified, then renamed, and sent to the bucket where there is one. Whoever is killed on the way
leaves a temporary file and nothing else.
"""

import gzip
import hashlib
import json
import mmap
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO

from django.conf import settings

from pim import files

CHUNK = 1 << 20
ENCODINGS = {"zstd": ".zst", "gzip": ".gz"}


def root() -> Path:
    return Path(settings.ARTEFACT_ROOT)


def path_of(sha256: str) -> Path:
    """Return where the artefact lies on this machine, if it does; ValueError for a strange name."""
    return root() / files.name_of(sha256)


def local(sha256: str) -> Path:
    """Return a path to the artefact, brought from the bucket if need be; or FileNotFoundError."""
    return files.artefacts().local(files.name_of(sha256))


def exists(sha256: str) -> bool:
    return bool(sha256) and files.artefacts().look(files.name_of(sha256)) is not None


def scratch(name: str) -> Path:
    """Make and return a private directory in the same file system as the store."""
    folder = Path(settings.SCRATCH_ROOT)
    folder.mkdir(parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(prefix=f"{name}-", dir=folder))


def digest_of(path: Path) -> str:
    """Return the sha256 of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def settle(path: Path) -> str:
    """Return the sha256 of a file's bytes, which are on the disk afterwards."""
    with ThreadPoolExecutor(1) as aside:
        synced = aside.submit(files.sync_file, path)
        sha256 = digest_of(path)
        synced.result()
    return sha256


def adopt(path: Path, *, sha256: str) -> Path:
    """Move a finished file into the store under its digest, durably; return its place.

    The bytes are on the disk (and in the bucket, where there is one) before the name is, and the
    name is before this returns. A file already there is the same file: the new one is dropped.
    """
    path.chmod(0o440)
    return files.artefacts().put(path, files.name_of(sha256))


def _current_name(output: str) -> str:
    return f"current/{output}.json"


def write_current(output: str, document: dict):
    """Write what is being served of an output, for readers while the database is away."""
    files.artefacts().write(_current_name(output), [json.dumps(document).encode()])


def read_current(output: str) -> dict | None:
    """Return what `write_current` wrote last, or None."""
    try:
        return json.loads(files.artefacts().read(_current_name(output)))
    except (FileNotFoundError, NotADirectoryError):
        return None


def compress(sha256: str) -> None:
    """Lay compressed variants beside an artefact, whole or not at all; again does nothing."""
    shelf, name = files.artefacts(), files.name_of(sha256)
    for encoding, suffix in ENCODINGS.items():
        if shelf.look(name + suffix) is None:
            handle, made = tempfile.mkstemp(dir=scratch("compress"))
            with os.fdopen(handle, "wb") as packed, shelf.local(name).open("rb") as plain:
                _pack(plain, packed, encoding)
            shelf.put(Path(made), name + suffix)
            os.rmdir(os.path.dirname(made))


def _pack(plain: IO[bytes], packed: IO[bytes], encoding: str):
    import zstandard

    if encoding == "zstd":
        zstandard.ZstdCompressor(level=3).copy_stream(plain, packed)
    else:
        with gzip.GzipFile("", "wb", 5, packed, mtime=0) as stream:
            shutil.copyfileobj(plain, stream, CHUNK)


def stored() -> Iterator[files.Stored]:
    """Yield every artefact (not the precompressed variants) under its digest."""
    for found in files.artefacts().listed():
        folder, _, name = found.name.rpartition("/")
        if files.DIGEST.fullmatch(name) and len(folder) == len("ab/cd"):
            yield found._replace(name=name)


def remove(sha256: str):
    """Remove an artefact and its precompressed variants; it need not exist."""
    name = files.name_of(sha256)
    files.artefacts().remove([name + suffix for suffix in ("", *ENCODINGS.values())])


def holds_any(path: Path, needles: tuple[bytes, ...]) -> bytes:
    """Return the first of `needles` found in a file or in the members of a zip, or b""."""
    if not needles or not path.stat().st_size:
        return b""
    if zipfile.is_zipfile(path):
        return _zip_holds_any(path, needles)
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as text:
        return next((needle for needle in needles if text.find(needle) >= 0), b"")


def _zip_holds_any(path: Path, needles: tuple[bytes, ...]) -> bytes:
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            text = archive.read(name)
            for needle in needles:
                if needle in text:
                    return needle
    return b""
