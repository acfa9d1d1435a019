"""Writing translations: checked against their source, remembered, and current from then on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from pim.actions import bulk
from pim.actions.products import ProductWrite, write_products
from pim.actions.quality.stale import forget_scores
from pim.actions.writing.translating import KEY
from pim.content.actor import Actor
from pim.content.address import Address
from pim.content.protecting import check_codes, parts_of
from pim.content.refusals import Refused
from pim.content.rights import Level, refuse_below
from pim.models import OutdatedTranslation
from pim.queries.rights import rights_on
from pim.queries.structure import load_structure
from pim.queries.translations import OUTDATED, Unit

from .memory import remember


@dataclass(slots=True)
class Translated:
    """A unit with its new text, and what became of it: changed, unchanged or refused."""

    unit: Unit
    text: str
    outcome: str = "unchanged"
    refusal: Refused | None = None


def write_translations(
    wanted: Sequence[Translated],
    *,
    source: str,
    target: str,
    actor: Actor,
    at: datetime,
    job=None,
    reason: str = "",
    check_versions: bool = False,
) -> list[Translated]:
    """Write the texts; each is refused alone, with its reason. Confirming an outdated one counts.

    A translation that lacks a tag or placeholder of its source is refused. With
    `check_versions` a product that was changed since its unit was read may conflict.
    """
    good = [w for w in wanted if _fits(w)]
    by_product: dict[str, list[Translated]] = {}
    for one in good:
        by_product.setdefault(one.unit.uuid, []).append(one)
    writes = [_write(held, target, check_versions=check_versions) for held in by_product.values()]
    results = write_products(
        writes, actor=actor, at=at, job=job, reason=reason or f"translate {source} → {target}",
        mode="update",
    )  # fmt: skip
    for held, result in zip(by_product.values(), results, strict=True):
        for one in held:
            _conclude(one, result, target)
    _confirm([w for w in good if w.outcome == "unchanged" and w.text], target, actor=actor)
    taken = [(w.unit.source, w.text) for w in good if w.outcome != "refused" and w.text]
    remember(taken, source=source, target=target, at=at)
    return list(wanted)


def _fits(one: Translated) -> bool:
    """Return whether the text has everything that must stay; note the refusal where not."""
    if not one.text:
        return True
    try:
        rich = one.unit.rich
        check_codes(parts_of(one.unit.source, rich=rich), parts_of(one.text, rich=rich))
    except Refused as refusal:
        # A rich text may be built anew by hand; a placeholder may never be lost.
        if refusal.code == "nesting" or not rich:
            one.outcome, one.refusal = "refused", refusal
            return False
        return _same_placeholders(one)
    return True


def _same_placeholders(one: Translated) -> bool:
    try:
        check_codes(parts_of(one.unit.source, rich=False), parts_of(one.text, rich=False))
    except Refused as refusal:
        one.outcome, one.refusal = "refused", refusal
    return one.refusal is None


def _write(held: list[Translated], target: str, *, check_versions: bool) -> ProductWrite:
    unit = held[0].unit
    values = {Address(w.unit.attribute, w.unit.channel, target): w.text or None for w in held}
    seen = unit.row_version if check_versions else None
    return ProductWrite(unit.identifier, uuid=unit.uuid, values=values, expected_version=seen)


def _conclude(one: Translated, result, target: str) -> None:
    key = Address(one.unit.attribute, one.unit.channel, target).key()
    if result.outcome == "refused":
        mine = [r for r in result.refusals if r.params.get("address") in (None, key)]
        one.outcome, one.refusal = "refused", (mine or result.refusals)[0]
    elif key in result.differences:
        one.outcome = "changed"


def _confirm(same: list[Translated], target: str, *, actor: Actor) -> None:
    """Make outdated translations current whose text is right as it is."""
    outdated = [w for w in same if w.unit.state == OUTDATED]
    if not outdated:
        return
    structure = load_structure()
    held = rights_on({w.unit.product for w in outdated}, actor.rights)
    rows = []
    for one in outdated:
        attribute = structure.attributes[one.unit.attribute]
        level = held[one.unit.product].value(attribute, one.unit.channel, target)
        refuse_below(level, Level.EDIT)
        rows.append((one.unit.product, attribute.id, one.unit.channel, target))
        one.outcome = "changed"
    with transaction.atomic():
        bulk.delete(OutdatedTranslation, KEY, rows)
        forget_scores(held)
