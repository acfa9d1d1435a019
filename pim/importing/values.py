"""Values of product rows: how the cells of each attribute kind become what the kinds take."""

from collections.abc import Iterable
from typing import Any, Protocol

import orjson

from pim.content.address import Address
from pim.content.refusals import InvalidValue, _
from pim.content.states import EMPTY, NOT_APPLICABLE, UNKNOWN
from pim.content.structure import AttributeDef, Structure

from .cells import codes_of, pieces
from .columns import ValueColumn
from .packaging_cells import read_packaging

# How a cell says that there is no value, as opposed to saying nothing.
STATES = {"[empty]": EMPTY, "[unknown]": UNKNOWN, "[n/a]": NOT_APPLICABLE}


class RowHelp(Protocol):
    """What a value asks of the reader of its row."""

    def number(self, text: str) -> str: ...

    def option(self, attribute: AttributeDef, text: str) -> str: ...

    def media(self, text: str, attribute: AttributeDef) -> list[str]: ...


class Choices:
    """Codes as they are known: other systems take upper and lower case for alike."""

    def __init__(self, structure: Structure):
        self._structure = structure
        self._fields = {
            "family": structure.families,
            "family_variant": structure.family_variants,
            "categories": structure.categories,
            "groups": structure.product_groups,
        }
        self._folded: dict[str, dict[str, str]] = {}

    def known(self, field: str, code: str) -> str:
        """Return the known code of a family, category or group, `code` itself if none is."""
        codes = self._fields.get(field, (code,))
        return code if code in codes else self._fold(f"@{field}", codes).get(code.casefold(), code)

    def option(self, attribute: AttributeDef, code: str) -> str:
        """Return the known code of an option or record, `code` itself if none is."""
        if attribute.kind == "reference":
            entity = self._structure.entities.get(attribute.reference_entity)
            codes = entity.records if entity else ()
        else:
            codes = self._structure.options.get(attribute.code, ())
        if code in codes:
            return code
        return self._fold(attribute.code, codes).get(code.casefold(), code)

    def _fold(self, name: str, codes: Iterable[str]) -> dict[str, str]:
        if name not in self._folded:
            self._folded[name] = {code.casefold(): code for code in codes}
        return self._folded[name]


class ValueReader:
    """Reads one value out of the columns that make it up."""

    def __init__(self, columns: list[ValueColumn]):
        first = columns[0]
        self.address: Address = first.address
        self.attribute: AttributeDef = first.attribute
        self.title = first.title
        self._parts = {c.part: c.index for c in columns}
        # Of a value that its columns give in parts, the parts that there are columns for.
        self.named: set[str] = set()
        if self.attribute.kind in ("price", "packaging") and "" not in self._parts:
            self.named = set(self._parts)
        self._index = self._parts.get("", first.index)  # of a price: any of its columns
        special = {
            "price": self._price,
            "measurement": self._measurement,
            "media": self._media,
            "table": self._table,
            "packaging": self._packaging,
            "number": self._number,
            "product": self._codes,
            "select": self._option,
            "multiselect": self._options,
            "reference": self._options,
        }
        self._special = special.get(self.attribute.kind)
        # A price or measurement may stand in its other columns only.
        self._alone = len(columns) == 1 or self.attribute.kind == "measurement"

    def read(self, cells: list[str], row: RowHelp) -> Any:
        text = cells[self._index]
        if not text and self._alone:
            return None
        if text in STATES:
            return STATES[text]
        if self._special:
            return self._special(cells, row)
        return text

    def _price(self, cells: list[str], row: RowHelp) -> dict | None:
        prices = {}
        for part, index in self._parts.items():
            text = cells[index].strip()
            if part:
                prices[part] = row.number(text)
                continue
            for piece in pieces(text):
                amount, _space, currency = piece.partition(" ")
                prices[currency.strip()] = row.number(amount)
        return prices if any(prices.values()) else None

    def _measurement(self, cells: list[str], row: RowHelp) -> dict | None:
        text = cells[self._parts[""]].strip() if "" in self._parts else ""
        if not text:
            return None
        unit = cells[self._parts["unit"]].strip() if "unit" in self._parts else ""
        amount, _space, own = text.partition(" ")
        if not unit and own:
            unit = own.strip()
            text = amount
        return {"amount": row.number(text), "unit": unit}

    def _media(self, cells: list[str], row: RowHelp) -> list[str] | None:
        text = cells[self._index].strip()
        return row.media(text, self.attribute) if text else None

    def _table(self, cells: list[str], _row: RowHelp) -> Any:
        text = cells[self._index].strip()
        if not text:
            return None
        try:
            return orjson.loads(text)
        except orjson.JSONDecodeError:
            raise InvalidValue(
                _("“%(attribute)s” needs its rows as JSON: a list of objects."),
                code="not_a_table",
                field=self.attribute.code,
                attribute=self.attribute.code,
            ) from None

    def _packaging(self, cells: list[str], row: RowHelp) -> Any:
        return read_packaging(self._parts, cells, row, attribute=self.attribute)

    def _number(self, cells: list[str], row: RowHelp) -> str | None:
        return row.number(cells[self._index].strip()) or None

    def _option(self, cells: list[str], row: RowHelp) -> str | None:
        text = cells[self._index]
        return row.option(self.attribute, text) if text else None

    def _options(self, cells: list[str], row: RowHelp) -> list[str] | None:
        codes = codes_of(cells[self._index])
        return [row.option(self.attribute, code) for code in codes] or None

    def _codes(self, cells: list[str], _row: RowHelp) -> list[str] | None:
        return codes_of(cells[self._index]) or None
