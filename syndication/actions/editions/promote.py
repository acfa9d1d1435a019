"""Promotion: the one short transaction that makes an edition the one being served."""

import logging
from datetime import datetime, timedelta

from django.db import transaction

from syndication import store
from syndication.actions.outbox import put
from syndication.models import Edition, EditionArtefact, Output, Pointer
from syndication.queries.editions import public_audiences
from syndication.registry import output_kind, targets

log = logging.getLogger(__name__)


def promote(edition: Edition, rows, *, at: datetime) -> str:
    """Move the pointer to a finished edition, with its deliveries; return its new state.

    `rows` is the edition's row under the conditions that must still hold; "" when they do
    not, and nothing is written. An edition of older data than what is served is superseded.
    """
    with transaction.atomic():
        pointer = _pointer(edition)
        older = pointer is not None and pointer.data_version > edition.data_version
        state = "superseded" if older else _issued(edition)
        if not rows.update(state=state, finished_at=at, **_ended(edition, at=at)):
            return ""
        if not older:
            _move(edition, pointer, at=at)
            _deliver(edition, at=at)
            put("compress", key=f"compress:{edition.pk}", payload={"edition": edition.pk}, at=at)
    if not older:
        note_current(edition.output)
    return state


def _issued(edition: Edition) -> str:
    counts = edition.counts
    flawed = counts.get("item_errors") or counts.get("warnings")
    return "issued_with_warnings" if flawed else "issued"


def _ended(edition: Edition, *, at: datetime) -> dict:
    return {
        "lease_owner": "",
        "lease_pid": None,
        "child_pids": [],
        "lease_until": None,
        "expires_at": _expiry(edition, at=at),
    }


def _expiry(edition: Edition, *, at: datetime) -> datetime | None:
    days = edition.output.keep_days
    if days is None and edition.settings["kind"] in targets():
        days = output_kind(edition.settings["kind"]).keep_days
    return at + timedelta(days=days) if days else None


def _pointer(edition: Edition) -> Pointer | None:
    return (
        Pointer.objects.select_for_update()
        .filter(output_id=edition.output_id, locale=edition.locale)
        .first()
    )


def _move(edition: Edition, pointer: Pointer | None, *, at: datetime):
    Pointer.objects.update_or_create(
        output_id=edition.output_id,
        locale=edition.locale,
        defaults={
            "edition_id": edition.pk,
            "previous_id": pointer.edition_id if pointer else None,
            "data_version": edition.data_version,
            "moved_at": at,
        },
    )


def _deliver(edition: Edition, *, at: datetime):
    for delivery in edition.output.deliveries.filter(enabled=True):
        put(
            "delivery",
            key=f"delivery:{delivery.pk}:{edition.pk}",
            payload={"delivery": delivery.pk, "edition": edition.pk},
            at=at,
        )


def note_current(output: Output):
    """Write what is served of an output beside the store, for while the database is away."""
    pointers = Pointer.objects.filter(output=output).values_list("edition_id", flat=True)
    public = public_audiences(output.channel)
    links = EditionArtefact.objects.filter(edition_id__in=list(pointers))
    files = {
        link.name: {
            "sha256": link.artefact_id,
            "size": link.artefact.size,
            "media_type": link.artefact.media_type,
            "edition": link.edition.number,
            "locale": link.edition.locale,
            "audience": link.audience,
            "public": link.audience in public,
        }
        for link in links.select_related("artefact", "edition")
    }
    store.write_current(output.code, {"channel": output.channel, "files": files})
