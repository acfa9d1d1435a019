"""Pictures of the pages of editions, drawn when they are first looked at and kept for a while.

A child of the service draws them, within limits of time and memory. What could not be drawn is
said for some minutes without another try, so that a page that is too much costs its time once.
"""

import fcntl
import logging
import os
import shutil
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import orjson
from django.conf import settings
from django.utils.translation import gettext_noop as _

from syndication import store
from syndication.refusals import NotDrawn

from .served import FAILED, serve

log = logging.getLogger(__name__)

SIZES = {"small": 240, "large": 1000}
RUN = 12  # small pages drawn at once: they are looked at side by side
SECONDS, MEMORY_MB = 15, 900
KEPT_SECONDS, FAILED_SECONDS = 7 * 24 * 3600, 600
MISSING = _("The file has no such page.")
PASSING = {"busy", "gone", "passed"}  # they say nothing of the page


class Picture(NamedTuple):
    """A picture of a trimmed page as PNG; its width and height are those of the page in points."""

    path: Path
    width: float
    height: float


def page_picture(sha256: str, *, page: int, size: str) -> Picture:
    """Return the picture of a page of the artefact; raises `NotDrawn`, FileNotFoundError."""
    folder = root() / sha256 / size
    if found := _kept(folder, page):
        return found
    pdf = store.local(sha256)
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        if not _kept(folder, page):
            _draw(pdf, folder, page=page, size=size)
    found = _kept(folder, page)
    if found is None:
        raise NotDrawn(why=MISSING)
    return found


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


def _kept(folder: Path, page: int) -> Picture | None:
    about = folder / f"{page}.json"
    if about.exists():
        return Picture(folder / f"{page}.png", *orjson.loads(about.read_bytes()))
    if why := failed_before(folder / str(page)):
        raise NotDrawn(why=why)
    return None


def failed_before(place: Path) -> str:
    """Return why something could not be drawn a moment ago, "" where nothing is known of it."""
    note = place.with_suffix(".failed")
    if note.exists() and time.time() - note.stat().st_mtime < FAILED_SECONDS:
        return note.read_text()
    return ""


def refuse(code: str, why: str, *, place: Path) -> None:
    """Raise `NotDrawn` where a job did not end well, and note it where that will not pass."""
    if code == "error":  # what a library says of a file is for the log
        log.warning("%s: %s", place, why)
        why = FAILED
    if code and code not in PASSING:
        place.with_suffix(".failed").write_text(why)
    if code:
        raise NotDrawn(why=why)


def _draw(pdf: Path, folder: Path, *, page: int, size: str) -> None:
    """Draw a small page with its neighbours, or a page alone where these are too much together."""
    run = (page - 1) // RUN
    if size == "small" and not failed_before(folder / f"run-{run}"):
        with suppress(NotDrawn):
            return _draw_run(pdf, folder, first=run * RUN + 1, count=RUN, size=size)
    return _draw_run(pdf, folder, first=page, count=1, size=size)


def _draw_run(pdf: Path, folder: Path, *, first: int, count: int, size: str) -> None:
    scratch = store.scratch("pages")
    spec = {
        "job": "pages",
        "source": str(pdf),
        "output": str(scratch / "drawn.json"),
        "run": {"first": first, "last": first + count - 1, "width": SIZES[size]},
        "memory_mb": MEMORY_MB,
        "seconds": SECONDS,
    }
    try:
        place = folder / (str(first) if count == 1 else f"run-{first // RUN}")
        refuse(*serve(spec, scratch, patient=size == "small"), place=place)
        drawn = orjson.loads((scratch / "drawn.json").read_bytes())
        for number, (name, width, height) in drawn.items():
            os.replace(scratch / name, folder / f"{number}.png")
            (folder / f"{number}.json").write_bytes(orjson.dumps([width, height]))
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


@contextmanager
def _alone(folder: Path):
    """Let one process draw the pages of a file; others wait and find them."""
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
