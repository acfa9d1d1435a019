"""What a table holds: told by its name, else by its header."""

import re

from .refusals import UnknownFile
from .tables import Table

# In the order in which they depend on one another, whatever order they are given in.
ORDER = (
    "locales",
    "currencies",
    "audiences",
    "measurement_families",
    "attribute_groups",
    "reference_entities",
    "categories",
    "price_lists",
    "channels",
    "attributes",
    "options",
    "families",
    "family_variants",
    "association_types",
    "group_types",
    "groups",
    "reference_records",
    "assets",
    "product_models",
    "products",
    "prices",
    "availability",
)
DOCUMENTS = ("product_models", "products")
STRUCTURE = ORDER[: ORDER.index("assets")]

NAMES = {
    **{kind: kind for kind in ORDER},
    "attribute_options": "options",
    "attributes_options": "options",
    "measurements": "measurement_families",
    "measure_families": "measurement_families",
    "reference_entity": "reference_entities",
    "reference_entities_records": "reference_records",
    "reference_entity_records": "reference_records",
    "records": "reference_records",
    "user_audiences": "audiences",
    "product_groups": "groups",
    "variant_families": "family_variants",
    "models": "product_models",
    "product": "products",
    "product_model": "product_models",
    "availabilities": "availability",
    "stock": "availability",
    "pricelists": "price_lists",
    "media": "assets",
}

# Columns that only one kind of table has; all of a line must be there, the first line wins.
MARKS = (
    ("family_variants", {"code", "family", "variant-axes_1"}),
    ("product_models", {"code", "family_variant"}),
    ("families", {"code", "attributes"}),
    ("attributes", {"code", "type"}),
    ("channels", {"code", "locales"}),
    ("options", {"code", "attribute"}),
    ("reference_records", {"code", "reference_entity"}),
    ("reference_records", {"code", "entity"}),
    ("reference_records", {"code", "referenceentityidentifier"}),
    ("prices", {"product", "price_list", "amount"}),
    ("availability", {"product", "state"}),
    ("price_lists", {"code", "currency"}),
    ("measurement_families", {"code", "standard_unit"}),
    ("currencies", {"code", "activated"}),
    ("categories", {"code", "parent"}),
    ("assets", {"code", "file"}),
    ("products", {"sku"}),
    ("products", {"identifier"}),
    ("products", {"uuid"}),
    ("products", {"ean", "name"}),
)


def recognise(table: Table, *, identifier: str = "") -> str:
    """Return what the table holds, one of ORDER; `identifier` is the identifier attribute."""
    for stem in _stems(table):
        if (kind := _by_name(stem)) and not (table.documents and kind not in DOCUMENTS):
            return kind
    if table.kind:
        return table.kind
    columns = {c.casefold() for c in table.header}
    for kind, marks in MARKS:
        if marks <= columns:
            return kind
    if identifier and identifier.casefold() in columns:
        return "products"
    raise UnknownFile(name=table.name)


def _stems(table: Table) -> list[str]:
    file_name = table.name.split("[", 1)[0].rsplit("/", 1)[-1]
    return [table.stem, file_name.split(".", 1)[0]]


def _by_name(stem: str) -> str | None:
    plain = re.sub(r"[\s\-]+", "_", stem.strip().casefold())
    if plain in NAMES:
        return NAMES[plain]
    # Exports carry a number or date: "products_2", "1_products_csv_20260101_103000".
    words = re.sub(r"(^\d+_)|(_(csv|xlsx|export|part))|(_\d[\d_]*)", "", plain)
    for prefix in ("", "akeneo_", "export_"):
        if words.removeprefix(prefix) in NAMES:
            return NAMES[words.removeprefix(prefix)]
    return next(
        (
            NAMES[n]
            for n in sorted(NAMES, key=len, reverse=True)
            if words.startswith(f"{n}_") or words.endswith(f"_{n}")
        ),
        None,
    )
