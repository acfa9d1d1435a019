"""Deleting products for good: nothing is left that names it, and the log tells."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django.db import transaction

from pim.content.actor import Actor
from pim.content.refusals import NotFound, Refused, _
from pim.content.rights import Level, Rights, refuse_below
from pim.models import Association, Product
from pim.queries.drafts import DraftState, read_drafts
from pim.queries.rights import rights_on

from .edits import note_edit
from .locking import settled
from .log import Entry, append_to_log
from .quality.prints import forget_twins_of
from .versions import Head, lock_heads, record
from .writing.intents import ProductWrite
from .writing.run import write_products


def delete_product(product_id: int, *, actor: Actor, at: datetime, reason: str = "") -> None:
    """Delete a product, its drafts, facts and versions; a model with variants is refused.

    Products that were associated with it lose the association, each with a change of its
    own. The change log keeps the last draft.
    """
    if not delete_products([product_id], actor=actor, at=at, reason=reason):
        raise NotFound(what="product", name=str(product_id))


def delete_products(
    ids: Sequence[int], *, actor: Actor, at: datetime, reason: str = "", job=None
) -> int:
    """Delete products as `delete_product` does, set-wise; return how many there were.

    One model that has variants refuses them all, its variants among the ids or not.
    """
    alone = not transaction.get_connection().in_atomic_block
    how = {"actor": actor, "at": at, "reason": reason, "job": job}
    return settled(partial(_delete, ids, alone=alone, **how))


def _delete(ids: Sequence[int], *, alone: bool, **how) -> int:
    heads, at = lock_heads(ids), how["at"]
    _refuse_foreign(heads, how["actor"].rights)
    _refuse_parents(heads)
    states = read_drafts(heads)
    _untie(states, **{**how, "actor": how["actor"].unlimited()})
    details = [(head, {"@deleted": [states[pk].snapshot(), None]}) for pk, head in heads.items()]
    record(details, "delete", **how)
    forget_twins_of(list(heads))
    Product.objects.filter(pk__in=heads).delete()
    gone = [Entry("withdrawn", pk, {"uuid": states[pk].uuid}) for pk in _published(heads)]
    append_to_log(gone, at=at)
    deleted = [(s.uuid, s.identifier, "deleted") for s in states.values()]
    note_edit(deleted, actor=how["actor"], at=at, job=how["job"], alone=alone)
    return len(heads)


def _refuse_foreign(heads: dict[int, Head], rights: Rights) -> None:
    for pk, holding in rights_on(heads, rights).items():
        refuse_below(
            holding.structure,
            Level.OWN,
            _("Your roles do not let you delete %(name)s."),
            name=heads[pk].identifier,
        )


def _refuse_parents(heads: dict[int, Head]) -> None:
    parent = Product.objects.filter(parent_id__in=heads).values_list("parent_id", flat=True).first()
    if parent is not None:
        raise Refused(
            _("%(name)s has variants: delete them first."),
            code="has_variants",
            name=heads[parent].identifier,
        )


def _published(heads: dict[int, Head]) -> list[int]:
    return [pk for pk, head in heads.items() if head.version_id]


def _untie(gone: dict[int, DraftState], **how) -> None:
    """Take the products out of the associations of those that stay."""
    tied = Association.objects.filter(target_id__in=gone).exclude(source_id__in=gone)
    others = read_drafts(set(tied.values_list("source_id", flat=True)))
    uuids = {state.uuid for state in gone.values()}
    writes = [
        ProductWrite(
            other.identifier,
            associations={
                code: {**ties, "products": [t for t in ties["products"] if t[0] not in uuids]}
                for code, ties in other.associations.items()
                if any(t[0] in uuids for t in ties["products"])
            },
        )
        for other in others.values()
    ]
    write_products(writes, **how)
