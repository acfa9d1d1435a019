"""What each structural noun consists of: its own fields, its links and its sets."""

from dataclasses import dataclass, field

from django.db import models

from pim.models import (
    Asset,
    AssetFamily,
    AssociationType,
    Attribute,
    AttributeGroup,
    AttributeOption,
    Audience,
    Category,
    Channel,
    Currency,
    Family,
    FamilyVariant,
    Group,
    GroupType,
    Locale,
    MeasurementFamily,
    PriceList,
    ReferenceEntity,
    ReferenceRecord,
)


@dataclass(frozen=True)
class Noun:
    """One structural table; `kind` is what the publication log calls it.

    `plain` fields are set, `merged` documents are merged key by key ("" takes a key away), the
    `rich` ones among them are {locale: rich text} and are sanitised,
    `links` {field: model} are named by code, `sets` {field: model} are replaced whole,
    `fixed` fields never change once a row is there, `key` identifies a row.
    """

    kind: str
    model: type[models.Model]
    plain: tuple[str, ...] = ()
    merged: tuple[str, ...] = ("labels",)
    rich: tuple[str, ...] = ()
    links: dict[str, type[models.Model]] = field(default_factory=dict)
    sets: dict[str, type[models.Model]] = field(default_factory=dict)
    fixed: tuple[str, ...] = ()
    needed: tuple[str, ...] = ()
    key: tuple[str, ...] = ("code",)
    limit: int = 100

    @property
    def tree(self) -> str:
        """Return the link to the noun itself, "" if it has none."""
        return next((name for name, model in self.links.items() if model is self.model), "")


KINDS: dict[str, Noun] = {
    "locales": Noun(
        "locale",
        Locale,
        ("enabled", "source"),
        merged=(),
        links={"fallback": Locale},
        limit=35,
    ),
    "currencies": Noun("currency", Currency, ("enabled",), merged=(), limit=3),
    "audiences": Noun("audience", Audience, ("public",)),
    "measurement_families": Noun(
        "measurement_family",
        MeasurementFamily,
        ("standard_unit", "units"),
        needed=("standard_unit",),
    ),
    "attribute_groups": Noun("attribute_group", AttributeGroup, ("sort_order",)),
    "reference_entities": Noun(
        "reference_entity", ReferenceEntity, ("fields",), links={"image": Asset}
    ),
    "categories": Noun(
        "category",
        Category,
        ("sort_order",),
        merged=("labels", "intro"),
        rich=("intro",),
        links={"parent": Category, "image": Asset},
    ),
    "price_lists": Noun(
        "price_list",
        PriceList,
        ("tax_included",),
        links={"currency": Currency},
        sets={"audiences": Audience},
        needed=("currency",),
    ),
    "channels": Noun(
        "channel",
        Channel,
        ("gate", "conversion_units"),
        links={"category_tree": Category},
        sets={
            "locales": Locale,
            "currencies": Currency,
            "audiences": Audience,
            "price_lists": PriceList,
        },
    ),
    "attributes": Noun(
        "attribute",
        Attribute,
        (
            "kind",
            "role",
            "localizable",
            "scopable",
            "available_locales",
            "unique",
            "filterable",
            "default_unit",
            "sort_order",
        ),
        merged=("labels", "rules", "guidelines"),
        links={
            "group": AttributeGroup,
            "measurement_family": MeasurementFamily,
            "reference_entity": ReferenceEntity,
        },
        sets={"audiences": Audience},
        fixed=("kind", "localizable", "scopable"),
        needed=("kind", "group"),
    ),
    "options": Noun(
        "option",
        AttributeOption,
        ("sort_order",),
        links={"attribute": Attribute},
        needed=("attribute",),
        key=("attribute", "code"),
    ),
    "families": Noun(
        "family", Family, links={"label_attribute": Attribute, "image_attribute": Attribute}
    ),
    "family_variants": Noun(
        "family_variant",
        FamilyVariant,
        links={"family": Family},
        fixed=("family",),
        needed=("family",),
    ),
    "association_types": Noun(
        "association_type", AssociationType, ("two_way", "quantified", "bundle")
    ),
    "group_types": Noun("group_type", GroupType),
    "groups": Noun("group", Group, links={"type": GroupType}, needed=("type",)),
    "asset_families": Noun(
        "asset_family",
        AssetFamily,
        ("pattern", "fields"),
        links={"attribute": Attribute},
    ),
    "reference_records": Noun(
        "record",
        ReferenceRecord,
        merged=("labels", "values"),
        links={"entity": ReferenceEntity},
        needed=("entity",),
        key=("entity", "code"),
    ),
}
