"""The artefact store: immutable files named by the sha256 of their bytes.

A file gets its name only when it is complete: written beside the store, flushed to disk,
verified, then renamed. Whoever is killed on the way leaves a temporary file and nothing else.
"""

import gzip
import hashlib
import json
import mmap
import os
import re
import shutil
import tempfile
import time
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from django.conf import settings

DIGEST = re.compile(r"[0-9a-f]{64}")
CHUNK = 1 << 20
ENCODINGS = {"zstd": ".zst", "gzip": ".gz"}


def root() -> Path:
    return Path(settings.ARTEFACT_ROOT)


def path_of(sha256: str) -> Path:
    """Return where the artefact lies, whether it exists or not; ValueError for a strange name."""
    if not DIGEST.fullmatch(sha256):
        raise ValueError(f"not a digest: {sha256!r}")
    return root() / sha256[:2] / sha256[2:4] / sha256


def exists(sha256: str) -> bool:
    return bool(sha256) and path_of(sha256).exists()


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
        synced = aside.submit(_sync_file, path)
        sha256 = digest_of(path)
        synced.result()
    return sha256


def adopt(path: Path, *, sha256: str) -> Path:
    """Move a finished file into the store under its digest, durably; return its place.

    The bytes are on the disk before the name is, and the name is before this returns. A file
    already there is the same file: the new one is dropped.
    """
    target = path_of(sha256)
    if target.exists() and target.stat().st_size == path.stat().st_size:
        path.unlink()
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    _sync_file(path)
    path.chmod(0o440)
    path.replace(target)
    _sync_folder(target.parent)
    return target


def _sync_file(path: Path):
    with path.open("rb") as stream:
        os.fsync(stream.fileno())


def _sync_folder(folder: Path):
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_whole(path: Path, text: str):
    """Write a small file so that a reader sees the old one or the new one, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "w") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(name, path)


def current_path(output: str) -> Path:
    return root() / "current" / f"{output}.json"


def write_current(output: str, document: dict):
    """Write what is being served of an output, for readers while the database is away."""
    write_whole(current_path(output), json.dumps(document))


def read_current(output: str) -> dict | None:
    """Return what `write_current` wrote last, or None."""
    try:
        return json.loads(current_path(output).read_text())
    except (FileNotFoundError, NotADirectoryError):
        return None


def compress(sha256: str) -> None:
    """Lay compressed variants beside an artefact, whole or not at all; again does nothing."""
    import zstandard

    path = path_of(sha256)
    for encoding, suffix in ENCODINGS.items():
        target = path.with_name(path.name + suffix)
        if target.exists():
            continue
        handle, name = tempfile.mkstemp(dir=scratch("compress"))
        with os.fdopen(handle, "wb") as packed, path.open("rb") as plain:
            if encoding == "zstd":
                zstandard.ZstdCompressor(level=3).copy_stream(plain, packed)
            else:
                with gzip.GzipFile("", "wb", 5, packed, mtime=0) as stream:
                    shutil.copyfileobj(plain, stream, CHUNK)
        os.replace(name, target)
        os.rmdir(os.path.dirname(name))


def stored() -> Iterator[Path]:
    """Yield every artefact file (not the precompressed ones)."""
    for folder in root().glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]"):
        yield from (path for path in folder.iterdir() if DIGEST.fullmatch(path.name))


def remove(sha256: str):
    """Remove an artefact and its precompressed variants; it need not exist."""
    target = path_of(sha256)
    for suffix in ("", *ENCODINGS.values()):
        target.with_name(target.name + suffix).unlink(missing_ok=True)


def older_than(path: Path, *, seconds: float) -> bool:
    try:
        return time.time() - path.stat().st_mtime > seconds
    except FileNotFoundError:
        return False


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
