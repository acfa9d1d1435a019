"""The packaging of a product: each, inner pack, case, display, pallet, every level a trade item.

A value is a list of levels from the smallest to the largest: {"level", "gtin", "contains",
"quantity", "base_units", "gross_weight", "net_weight", "width", "height", "depth", "per_layer",
"layers", "material"}. A level holds `quantity` of the level that it `contains`; `base_units`
is worked out. GS1 General Specifications 2.1 (trade item groupings), GDSN trade item hierarchy.
"""

from collections.abc import Mapping, Sequence

from .gtins import gtin14
from .structure import AttributeDef, MeasurementDef, Structure

# {level: GDSN tradeItemUnitDescriptorCode}, the smallest first.
DESCRIPTORS = {
    "each": "BASE_UNIT_OR_EACH",
    "inner": "PACK_OR_INNER_PACK",
    "case": "CASE",
    "display": "DISPLAY_SHIPPER",
    "pallet": "PALLET",
}
LEVELS = tuple(DESCRIPTORS)
EACH = LEVELS[0]
WEIGHTS = ("gross_weight", "net_weight")
SIZES = ("width", "height", "depth")
COUNTS = ("quantity", "per_layer", "layers")
MEASURES = (*WEIGHTS, *SIZES)
PARTS = ("gtin", "contains", "quantity", *MEASURES, "per_layer", "layers", "material")
# What the smallest level does not have: it holds nothing.
OF_GROUPS = frozenset({"contains", *COUNTS})
# The columns that a table may have of it: "case-gtin", "case-width", "case-width-unit".
COLUMNS = tuple(
    f"{level}-{part}{ending}"
    for level in LEVELS
    for part in PARTS
    if level != EACH or part not in OF_GROUPS
    for ending in (("", "-unit") if part in MEASURES else ("",))
)
# Material codes of Commission Decision 97/129/EC; the number alone names each of them.
MATERIALS = (
    "PET 1", "HDPE 2", "PVC 3", "LDPE 4", "PP 5", "PS 6", "O 7", "PAP 20", "PAP 21", "PAP 22",
    "FE 40", "ALU 41", "FOR 50", "FOR 51", "TEX 60", "TEX 61", "GL 70", "GL 71", "GL 72",
    "C/PAP 80", "C/PAP 81", "C/PAP 82", "C/PAP 83", "C/PAP 84", "C/PAP 85",
)  # fmt: skip
_USUAL_UNITS = {
    "weight": frozenset({"kilogram", "gram", "pound"}),
    "size": frozenset({"meter", "centimeter", "millimeter"}),
}
_ROLES = {"weight": ("weight",), "size": ("height", "width", "length")}


def family_of(part: str, structure: Structure) -> MeasurementDef | None:
    """Return the measurement family of a part, None where the structure has none for it.

    It is that of the attribute with the role weight (sizes: height, width or length), else the
    first that measures kilograms (metres) by its CLDR units or the codes of its units.
    """
    attribute = _measured(part, structure)
    if attribute is not None:
        return structure.measurements[attribute.measurement_family]
    wanted = _USUAL_UNITS[_quantity(part)]
    families = (structure.measurements[code] for code in sorted(structure.measurements))
    return next((family for family in families if wanted & _unit_names(family)), None)


def _unit_names(family: MeasurementDef) -> set[str]:
    cldr = {str(unit.get("cldr") or "").rpartition("-")[2] for unit in family.units.values()}
    return cldr | {code.lower() for code in family.units}


def unit_of(part: str, structure: Structure) -> str:
    """Return the unit of amounts that come without one."""
    attribute, family = _measured(part, structure), family_of(part, structure)
    if attribute is not None and attribute.default_unit:
        return attribute.default_unit
    return family.standard_unit if family else ""


def _quantity(part: str) -> str:
    return "weight" if part in WEIGHTS else "size"


def _measured(part: str, structure: Structure) -> AttributeDef | None:
    for role in _ROLES[_quantity(part)]:
        found = structure.attributes.get(structure.roles.get(role, ""))
        if found is not None and found.measurement_family in structure.measurements:
            return found
    return None


def packaging_attributes(structure: Structure) -> frozenset[str]:
    """Return the codes of the attributes that hold packaging."""
    cache = structure.__dict__
    if "_packaging_codes" not in cache:
        found = (a.code for a in structure.attributes.values() if a.kind == "packaging")
        cache["_packaging_codes"] = frozenset(found)
    return cache["_packaging_codes"]


def gtins_of(levels: Sequence[Mapping]) -> dict[str, str]:
    """Return {14 digits: level} of the levels that have a GTIN."""
    return {gtin14(held["gtin"]): held["level"] for held in levels if held.get("gtin")}
