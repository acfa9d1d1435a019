"""The context document of the sample channel, in six languages."""

import hashlib

from syndication.contract import Labels

from .texts import ATTRIBUTES, CATEGORIES, LOCALES, OPTIONS

KINDS = {
    "sku": "identifier",
    "text": "richtext",
    "intro": "textarea",
    "price": "price",
    "weight": "measurement",
    "width": "measurement",
    "height": "measurement",
    "material": "select",
    "colour": "select",
    "size": "select",
    "care": "multiselect",
    "washable": "boolean",
    "pieces": "number",
    "since": "date",
    "brand": "reference",
    "pictures": "media",
    "manual": "media",
    "pair": "product",
    "sizes": "table",
}
ROLES = {
    "name": "name",
    "short_description": "intro",
    "description": "text",
    "price": "price",
    "brand": "brand",
    "gtin": "gtin",
    "image": "pictures",
    "document": "manual",
    "color": "colour",
    "size": "size",
    "material": "material",
    "weight": "weight",
}
UNITS = {
    "Weight": {
        "GRAM": {"label": "Gram", "symbol": "g", "cldr": "mass-gram"},
        "KILOGRAM": {"label": "Kilogram", "symbol": "kg", "cldr": "mass-kilogram"},
    },
    "Length": {"CENTIMETER": {"label": "Centimetre", "symbol": "cm", "cldr": "length-centimeter"}},
}
GROUPS = ("marketing", "technical")


def labels(locale: str = "en") -> Labels:
    """Return the context document of the sample channel in `locale`."""
    n = LOCALES.index(locale)
    body = {
        "channel": {"code": "shop", "label": "Shop", "currencies": ["EUR", "DKK"], "tree": "range"},
        "locale": locale,
        "locales": list(LOCALES),
        "direction": "rtl" if locale == "ar" else "ltr",
        "roles": dict(ROLES),
        "groups": [{"code": code, "label": code.title()} for code in GROUPS],
        "attributes": {code: _attribute(code, n) for code in ATTRIBUTES},
        "options": {
            attribute: {c: {"label": t[n], "sort": s} for s, (c, t) in enumerate(options.items())}
            for attribute, options in OPTIONS.items()
        },
        "units": UNITS,
        "categories": {code: _category(code, n) for code in CATEGORIES},
        "families": {"goods": {"label": "Goods", "attributes": list(ATTRIBUTES)}},
        "associations": {
            "PAIR": {"label": "Pair", "two_way": True, "quantified": False, "bundle": False}
        },
    }
    return Labels(hashlib.sha256(repr(body).encode()).hexdigest(), body)


def _attribute(code: str, n: int) -> dict:
    role = next((r for r, a in ROLES.items() if a == code), "")
    family = {"weight": "Weight", "width": "Length", "height": "Length"}.get(code, "")
    result = {
        "label": ATTRIBUTES[code][n],
        "kind": KINDS.get(code, "text"),
        "role": role,
        "group": "marketing" if code in ("name", "intro", "text", "pictures") else "technical",
        "sort": list(ATTRIBUTES).index(code),
        "default_unit": "",
        "measurement_family": family,
    }
    if code == "sizes":
        label = {c: ATTRIBUTES[c][n] for c in ("size", "width")}
        result["columns"] = [
            {"code": "size", "label": label["size"], "kind": "text"},
            {"code": "width", "label": label["width"], "kind": "number"},
        ]
    return result


def _category(code: str, n: int) -> dict:
    path = [code]
    while CATEGORIES[path[0]][0]:
        path.insert(0, CATEGORIES[path[0]][0])
    parent, names = CATEGORIES[code]
    return {"label": names[n], "parent": parent, "sort": list(CATEGORIES).index(code), "path": path}
