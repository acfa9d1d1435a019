"""The cache of a bucket's files on this machine: bounded, what was used longest ago goes first."""

import os
import threading
import time
from pathlib import Path

from django.conf import settings

REST = 3600.0  # seconds for which what was used is left alone: somebody may have its path
STEP = 64 << 20  # bytes that come before anybody counts again

_lock = threading.Lock()
_since = STEP


def note(size: int) -> None:
    """Count bytes that came into the cache; from time to time it is brought under its limit."""
    global _since
    with _lock:
        _since += size
        if _since < min(STEP, _limit() // 4):
            return
        _since = 0
    prune(at=time.time())


def prune(*, at: float, rest: float = REST) -> int:
    """Bring the cache under its limit as far as nothing of the last hour goes; return how many
    files were dropped."""
    found = sorted(_files(Path(settings.FILES_CACHE_ROOT)))
    used, dropped = sum(size for _, size, _ in found), 0
    for used_at, size, path in found:
        if used <= _limit() or at - used_at < rest:
            break
        Path(path).unlink(missing_ok=True)
        used -= size
        dropped += 1
    return dropped


def _limit() -> int:
    return settings.FILES_CACHE_MB << 20


def _files(folder: Path):
    for place, _folders, names in os.walk(folder):
        for name in names:
            path = os.path.join(place, name)
            try:
                stat = os.stat(path)
            except FileNotFoundError:
                continue
            yield stat.st_mtime, stat.st_size, path
