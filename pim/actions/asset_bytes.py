"""The bytes of media: checked, cleaned, kept once under their digest."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from pim import files

CHUNK = 1024 * 1024
MEDIUM = "sha256 original_sha256 filename kind media_type size width height".split()


def asset_path(sha256: str) -> Path:
    """Return where the bytes of that digest lie on this machine, if they do."""
    return files.assets().place(files.name_of(sha256))


def thumbnail_name(sha256: str) -> str:
    """Return the name of the 320 px WebP thumbnail of that digest; not every medium has one."""
    return f"thumbs/{sha256}.webp"


def digest_of(stream) -> tuple[str, int]:
    """Return the digest and the size of a stream, which then stands at its start."""
    sha, size = hashlib.sha256(), 0
    stream.seek(0)
    while chunk := stream.read(CHUNK):
        sha.update(chunk)
        size += len(chunk)
    stream.seek(0)
    return sha.hexdigest(), size


def keep_medium(stream, digest: str, size: int, filename: str, *, store: bool) -> dict:
    """Check a file and keep it; return the fields of MEDIUM."""
    # Imported here: picture and PDF libraries have no place in the web process at its start.
    from pim.importing.media import read_medium

    medium = read_medium(stream, size=size, name=filename)
    sha, kept = _keep(stream, medium, digest, size, store=store)
    return {
        "sha256": sha,
        "original_sha256": digest,
        "filename": Path(filename).name[:255],
        "kind": medium.kind,
        "media_type": medium.media_type,
        "size": kept,
        "width": medium.width,
        "height": medium.height,
    }


def _keep(stream, medium, digest: str, size: int, *, store: bool) -> tuple[str, int]:
    """Write the bytes and the thumbnail; return the digest and size of what is kept."""
    if medium.data is not None:
        digest, size = hashlib.sha256(medium.data).hexdigest(), len(medium.data)
    if not store:
        return digest, size
    if medium.thumbnail:
        _write_once(thumbnail_name(digest), [medium.thumbnail])
    if medium.data is not None:
        _write_once(files.name_of(digest), [medium.data])
    else:
        stream.seek(0)
        _write_once(files.name_of(digest), iter(lambda: stream.read(CHUNK), b""))
    return digest, size


def _write_once(name: str, chunks: Iterable[bytes]) -> None:
    shelf = files.assets()
    if shelf.look(name) is None:
        shelf.write(name, chunks)
