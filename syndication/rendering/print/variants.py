"""The table of a model's variants: what differs between them as columns, what is common apart."""

from functools import cached_property, partial
from typing import NamedTuple

from ..view import View
from .tongues import side_by_side


class Column(NamedTuple):
    """An attribute whose values differ."""

    code: str
    label: str


class Row(NamedTuple):
    """One variant in one band of columns: tables with many columns are printed in bands."""

    band: int
    cells: tuple[str, ...]
    sku: str
    price: str


class VariantTable:
    """`bands` of columns, `rows` in the order of bands and variants, `common` values.

    `card` is that of the model (`cards.Card`).
    """

    def __init__(self, card):
        self.card = card
        self._texts = [self._in_all(variant, self._texts_of(variant)) for variant in card.variants]

    def _in_all(self, variant: View, texts: dict) -> dict[str, tuple[str, str]]:
        """Return label and text of every attribute, in a combined edition in all languages."""
        others = self.card.others_of(variant)
        return {
            code: side_by_side(
                variant, others, code, clean=partial(self.card.printable, field=code)
            )
            for code in texts
        }

    def _texts_of(self, variant: View) -> dict[str, tuple[str, str]]:
        shown = {
            code: (label, text)
            for _, rows in variant.specifications
            for code, label, text in rows
            if code in self._axes or self.card.chooses(code)
        }
        axes = {code: (label, text) for code, label, text in variant.axis_texts()}
        return axes | shown

    @cached_property
    def _axes(self) -> dict[str, None]:
        return dict.fromkeys(a for v in self.card.variants for a in v.body.get("axes") or [])

    @cached_property
    def _labels(self) -> dict[str, str]:
        """All attributes of the variants, axes first, then in the order of the editor."""
        found = {code: label for texts in self._texts for code, (label, _) in texts.items()}
        first = {code: found[code] for code in self._axes if code in found}
        return first | found

    def _differs(self, code: str) -> bool:
        return len({texts.get(code, ("", ""))[1] for texts in self._texts}) > 1

    @cached_property
    def common(self) -> list[tuple[str, str, str]]:
        """(code, label, text) of what is the same in all variants."""
        return [
            (code, label, self._texts[0][code][1])
            for code, label in self._labels.items()
            if not self._differs(code)
        ]

    @cached_property
    def bands(self) -> list[list[Column]]:
        """The columns that differ, as many in a band as the layout has room for."""
        columns = [Column(c, label) for c, label in self._labels.items() if self._differs(c)]
        most = max(1, self.card.settings.amount("columns"))
        return [columns[n : n + most] for n in range(0, len(columns), most)] or [[]]

    @cached_property
    def rows(self) -> list[Row]:
        """A row for every band and variant; prices stand in the first band."""
        pairs = list(zip(self.card.variants, self._texts, strict=True))
        return [
            self._row(band, variant, texts)
            for band in range(len(self.bands))
            for variant, texts in pairs
        ]

    def _row(self, band: int, variant: View, texts: dict) -> Row:
        cells = tuple(texts.get(column.code, ("", ""))[1] for column in self.bands[band])
        price = self.card.prices.row(variant) if band == 0 else ""
        return Row(band, cells, variant.identifier, price)
