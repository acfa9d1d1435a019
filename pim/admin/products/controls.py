"""One control per attribute kind: what the template shows and how its inputs become raw data."""

import json
from collections.abc import Mapping
from typing import Any

from pim.content.states import STATE_KEY, state_of
from pim.content.structure import AttributeDef, Structure

from ..context import label_of
from .packaging import as_typed, packaging_control, typed_decimal

LIST_KINDS = ("multiselect", "media", "product", "reference", "table")
MANY_OPTIONS = 15
MOST_OPTIONS = 300  # more are asked for as they are searched, not sent with the page
TABLE_CELLS = {"number": "number", "boolean": "check", "select": "choice", "date": "date"}


def input_name(attribute: str) -> str:
    """Return the name of an attribute's input."""
    return f"v-{attribute}"


def read_raw(post: Mapping, attribute: AttributeDef) -> Any:
    """Return what was typed for an attribute, None where it was left empty."""
    name = input_name(attribute.code)
    if state := post.get(f"{name}-state"):
        return {STATE_KEY: state}
    if attribute.kind == "measurement":
        amount = typed_decimal(post.get(f"{name}-amount", ""))
        return {"amount": amount, "unit": post.get(f"{name}-unit", "")} if amount else None
    if attribute.kind == "price":
        return _prices(post, name)
    text = post.get(name, "")
    if attribute.kind == "packaging":
        return as_typed(_list(text))
    if attribute.kind in LIST_KINDS:
        return _list(text)
    if attribute.kind == "number":
        text = typed_decimal(text)
    return text if text.strip() else None


def posted(post: Mapping, attribute: AttributeDef) -> bool:
    """Return whether the page had a live input for the attribute (inherited ones have none)."""
    return f"{input_name(attribute.code)}-on" in post


def _prices(post: Mapping, name: str) -> dict | None:
    prefix = f"{name}-currency-"
    found = {key[len(prefix) :]: typed_decimal(post[key]) for key in post if key.startswith(prefix)}
    return {currency: amount for currency, amount in found.items() if amount} or None


def _list(text: str) -> list | str | None:
    try:
        return json.loads(text) or None if text else None
    except ValueError:
        return text


def control(
    attribute: AttributeDef, data: Any, *, structure: Structure, channel: str, locale: str
) -> dict:
    """Return what the template needs to show the input of an attribute holding `data`."""
    data = None if state_of(data) else data
    shown = {"kind": attribute.kind, "name": input_name(attribute.code), "data": data}
    builder = _BUILDERS.get(attribute.kind)
    return shown | (builder(attribute, data, structure, channel, locale) if builder else {})


def _text(attribute, data, structure, channel, locale):
    limits = {"text": 255, "identifier": 255}
    limit = attribute.rules.get("max_length") or limits.get(attribute.kind)
    return {"limit": limit, "text": "" if data is None else str(data)}


def _prose(attribute, data, structure, channel, locale):
    return {**_text(attribute, data, structure, channel, locale), "prose": True}


def _measurement(attribute, data, structure, channel, locale):
    family = structure.measurements.get(attribute.measurement_family)
    held = data if isinstance(data, Mapping) else {}
    unit = held.get("unit") or attribute.default_unit
    units = [
        {"code": code, "label": _unit_label(code, spec, locale), "chosen": code == unit}
        for code, spec in (family.units if family else {}).items()
    ]
    return {"amount": held.get("amount", ""), "units": units}


def _unit_label(code: str, spec: Mapping, locale: str) -> str:
    labels = spec.get("labels") or {}
    text = labels.get(locale) or labels.get(locale.split("-")[0]) or labels.get("en") or code
    return f"{spec['symbol']} · {text}" if spec.get("symbol") else text


def _price(attribute, data, structure, channel, locale):
    held = data if isinstance(data, Mapping) else {}
    scope = structure.channels.get(channel)
    wanted = sorted(structure.currencies)
    if attribute.scopable and scope and scope.currencies:
        wanted = list(scope.currencies)
    wanted += [currency for currency in held if currency not in wanted]
    return {"prices": [(currency, held.get(currency, "")) for currency in wanted]}


def _boolean(attribute, data, structure, channel, locale):
    return {"text": {True: "true", False: "false"}.get(data, "") if data is not None else ""}


def option_items(attribute: AttributeDef, structure: Structure, locale: str) -> list[dict]:
    """Return an attribute's options in their order, labelled."""
    options = structure.options.get(attribute.code, {}).values()
    ordered = sorted(options, key=lambda option: (option.sort, option.code))
    return [{"code": o.code, "label": label_of(o, locale)} for o in ordered]


def holding_words(items: list[dict], words: str) -> list[dict]:
    """Return the options whose label or code holds the words; one of that very code alone."""
    exact = [item for item in items if item["code"] == words]
    wanted = words.casefold()
    return exact or [
        item for item in items if wanted in f"{item['label']}\n{item['code']}".casefold()
    ]


def _select(attribute, data, structure, channel, locale):
    options = structure.options.get(attribute.code, {})
    if len(options) > MOST_OPTIONS:
        return {**_asked(attribute, [data] if data else [], options, locale), "codes": data or ""}
    items = option_items(attribute, structure, locale)
    if data and data not in {item["code"] for item in items}:
        items.append({"code": data, "label": str(data)})
    return {"items": items, "searchable": len(items) > MANY_OPTIONS}


def _multiselect(attribute, data, structure, channel, locale):
    options = structure.options.get(attribute.code, {})
    if len(options) > MOST_OPTIONS:
        return _asked(attribute, data, options, locale)
    return _picker(data, items=option_items(attribute, structure, locale))


def _asked(attribute, data, options: Mapping, locale: str) -> dict:
    """Return a picker that knows the options chosen and asks for others; a select has one."""
    found = _picker(data, url="admin:pim_product_pick_options", query=f"attribute={attribute.code}")
    chosen = [options[code] for code in json.loads(found["codes"]) if code in options]
    known = [{"code": option.code, "label": label_of(option, locale)} for option in chosen]
    single = attribute.kind == "select"
    return {**found, "known": json.dumps(known), "single": single, "most": 1 if single else 0}


def _media(attribute, data, structure, channel, locale):
    kinds = ",".join(attribute.rules.get("media_types") or [])
    most = attribute.rules.get("max_items") or 1
    return _picker(data, url="admin:pim_asset_pick", query=f"kind={kinds}", most=most, cards=True)


def _product(attribute, data, structure, channel, locale):
    most = attribute.rules.get("max_items") or 1
    return _picker(data, url="admin:pim_product_pick", query="by=uuid", most=most)


def _reference(attribute, data, structure, channel, locale):
    most = attribute.rules.get("max_items") or 1
    query = f"entity={attribute.reference_entity}"
    return _picker(data, url="admin:pim_record_pick", query=query, most=most)


def _picker(data, *, items=None, url="", query="", most=0, cards=False):
    codes = data if isinstance(data, list) else []
    return {
        "codes": json.dumps(codes),
        "items_json": json.dumps(items) if items is not None else "",
        "url": url,
        "query": query,
        "most": most,
        "cards": cards,
    }


def _table(attribute, data, structure, channel, locale):
    columns = [
        {
            "code": column["code"],
            "label": _column_label(column, locale),
            "kind": TABLE_CELLS.get(column.get("kind"), "text"),
            "choices": [["", ""], *([o["code"], o["code"]] for o in column.get("options", []))],
        }
        for column in attribute.rules.get("columns", [])
    ]
    rows = data if isinstance(data, list) else []
    return {"columns": json.dumps(columns), "rows": json.dumps(rows)}


def _packaging(attribute, data, structure, channel, locale):
    return packaging_control(attribute, data, structure)


def _column_label(column: Mapping, locale: str) -> str:
    labels = column.get("labels") or {}
    return labels.get(locale) or labels.get("en") or column["code"]


_BUILDERS = {
    "text": _text,
    "identifier": _text,
    "textarea": _text,
    "richtext": _prose,
    "number": _text,
    "date": _text,
    "measurement": _measurement,
    "price": _price,
    "boolean": _boolean,
    "select": _select,
    "multiselect": _multiselect,
    "media": _media,
    "product": _product,
    "reference": _reference,
    "table": _table,
    "packaging": _packaging,
}
