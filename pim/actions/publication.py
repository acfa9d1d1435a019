"""Publishing and withdrawing, set-wise and in chunks, whatever the number of products."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from pim.content.actor import Actor
from pim.content.rights import Rights
from pim.content.snapshot import merge_slices
from pim.models import PlannedPublication, Product
from pim.queries.drafts import chunks, read_drafts
from pim.queries.structure import load_structure

from . import bulk
from .approval import approved_slices, refuse_withdrawal
from .locking import settled
from .log import Entry, append_to_log
from .turns import Turns
from .versions import Head, Issue, lock_heads, read_snapshots, record, store_versions

CHUNK = 500


@dataclass(slots=True)
class PublishResult:
    """How many products got a new state, how many had it already, and {id: version number}.

    `refused` counts those that differ in nothing that the actor may publish.
    """

    published: int = 0
    unchanged: int = 0
    refused: int = 0
    versions: dict[int, int] = field(default_factory=dict)


def publish_products(
    ids: Iterable[int],
    *,
    slices: list | None = None,
    actor: Actor,
    at: datetime,
    reason: str = "",
    job=None,
) -> PublishResult:
    """Make version N+1 of every product whose approved slices differ from version N.

    `slices` is [[attribute group | "@structure", locale or ""], …]; None approves all that
    the actor may publish, a slice that they may not raises `NotAllowed`. One short transaction
    per chunk; what differs in nothing gets no version and no log entry.
    """
    result = PublishResult()
    how = {"actor": actor, "at": at, "reason": reason, "job": job}
    turns = Turns()
    for chunk in chunks(ids, CHUNK):
        turns.give_way()
        heads, numbers, refused = settled(partial(_publish, chunk, slices, **how))
        result.versions.update(numbers)
        result.published += len(numbers)
        result.refused += refused
        result.unchanged += len(heads) - len(numbers) - refused
    return result


def withdraw_products(
    ids: Iterable[int], *, actor: Actor, at: datetime, reason: str = "", job=None
) -> int:
    """Take published products out of every listing; their drafts and versions stay.

    Publications planned for them are cancelled: nothing comes back by itself.
    """
    how = {"actor": actor, "at": at, "reason": reason, "job": job}
    return sum(settled(partial(_withdraw, chunk, **how)) for chunk in chunks(ids, CHUNK))


def _publish(chunk: list[int], slices: list | None, *, actor: Actor, **how) -> tuple:
    """Return the heads of the chunk, {id: version number} of the new ones, how many refused."""
    heads = lock_heads(chunk)
    issues, refused = _issues(heads, slices, actor.rights)
    return heads, store_versions(issues, actor=actor, **how), refused


def _withdraw(chunk: list[int], *, actor: Actor, at: datetime, **how) -> int:
    heads = [h for h in lock_heads(chunk).values() if h.version_id and not h.withdrawn]
    refuse_withdrawal(heads, actor.rights)
    PlannedPublication.objects.filter(
        product_id__in=chunk, state=PlannedPublication.WAITING
    ).update(state=PlannedPublication.CANCELLED)
    bulk.update(Product, ["withdrawn"], [(True, head.id) for head in heads])
    told = [(head, {"@version": [head.number, None]}) for head in heads]
    record(told, "withdraw", actor=actor, at=at, **how)
    append_to_log([Entry("withdrawn", head.id) for head in heads], at=at)
    return len(heads)


def _issues(heads: dict[int, Head], slices: list | None, rights: Rights) -> tuple[list[Issue], int]:
    """Return what is to be issued and how many products the rights keep back.

    Drafts are read only of products that may differ.
    """
    if slices is None:
        moved = [h for h in heads.values() if h.draft_digest != h.digest or h.withdrawn]
    else:
        moved = list(heads.values())
    drafts = read_drafts([h.id for h in moved])
    whole = slices is None and rights.unlimited
    bases = {} if whole else read_snapshots(h.version_id for h in moved)
    structure = load_structure()
    approved = approved_slices(moved, drafts, bases, slices=slices, rights=rights)
    issues = [
        Issue(
            head,
            merge_slices(
                bases.get(head.version_id),
                drafts[head.id].snapshot(),
                approved[head.id],
                structure,
            ),
            approved[head.id] or [],
        )
        for head in moved
        if head.id in approved
    ]
    return issues, len(moved) - len(issues)
