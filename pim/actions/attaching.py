"""Attaching assets to products by the names of their files, as asset families say."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from pim.actions.products import ProductWrite, write_products
from pim.content.actor import Actor
from pim.content.address import Address
from pim.content.locales import is_locale, to_bcp47
from pim.content.naming import Named, check_pattern, read_name
from pim.content.refusals import Refused, UnknownCode, _
from pim.content.structure import Structure
from pim.models import Asset, AssetFamily, Product
from pim.queries.drafts import DraftState, read_drafts
from pim.queries.structure import load_structure


@dataclass(slots=True)
class Attached:
    """What became of one asset: `outcome` is attached, there, unnamed or refused."""

    asset: str
    outcome: str = "unnamed"
    family: str = ""
    product: str = ""
    attribute: str = ""
    refusal: Refused | None = None


@dataclass(slots=True)
class _Wish:
    """One asset on its way to one place of one product."""

    result: Attached
    named: Named
    address: Address
    most: int


def attach_assets(
    assets: Sequence[Asset], *, actor: Actor, at: datetime, job=None
) -> list[Attached]:
    """Attach each asset where the first family whose rule fits its name says; set-wise.

    A place that takes one asset gets the new one; others are put in the order of the
    positions in the names. The asset takes over what the family says of rights where it has
    nothing of its own. What names no product stays as it is.
    """
    families = list(AssetFamily.objects.exclude(pattern="").select_related("attribute"))
    structure = load_structure()
    results = [Attached(asset.code) for asset in assets]
    wishes = []
    for asset, result in zip(assets, results, strict=True):
        try:
            wish = _wish(asset, result, families, structure)
        except Refused as refusal:
            result.outcome, result.refusal = "refused", refusal
            continue
        if wish:
            _inherit(asset, next(f for f in families if f.code == result.family), at=at)
            wishes.append(wish)
    _write(wishes, actor=actor, at=at, job=job)
    return results


def save_pattern(family: AssetFamily) -> None:
    """Refuse a family whose rule cannot be read, or that leads nowhere."""
    if not family.pattern:
        return
    check_pattern(family.pattern)
    if family.attribute_id is None and "{attribute}" not in family.pattern:
        raise Refused(
            _("Say which attribute the assets go into, or name it by {attribute} in the rule."),
            code="no_attribute",
            field="attribute",
        )


def _wish(
    asset: Asset, result: Attached, families: Iterable[AssetFamily], structure: Structure
) -> _Wish | None:
    stem = Path(asset.filename).stem
    for family in families:
        named = read_name(stem, family.pattern)
        if named is None:
            continue
        result.family, result.product = family.code, named.identifier
        code = named.attribute or (family.attribute.code if family.attribute else "")
        attribute = structure.attributes.get(code)
        if attribute is None or attribute.kind != "media":
            raise UnknownCode(what="media attribute", name=code, field="attribute")
        result.attribute = attribute.code
        locale = to_bcp47(named.locale) if is_locale(named.locale) else named.locale
        address = Address(
            attribute.code,
            named.channel if attribute.scopable else "",
            locale if attribute.localizable else "",
        )
        return _Wish(result, named, address, int(attribute.rules.get("max_items") or 1))
    return None


def _inherit(asset: Asset, family: AssetFamily, *, at: datetime) -> None:
    """Give the asset its family, and the family's rights where it has none."""
    changes = {"family_id": family.id}
    for name in ("licence", "author"):
        if not getattr(asset, name) and getattr(family, name):
            changes[name] = getattr(family, name)
    if asset.valid_to is None and family.days_valid:
        changes["valid_to"] = at + timedelta(days=family.days_valid)
    Asset.objects.filter(pk=asset.pk).update(**changes)


def _write(wishes: list[_Wish], *, actor: Actor, at: datetime, job) -> None:
    found = _products({wish.named.identifier for wish in wishes})
    drafts = read_drafts(set(found.values()))
    by_product: dict[int, list[_Wish]] = {}
    for wish in wishes:
        pk = found.get(wish.named.identifier.casefold())
        if pk is None:
            wish.result.outcome = "refused"
            wish.result.refusal = UnknownCode(
                code="unknown_product", what="product", name=wish.named.identifier
            )
            continue
        by_product.setdefault(pk, []).append(wish)
    writes = [_product_write(drafts[pk], held) for pk, held in by_product.items()]
    done = write_products(writes, actor=actor, at=at, job=job, mode="update", reason="naming rule")
    for held, result in zip(by_product.values(), done, strict=True):
        for wish in held:
            _conclude(wish, result)


def _products(names: set[str]) -> dict[str, int]:
    """Return {identifier in lower case: id}, exact spelling first."""
    exact = Product.objects.filter(identifier__in=names).values_list("identifier", "id")
    found = {name.casefold(): pk for name, pk in exact}
    for name in names:
        if name.casefold() not in found:
            same = Product.objects.filter(identifier__iexact=name).values_list("id", flat=True)
            if pk := same.first():
                found[name.casefold()] = pk
    return found


def _product_write(draft: DraftState, wishes: list[_Wish]) -> ProductWrite:
    values: dict[Address, list[str]] = {}
    for wish in sorted(wishes, key=lambda w: w.named.position):
        attribute, channel, locale = wish.address
        held = draft.values.get(locale, {}).get(attribute, {}).get(channel)
        codes = values.setdefault(wish.address, list(held) if isinstance(held, list) else [])
        code = wish.result.asset
        if wish.most == 1:
            values[wish.address] = [code]
        elif code not in codes:
            place = wish.named.position - 1 if wish.named.position else len(codes)
            codes.insert(max(place, 0), code)
    return ProductWrite(draft.identifier, uuid=draft.uuid, values=dict(values))


def _conclude(wish: _Wish, result) -> None:
    wish.result.product = result.identifier
    if result.outcome == "refused":
        wish.result.outcome, wish.result.refusal = "refused", result.refusals[0]
    else:
        wish.result.outcome = "attached" if result.outcome == "changed" else "there"
