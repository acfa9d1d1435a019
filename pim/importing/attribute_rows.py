"""Rows of attribute tables: kinds and rules of other systems in our words, and guessed roles."""

import re

from pim.content.locales import to_bcp47
from pim.content.refusals import InvalidValue, _

from .cells import Cells, codes_of, flag, given, json_cell, labelled, labels_of, locales_of, whole

KINDS = {
    "identifier": "identifier",
    "text": "text",
    "textarea": "textarea",
    "richtext": "richtext",
    "number": "number",
    "measurement": "measurement",
    "metric": "measurement",
    "price": "price",
    "price_collection": "price",
    "boolean": "boolean",
    "date": "date",
    "select": "select",
    "simpleselect": "select",
    "multiselect": "multiselect",
    "media": "media",
    "image": "media",
    "file": "media",
    "assets_collection": "media",
    "asset_collection": "media",
    "product": "product",
    "product_link": "product",
    "reference": "reference",
    "reference_data_simpleselect": "reference",
    "reference_data_multiselect": "reference",
    "reference_entity": "reference",
    "reference_entity_collection": "reference",
    "table": "table",
    "packaging": "packaging",
}
PREFIXES = ("pim_catalog_", "pim_", "akeneo_")
MANY = {"assets_collection", "asset_collection", "reference_data_multiselect"} | {
    "reference_entity_collection"
}
MAX_ITEMS = 100
IMAGE_ENDINGS = {"jpg", "jpeg", "png", "webp", "avif", "svg", "gif"}
NUMBERS = ("number", "measurement", "price")
# Values that shops and editors look for are kept in the filter index from the start.
FILTERABLE = ("select", "multiselect", "boolean", "identifier")

EMAIL = r"^[^@\s]+@[^@\s]+\.[^@\s]+$"
URL = r"^https?://\S+$"


def attribute_document(cells: Cells) -> dict:
    """Return the document of an attribute row."""
    kind, plain = _kind(cells)
    entity = cells.get("reference_data_name") or cells.get("reference_entity")
    group = cells.get("group")
    locales = cells.get("available_locales")
    return given(
        {
            **labelled(cells),
            "kind": kind,
            "group": "other" if group == "" else group,
            "role": cells.get("role"),
            "localizable": flag(cells, "localizable"),
            "scopable": flag(cells, "scopable"),
            "available_locales": None if locales is None else sorted(locales_of(locales)),
            "audiences": codes_of(cells["audiences"]) if "audiences" in cells else None,
            "unique": flag(cells, "unique"),
            "filterable": _filterable(cells, kind),
            "rules": _rules(cells, kind, plain),
            "guidelines": labels_of(cells, "guidelines") or None,
            "measurement_family": cells.get("metric_family") or cells.get("measurement_family"),
            "default_unit": cells.get("default_metric_unit") or cells.get("default_unit"),
            "reference_entity": entity if kind == "reference" else None,
            "sort_order": whole(cells, "sort_order"),
        }
    )


def _kind(cells: Cells) -> tuple[str, str]:
    plain = cells.get("type") or cells.get("kind") or ""
    for prefix in PREFIXES:
        plain = plain.removeprefix(prefix)
    if plain not in KINDS:
        raise InvalidValue(
            _("There is no attribute type “%(type)s”. Known are: %(known)s."),
            code="unknown_type",
            field="type",
            type=cells.get("type", ""),
            known=", ".join(KINDS),
        )
    kind = KINDS[plain]
    if kind == "textarea" and flag(cells, "wysiwyg_enabled"):
        kind = "richtext"
    return kind, plain


def _filterable(cells: Cells, kind: str) -> bool | None:
    if "filterable" in cells:
        return flag(cells, "filterable", False)
    wanted = flag(cells, "useable_as_grid_filter")
    # Long texts make a large index that nobody filters by.
    return None if wanted is None else wanted and kind not in ("textarea", "richtext", "table")


def _rules(cells: Cells, kind: str, plain: str) -> dict:
    """Return the rules that the row states; None takes a rule away."""
    rules = _text_rules(cells) if kind in ("text", "textarea", "richtext", "identifier") else {}
    if kind in NUMBERS:
        rules = _number_rules(cells)
    if kind == "date":
        rules = {name: cells.get(name, "")[:10] for name in ("date_min", "date_max")}
    if kind == "media":
        rules = _media_rules(cells, plain)
    if plain in MANY:
        rules["max_items"] = MAX_ITEMS
    if cells.get("max_items"):
        rules["max_items"] = whole(cells, "max_items")
    if kind == "table":
        rules["columns"] = _columns(json_cell(cells, "table_configuration"))
    return {name: value for name, value in rules.items() if value not in (None, "", [])}


def _text_rules(cells: Cells) -> dict:
    patterns = {
        "regexp": cells.get("validation_regexp", ""),
        "url": URL,
        "email": EMAIL,
    }
    return {
        "max_length": whole(cells, "max_characters"),
        "pattern": patterns.get(cells.get("validation_rule", ""), ""),
    }


def _number_rules(cells: Cells) -> dict:
    return {
        "min": cells.get("number_min", ""),
        "max": cells.get("number_max", ""),
        "decimals": flag(cells, "decimals_allowed"),
        "negative": flag(cells, "negative_allowed"),
    }


def _media_rules(cells: Cells, plain: str) -> dict:
    endings = [e.strip(" .").lower() for e in codes_of(cells.get("allowed_extensions", ""))]
    pictures = plain == "image" or (endings and set(endings) <= IMAGE_ENDINGS)
    return {"extensions": endings, "media_types": ["image"] if pictures else []}


def _columns(configuration) -> list[dict]:
    """Bring the column list of a table to our form."""
    kinds = {"reference_entity": "text", "record": "text", "product_link": "text"}
    return [
        {
            "code": column["code"],
            "kind": kinds.get(
                column.get("data_type", column.get("kind", "text")),
                column.get("data_type", column.get("kind", "text")),
            ),
            "labels": _labels(column),
            "options": [{**option, "labels": _labels(option)} for option in _options(column)],
            **{k: v for k, v in (column.get("validations") or {}).items() if k in ("min", "max")},
        }
        for column in configuration or []
    ]


def _options(column: dict) -> list[dict]:
    """Return the options of a column; a bare code is an option without labels."""
    options = column.get("options") or []
    return [{"code": option} if isinstance(option, str) else option for option in options]


def _labels(named: dict) -> dict[str, str]:
    return {to_bcp47(locale): text for locale, text in (named.get("labels") or {}).items() if text}


# What an attribute most likely means, by its code and kind; the first that fits wins.
_GUESSES = (
    ("gtin", ("text", "identifier", "number"), r"^(ean|gtin|upc|barcode)(_?\d+)?(_code)?$"),
    ("mpn", ("text", "identifier"), r"^(mpn|manufacturer_(part_)?(number|ref.*)|part_number)$"),
    (
        "brand",
        ("text", "select", "reference"),
        r"^(brand|marque|marke|manufacturer|maker)(_name)?$",
    ),
    ("name", ("text",), r"^((product|display|commercial)_?)?(name|title)$"),
    (
        "short_description",
        ("text", "textarea", "richtext"),
        r"^short_?(description|text)$|^teaser$",
    ),
    ("description", ("textarea", "richtext", "text"), r"^(product_?|long_?)?description$"),
    ("image", ("media",), r"^(main_?|product_?|primary_?)?(image|picture|photo)(_?1)?$"),
    ("gallery", ("media",), r"^(images|pictures|photos|gallery|media_gallery|more_.*pictures?)$"),
    ("document", ("media",), r"^(notice|manual|data_?sheet|datasheet|document|user_guide)s?$"),
    ("price", ("price",), r"^(list_?|retail_?|base_?|sales_?)?price$|^msrp$|^rrp$"),
    ("color", ("select", "multiselect", "text", "reference"), r"^(main_?)?colou?r$"),
    ("size", ("select", "text"), r"^(clothing_?)?size$"),
    ("material", ("select", "multiselect", "text", "reference"), r"^materials?$"),
    ("pattern", ("select", "text"), r"^pattern$"),
    ("weight", ("measurement",), r"^(net_?|product_?)?weight$"),
    ("length", ("measurement",), r"^(product_?)?(length|depth)$"),
    ("width", ("measurement",), r"^(product_?)?width$"),
    ("height", ("measurement",), r"^(product_?)?height$"),
    ("gender", ("select", "text"), r"^gender$"),
    ("age_group", ("select", "text"), r"^age_group$"),
    ("condition", ("select", "text"), r"^condition$"),
    ("google_category", ("text", "number", "select"), r"^google_(product_)?category$"),
    ("keywords", ("text", "textarea", "multiselect"), r"^(meta_)?keywords$"),
    ("meta_title", ("text", "textarea"), r"^(meta|seo)_title$"),
    ("meta_description", ("text", "textarea", "richtext"), r"^(meta|seo)_description$"),
)


def guess_role(code: str, kind: str) -> str:
    """Return the semantic role that an attribute's code and kind suggest, or ""."""
    plain = code.lower().replace("-", "_")
    for role, kinds, pattern in _GUESSES:
        if kind in kinds and re.search(pattern, plain):
            return role
    return ""
