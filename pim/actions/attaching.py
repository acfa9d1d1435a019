"""Attaching assets to products by the names of their files, as asset families say."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.db.models import F

from pim.actions.products import ProductWrite, write_products
from pim.actions.structure import record_structure_change
from pim.content.actor import Actor
from pim.content.address import Address
from pim.content.locales import is_locale, to_bcp47
from pim.content.naming import Named, check_pattern, read_name
from pim.content.refusals import Refused, UnknownCode, _
from pim.content.rights import COMMON, Level, Rights
from pim.content.structure import Structure
from pim.models import Asset, AssetFamily, Product
from pim.queries.drafts import DraftState, read_drafts
from pim.queries.media_rights import rights_over, visible_media
from pim.queries.structure import load_structure

from .assets import refuse_locale


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
    assets: Sequence[Asset],
    *,
    actor: Actor,
    at: datetime,
    job=None,
    family: AssetFamily | None = None,
) -> list[Attached]:
    """Attach each asset where the first family whose rule fits its name says; set-wise.

    A place that takes one asset gets the new one; others are put in the order of the
    positions in the names. The asset takes over what the family says of rights where it has
    nothing of its own. What names no product stays as it is. With a `family` all assets are
    put into it, whatever their names, and only its rule is asked.
    """
    families = [family] if family else list(AssetFamily.objects.exclude(pattern=""))
    structure = load_structure()
    results = [Attached(asset.code) for asset in assets]
    wishes, homes = [], dict.fromkeys(range(len(assets)), family) if family else {}
    for number, (asset, result) in enumerate(zip(assets, results, strict=True)):
        try:
            wish = _wish(asset, result, families, structure)
        except Refused as refusal:
            result.outcome, result.refusal = "refused", refusal
            continue
        if wish:
            homes[number] = next(f for f in families if f.code == result.family)
            wishes.append(wish)
    _inherit([(assets[n], home) for n, home in homes.items()], actor=actor, at=at)
    _write(wishes, actor=actor, at=at, job=job)
    return results


def put_in_family(
    asset: Asset, family: AssetFamily | None, *, actor: Actor, at: datetime
) -> Attached | None:
    """Put one asset into a family, where it is attached by its rule, or out of any."""
    refuse_locale(COMMON, rights_over(asset, actor.rights))
    if family is not None:
        return attach_assets([asset], family=family, actor=actor, at=at)[0]
    detail = {asset.code: {"family": [asset.family.code if asset.family else "", ""]}}
    Asset.objects.filter(pk=asset.pk).update(family=None, row_version=F("row_version") + 1)
    how = {"detail": detail, "action": "describe"}
    record_structure_change("asset", [asset.code], actor=actor, at=at, **how)
    return None


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
        named = read_name(stem, family.pattern) if family.pattern else None
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


def _inherit(homes: Iterable[tuple[Asset, AssetFamily]], *, actor: Actor, at: datetime) -> None:
    """Give assets their families, and the families' rights where they have none of their own.

    An asset that the actor may not edit stays as it is.
    """
    detail, homes = {}, list(homes)
    editable = _editable([asset for asset, _family in homes], actor.rights)
    for asset, family in homes:
        if asset.pk not in editable:
            continue
        rights = _rights(asset, family, at=at)
        if rights or asset.family_id != family.id:
            how = {**rights, "family_id": family.id, "row_version": F("row_version") + 1}
            Asset.objects.filter(pk=asset.pk).update(**how)
        if rights:
            detail[asset.code] = {
                name: [str(getattr(asset, name) or ""), str(value)]
                for name, value in rights.items()
            }
    if detail:
        # An asset that is in use leaves its listings when its time ends: they must know of it.
        how = {"detail": detail, "action": "describe"}
        record_structure_change("asset", list(detail), actor=actor, at=at, **how)


def _editable(assets: Sequence[Asset], rights: Rights) -> set[int | None]:
    """Return the ids of the assets of which the rights let somebody change what is common."""
    ids = {asset.pk for asset in assets}
    if rights.unlimited:
        return ids
    if rights.locale(COMMON) < Level.EDIT:
        return set()
    rows = visible_media(Asset.objects.filter(pk__in=ids), rights, at_least=Level.EDIT)
    return set(rows.values_list("pk", flat=True))


def _rights(asset: Asset, family: AssetFamily, *, at: datetime) -> dict:
    names = [n for n in ("licence", "author") if not getattr(asset, n) and getattr(family, n)]
    rights = {name: getattr(family, name) for name in names}
    if asset.valid_to is None and family.days_valid:
        rights["valid_to"] = at + timedelta(days=family.days_valid)
    return rights


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
