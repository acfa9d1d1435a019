"""Operations on single values: set, clear, copy, convert."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ..address import Address
from ..kinds.base import decimal_text
from ..kinds.scalars import convert
from ..refusals import UnknownCode, _
from ..structure import MeasurementDef
from .base import Operation, Reading, bad
from .places import Places, Spot, read_places
from .plain import TEXTS, as_kind
from .sheet import Sheet


def read_targets(document: Any, reading: Reading) -> Places:
    """Return the places that an operation writes; the identifier is none of them."""
    places = read_places(document, reading.structure)
    if places.attribute == reading.structure.identifier_attribute:
        raise bad(
            _("“%(attribute)s” is the product's identifier: it is changed there."),
            "identifier",
            about="attribute",
            attribute=places.attribute.code,
        )
    return places


def read_truth(document: dict, name: str) -> bool:
    """Return a yes or no of a document, no where it says nothing."""
    value = document.get(name, False)
    if not isinstance(value, bool):
        raise bad(_("“%(name)s” is true or false."), "needs_boolean", about=name, name=name)
    return value


@dataclass(frozen=True, slots=True)
class Set(Operation):
    """Give every address the same value; `if_empty` leaves those that have one."""

    code = "set"
    targets: Places
    data: Any
    if_empty: bool = False

    @classmethod
    def read(cls, document: dict, reading: Reading) -> "Set":
        targets = read_targets(document, reading)
        data = reading.value(targets.attribute, document.get("value"))
        if data is None:
            raise bad(_("Name a value to set, or use “clear”."), "no_value", about="value")
        return cls(targets, data, read_truth(document, "if_empty"))

    def apply(self, sheet: Sheet) -> None:
        if not sheet.takes(self.targets.attribute):
            return
        for address in self.targets.addresses:
            if not (self.if_empty and sheet.held(address) is not None):
                sheet.put(address, self.data)

    def writes(self) -> list[Spot]:
        return self.targets.spots()


@dataclass(frozen=True, slots=True)
class Clear(Operation):
    """Take the own values away."""

    code = "clear"
    targets: Places

    @classmethod
    def read(cls, document: dict, reading: Reading) -> "Clear":
        return cls(read_targets(document, reading))

    def apply(self, sheet: Sheet) -> None:
        # What a family no longer has may well be taken away.
        for address in self.targets.addresses:
            sheet.put(address, None)

    def writes(self) -> list[Spot]:
        return self.targets.spots()


@dataclass(frozen=True, slots=True)
class Copy(Operation):
    """Give every target the value of its source; without one nothing happens."""

    code = "copy"
    pairs: tuple[tuple[Address, Address], ...]
    source: Places
    target: Places
    if_empty: bool = False

    @classmethod
    def read(cls, document: dict, reading: Reading) -> "Copy":
        structure = reading.structure
        source = read_places(document.get("from"), structure, single=True)
        target = read_targets(document.get("to"), reading)
        _check_kinds(source, target)
        beside = ((source.beside(to, structure), to) for to in target.addresses)
        pairs = tuple((origin, to) for origin, to in beside if origin not in (None, to))
        if not pairs:
            raise bad(_("The value would be copied onto itself."), "same_place", about="to")
        return cls(pairs, source, target, read_truth(document, "if_empty"))

    def apply(self, sheet: Sheet) -> None:
        if not sheet.takes(self.target.attribute):
            return
        read = [(sheet.read(origin), to) for origin, to in self.pairs]
        for data, (origin, to) in zip((d for d, _to in read), self.pairs, strict=True):
            if data is None or (self.if_empty and sheet.held(to) is not None):
                continue
            locale = to.locale or origin.locale
            put = as_kind(data, self.source.attribute, self.target.attribute, locale, sheet)
            sheet.put(to, put)

    def reads(self) -> list[Spot]:
        return [Spot(*origin) for origin, _to in self.pairs]

    def writes(self) -> list[Spot]:
        return [Spot(*to) for _origin, to in self.pairs]


def _check_kinds(source: Places, target: Places) -> None:
    one, other = source.attribute.kind, target.attribute.kind
    if one == other or other in TEXTS:
        return
    raise bad(
        _("A value of the kind %(one)s cannot become one of the kind %(other)s."),
        "kinds_differ",
        about="to",
        one=one,
        other=other,
    )


@dataclass(frozen=True, slots=True)
class Convert(Operation):
    """Say measurements in another unit, rounded to `decimals` where it says how many."""

    code = "convert"
    own = True
    pairs: tuple[tuple[Address, Address], ...]
    source: Places
    target: Places
    unit: str
    family: MeasurementDef
    decimals: int | None = None

    @classmethod
    def read(cls, document: dict, reading: Reading) -> "Convert":
        structure = reading.structure
        target = read_targets(document.get("to") or document, reading)
        single = "from" in document
        source = read_places(document["from"], structure, single=True) if single else target
        family = _measurement(source, target, structure)
        unit = document.get("unit") or target.attribute.default_unit
        if unit not in family.units:
            raise UnknownCode(what="unit", name=str(unit)[:100], field="unit")
        beside = ((source.beside(to, structure) if single else to, to) for to in target.addresses)
        pairs = tuple((origin, to) for origin, to in beside if origin)
        return cls(pairs, source, target, unit, family, _decimals(document))

    def apply(self, sheet: Sheet) -> None:
        if not sheet.takes(self.target.attribute):
            return
        for origin, to in self.pairs:
            data = sheet.read(origin)
            known = data is not None and data["unit"] in self.family.units
            if known and (data["unit"] != self.unit or origin != to):
                sheet.put(to, self._converted(data))

    def _converted(self, data: dict) -> dict:
        amount = convert(
            Decimal(data["amount"]), unit=data["unit"], to=self.unit, family=self.family
        )
        if self.decimals is not None:
            amount = round(amount, self.decimals)
        return {"amount": decimal_text(amount), "unit": self.unit}

    def reads(self) -> list[Spot]:
        return [Spot(*origin) for origin, _to in self.pairs]

    def writes(self) -> list[Spot]:
        return [Spot(*to) for _origin, to in self.pairs]


def _measurement(source: Places, target: Places, structure) -> MeasurementDef:
    names = {place.attribute.measurement_family for place in (source, target)}
    name = names.pop()
    if names or name not in structure.measurements:
        raise bad(
            _("Units are converted between measurements of one family."),
            "not_measurements",
            about="attribute",
        )
    return structure.measurements[name]


def _decimals(document: dict) -> int | None:
    value = document.get("decimals")
    if value is None or (type(value) is int and 0 <= value <= 12):
        return value
    raise bad(_("“decimals” is a whole number from 0 to 12."), "bad_decimals", about="decimals")
