"""A file of an edition for its proof-reader: what changed is framed, with old and new in notes."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import orjson
from django.utils.translation import get_language, gettext

from syndication import store
from syndication.models import Edition
from syndication.queries.proof import Proof, placed_on
from syndication.refusals import NotDrawn
from syndication.rendering.marking import Mark

from .served import serve
from .thumbnails import failed_before, refuse, root

SECONDS, MEMORY_MB = 20, 900
LONGEST = 300  # characters of a text, old or new, in a note
ROWS = 30


def marked_file(edition: Edition, proof: Proof, *, file: str, sha256: str) -> Path:
    """Return the marked copy of a file of the edition, made when it is first asked for.

    What the person may not see is neither framed nor told; the language is that of the reader.
    A child of the service makes it; `NotDrawn` says which limit was met.
    """
    marks = orjson.dumps([list(mark) for mark in _marks(edition, proof, file=file)])
    key = hashlib.sha256((get_language() or "").encode() + marks).hexdigest()[:20]
    wanted = root() / sha256 / f"marked-{key}.pdf"
    if wanted.exists():
        return wanted
    if why := failed_before(wanted):
        raise NotDrawn(why=why)
    wanted.parent.mkdir(parents=True, exist_ok=True)
    scratch = store.scratch("marked")
    try:
        refuse(*_served(sha256, scratch, marks=marks), place=wanted)
        os.replace(scratch / "marked.pdf", wanted)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return wanted


def _served(sha256: str, scratch: Path, *, marks: bytes) -> tuple[str, str]:
    (scratch / "marks.json").write_bytes(marks)
    spec = {
        "job": "marked",
        "source": str(store.local(sha256)),
        "marks": str(scratch / "marks.json"),
        "output": str(scratch / "marked.pdf"),
        "memory_mb": MEMORY_MB,
        "seconds": SECONDS,
    }
    return serve(spec, scratch, patient=True)


def _marks(edition: Edition, proof: Proof, *, file: str) -> Iterator[Mark]:
    changes = {c.identifier: c for c in proof.changes().exclude(kind="removed")}
    moved = {moved.identifier: moved for moved in proof.moved}
    for page in proof.pages():
        if page.file != file:
            continue
        for identifier, box in placed_on(page):
            change = changes.get(identifier)
            if change:
                words = change.get_kind_display()
                text = "\n".join(_lines(proof, change))
                yield Mark(page.number, tuple(box), change.kind, f"{identifier}: {words}", text)
            elif identifier in moved:
                text = gettext("Before on page %(page)s") % {"page": moved[identifier].before}
                yield Mark(page.number, tuple(box), "moved", identifier, text)


def _lines(proof: Proof, change) -> Iterator[str]:
    rows = proof.rows_of(change)
    for row in rows[:ROWS]:
        whose = f"{row.identifier}, " if row.identifier != change.identifier else ""
        yield f"{whose}{row.what}: {_short(row.before)} → {_short(row.after)}"
    if len(rows) > ROWS:
        yield "…"


def _short(text: str) -> str:
    return (text if len(text) <= LONGEST else f"{text[:LONGEST]} …") or "–"
