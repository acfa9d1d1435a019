"""A small lamp catalogue in the database: structure, and short ways to write products."""

from datetime import UTC, datetime

from pim.actions.products import ProductWrite, write_products
from pim.content.actor import Actor
from pim.content.address import Address
from pim.models import (
    AssociationType,
    Attribute,
    AttributeGroup,
    AttributeOption,
    Audience,
    Category,
    Channel,
    Currency,
    Family,
    FamilyAttribute,
    FamilyVariant,
    FamilyVariantAttribute,
    Group,
    GroupType,
    Locale,
    MeasurementFamily,
    ReferenceEntity,
    ReferenceRecord,
    Requirement,
)

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
ANNA = Actor("anna", "admin")

ATTRIBUTES = {
    "sku": {"kind": "identifier"},
    "name": {"kind": "text", "localizable": True, "role": "name"},
    "story": {"kind": "richtext", "localizable": True, "scopable": True},
    "notes": {"kind": "textarea"},
    "pieces": {"kind": "number", "filterable": True},
    "weight": {"kind": "measurement", "default_unit": "GRAM"},
    "price": {"kind": "price"},
    "color": {"kind": "select", "filterable": True},
    "size": {"kind": "select"},
    "care": {"kind": "multiselect", "filterable": True},
    "ean": {"kind": "text", "unique": True, "role": "gtin"},
    "photo": {"kind": "media", "role": "image"},
    "spare": {"kind": "product", "rules": {"max_items": 5}},
    "maker": {"kind": "reference"},
    "on_sale": {"kind": "boolean"},
}
TEXTS = ("name", "story", "notes")


def lamp_catalogue() -> None:
    """Store locales en, fi, sv, sv-FI; channels web and print; the family lamp on three levels."""
    locales = {code: Locale.objects.create(code=code) for code in ("en", "fi", "sv")}
    locales["sv-FI"] = Locale.objects.create(code="sv-FI", fallback=locales["sv"])
    euro, krone = (Currency.objects.create(code=code) for code in ("EUR", "DKK"))
    consumer = Audience.objects.create(code="consumer")
    root = _category("master")
    _category("indoor", root)
    _category("outdoor", root)
    web = Channel.objects.create(code="web", category_tree=root)
    web.locales.set([locales["en"], locales["fi"], locales["sv-FI"]])
    web.currencies.set([euro])
    web.audiences.set([consumer])
    paper = Channel.objects.create(code="print", category_tree=root)
    paper.locales.set([locales["en"]])
    paper.currencies.set([euro, krone])
    attributes = _attributes()
    _family(attributes, web, paper)
    AssociationType.objects.create(code="cross_sell")
    AssociationType.objects.create(code="goes_with", two_way=True)
    AssociationType.objects.create(code="set", quantified=True, bundle=True)
    Group.objects.create(code="new", type=GroupType.objects.create(code="related"))


def wish(identifier: str, *, at: dict | None = None, **wishes) -> ProductWrite:
    """Return a `ProductWrite`; `at` is {"name||en": raw}, other names are its fields."""
    values = {Address(*key.split("|")): raw for key, raw in (at or {}).items()}
    return ProductWrite(identifier, values=values, **wishes)


def write(*wishes: ProductWrite, **how):
    """Write the wishes as Anna, now."""
    return write_products(wishes, **{"actor": ANNA, "at": NOW, **how})


def _category(code: str, parent: Category | None = None) -> Category:
    made = Category.objects.create(code=code, parent=parent)
    made.path = f"{parent.path if parent else '/'}{made.id}/"
    made.save()
    return made


def _attributes() -> dict[str, Attribute]:
    groups = {c: AttributeGroup.objects.create(code=c) for c in ("texts", "data")}
    units = [{"code": "GRAM", "factor": "0.001"}, {"code": "KILOGRAM", "factor": "1"}]
    weight = MeasurementFamily.objects.create(code="Weight", standard_unit="KILOGRAM", units=units)
    maker = ReferenceEntity.objects.create(code="maker")
    ReferenceRecord.objects.create(entity=maker, code="aino")
    made = {}
    for place, (code, how) in enumerate(ATTRIBUTES.items()):
        group = groups["texts" if code in TEXTS else "data"]
        made[code] = Attribute.objects.create(code=code, group=group, sort_order=place, **how)
    Attribute.objects.filter(code="weight").update(measurement_family=weight)
    Attribute.objects.filter(code="maker").update(reference_entity=maker)
    for attribute, codes in (("color", "red blue"), ("size", "s m l"), ("care", "cold warm")):
        for place, code in enumerate(codes.split()):
            AttributeOption.objects.create(attribute=made[attribute], code=code, sort_order=place)
    return made


def _family(attributes: dict[str, Attribute], web: Channel, paper: Channel) -> None:
    lamp = Family.objects.create(
        code="lamp", label_attribute=attributes["name"], image_attribute=attributes["photo"]
    )
    for place, attribute in enumerate(attributes.values()):
        FamilyAttribute.objects.create(family=lamp, attribute=attribute, sort_order=place)
    for channel, codes in ((web, "name color price"), (paper, "name weight")):
        for code in codes.split():
            Requirement.objects.create(family=lamp, channel=channel, attribute=attributes[code])
    deep = FamilyVariant.objects.create(code="lamp_color_size", family=lamp)
    flat = FamilyVariant.objects.create(code="lamp_color", family=lamp)
    for variant, code, level, axis in (
        (deep, "color", 1, True),
        (deep, "photo", 1, False),
        (deep, "size", 2, True),
        (deep, "ean", 2, False),
        (flat, "color", 1, True),
        (flat, "ean", 1, False),
    ):
        FamilyVariantAttribute.objects.create(
            family_variant=variant, attribute=attributes[code], level=level, axis=axis
        )
