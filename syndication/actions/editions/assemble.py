"""Assembly: fragments streamed to a child, its files taken into the store."""

import fcntl
import json
import os
import select
from array import array
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.crypto import salted_hmac

from syndication import store
from syndication.models import Edition
from syndication.supervise import wire
from syndication.supervise.supervisor import Crew, Job

from .context import Setting
from .report import Report
from .rows import fragment_pages, refusals_of

TRIES = 2
PIPE_SIZE = 1 << 20
REASONS = {
    "error": "Assembly failed",
    "render_crash": "Assembly crashed its process",
    "timeout": "Assembly took too long",
    "oom": "Assembly needed too much memory",
}


class AssemblyFailed(Exception):
    """The files could not be made; the message says why."""


class Leak(Exception):
    """An artefact holds a text that only another audience may see."""


@dataclass
class File:
    """A finished file in the store."""

    name: str
    media_type: str
    sha256: str
    size: int


@dataclass
class Assembled:
    """The files of an edition, what is wrong with which item, codes given, prices seen."""

    files: list[File] = field(default_factory=list)
    report: Report = field(default_factory=Report)
    touchpoints: dict[str, list[str]] = field(default_factory=dict)
    prices: array = field(default_factory=lambda: array("d"))
    peak_kb: int = 0


def assemble(
    setting: Setting, *, context: Path, items: int, folder: Path, at: datetime, beat: Callable
) -> Assembled:
    """Make the edition's files and take them into the store, verified; once more if it crashes."""
    for attempt in range(1, TRIES + 1):
        here = folder / f"assembly-{attempt}"
        here.mkdir()
        job = _job(setting, context=context, items=items, folder=here, at=at)
        made = Assembled()
        with Crew(setting.kind.preload, beat=beat) as crew:
            crew.start(job, seconds=setting.kind.seconds)
            _feed(setting.edition, crew, job, made, beat)
            crew.wait()
            made.peak_kb = crew.peak_kb
        if job.outcome == "":
            return _take_in(setting.edition, job, made, beat)
        if job.outcome == "error":
            break
    raise AssemblyFailed(f"{REASONS[job.outcome]}: {_last_line(job.log)}")


def _last_line(text: str) -> str:
    lines = [line for line in text.strip().splitlines() if line.strip()]
    return lines[-1][:500] if lines else "it left no message"


def _job(setting: Setting, *, context: Path, items: int, folder: Path, at: datetime) -> Job:
    (folder / "files").mkdir()
    os.mkfifo(folder / "pieces", 0o600)
    edition = setting.edition
    zone = ZoneInfo(edition.settings.get("time_zone") or "UTC")
    spec = {
        "job": "assemble",
        "target": setting.target,
        "context": str(context),
        "input": str(folder / "pieces"),
        "output": str(folder / "result"),
        "files": str(folder / "files"),
        "memory_mb": setting.kind.memory_mb,
        "seconds": setting.kind.seconds,
        "touchpoint_key": salted_hmac("touchpoint", edition.output.code).hexdigest(),
        "plan": {
            "number": edition.number,
            "issued_on": at.astimezone(zone).date().isoformat(),
            "data_version": edition.data_version,
            "items": items,
        },
    }
    return Job("assembly", folder, spec)


def _feed(edition: Edition, crew: Crew, job: Job, made: Assembled, beat: Callable):
    """Stream every piece to the child; it may stop listening, and it may die."""
    pipe = _open(job.folder / "pieces", crew, job)
    try:
        for page in fragment_pages(edition, beat):
            made.report.read(page, partial(refusals_of, edition))
            made.prices.extend(r[4] for r in page if r[4] is not None and not r[5])
            block = wire.piece_block(row[:4] for row in page if not row[5])
            pipe = _write(pipe, block, crew, job)
        pipe = _write(pipe, wire.END, crew, job)
    finally:
        if pipe is not None:
            os.close(pipe)


def _open(path: Path, crew: Crew, job: Job) -> int | None:
    while job.outcome is None:
        with suppress(OSError):  # nobody reads yet
            pipe = os.open(path, os.O_WRONLY | os.O_NONBLOCK)
            with suppress(OSError):
                fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, PIPE_SIZE)
            return pipe
        crew.look(0.01)
    return None


def _write(pipe: int | None, data: bytes, crew: Crew, job: Job) -> int | None:
    """Write to the child; return the pipe, or None once nobody listens any more."""
    left = memoryview(data)
    while left and pipe is not None:
        _, ready, _ = select.select([], [pipe], [], 0.5)
        if not ready:
            crew.look(0)
        try:
            left = left[os.write(pipe, left) if ready else 0 :]
        except BlockingIOError:
            continue
        except BrokenPipeError:
            os.close(pipe)
            pipe = None
    return pipe


def _take_in(edition: Edition, job: Job, made: Assembled, beat: Callable) -> Assembled:
    result = json.loads((job.folder / "result").read_bytes())
    made.report.add(result["refusals"])
    made.touchpoints = result["touchpoints"]
    if not result["files"]:
        raise AssemblyFailed("The output kind wrote no file.")
    needles = _canaries(edition.settings["audience"])
    for name, media_type in result["files"].items():
        path = job.folder / "files" / name
        size = path.stat().st_size
        if not size:
            raise AssemblyFailed(f"The file {name} is empty.")
        if found := store.holds_any(path, needles):
            raise Leak(f"{name} holds {found.decode()!r}, which is for another audience only.")
        sha256 = store.digest_of(path)
        store.adopt(path, sha256=sha256)
        made.files.append(File(name, media_type, sha256, size))
        beat()
    return made


def _canaries(audience: str) -> tuple[bytes, ...]:
    others = (texts for name, texts in settings.AUDIENCE_CANARIES.items() if name != audience)
    return tuple(text.encode() for texts in others for text in texts)
