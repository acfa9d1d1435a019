"""Packaging: the levels in which a product is packed, each of them a trade item of its own."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from ..gtins import LENGTHS, check_digit, gtin14
from ..packaging import (
    COUNTS,
    DESCRIPTORS,
    EACH,
    LEVELS,
    MATERIALS,
    MEASURES,
    OF_GROUPS,
    PARTS,
    family_of,
    unit_of,
)
from ..packaging_words import PackagingRefused
from ..refusals import InvalidValue, Refused, UnknownCode, _
from ..structure import AttributeDef, Structure
from .base import Kind, refuse, to_decimal
from .scalars import Measurement

_MOST = {"quantity": 999_999, "per_layer": 9_999, "layers": 9_999}
_MOST_UNITS = 1_000_000_000
_WORKED_OUT = frozenset({"level", "base_units"})
_BY_DESCRIPTOR = {descriptor: level for level, descriptor in DESCRIPTORS.items()}
_BY_NUMBER = {material.split(" ")[1]: material for material in MATERIALS}


class Packaging(Kind):
    """A list of levels, see `pim.content.packaging`; {level: {part: raw}} is understood too.

    The each is always there, `contains` is the next lower level unless said, and what holds
    layers of a known size needs no quantity. Refusals name the level and the part.
    """

    code = "packaging"

    def clean(self, raw: Any, attribute: AttributeDef, structure: Structure) -> Any:
        cleaner = _Cleaner(attribute, structure)
        levels = cleaner.levels(raw)
        if cleaner.problems:
            raise cleaner.problems[0]
        return levels or None

    def problems(self, raw: Any, attribute: AttributeDef, structure: Structure) -> list[Refused]:
        """Return everything that is wrong with `raw`, where `clean` raises the first of it."""
        cleaner = _Cleaner(attribute, structure)
        cleaner.levels(raw)
        return cleaner.problems

    def plain(self, data: Any) -> str:
        return "; ".join(" ".join(_words(held)) for held in data)

    def index(self, data: Any) -> list[tuple[str, Decimal | None]]:
        numbers = [(gtin14(held["gtin"]), None) for held in data if "gtin" in held]
        return [(held["level"], Decimal(held["base_units"])) for held in data] + numbers


def _words(held: Mapping) -> Iterator[str]:
    yield held["level"]
    if "quantity" in held:
        yield f"= {held['quantity']} × {held['contains']}"
    if "gtin" in held:
        yield held["gtin"]
    for part in MEASURES:
        if part in held:
            yield f"{part}={held[part]['amount']} {held[part]['unit']}"
    for part in ("per_layer", "layers", "material"):
        if part in held:
            yield f"{part}={held[part]}"


class _Cleaner:
    """Brings one raw packaging to its form; what is wrong gathers in `problems`."""

    def __init__(self, attribute: AttributeDef, structure: Structure):
        self.attribute, self.structure = attribute, structure
        self.problems: list[Refused] = []

    def levels(self, raw: Any) -> list[dict]:
        """Return the levels from the smallest up; not to be used where there are problems."""
        given = self._given(raw)
        for level in LEVELS:
            if level in given:
                given[level] = self._level(level, given[level])
        if not given.get(EACH) and set(given) <= {EACH}:
            return []
        given.setdefault(EACH, {})
        found = [{"level": level, **given[level]} for level in LEVELS if level in given]
        for held in found[1:]:
            self._fill(held, [other["level"] for other in found])
        self._refuse_repeated(found)
        if not self.problems:
            self._count(found)
        return [{part: held[part] for part in _ORDER if part in held} for held in found]

    def _given(self, raw: Any) -> dict[str, dict]:
        """Return {level: {part: raw}} of either form."""
        if isinstance(raw, Mapping):
            rows = [_row(level, parts) for level, parts in raw.items() if _any(parts)]
        else:
            rows = raw if isinstance(raw, list) else [raw]
        given: dict[str, dict] = {}
        for row in rows:
            level = self._name(row)
            if level in given:
                self._add(level, "level", _("The level %(level)s is there twice."), "level_twice")
            elif level:
                given[level] = row
        return given

    def _name(self, row: Any) -> str:
        name = row.get("level") if isinstance(row, Mapping) else None
        if not isinstance(name, str):
            sentence = _("“%(attribute)s” needs a list of levels such as each, case, pallet.")
            self.problems.append(refuse(self.attribute, sentence, code="not_packaging"))
            return ""
        level = _BY_DESCRIPTOR.get(name, name)
        if level not in LEVELS:
            refusal = UnknownCode(
                _("There is no level of packaging “%(name)s”; there are: %(known)s."),
                code="unknown_level", field=self.attribute.code, name=name[:50],
                known=", ".join(LEVELS),
            )  # fmt: skip
            self.problems.append(refusal)
            return ""
        return level

    def _level(self, level: str, row: Mapping) -> dict:
        held = {}
        for part, raw in row.items():
            if part in _WORKED_OUT or raw is None or raw == "":
                continue
            if part not in PARTS:
                refusal = UnknownCode(
                    code="unknown_column", what="column", name=str(part)[:50],
                    field=self.attribute.code,
                )  # fmt: skip
                self.problems.append(refusal)
            elif level == EACH and part in OF_GROUPS:
                self._add(level, part, _("The each contains nothing else."), "each_contains")
            elif (data := self._part(level, part, raw)) is not None:
                held[part] = data
        return held

    def _part(self, level: str, part: str, raw: Any) -> Any:
        if part in MEASURES:
            return self._measure(level, part, raw)
        if part in COUNTS:
            return self._whole(level, part, raw)
        text = str(raw).strip()
        special = {"gtin": self._gtin, "material": self._material, "contains": self._contained}
        return special[part](level, text)

    def _gtin(self, level: str, text: str) -> str | None:
        plain = "".join(c for c in text if c not in " -")
        if gtin14(plain):
            return plain
        sentence = _(
            "%(level)s: “%(value)s” is no GTIN, which has 8, 12, 13 or 14 digits and ends with "
            "its check digit."
        )
        right = None
        if len(plain) in LENGTHS and plain.isascii() and plain.strip("0").isdigit():
            right = check_digit(plain[:-1])
            sentence = _(
                "%(level)s: the check digit of “%(value)s” is wrong: the digits before it ask for "
                "%(digit)s. Compare them with the packaging."
            )
        return self._add(level, "gtin", sentence, "bad_gtin", value=text[:30], digit=right)

    def _material(self, level: str, text: str) -> str | None:
        number = "".join(c for c in text if c.isascii() and c.isdigit()).lstrip("0")
        known = _BY_NUMBER.get(number)
        letters = "".join(c for c in text.upper() if c.isalpha())
        if known and letters in ("", known.split(" ")[0].replace("/", "")):
            return known
        sentence = _("%(level)s: “%(value)s” is no material code such as PAP 20 or LDPE 4.")
        return self._add(level, "material", sentence, "unknown_material", value=text[:30])

    def _contained(self, level: str, text: str) -> str | None:
        return _BY_DESCRIPTOR.get(text, text) or None

    def _whole(self, level: str, part: str, raw: Any) -> int | None:
        try:
            number = to_decimal(raw, self.attribute)
        except InvalidValue:
            number = Decimal("0.5")
        if number == number.to_integral_value() and 1 <= number <= _MOST[part]:
            return int(number)
        sentence = _("%(level)s: %(part)s is a whole number from 1 to %(limit)s.")
        code = "contains_nothing" if number == 0 else "not_a_count"
        return self._add(level, part, sentence, code, limit=_MOST[part])

    def _measure(self, level: str, part: str, raw: Any) -> dict | None:
        family = family_of(part, self.structure)
        if family is None:
            sentence = _("%(level)s: there is no measurement family for %(part)s.")
            return self._add(level, part, sentence, "no_family")
        definition = replace(
            self.attribute, kind="measurement", rules={}, measurement_family=family.code,
            default_unit=unit_of(part, self.structure),
        )  # fmt: skip
        try:
            data = Measurement().clean(raw, definition, self.structure)
        except Refused as refusal:
            refusal.params |= {"level": level, "part": part}
            self.problems.append(refusal)
            return None
        if data and Decimal(data["amount"]) <= 0:
            sentence = _("%(level)s: %(part)s is above 0.")
            return self._add(level, part, sentence, "not_positive")
        return data

    def _fill(self, held: dict, levels: list[str]) -> None:
        """Say what a level contains and how many of it, or why that cannot be."""
        level, inside = held["level"], held.get("contains")
        below = [other for other in levels if LEVELS.index(other) < LEVELS.index(level)]
        held["contains"] = inside = inside or below[-1]
        if inside not in below:
            known = inside in LEVELS and inside not in levels
            sentence = (
                _("%(level)s contains %(name)s, which is not there: add it.")
                if known
                else _("%(level)s cannot contain %(name)s: only a smaller level goes into it.")
            )
            code = "level_missing" if known else "wrong_order"
            self._add(level, "contains", sentence, code, name=inside[:50])
        if "quantity" not in held and held.get("layers") and held.get("per_layer"):
            held["quantity"] = min(held["layers"] * held["per_layer"], _MOST["quantity"])
        asked = {(p.params.get("level"), p.params.get("part")) for p in self.problems}
        if "quantity" not in held and (level, "quantity") not in asked:
            sentence = _("%(level)s: say how many of %(name)s it contains.")
            self._add(level, "quantity", sentence, "quantity_missing", name=inside[:50])

    def _refuse_repeated(self, found: list[dict]) -> None:
        seen: dict[str, str] = {}
        for held in found:
            number = gtin14(held.get("gtin", ""))
            if number and number in seen:
                sentence = _("%(level)s has the GTIN of %(name)s: every level has its own.")
                self._add(held["level"], "gtin", sentence, "gtin_twice", name=seen[number])
            seen[number] = held["level"]

    def _count(self, found: list[dict]) -> None:
        """Work out how many eaches there are in every level."""
        units = {EACH: 1}
        for held in found:
            if held["level"] != EACH:
                units[held["level"]] = units[held["contains"]] * held["quantity"]
            held["base_units"] = units[held["level"]]
            if held["base_units"] > _MOST_UNITS:
                sentence = _("%(level)s would hold more than %(limit)s pieces.")
                self._add(held["level"], "quantity", sentence, "too_many", limit=_MOST_UNITS)

    def _add(self, level: str, part: str, sentence: str, code: str, **params: Any) -> None:
        params |= {"level": level, "part": part, "attribute": self.attribute.code}
        field = self.attribute.code
        self.problems.append(PackagingRefused(sentence, code=code, field=field, **params))


_ORDER = ("level", "gtin", "contains", "quantity", "base_units", *PARTS[3:])


def _row(level: str, parts: Any) -> Any:
    return {**parts, "level": level} if isinstance(parts, Mapping) else parts


def _any(parts: Any) -> bool:
    """Return whether any part is filled; what is no mapping is left to be refused."""
    if not isinstance(parts, Mapping):
        return True
    return any(raw not in (None, "") for raw in parts.values())
