"""Deleting a product for good: nothing is left that names it, and the log tells."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from pim.content.actor import Actor
from pim.content.refusals import NotFound, Refused, _
from pim.models import Association, Product
from pim.queries.drafts import DraftState, read_drafts

from .log import Entry, append_to_log
from .versions import lock_heads, record
from .writing.intents import ProductWrite
from .writing.run import write_products


def delete_product(product_id: int, *, actor: Actor, at: datetime, reason: str = "") -> None:
    """Delete a product, its drafts, facts and versions; a model with variants is refused.

    Products that were associated with it lose the association, each with a change of its
    own. The change log keeps the last draft.
    """
    with transaction.atomic():
        head = lock_heads([product_id]).get(product_id)
        if head is None:
            raise NotFound(what="product", name=str(product_id))
        if Product.objects.filter(parent_id=product_id).exists():
            raise Refused(
                _("%(name)s has variants: delete them first."),
                code="has_variants",
                name=head.identifier,
            )
        state = read_drafts([product_id])[product_id]
        _untie(state, actor=actor, at=at, reason=reason)
        detail = {"@deleted": [state.snapshot(), None]}
        record([(head, detail)], "delete", actor=actor, at=at, reason=reason)
        Product.objects.filter(pk=product_id).delete()
        if head.version_id:
            append_to_log([Entry("withdrawn", product_id, {"uuid": state.uuid})], at=at)


def _untie(gone: DraftState, *, actor: Actor, at: datetime, reason: str) -> None:
    tied = Association.objects.filter(target_id=gone.id).exclude(source_id=F("target_id"))
    others = read_drafts(set(tied.values_list("source_id", flat=True)))
    writes = [
        ProductWrite(
            other.identifier,
            associations={
                code: {**ties, "products": [t for t in ties["products"] if t[0] != gone.uuid]}
                for code, ties in other.associations.items()
                if any(t[0] == gone.uuid for t in ties["products"])
            },
        )
        for other in others.values()
    ]
    write_products(writes, actor=actor, at=at, reason=reason)
