"""History of a product: its changes, its versions, and what differs between two of them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pim.content.address import Address
from pim.content.diff import diff
from pim.content.refusals import NotFound
from pim.content.snapshot import unpack
from pim.models import Change, Product, Version

from .drafts import read_drafts


@dataclass(frozen=True, slots=True)
class Step:
    """One state that a value has had, and who gave it when."""

    at: datetime
    actor: str
    before: Any
    after: Any
    reason: str


def changes_of(product_id: int, *, before: int | None = None, limit: int = 50) -> list[Change]:
    """Return the changes of a product, newest first; `before` is the id of the last one seen."""
    rows = Change.objects.filter(product_id=product_id).order_by("-id")
    if before is not None:
        rows = rows.filter(id__lt=before)
    return list(rows[:limit])


def value_history(product_id: int, address: Address, *, limit: int = 50) -> list[Step]:
    """Return what one value has been, newest first."""
    key = address.key()
    rows = Change.objects.filter(product_id=product_id).order_by("-id").iterator(chunk_size=200)
    steps: list[Step] = []
    for change in rows:
        if key in change.detail:
            steps.append(Step(change.at, change.actor, *change.detail[key], change.reason))
        if len(steps) == limit:
            break
    return steps


def versions_of(product_id: int) -> list[Version]:
    """Return the versions of a product without their snapshots, newest first."""
    return list(Version.objects.filter(product_id=product_id).defer("snapshot"))


def version_snapshot(product_id: int, number: int) -> dict:
    """Return the snapshot of one version; raise `NotFound`."""
    rows = Version.objects.filter(product_id=product_id, number=number)
    stored = rows.values_list("snapshot", flat=True).first()
    if stored is None:
        raise NotFound(what="version", name=str(number))
    return unpack(stored)


def versions_differ(product_id: int, older: int, newer: int) -> dict[str, list]:
    """Return {key: [in the older, in the newer]} of two versions."""
    return diff(version_snapshot(product_id, older), version_snapshot(product_id, newer))


def draft_differs(product_id: int) -> dict[str, list]:
    """Return {key: [published, draft]}: what publishing everything would change."""
    stored = Product.objects.values_list("version__snapshot", flat=True).get(pk=product_id)
    published = unpack(stored) if stored is not None else None
    return diff(published, read_drafts([product_id])[product_id].snapshot())
