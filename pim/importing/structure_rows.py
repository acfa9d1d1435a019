"""Rows of structure tables: each becomes a plain document that `upsert_structure` takes."""

import re
from collections.abc import Callable
from decimal import Decimal

from pim.content.locales import is_locale, to_bcp47

from .attribute_rows import attribute_document
from .cells import (
    Cells,
    code_of,
    codes_of,
    flag,
    given,
    json_cell,
    labelled,
    labels_of,
    locales_of,
    whole,
)


def read_structure_row(kind: str, cells: Cells) -> dict:
    """Return the document of one row; raises `Refused` whose field is the column."""
    cells = {name: text.strip() for name, text in cells.items() if name}
    return _READERS[kind](cells)


def _listed(cells: Cells, name: str) -> list[str] | None:
    return codes_of(cells[name]) if name in cells else None


def _text(cells: Cells, name: str) -> str | None:
    return cells.get(name)


def _locale(cells: Cells) -> dict:
    fallback, source = cells.get("fallback"), cells.get("translated_from")
    return given(
        {
            "code": to_bcp47(code_of(cells)),
            "fallback": to_bcp47(fallback) if fallback else fallback,
            "source": to_bcp47(source) if source else source,
            "enabled": flag(cells, "enabled", flag(cells, "activated")),
        }
    )


def _currency(cells: Cells) -> dict:
    enabled = flag(cells, "activated", flag(cells, "enabled"))
    return given({"code": code_of(cells).upper(), "enabled": enabled})


def _audience(cells: Cells) -> dict:
    return given({**labelled(cells), "public": flag(cells, "public")})


def _channel(cells: Cells) -> dict:
    return given(
        {
            **labelled(cells),
            "locales": locales_of(cells["locales"]) if "locales" in cells else None,
            "currencies": _listed(cells, "currencies"),
            "audiences": _listed(cells, "audiences"),
            "category_tree": _text(cells, "tree") or _text(cells, "category_tree"),
            "price_lists": _listed(cells, "price_lists"),
            "gate": whole(cells, "gate"),
            "conversion_units": _conversion_units(cells.get("conversion_units")),
        }
    )


def _conversion_units(text: str | None) -> dict | None:
    """`weight: GRAM, length:METER` as other systems write it."""
    if text is None:
        return None
    pairs = (piece.partition(":") for piece in codes_of(text))
    return {name.strip(): unit.strip() for name, _colon, unit in pairs if unit}


def _sorted(cells: Cells) -> dict:
    return given({**labelled(cells), "sort_order": whole(cells, "sort_order")})


def _measurement_family(cells: Cells) -> dict:
    units = json_cell(cells, "units")
    return given(
        {
            **labelled(cells),
            "standard_unit": cells.get("standard_unit") or cells.get("standard_unit_code"),
            "units": [read_unit(unit) for unit in units] if isinstance(units, list) else units,
        }
    )


def read_unit(unit: dict) -> dict:
    """Bring a unit to our form; a chain of conversion operations is folded into one factor."""
    factor, offset = Decimal(str(unit.get("factor", 1))), Decimal(str(unit.get("offset", 0)))
    for step in unit.get("convert_from_standard", []):
        amount = Decimal(str(step["value"]))
        if step["operator"] == "mul":
            factor, offset = factor * amount, offset * amount
        elif step["operator"] == "div":
            factor, offset = factor / amount, offset / amount
        else:
            offset += amount if step["operator"] == "add" else -amount
    labels = {to_bcp47(k): v for k, v in unit.get("labels", {}).items() if v}
    return {
        "code": unit["code"],
        "labels": labels,
        "symbol": unit.get("symbol", ""),
        "cldr": unit.get("cldr", ""),
        "factor": format(factor, "f"),
        "offset": format(offset, "f"),
    }


def _reference_entity(cells: Cells) -> dict:
    return given({**labelled(cells), "fields": json_cell(cells, "fields")})


ENTITY_COLUMNS = ("reference_entity", "entity", "referenceEntityIdentifier")
RECORD_COLUMNS = {"code", "identifier", *ENTITY_COLUMNS, "image"}


def _reference_record(cells: Cells) -> dict:
    entity = next((cells[name] for name in ENTITY_COLUMNS if cells.get(name)), "")
    values: dict[str, dict] = {}
    for name, text in cells.items():
        head, _dash, locale = name.partition("-")
        if name in RECORD_COLUMNS or head == "label":
            continue
        local = to_bcp47(locale) if locale and is_locale(locale) else ""
        values.setdefault(head, {})[local] = text
    return {**labelled(cells), "entity": entity, "values": values}


def _category(cells: Cells) -> dict:
    order = whole(cells, "sort_order")
    document = {**labelled(cells), "parent": cells.get("parent"), "sort_order": order}
    return given({**document, "intro": labels_of(cells, "intro") or None})


def _option(cells: Cells) -> dict:
    return given(
        {
            **labelled(cells),
            "attribute": cells.get("attribute", ""),
            "sort_order": whole(cells, "sort_order"),
        }
    )


def _family(cells: Cells) -> dict:
    requirements = {
        name.split("-", 1)[1]: codes_of(text)
        for name, text in cells.items()
        if name.startswith("requirements-")
    }
    attributes = _listed(cells, "attributes")
    return given(
        {
            **labelled(cells),
            "attributes": None if attributes is None else list(dict.fromkeys(attributes)),
            "label_attribute": cells.get("attribute_as_label"),
            "image_attribute": cells.get("attribute_as_image"),
            "requirements": requirements or None,
        }
    )


def _family_variant(cells: Cells) -> dict:
    def levels(prefix: str) -> dict[int, list[str]]:
        found = {}
        for name, text in cells.items():
            if match := re.fullmatch(rf"{prefix}_([12])", name):
                found[int(match[1])] = codes_of(text)
        return found

    return {
        **labelled(cells),
        "family": cells.get("family", ""),
        "axes": levels("variant-axes"),
        "attributes": levels("variant-attributes"),
    }


def _association_type(cells: Cells) -> dict:
    return given(
        {
            **labelled(cells),
            "two_way": flag(cells, "two_way", flag(cells, "is_two_way")),
            "quantified": flag(cells, "quantified", flag(cells, "is_quantified")),
            "bundle": flag(cells, "bundle"),
        }
    )


def _group(cells: Cells) -> dict:
    return given({**labelled(cells), "type": cells.get("type")})


def _price_list(cells: Cells) -> dict:
    return given(
        {
            **labelled(cells),
            "currency": cells.get("currency"),
            "audiences": _listed(cells, "audiences"),
            "tax_included": flag(cells, "tax_included"),
        }
    )


_READERS: dict[str, Callable[[Cells], dict]] = {
    "locales": _locale,
    "currencies": _currency,
    "audiences": _audience,
    "measurement_families": _measurement_family,
    "attribute_groups": _sorted,
    "reference_entities": _reference_entity,
    "categories": _category,
    "price_lists": _price_list,
    "channels": _channel,
    "attributes": attribute_document,
    "options": _option,
    "families": _family,
    "family_variants": _family_variant,
    "association_types": _association_type,
    "group_types": labelled,
    "groups": _group,
    "reference_records": _reference_record,
}
