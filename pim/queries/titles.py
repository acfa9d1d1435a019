"""Titles of jobs in the language of whoever reads them, and reasons of changes made of them.

What is kept of one is {"sentence", "params"}; a place is filled with a plain value, with another
such sentence, with {"label": code} of an attribute or with {"selection": document}.
"""

from collections.abc import Mapping
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.utils.translation import get_language, gettext

from pim.content.refusals import Refused
from pim.content.structure import AttributeDef, Structure
from pim.models import Change, Job, Version

from .selection import describe
from .structure import load_structure

LONGEST_REASON = 300


def sentence(text: str, **params: Any) -> dict:
    """Return what is kept of a title: an English sentence, and what fills its places."""
    return {"sentence": text, "params": params}


def say_title(kept: Mapping, structure: Structure | None = None) -> str:
    """Return what was kept in words, in the language that is active; raises `Refused`."""
    structure = structure or load_structure()
    filled = {name: _say(value, structure) for name, value in kept["params"].items()}
    text = kept["sentence"]
    words = gettext(text)
    return words % filled if filled else words


def title_of_job(job: Job) -> str:
    """Return a job's title in the language that is active; one that somebody gave as it is."""
    return _spoken(job.said, job.title)


def with_titles(changes: QuerySet) -> QuerySet:
    """Return the changes with what their job is called, for `reason_of`."""
    return changes.annotate(job_title=F("job__title"), job_said=F("job__said"))


def versions_with_titles(versions: QuerySet) -> QuerySet:
    """Return the versions with what the job that published each is called, for `reason_of`."""
    by = Change.objects.filter(product=OuterRef("product"), at=OuterRef("at"), action="publish")
    by = by.order_by("-id")
    return versions.annotate(
        job_title=Subquery(by.values("job__title")[:1]),
        job_said=Subquery(by.values("job__said")[:1]),
    )


def reason_of(row: Change | Version) -> str:
    """Return why a change or version was written: the title of its job in the active language."""
    own = row.job_said and row.reason == row.job_title[:LONGEST_REASON]
    return _spoken(row.job_said, row.reason) if own else row.reason


def _spoken(kept: Mapping | None, otherwise: str) -> str:
    try:
        return say_title(kept) if kept else otherwise
    except Refused:
        return otherwise  # it speaks of what is no longer there


def _say(value: Any, structure: Structure) -> Any:
    if not isinstance(value, Mapping):
        return value
    if "label" in value:
        attribute = structure.attributes.get(value["label"])
        return _label(attribute) if attribute else value["label"]
    if "selection" in value:
        locale = get_language() or "en"
        return describe(value["selection"], locale=locale, structure=structure)
    return say_title(value, structure)


def _label(attribute: AttributeDef) -> str:
    """Return the label in the language that is active, of whatever region, else in English."""
    spoken = (get_language() or "en").split("-")[0]
    near = [code for code in attribute.labels if code.replace("_", "-").split("-")[0] == spoken]
    return next((attribute.labels[c] for c in (*near, "en") if attribute.labels.get(c)), "") or (
        attribute.code
    )
