"""Small structures as plain values, for tests that need no database."""

from pim.content.structure import (
    AttributeDef,
    ChannelDef,
    EntityDef,
    FamilyDef,
    FamilyVariantDef,
    LocaleDef,
    MeasurementDef,
    OptionDef,
    Structure,
)


def measurement_family() -> MeasurementDef:
    """Return temperatures: the one quantity whose conversion needs an offset."""
    return MeasurementDef(
        code="Temperature",
        standard_unit="KELVIN",
        units={
            "KELVIN": {"factor": "1", "offset": "0"},
            "CELSIUS": {"factor": "1", "offset": "273.15"},
            "FAHRENHEIT": {"factor": "0.5555555555555556", "offset": "255.372222222222"},
        },
    )


def attributes(*defs: AttributeDef) -> dict[str, AttributeDef]:
    """Return the definitions by code."""
    return {a.code: a for a in defs}


def small_structure(**changes) -> Structure:
    """Return two channels, four locales and one attribute of each kind."""
    kinds = {
        "sku": AttributeDef("sku", "identifier", group="main"),
        "name": AttributeDef("name", "text", group="texts", role="name", localizable=True),
        "story": AttributeDef("story", "richtext", group="texts", localizable=True, scopable=True),
        "notes": AttributeDef("notes", "textarea", group="texts"),
        "pieces": AttributeDef("pieces", "number", group="main"),
        "heat": AttributeDef(
            "heat", "measurement", measurement_family="Temperature", default_unit="CELSIUS"
        ),
        "price": AttributeDef("price", "price", role="price", group="main"),
        "washable": AttributeDef("washable", "boolean"),
        "since": AttributeDef("since", "date"),
        "color": AttributeDef("color", "select", group="main"),
        "care": AttributeDef("care", "multiselect"),
        "photo": AttributeDef("photo", "media", role="image"),
        "related": AttributeDef("related", "product", rules={"max_items": 3}),
        "maker": AttributeDef("maker", "reference", reference_entity="maker"),
        "sizes": AttributeDef(
            "sizes",
            "table",
            rules={
                "columns": [
                    {"code": "size", "kind": "text"},
                    {"code": "chest", "kind": "number", "min": "0"},
                ]
            },
        ),
        "packs": AttributeDef("packs", "packaging", group="main"),
        "cost": AttributeDef("cost", "number", audiences=frozenset({"reseller"})),
        "legal": AttributeDef(
            "legal", "text", localizable=True, available_locales=frozenset({"de"})
        ),
    }
    given = {
        "locales": {
            "en": LocaleDef("en"),
            "de": LocaleDef("de", "en"),
            "sv": LocaleDef("sv", "en"),
            "sv-FI": LocaleDef("sv-FI", "sv"),
        },
        "currencies": frozenset({"EUR", "DKK"}),
        "channels": {
            "web": ChannelDef(
                "web", locales=("en", "sv-FI"), currencies=("EUR",), audiences=("consumer",)
            ),
            "print": ChannelDef("print", locales=("en", "de"), currencies=("EUR", "DKK")),
        },
        "attributes": kinds,
        "options": {
            "color": {c: OptionDef(c) for c in ("red", "blue")},
            "care": {c: OptionDef(c) for c in ("cold", "warm")},
        },
        "families": {
            "lamp": FamilyDef(
                "lamp",
                attributes=tuple(kinds),
                requirements={
                    "web": {"sku": False, "name": False, "price": False, "color": False},
                    "print": {"name": False, "story": True, "price": False},
                },
            )
        },
        "family_variants": {
            "lamp_by_color": FamilyVariantDef(
                "lamp_by_color", "lamp", axes={1: ("color",)}, levels={"color": 1, "price": 1}
            )
        },
        "measurements": {"Temperature": measurement_family()},
        "entities": {"maker": EntityDef("maker", records=frozenset({"aino", "odd"}))},
    }
    return Structure(**{**given, **changes})
