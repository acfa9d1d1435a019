"""Operations on choices: add to and remove from lists, and values mapped to other values."""

from dataclasses import dataclass
from typing import Any

from ..address import Address
from ..kinds import kind
from ..refusals import _
from .base import Operation, Reading, bad
from .places import Places, Spot, read_places
from .plain import SPOKEN
from .sheet import Sheet
from .values import read_targets

LISTS = ("multiselect", "media", "product", "reference")
KEEP, CLEAR = "keep", "clear"
_MOST_ROWS = 5000


@dataclass(frozen=True, slots=True)
class Append(Operation):
    """Add items to lists of options, records, products or media that lack them."""

    code = "append"
    own = True
    targets: Places
    items: tuple[str, ...]

    @classmethod
    def read(cls, document: dict, reading: Reading) -> "Append":
        targets = read_targets(document, reading)
        if targets.attribute.kind not in LISTS:
            raise bad(
                _("“%(attribute)s” holds no list."),
                "not_a_list",
                about="attribute",
                attribute=targets.attribute.code,
            )
        items = reading.value(targets.attribute, document.get("values"))
        if not isinstance(items, list):
            raise bad(_("Name what to add or remove in “values”."), "no_values", about="values")
        return cls(targets, tuple(items))

    def apply(self, sheet: Sheet) -> None:
        if not sheet.takes(self.targets.attribute):
            return
        for address in self.targets.addresses:
            held = sheet.read(address) or []
            wanted = self._wanted(held)
            if wanted != held:
                sheet.put(address, wanted or None)

    def _wanted(self, held: list[str]) -> list[str]:
        result = list(dict.fromkeys([*held, *self.items]))
        return sorted(result) if self.targets.attribute.kind == "multiselect" else result

    def reads(self) -> list[Spot]:
        return self.targets.spots()

    def writes(self) -> list[Spot]:
        return self.targets.spots()


class Remove(Append):
    """Take items out of lists."""

    __slots__ = ()
    code = "remove"

    def _wanted(self, held: list[str]) -> list[str]:
        return [item for item in held if item not in self.items]


@dataclass(frozen=True, slots=True)
class Map(Operation):
    """Write what a table says to the value of another attribute.

    `table` is {value: value}; `otherwise` says what happens to values that it does not name:
    "keep" (nothing), "clear", or {"value": …}. Of lists every item is looked up.
    """

    code = "map"
    pairs: tuple[tuple[Address, Address], ...]
    source: Places
    target: Places
    table: dict[str, Any]
    otherwise: Any = KEEP

    @classmethod
    def read(cls, document: dict, reading: Reading) -> "Map":
        structure = reading.structure
        source = read_places(document.get("from"), structure, single=True)
        target = read_targets(document.get("to"), reading)
        if source.attribute.kind not in SPOKEN:
            raise bad(
                _("Values of “%(attribute)s” cannot be looked up in a table."),
                "not_spoken",
                about="from",
                attribute=source.attribute.code,
            )
        beside = ((source.beside(to, structure), to) for to in target.addresses)
        pairs = tuple((origin, to) for origin, to in beside if origin)
        if any(origin == to for origin, to in pairs):
            raise bad(_("The table would be read and written at once."), "reads_itself", about="to")
        table = _table(document.get("table"), target, reading)
        return cls(pairs, source, target, table, _otherwise(document, target, reading))

    def apply(self, sheet: Sheet) -> None:
        if not sheet.takes(self.target.attribute):
            return
        for origin, to in self.pairs:
            data = sheet.read(origin)
            if data is None:
                continue
            found = self._found(data)
            if found is not None:
                sheet.put(to, found)
            elif self.otherwise == CLEAR:
                sheet.put(to, None)
            elif self.otherwise != KEEP:
                sheet.put(to, self.otherwise[1])

    def _found(self, data: Any) -> Any:
        if not isinstance(data, list):
            return self.table.get(_key(kind(self.source.attribute.kind).plain(data)))
        found = [self.table[_key(item)] for item in data if _key(item) in self.table]
        if not found or self.target.attribute.kind not in LISTS:
            return found[0] if found else None
        items = list(dict.fromkeys(item for held in found for item in held))
        return sorted(items) if self.target.attribute.kind == "multiselect" else items

    def reads(self) -> list[Spot]:
        return [Spot(*origin) for origin, _to in self.pairs]

    def writes(self) -> list[Spot]:
        return [Spot(*to) for _origin, to in self.pairs]


def _key(text: str) -> str:
    return text.strip().casefold()


def _table(raw: Any, target: Places, reading: Reading) -> dict[str, Any]:
    if not isinstance(raw, dict) or not 0 < len(raw) <= _MOST_ROWS:
        raise bad(
            _("“table” is an object of 1 to %(limit)s values."),
            "bad_table",
            about="table",
            limit=_MOST_ROWS,
        )
    table = {_key(str(name)): reading.value(target.attribute, to) for name, to in raw.items()}
    if None in table.values():
        raise bad(_("A row of the table has nothing to write."), "bad_table", about="table")
    return table


def _otherwise(document: dict, target: Places, reading: Reading) -> Any:
    raw = document.get("otherwise", KEEP)
    if raw in (KEEP, CLEAR):
        return raw
    data = reading.value(target.attribute, raw.get("value")) if isinstance(raw, dict) else None
    if data is None:
        raise bad(
            _("“otherwise” is keep, clear, or {“value”: …}."), "bad_otherwise", about="otherwise"
        )
    return ("value", data)
