"""Packaging at the desk: what its editor is set up with, and its levels in words."""

import json
from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pim.content.packaging import (
    COUNTS,
    MATERIALS,
    MEASURES,
    OF_GROUPS,
    family_of,
    unit_of,
)
from pim.content.packaging_words import LEVEL_WORDS, word_of
from pim.content.structure import AttributeDef, Structure

# Words of the editor's rows that sentences say otherwise.
PART_LABELS = {
    "gtin": _("GTIN"),
    "quantity": pgettext_lazy("packaging", "Contains"),
    "base_units": pgettext_lazy("packaging", "Pieces in all"),
    "gross_weight": _("Gross weight"),
    "net_weight": _("Net weight"),
    "width": _("Width"),
    "height": _("Height"),
    "depth": _("Depth"),
    "per_layer": pgettext_lazy("packaging", "Per layer"),
    "layers": pgettext_lazy("packaging", "Layers"),
    "material": _("Material"),
}
_MATERIALS = {
    "PAP 20": _("corrugated board"), "PAP 21": _("board"), "PAP 22": _("paper"),
    "FE 40": _("steel"), "ALU 41": _("aluminium"), "FOR 50": _("wood"), "FOR 51": _("cork"),
    "TEX 60": _("cotton"), "TEX 61": _("jute"), "GL 70": _("clear glass"),
    "GL 71": _("green glass"), "GL 72": _("brown glass"), "C/PAP 81": _("paper and plastic"),
    "C/PAP 82": _("paper and aluminium"), "C/PAP 84": _("paper, plastic and aluminium"),
}  # fmt: skip


def packaging_control(attribute: AttributeDef, data: Any, structure: Structure) -> dict:
    """Return what the template needs: the levels as typed, and the setup of the editor."""
    role = structure.roles.get("gtin", "")
    setup = {
        "attribute": attribute.code,
        "check": reverse("admin:pim_product_packaging"),
        "own": f"v-{role}" if role else "",
        "levels": [[code, word_of(key, translate)] for code, key in LEVEL_WORDS.items()],
        "parts": [_part(code, str(PART_LABELS[code])) for code in PART_LABELS],
        "units": {part: _units(part, structure) for part in MEASURES},
        "unit": {part: unit_of(part, structure) for part in MEASURES},
        "materials": [[code, f"{code} · {_MATERIALS[code]}" if code in _MATERIALS else code]
                      for code in MATERIALS],
        "words": {
            "add": translate("Add a level"), "remove": translate("Remove the level"),
            "unit": translate("Unit"), "inside": translate("What it contains"),
        },
    }  # fmt: skip
    levels = data if isinstance(data, list) and all(isinstance(x, dict) for x in data) else []
    return {"setup": json.dumps(setup), "levels": json.dumps(levels)}


def packaging_words(levels: list[Mapping]) -> str:
    """Return the levels in one line: "Each · 6429…; Case: 6 × Each · 1642…"."""
    found = []
    for held in levels:
        text = _level(held["level"])
        if "quantity" in held:
            text += f": {held['quantity']} × {_level(held['contains'])}"
        found.append(f"{text} · {held['gtin']}" if "gtin" in held else text)
    return "; ".join(found)


def _level(code: str) -> str:
    return word_of(LEVEL_WORDS[code], translate)


def typed_decimal(text: str) -> str:
    """Return a number as people type it in the form that kinds take: "1 200,5" is "1200.5"."""
    text = text.strip().replace("\u00a0", "").replace(" ", "")
    return text.replace(",", ".") if text.count(",") == 1 and "." not in text else text


def as_typed(levels: Any) -> Any:
    """Return posted levels with numbers in the form that the kind takes: 12,5 is 12.5."""
    if not isinstance(levels, list):
        return levels
    return [_typed(held) if isinstance(held, dict) else held for held in levels]


def _typed(held: dict) -> dict:
    found = dict(held)
    for part, raw in held.items():
        if part in COUNTS and isinstance(raw, str):
            found[part] = typed_decimal(raw)
        elif part in MEASURES and isinstance(raw, dict):
            found[part] = {**raw, "amount": typed_decimal(str(raw.get("amount", "")))}
    return found


def _part(code: str, label: str) -> dict:
    kinds = {"quantity": "contains", "base_units": "out", "material": "material"}
    kind = kinds.get(code) or ("measure" if code in MEASURES else "text")
    group_only = code in OF_GROUPS or code == "base_units"
    return {"code": code, "label": label, "kind": kind, "groups": group_only}


def _units(part: str, structure: Structure) -> list[list[str]]:
    family = family_of(part, structure)
    units = family.units if family else {}
    return [[code, unit.get("symbol") or code] for code, unit in units.items()]
