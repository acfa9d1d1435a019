"""Pictures of the pages of editions, drawn when they are first looked at and kept for a while."""

import fcntl
import os
import shutil
import time
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from syndication import store
from syndication.rendering.rasters import draw_pages

SIZES = {"small": 240, "large": 1000}
RUN = 12  # small pages drawn at once: they are looked at side by side
KEPT_SECONDS = 7 * 24 * 3600


def page_picture(sha256: str, *, page: int, size: str) -> Path:
    """Return the picture of a page of the artefact as PNG; raises NotDrawn, FileNotFoundError."""
    folder = root() / sha256 / size
    wanted = folder / f"{page}.png"
    if not wanted.exists():
        pdf = store.local(sha256)
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(folder):
            if not wanted.exists():
                _draw(pdf, folder, page=page, size=size)
    return wanted


def root() -> Path:
    """Return the folder of all pictures."""
    return Path(settings.FILES_CACHE_ROOT) / "pages"


def clear_pictures(*, at: float | None = None) -> int:
    """Remove the pictures of files that nobody has looked at for a week; return of how many."""
    now, gone = at or time.time(), 0
    for folder in root().glob("*"):
        if now - max(p.stat().st_mtime for p in (folder, *folder.iterdir())) > KEPT_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)
            gone += 1
    return gone


def _draw(pdf: Path, folder: Path, *, page: int, size: str) -> None:
    run = RUN if size == "small" else 1
    first = (page - 1) // run * run + 1
    scratch = store.scratch("pages")
    try:
        how = {"first": first, "last": first + run - 1, "width": SIZES[size]}
        for number, path in draw_pages(pdf, folder=scratch, **how).items():
            os.replace(path, folder / f"{number}.png")
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


@contextmanager
def _alone(folder: Path):
    """Let one process draw the pages of a file; others wait and find them."""
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
