"""Media values that name no asset, or one that their attribute does not take."""

from pim.content.refusals import InvalidValue, UnknownCode, _
from pim.content.structure import AttributeDef
from pim.models import Asset
from pim.queries.media_rights import visible_media

from .batch import Batch
from .intents import Plan


def refuse_unknown_assets(batch: Batch) -> None:
    """Refuse new media values that name no asset, or one that is too large: one query for all."""
    named: dict[str, list[tuple[Plan, str]]] = {}  # {asset: (plan, address)}
    media = {a.code for a in batch.structure.attributes.values() if a.kind == "media"}
    for plan in batch.plans:
        for attribute in plan.attributes & media:
            for code, key in _assets(plan, attribute).items():
                named.setdefault(code, []).append((plan, key))
    if not named:
        return
    rows = visible_media(Asset.objects.filter(code__in=named), batch.rights)
    sizes = dict(rows.values_list("code", "size"))
    for code, places in named.items():
        for plan, key in places:
            attribute = key.partition("|")[0]
            if code not in sizes:
                lost = {"what": "asset", "name": code, "field": attribute, "address": key}
                plan.refuse(UnknownCode(code="unknown_asset", **lost))
            elif refusal := _too_large(batch.structure.attributes[attribute], code, sizes[code]):
                refusal.params["address"] = key
                plan.refuse(refusal)


def _too_large(definition: AttributeDef, code: str, size: int) -> InvalidValue | None:
    """Return the refusal of an asset that is larger than the rule `max_megabytes` allows."""
    limit = definition.rules.get("max_megabytes")
    if not limit or size <= float(limit) * 1_000_000:
        return None
    return InvalidValue(
        _("“%(name)s” is larger than the %(limit)s MB that “%(attribute)s” takes."),
        code="too_large",
        field=definition.code,
        name=code,
        limit=str(limit),
        attribute=definition.code,
    )


def _assets(plan: Plan, attribute: str) -> dict[str, str]:
    """Return {code: address} of the assets that the plan puts into an attribute."""
    return {
        code: key
        for key, (_before, after) in plan.differences.items()
        if key.startswith(f"{attribute}|") and isinstance(after, list)
        for code in after
    }
