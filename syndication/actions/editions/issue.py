"""Issuing: the editions an output is asked for, with the bells that start them."""

from datetime import datetime
from uuid import uuid4

from django.db import transaction
from django.db.models import F, Max

from syndication.actions.outbox import ring
from syndication.models import Edition, Output
from syndication.queries.brands import look_digest
from syndication.refusals import NoLocale, NotFound, OutputDisabled
from syndication.registry import targets

SETTINGS = ("kind", "channel", "audience", "locales", "selection", "options", "guard", "strict")
BY_ITSELF = ("sched:", "dirty:")  # triggers that no person pulled


def issue_edition(
    output: Output,
    *,
    actor: str,
    at: datetime,
    locale: str | None = None,
    trigger_key: str = "",
    idempotency_key: str = "",
) -> list[Edition]:
    """Queue an edition per locale (or one of all where combined), with its bell; return them.

    Everything is written in the caller's transaction. Asking again with the same key returns
    the editions there are and writes nothing.
    """
    if not output.enabled:
        raise OutputDisabled(output=output.code)
    if not output.locales:
        raise NoLocale(output=output.code)
    key = trigger_key or f"manual:{idempotency_key or uuid4()}"
    wanted = _locales(output, locale)
    with transaction.atomic():
        _queue_up(output)
        known = Edition.objects.filter(output=output, trigger_key=key, locale__in=wanted)
        known = {edition.locale: edition for edition in known}
        number = next_number(output)
        for name in wanted:
            if name not in known:
                known[name] = _create(output, name, number=number, key=key, actor=actor, at=at)
                number += 1
    return [known[name] for name in wanted]


def next_number(output: Output) -> int:
    """Return the number of the output's next edition."""
    newest = Edition.objects.filter(output=output).aggregate(n=Max("number"))["n"]
    return (newest or 0) + 1


def places_of(output: Output) -> list[str]:
    """Return the locales that get an edition each; [""] is one of all."""
    return [""] if output.combined else list(output.locales)


def _locales(output: Output, locale: str | None) -> list[str]:
    if output.combined or locale is None:
        return places_of(output)
    wanted = locale.replace("_", "-")
    if wanted not in output.locales:
        raise NotFound(what="locale", name=wanted, field="locale")
    return [wanted]


def _queue_up(output: Output):
    # Takes the row's lock on every database, so that numbers are given one after another.
    Output.objects.filter(pk=output.pk).update(row_version=F("row_version"))


def _create(output: Output, locale: str, *, number, key, actor, at) -> Edition:
    careful = output.only_if_changed and key.startswith(BY_ITSELF)
    edition = Edition.objects.create(
        output=output,
        number=number,
        locale=locale,
        trigger_key=key,
        settings={**settings_of(output, locale), "only_if_changed": careful},
        created_by=actor,
        created_at=at,
        state="queued" if output.kind in targets() else "failed",
        cause="" if output.kind in targets() else f"There is no output kind {output.kind!r}.",
        finished_at=None if output.kind in targets() else at,
    )
    if edition.state == "queued":
        ring(edition, at=at)
    return edition


def settings_of(output: Output, locale: str) -> dict:
    """Return what an edition keeps of its output; locale "" is a combined one of all."""
    frozen = {name: getattr(output, name) for name in SETTINGS}
    frozen["locales"] = [locale] if locale else list(output.locales)
    frozen["needs_approval"] = output.needs_approval
    frozen["time_zone"] = output.time_zone
    frozen["look"] = look_digest(output)
    return frozen
