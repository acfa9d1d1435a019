"""A small catalogue in the database: two channels, three audiences, models and variants."""

from datetime import UTC, datetime

from django.db.models import F

from pim.content.snapshot import compose, digest, pack
from pim.models import (
    Asset,
    AssociationType,
    Attribute,
    AttributeGroup,
    Audience,
    AvailabilityFact,
    Category,
    Channel,
    Counter,
    Currency,
    Family,
    FamilyAttribute,
    FamilyVariant,
    FamilyVariantAttribute,
    Locale,
    LogEntry,
    PriceFact,
    PriceList,
    Product,
    ReferenceEntity,
    ReferenceRecord,
    Requirement,
    Version,
)
from pim.queries.structure import forget_structure

NOW = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)

ATTRIBUTES = {
    "sku": {"kind": "identifier"},
    "name": {"kind": "text", "localizable": True, "role": "name"},
    "description": {"kind": "textarea", "localizable": True, "scopable": True},
    "ean": {"kind": "text", "role": "gtin"},
    "color": {"kind": "select", "role": "color"},
    "weight": {"kind": "number"},
    "picture": {"kind": "media", "role": "image"},
    "brand": {"kind": "reference", "role": "brand"},
    "manual": {"kind": "text", "audience": "technician"},
}


def build_structure(*, gate: int = 0) -> None:
    """Write channels "web" (en, fi, sv-FI; tree "shop") and "print" (en; no tree)."""
    locales = {c: Locale.objects.create(code=c) for c in ("en", "fi", "sv")}
    locales["sv-FI"] = Locale.objects.create(code="sv-FI", fallback=locales["sv"])
    euro, krona = (Currency.objects.create(code=c) for c in ("EUR", "SEK"))
    audiences = {
        code: Audience.objects.create(code=code, public=code == "consumer", labels={"en": code})
        for code in ("consumer", "reseller", "technician")
    }
    shop = _category("shop", None)
    _category("lamps", shop)
    _category("elsewhere", None)
    web = Channel.objects.create(code="web", labels={"en": "Web"}, category_tree=shop, gate=gate)
    web.locales.set([locales["en"], locales["fi"], locales["sv-FI"]])
    web.currencies.set([euro, krona])
    web.audiences.set(audiences.values())
    paper = Channel.objects.create(code="print")
    paper.locales.set([locales["en"]])
    paper.currencies.set([euro])
    paper.audiences.set([audiences["consumer"]])
    _attributes(audiences)
    _family(web)
    AssociationType.objects.create(code="fits", labels={"en": "Fits"})
    public = PriceList.objects.create(code="retail", currency=euro)
    trade = PriceList.objects.create(code="trade", currency=euro, tax_included=False)
    trade.audiences.set([audiences["reseller"]])
    web.price_lists.set([public, trade])
    log("structure", scope={"kind": "channel", "codes": ["web", "print"]})


def _category(code: str, parent: Category | None) -> Category:
    made = Category.objects.create(code=code, parent=parent, labels={"en": code.title()})
    made.path = f"{parent.path if parent else '/'}{made.id}/"
    made.save()
    return made


def _attributes(audiences: dict) -> None:
    group = AttributeGroup.objects.create(code="all")
    maker = ReferenceEntity.objects.create(
        code="maker",
        fields=[{"code": "logo", "kind": "media"}, {"code": "about", "kind": "text"}],
    )
    for place, (code, given) in enumerate(ATTRIBUTES.items()):
        held = {k: v for k, v in given.items() if k != "audience"}
        entity = maker if held["kind"] == "reference" else None
        made = Attribute.objects.create(
            code=code,
            group=group,
            sort_order=place,
            labels={"en": code.title()},
            reference_entity=entity,
            **held,
        )
        if "audience" in given:
            made.audiences.set([audiences[given["audience"]]])


def _family(web: Channel) -> None:
    attributes = {a.code: a for a in Attribute.objects.all()}
    lamp = Family.objects.create(
        code="lamp", label_attribute=attributes["name"], image_attribute=attributes["picture"]
    )
    FamilyAttribute.objects.bulk_create(
        FamilyAttribute(family=lamp, attribute=a, sort_order=a.sort_order)
        for a in attributes.values()
    )
    Requirement.objects.create(family=lamp, attribute=attributes["name"], channel=web)
    by_color = FamilyVariant.objects.create(code="by_color", family=lamp)
    for code, axis in (("color", True), ("ean", False)):
        FamilyVariantAttribute.objects.create(
            family_variant=by_color, attribute=attributes[code], level=1, axis=axis
        )


def log(kind: str, *, product: int | None = None, scope: dict | None = None) -> int:
    """Append an entry to the publication log and return its number."""
    Counter.objects.get_or_create(name="log")
    Counter.objects.filter(name="log").update(value=F("value") + 1)
    seq = Counter.objects.get(name="log").value
    LogEntry.objects.create(seq=seq, kind=kind, product_id=product, scope=scope or {}, at=NOW)
    if kind == "structure":
        forget_structure()
    return seq


def publish(
    identifier: str,
    values: dict,
    *,
    parent: str | None = None,
    role: str = "item",
    categories: tuple[str, ...] = ("lamps",),
    associations: dict | None = None,
    enabled: bool = True,
    family_variant: str = "",
) -> Product:
    """Write the next version of a product, `values` as in a snapshot, and log it."""
    above = Product.objects.get(identifier=parent) if parent else None
    product, _new = Product.objects.update_or_create(
        identifier=identifier,
        defaults={
            "role": role,
            "parent": above,
            "level": 1 if above else 0,
            "family": Family.objects.get(code="lamp"),
            "enabled": enabled,
            "withdrawn": False,
            "updated_at": NOW,
        },
    )
    product.categories.set(Category.objects.filter(code__in=categories))
    snapshot = compose(
        identifier=identifier,
        uuid=str(product.uuid),
        role=role,
        values=values,
        family="lamp",
        family_variant=family_variant,
        parent=parent,
        level=product.level,
        enabled=enabled,
        categories=list(categories),
        associations=associations,
    )
    number = product.versions.count() + 1
    version = Version.objects.create(
        product=product, number=number, digest=digest(snapshot), snapshot=pack(snapshot), at=NOW
    )
    Product.objects.filter(id=product.id).update(version=version, draft_digest=version.digest)
    log("published", product=product.id)
    return Product.objects.get(id=product.id)


def withdraw(product: Product) -> None:
    """Withdraw a product and log it."""
    Product.objects.filter(id=product.id).update(withdrawn=True)
    log("withdrawn", product=product.id)


def names(**by_locale: str) -> dict:
    """Return the values of a name per locale (keyword sv_FI for sv-FI)."""
    return {k.replace("_", "-"): {"name": {"": text}} for k, text in by_locale.items()}


def price(product: Product, amount: str, *, price_list: str = "retail", **validity) -> None:
    """Write a price and log it."""
    PriceFact.objects.create(
        product=product,
        price_list=PriceList.objects.get(code=price_list),
        amount=amount,
        **validity,
    )
    log("facts", scope={"products": [product.id]})


def stock(product: Product, state: str = "in_stock") -> None:
    """Write an availability and log it."""
    AvailabilityFact.objects.create(product=product, state=state)
    log("facts", scope={"products": [product.id]})


def asset(code: str, **alt: str) -> Asset:
    """Write an asset row; its bytes are made up."""
    made, _new = Asset.objects.update_or_create(
        code=code,
        defaults={
            "sha256": code.encode().hex().ljust(64, "0"),
            "original_sha256": code.encode().hex().ljust(64, "1"),
            "filename": f"{code}.jpg",
            "kind": "image",
            "media_type": "image/jpeg",
            "size": 1000,
            "alt": alt,
        },
    )
    return made


def record(code: str, **values) -> ReferenceRecord:
    """Write a record of the entity "maker"; `values` are fields without a locale."""
    made, _new = ReferenceRecord.objects.update_or_create(
        entity=ReferenceEntity.objects.get(code="maker"),
        code=code,
        defaults={
            "labels": {"en": code.title()},
            "values": {k: {"": v} for k, v in values.items()},
        },
    )
    return made
