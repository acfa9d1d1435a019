"""What the page of a job says of it: its counts, the first changes, the lines of its report."""

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from pim.actions.jobs.progress import SHOWN
from pim.actions.remodel.rewrite import VERSIONS
from pim.models import Job, Product
from pim.queries.structure import load_structure

from .context import working_context
from .differences import Words, difference_rows, words_for
from .words import reported_word, source_word

# What these jobs count are the rows of the file that they made.
WRITE_FILES = ("export", "translation_export")
# These change products that are there: what has no lines has no file of lines either.
EDITS = ("bulk_edit", "remodel", "rewind", "rules", "undo", "undo_remodel")
DOORS = ("api", "command", "schedule")
OUTCOMES = ("created", "changed", "removed", "unchanged", "skipped", "refused", "noted")


def first_changes(job: Job, request) -> list[tuple]:
    """Return [(subject, its page, rows before → after)] of the first things that the job wrote."""
    structure = load_structure()
    locale = working_context(request, structure).locale if job.preview else ""
    words = words_for((detail for _subject, detail in job.preview), structure, locale)
    pages = _pages(subject for subject, _detail in job.preview)
    return [
        (subject, pages.get(subject), difference_rows(detail, words))
        for subject, detail in job.preview
    ]


def _pages(identifiers: Iterable[str]) -> dict[str, str]:
    """Return {identifier: the page of the product} of those that are products."""
    rows = Product.objects.filter(identifier__in=set(identifiers)).values_list("identifier", "id")
    return {name: reverse("admin:pim_product_change", args=[pk]) for name, pk in rows}


def read_lines(page, request) -> dict[str, bool]:
    """Give lines of a report their product's page and the reader's words; tell what they have.

    A bulk edit has neither files nor lines, so that the table has no such columns; what a line
    of it is about is a field, and no column that somebody has named.
    """
    structure = load_structure()
    words = Words(structure, working_context(request, structure).locale)
    pages = _pages(line.subject for line in page)
    for line in page:
        line.page, line.words = pages.get(line.subject), line.say(translate)
        line.about = line.column if line.file else _about(line.column, words)
    return {
        "has_files": any(line.file for line in page),
        "has_lines": any(line.line for line in page),
        "has_columns": any(line.column for line in page),
    }


def _about(column: str, words: Words) -> str:
    """Return the label of a field, with the channel and the locale that an address names."""
    code, *places = column.split("|")
    return " · ".join(filter(None, (words.label(code), *places)))


def counted(job: Job, *, but: str = "") -> list[dict]:
    """Return one row per kind of thing with its outcomes, leaving one kind out."""
    return [
        {"kind": reported_word(kind), **{name: held.get(name, 0) for name in OUTCOMES}}
        for kind, held in (job.counts or {}).items()
        if isinstance(held, dict) and kind != but
    ]


def asked_by(job: Job) -> str:
    """Return who asked for a job, and through which door where it was not the desk."""
    who = job.created_by.get_username() if job.created_by else ""
    # Who stands there may be a person too, whatever the name.
    named = job.actor in DOORS and job.actor != who
    door = source_word(job.actor) if named else "" if who else job.actor
    return " · ".join(filter(None, (who, door)))


def summary_of(job: Job) -> str:
    """Return what became of a job in a few words."""
    totals: dict[str, int] = {}
    # A product and its published version are one product that was changed.
    for row in counted(job, but=VERSIONS):
        for outcome in ("created", "changed", "removed", "refused"):
            totals[outcome] = totals.get(outcome, 0) + row[outcome]
    if job.kind in WRITE_FILES and (rows := totals.get("created")):
        return ngettext("%(n)s row written", "%(n)s rows written", rows) % {"n": rows}
    words = {
        "created": _("new"),
        "changed": _("changed"),
        "removed": _("removed"),
        "refused": _("refused"),
    }
    parts = [f"{number} {words[name]}" for name, number in totals.items() if number]
    return ", ".join(parts) or job.cause[:80] or "–"


def keeps_all(job: Job) -> bool:
    """Return whether a preview of a change of the model has found that no value goes."""
    ready = job.kind == "remodel" and job.dry_run and job.state == "done"
    return ready and "values" not in (job.counts or {})


def shows_part(job: Job) -> bool:
    """Return whether there may be more changes than the page shows."""
    return len(job.preview) >= SHOWN


def speed(job: Job, *, at: datetime) -> dict:
    """Return how fast a job goes on and how long it takes; of one that is silent, just that.

    A process that was killed renews its lease no more: its rate would only sink.
    """
    silent = job.state == "running" and job.lease_until is not None and job.lease_until < at
    if job.final or job.state == "queued" or silent:
        return {"silent": silent, "rate": 0, "left": None}
    return {"silent": False, "rate": round(job.rate(at)), "left": job.seconds_left(at)}
