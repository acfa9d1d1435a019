"""What a part of an assembly came to last time, kept in a folder by the digest of its inputs."""

import hashlib
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

DIGEST = 32  # bytes before a part


@dataclass(frozen=True)
class FolderMemo:
    """Calls `make` once per key and keeps the bytes; the `memo` of a `RenderContext`.

    Losing the folder costs time, nothing else. `limit` bounds its size in bytes: what was used
    longest ago goes first.
    """

    root: Path
    limit: int = 500_000_000

    def __call__(self, key: str, make: Callable[[], bytes]) -> bytes:
        path = self._path(key)
        payload = self._known(path)
        if payload is None:
            payload = make()
            self._keep(path, payload)
        return payload

    def knows(self, key: str) -> bool:
        """Say whether something is kept under `key`; whether it is whole shows when it is read."""
        return self._path(key).exists()

    def _path(self, key: str) -> Path:
        name = hashlib.sha256(key.encode()).hexdigest()
        return self.root / name[:2] / name

    def _known(self, path: Path) -> bytes | None:
        try:
            stored = path.read_bytes()
        except FileNotFoundError:
            return None
        digest, payload = stored[:DIGEST], stored[DIGEST:]
        # A power cut may leave half a file behind: cheaper to notice than to prevent.
        if hashlib.sha256(payload).digest() != digest:
            return None
        os.utime(path)
        return payload

    def _keep(self, path: Path, payload: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self.root)
        with os.fdopen(handle, "wb") as file:
            file.write(hashlib.sha256(payload).digest() + payload)
        os.replace(name, path)

    def prune(self) -> int:
        """Bring the folder under its limit; return the number of parts that were dropped."""
        stats = [(p, p.stat()) for p in self.root.glob("??/*")]
        used = sum(stat.st_size for _, stat in stats)
        dropped = 0
        for path, stat in sorted(stats, key=lambda pair: pair[1].st_mtime):
            if used <= self.limit:
                break
            path.unlink(missing_ok=True)
            used -= stat.st_size
            dropped += 1
        return dropped
