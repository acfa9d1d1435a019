"""Versions: how a snapshot becomes a product's latest version and a line of the log."""

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from django.db import connection, transaction

from pim.content.actor import Actor
from pim.content.snapshot import SCHEMA, canonical, unpack
from pim.models import Change, Product, Version
from pim.models.fields import canonical_json

from . import bulk
from .locking import locked
from .log import Entry, append_to_log

_PACKED = 3  # half the processor time of the usual level for a tenth more bytes


@dataclass(slots=True)
class Head:
    """Where a product stands: its latest version and the digest of its draft."""

    id: int
    identifier: str
    row_version: int
    draft_digest: str
    version_id: int | None
    number: int
    digest: str
    withdrawn: bool


@dataclass(slots=True)
class Issue:
    """A snapshot about to become the next version of a product."""

    head: Head
    snapshot: dict
    slices: list = field(default_factory=list)
    detail: dict = field(default_factory=dict)


def lock_heads(ids: Sequence[int]) -> dict[int, Head]:
    """Return the products' heads, their rows locked until the transaction ends (PostgreSQL)."""
    rows = Product.objects.filter(id__among=ids).order_by("id")
    if connection.features.has_select_for_update and transaction.get_connection().in_atomic_block:
        list(locked(rows).values_list("id"))
    columns = ("id", "identifier", "row_version", "draft_digest", "version_id")
    found = rows.values_list(*columns, "version__number", "version__digest", "withdrawn")
    return {row[0]: Head(*row[:5], row[5] or 0, row[6] or "", row[7]) for row in found}


def read_snapshots(version_ids: Iterable[int | None]) -> dict[int, dict]:
    """Return {version id: snapshot}."""
    wanted = [pk for pk in version_ids if pk]
    rows = Version.objects.filter(id__among=wanted).values_list("id", "snapshot")
    return {pk: unpack(stored) for pk, stored in rows}


def store_versions(
    issues: Sequence[Issue],
    *,
    actor: Actor,
    at: datetime,
    reason: str,
    job=None,
    entries: list[Entry] | None = None,
) -> dict[int, int]:
    """Make each snapshot its product's latest version; return {product id: number}.

    A snapshot that equals the latest version makes no version: a withdrawn product comes
    back as it was, any other is left alone. Call it last in a short transaction; in a long
    one, give `entries`: the lines of the log are put there, for the caller to append at last.
    """
    packed = [(issue, *_pack(issue.snapshot)) for issue in issues]
    fresh = [p for p in packed if p[1] != p[0].head.digest]
    again = [i for i, digest, _bytes in packed if digest == i.head.digest and i.head.withdrawn]
    ids = bulk.allocate_ids(Version, len(fresh)) if fresh else []
    bulk.insert(
        Version,
        ["id", "product_id", "number", "schema", "digest", "snapshot", "slices", "actor",
         "reason", "at"],
        [
            (pk, i.head.id, i.head.number + 1, SCHEMA, digest, stored,
             canonical_json(i.slices).decode(), actor.name, reason[:300], at)
            for pk, (i, digest, stored) in zip(ids, fresh, strict=True)
        ],
    )  # fmt: skip
    rows = [(pk, False, i.head.id) for pk, (i, _digest, _bytes) in zip(ids, fresh, strict=True)]
    rows += [(i.head.version_id, False, i.head.id) for i in again]
    bulk.update(Product, ["version_id", "withdrawn"], rows)
    numbers = {i.head.id: i.head.number + 1 for i, _digest, _bytes in fresh}
    numbers |= {i.head.id: i.head.number for i in again}
    told = [(i, [i.head.number or None, numbers[i.head.id]]) for i, *_rest in fresh]
    told += [(i, ["withdrawn", i.head.number]) for i in again]
    changes = [(i.head, {"@version": step, **i.detail}) for i, step in told]
    record(changes, "publish", actor=actor, at=at, reason=reason, job=job)
    told_log = [Entry("published", pk) for pk in numbers]
    if entries is None:
        append_to_log(told_log, at=at)
    else:
        entries += told_log
    return numbers


def record(
    changes: Sequence[tuple[Head, dict]],
    action: str,
    *,
    actor: Actor,
    at: datetime,
    reason: str,
    job=None,
) -> None:
    """Write one change per product; publishing and the like leave its row version alone."""
    bulk.insert(
        Change,
        ["product_id", "row_version", "subject", "action", "actor", "source", "reason", "at",
         "job_id", "detail"],
        [
            (head.id, 0, head.identifier, action, actor.name, actor.source, reason[:300], at,
             getattr(job, "pk", job), canonical_json(detail).decode())
            for head, detail in changes
        ],
    )  # fmt: skip


def _pack(snapshot: dict) -> tuple[str, bytes]:
    text = canonical(snapshot)
    return sha256(text).hexdigest(), zlib.compress(text, _PACKED)
