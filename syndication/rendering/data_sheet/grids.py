"""The tables of a data sheet: specifications by group, table attributes, variants.

Each function is given the `SheetContent` whose table it makes.
"""

from typing import Any

from .texts import spread

TABLES = ("table", "packaging")
LONG = (*TABLES, "richtext", "textarea")  # kinds that stand under a title of their own


def _skipped(content) -> set[str]:
    axes = {axis for view in content.variants for axis in view.body.get("axes") or []}
    return axes | {content.options.get("certificates") or "", content.options.get("drawings") or ""}


def groups(content) -> list[dict[str, Any]]:
    """Return the groups of the table: titles per language, rows of labels and values."""
    skipped, found = _skipped(content), []
    wanted = str(content.options.get("attributes") or "").replace(",", " ").split()
    titles = [
        {g["code"]: g["label"] for g in t.main.labels.body["groups"]} for t in content.tongues
    ]
    for group, codes in _codes_by_group(content).items():
        chosen = [c for c in codes if c not in skipped and (not wanted or c in wanted)]
        rows = [row for row in (_row(content, code) for code in chosen) if row]
        if rows:
            names = [
                t.mark(known.get(group) or group)
                for t, known in zip(content.tongues, titles, strict=True)
            ]
            found.append({"titles": names, "rows": rows})
    return found


def _codes_by_group(content) -> dict[str, list[str]]:
    """Return {group: attribute codes} that any language has a value of, in order."""
    attributes, found = content.main.labels.body["attributes"], {}
    for tongue in content.tongues:
        for _title, rows in tongue.main.specifications:
            for code, _label, _text in rows:
                if attributes.get(code, {}).get("kind") not in LONG:
                    found.setdefault(attributes.get(code, {}).get("group", ""), set()).add(code)
    groups = [group["code"] for group in content.main.labels.body["groups"]]
    order = {code: (a["sort"], code) for code, a in attributes.items()}
    return {g: sorted(found[g], key=order.__getitem__) for g in groups if g in found}


def _row(content, code: str) -> dict[str, Any] | None:
    values = content.texts_of(code)
    labels = [t.mark(t.main.format.label(code)) for t in content.tongues]
    return {"labels": labels, "values": values} if values else None


def tables(content) -> list[dict[str, Any]]:
    """Return attributes that are tables, and long texts, each under its own title."""
    attributes, found = content.main.labels.body["attributes"], []
    shown = {content.main.attribute(role) for role in ("description", "short_description")}
    for code in sorted(content.main.body["values"], key=lambda c: _sort(attributes, c)):
        kind = attributes.get(code, {}).get("kind")
        if code in shown or kind not in LONG:
            continue
        titles = [t.mark(t.main.format.label(code)) for t in content.tongues]
        body = _cells(content, code) if kind in TABLES else {"texts": content.texts_of(code)}
        if body.get("rows") or body.get("texts"):
            found.append({"titles": titles, **body})
    return found


def _cells(content, code: str) -> dict[str, Any]:
    data = content.main.listing.value(code)
    if not isinstance(data, list) or not data:
        return {}
    tables = [t.main.format.table(code, data) for t in content.tongues]
    heads = [
        [t.mark(label) for t, label in zip(content.tongues, labels, strict=True)]
        for labels in zip(*(heads for heads, _rows in tables), strict=False)
    ]
    rows = []
    for cells in zip(*(rows for _heads, rows in tables), strict=True):
        columns = zip(*cells, strict=False)
        rows.append([_cell(content, texts, code) for texts in columns])
    return {"heads": heads, "rows": rows}


def _cell(content, texts: tuple[str, ...], code: str) -> list[dict[str, str]]:
    marked = [
        content.marked(t, text, field=code) for t, text in zip(content.tongues, texts, strict=False)
    ]
    return spread(marked)


def variant_table(content) -> dict[str, Any]:
    """Return the variants with what sets them apart, and nothing else."""
    if not content.variants:
        return {}
    axes = list(dict.fromkeys(a for v in content.variants for a in v.body.get("axes") or []))
    heads = [[t.mark(t.main.format.label(a)) for t in content.tongues] for a in axes]
    coded = any(view.gtin for view in content.variants)
    rows = []
    for members in zip(*(t.members[1:] for t in content.tongues), strict=True):
        cells = [_cell(content, tuple(v.show(a) for v in members), a) for a in axes]
        sku = content.clean(members[0].identifier, field="identifier")
        rows.append({"cells": cells, "sku": sku, "gtin": members[0].gtin})
    return {"heads": heads, "rows": rows, "gtins": coded}


def _sort(attributes: dict, code: str) -> tuple:
    return attributes.get(code, {}).get("sort", 0), code
