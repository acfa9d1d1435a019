"""What a part of an assembly came to last time, kept in a folder by the digest of its inputs."""

import hashlib
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class FolderMemo:
    """Calls `make` once per key and keeps the bytes; the `memo` of a `RenderContext`.

    Losing the folder costs time, nothing else. `limit` bounds its size in bytes: what was used
    longest ago goes first.
    """

    root: Path
    limit: int = 500_000_000

    def __call__(self, key: str, make: Callable[[], bytes]) -> bytes:
        name = hashlib.sha256(key.encode()).hexdigest()
        path = self.root / name[:2] / name
        try:
            payload = path.read_bytes()
        except FileNotFoundError:
            payload = make()
            self._keep(path, payload)
            return payload
        os.utime(path)
        return payload

    def _keep(self, path: Path, payload: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self.root)
        with os.fdopen(handle, "wb") as file:
            file.write(payload)
            file.flush()
            os.fsync(file.fileno())
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
