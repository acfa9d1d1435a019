"""Assembly: pieces to a child, its files into the store."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.crypto import salted_hmac

from syndication import store
from syndication.contract import PageNote
from syndication.models import Edition
from syndication.supervise.supervisor import Crew, Job
from syndication.supervise.wire import Segment

from .context import Setting

TRIES = 2
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
    """The files of an edition, what assembly reported, the codes it gave, its pages."""

    files: list[File] = field(default_factory=list)
    refusals: list[list] = field(default_factory=list)
    touchpoints: dict[str, list[str]] = field(default_factory=dict)
    pages: list[PageNote] = field(default_factory=list)
    peak_kb: int = 0


def assemble(
    setting: Setting,
    segments: list[Segment],
    *,
    context: Path,
    items: int,
    folder: Path,
    at: datetime,
    beat: Callable,
    meanwhile: Callable,
) -> Assembled:
    """Make the edition's files and take them into the store, verified; once more if it crashes.

    `meanwhile` is called once while the child works.
    """
    for attempt in range(1, TRIES + 1):
        here = folder / f"assembly-{attempt}"
        (here / "files").mkdir(parents=True)
        job = _job(setting, segments, context=context, items=items, folder=here, at=at)
        with Crew(setting.kind.preload, beat=beat) as crew:
            crew.start(job, seconds=setting.kind.seconds)
            if attempt == 1:
                meanwhile()
            crew.wait()
        if job.outcome == "":
            return _take_in(setting.edition, job, beat)
        if job.outcome == "error":
            break
    raise AssemblyFailed(f"{REASONS[job.outcome]}: {_last_line(job.log)}")


def _last_line(text: str) -> str:
    lines = [line for line in text.strip().splitlines() if line.strip()]
    return lines[-1][:500] if lines else "it left no message"


def _job(
    setting: Setting, segments: list[Segment], *, context: Path, items: int, folder: Path, at
) -> Job:
    edition = setting.edition
    zone = ZoneInfo(edition.settings.get("time_zone") or "UTC")
    spec = {
        "job": "assemble",
        "target": setting.target,
        "context": str(context),
        "segments": segments,
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


def _take_in(edition: Edition, job: Job, beat: Callable) -> Assembled:
    result = json.loads((job.folder / "result").read_bytes())
    pages = [PageNote(*note) for note in result["pages"]]
    made = Assembled([], result["refusals"], result["touchpoints"], pages, job.rss_kb)
    if not result["files"]:
        raise AssemblyFailed("The output kind wrote no file.")
    needles = _canaries(edition.settings["audience"])
    for name, media_type in result["files"].items():
        path = job.folder / "files" / name
        size = path.stat().st_size
        # A list of no items may be empty; whether it may be issued is the guard's to say.
        if not size and job.spec["plan"]["items"]:
            raise AssemblyFailed(f"The file {name} is empty.")
        if found := store.holds_any(path, needles):
            raise Leak(f"{name} holds {found.decode()!r}, which is for another audience only.")
        sha256 = store.settle(path)
        store.adopt(path, sha256=sha256)
        made.files.append(File(name, media_type, sha256, size))
        beat()
    return made


def _canaries(audience: str) -> tuple[bytes, ...]:
    others = (texts for name, texts in settings.AUDIENCE_CANARIES.items() if name != audience)
    return tuple(text.encode() for texts in others for text in texts)
