"""Rows of a product table: what each of them says, in the form that the write path takes."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from pim.content.address import Address
from pim.content.nul import NUL, nul_at
from pim.content.refusals import InvalidValue, Refused, _
from pim.content.structure import AttributeDef, Structure

from .cells import FALSE, TRUE, codes_of, pieces
from .columns import DELETE, Layout, TieColumn, ValueColumn
from .values import Choices, ValueReader

# Gives the asset codes that the paths of a media cell stand for; raises `Refused`.
MediaFinder = Callable[[list[str], AttributeDef], list[str]]


@dataclass(slots=True)
class RowContent:
    """What one row says: fields of a product write, or why it cannot be read.

    `problems` are (column, refusal) of values that were left out while the row stands;
    a `fresh` row makes a new product, of which blank cells say nothing; one to `delete` says
    nothing else.
    """

    line: int
    fresh: bool = False
    delete: bool = False
    write: dict = field(default_factory=dict)
    problems: list[tuple[str, Refused]] = field(default_factory=list)
    refusal: tuple[str, Refused] | None = None
    digest: str = ""
    uuid: str = ""

    @property
    def identifier(self) -> str:
        return self.write.get("identifier", "")


class RowReader:
    """Reads the rows of one layout; `models` says whether they are product models."""

    def __init__(
        self,
        layout: Layout,
        *,
        structure: Structure,
        models: bool,
        find_media: MediaFinder,
        stamp_media: Callable[[str], str],
        decimal_comma: bool = False,
        keep_blank: bool = False,
    ):
        self.layout, self._models = layout, models
        self._find_media, self._stamp_media = find_media, stamp_media
        self._comma, self._keep = decimal_comma, keep_blank
        self._readers = [ValueReader(group) for group in _grouped(layout.values)]
        self._choices = Choices(structure)
        self._ties = _grouped_ties(layout.ties)
        self._two_way = {t.code for t in structure.association_types.values() if t.two_way}
        self._media = [c.index for c in layout.values if c.attribute.kind == "media"]
        self._width = max(
            (c.index for c in (*layout.values, *layout.ties)),
            default=0,
        )
        self._width = max([self._width, layout.identifier or 0, *layout.fields.values()]) + 1
        parts = (
            models,
            (decimal_comma, keep_blank),
            [(c.title, c.index) for c in (*layout.values, *layout.ties)],
            sorted(layout.fields.items()),
            layout.identifier,
        )
        self.digest = hashlib.blake2b(repr(parts).encode(), digest_size=16).hexdigest()
        self._salt = f"{structure.seq}".encode()

    @property
    def partial(self) -> dict[Address, set[str]]:
        """Return {address: parts} of values of which the columns name single parts.

        Parts are the currencies of prices, and of packaging the cells: "case-gtin".
        """
        return {r.address: r.named for r in self._readers if r.named}

    @property
    def keeps_blank(self) -> bool:
        """Whether a blank cell leaves what is there."""
        return self._keep

    def identify(self, line: int, cells: list[str]) -> RowContent:
        """Return the row's identifier and digest, without reading its values."""
        row = RowContent(line)
        if len(cells) < self._width:
            cells.extend([""] * (self._width - len(cells)))
        place, by_uuid = self.layout.identifier, self.layout.fields.get("uuid")
        row.write["identifier"] = "" if place is None else cells[place].strip()
        if by_uuid is not None:
            row.uuid = cells[by_uuid].strip().lower()
        if DELETE in self.layout.fields:
            row.delete = cells[self.layout.fields[DELETE]].strip().lower() in TRUE
        if not row.identifier and not row.uuid:
            row.refusal = ("", no_identifier())
            return row
        text = "\x1f".join(cells)
        if NUL in text:
            row.refusal = self._nul(cells)
            return row
        sha = hashlib.blake2b(self._salt, digest_size=16)
        sha.update(text.encode("utf-8", "surrogatepass"))
        for index in self._media:
            if cells[index]:
                sha.update(self._stamp_media(cells[index]).encode())
        row.digest = sha.hexdigest()
        return row

    def _nul(self, cells: list[str]) -> tuple[str, Refused]:
        index = next(place for place, cell in enumerate(cells) if NUL in cell)
        columns = (*self.layout.values, *self.layout.ties)
        titles = {c.index: c.title for c in columns} | {i: n for n, i in self.layout.fields.items()}
        title = titles.get(index, str(index + 1))
        return title, nul_at(title)

    def read(self, row: RowContent, cells: list[str]) -> None:
        """Fill the row with everything its cells say."""
        self._read_fields(row, cells)
        values = row.write["values"] = {}
        row.write["in_words"] = True
        for reader in self._readers:
            try:
                raw = reader.read(cells, self)
            except Refused as refusal:
                row.problems.append((reader.title, refusal))
                continue
            if raw is not None or not (row.fresh or self._keep):
                values[reader.address] = raw
        if self._ties:
            row.write["associations"] = self._read_ties(row, cells)

    def _read_fields(self, row: RowContent, cells: list[str]) -> None:
        write, fields = row.write, self.layout.fields
        write["role"] = "model" if self._models else None
        for name in ("family", "family_variant", "parent"):
            if name in fields:
                code = cells[fields[name]].strip()
                if self._keep and not code:
                    continue
                write[name] = self._choices.known(name, code) if code else self._blank(name)
        for name in ("categories", "groups"):
            if name in fields:
                codes = codes_of(cells[fields[name]])
                if self._keep and not codes:
                    continue
                write[name] = [self._choices.known(name, code) for code in codes]
        write["uuid"] = row.uuid or None
        if "enabled" in fields:
            self._read_enabled(row, cells[fields["enabled"]].strip().lower())

    def _blank(self, name: str) -> str | None:
        # A variant's family is its model's; a blank cell there takes nothing away.
        return "" if name == "parent" and not self._models else None

    def _read_enabled(self, row: RowContent, text: str) -> None:
        if text in TRUE:
            row.write["enabled"] = True
        elif text in FALSE:
            row.write["enabled"] = False
        elif text:
            row.problems.append(
                (
                    "enabled",
                    InvalidValue(_("“enabled” is yes (1) or no (0)."), code="not_a_boolean"),
                )
            )

    def _read_ties(self, row: RowContent, cells: list[str]) -> dict[str, dict]:
        found: dict[str, dict] = {}
        for code, columns in self._ties.items():
            # A two-way tie may stand on one of its sides only: a blank takes nothing away.
            ties = {"products": [], "groups": [], "add": code in self._two_way}
            for target, (names, quantities) in columns.items():
                codes = codes_of(cells[names.index]) if names else []
                if target == "groups":
                    ties["groups"] += codes
                    continue
                amounts = pieces(cells[quantities.index]) if quantities else []
                try:
                    ties["products"] += _pairs(codes, amounts)
                except Refused as refusal:
                    row.problems.append((quantities.title, refusal))
            if not self._keep or ties["products"] or ties["groups"]:
                found[code] = ties
        return found

    def number(self, text: str) -> str:
        """Return a number as it is meant: with a decimal comma where that was said."""
        return text.replace(".", "").replace(",", ".") if self._comma and "," in text else text

    def option(self, attribute: AttributeDef, text: str) -> str:
        """Return an option's code in the case in which it is known."""
        return self._choices.option(attribute, text.strip())

    def media_cells(self, cells: list[str]) -> list[str]:
        """Return the filled media cells of a row."""
        return [cells[index] for index in self._media if cells[index]]

    def media(self, text: str, attribute: AttributeDef) -> list[str]:
        """Return the asset codes of a media cell; only an attribute of many is parted."""
        many = int(attribute.rules.get("max_items") or 1) > 1
        return self._find_media(codes_of(text) if many else [text], attribute)


def _pairs(codes: list[str], amounts: list[str]) -> list[tuple[str, int | None]]:
    if amounts and len(amounts) != len(codes):
        raise InvalidValue(
            _("There are %(codes)s products but %(amounts)s quantities."),
            code="quantities_differ",
            codes=len(codes),
            amounts=len(amounts),
        )
    if not amounts:
        return [(code, None) for code in codes]
    try:
        return [(c, int(a) if a else None) for c, a in zip(codes, amounts, strict=True)]
    except ValueError:
        raise InvalidValue(
            _("Quantities are whole numbers, separated by commas or bars."), code="not_a_quantity"
        ) from None


def _grouped(columns: list[ValueColumn]) -> list[list[ValueColumn]]:
    groups: dict[Address, list[ValueColumn]] = {}
    for column in columns:
        groups.setdefault(column.address, []).append(column)
    return list(groups.values())


def _grouped_ties(columns: list[TieColumn]) -> dict[str, dict]:
    found: dict[str, dict] = {}
    for column in columns:
        place = found.setdefault(column.type, {}).setdefault(column.target, [None, None])
        place[1 if column.role.endswith("quantities") else 0] = column
    return found


def no_identifier() -> Refused:
    """Return the refusal of a row that says nothing about which product it is."""
    return Refused(_("The row has no identifier."), code="no_identifier")


def no_identifier_column(models: bool) -> Refused:
    """Return the refusal of a table whose rows say nothing about which product they are."""
    return Refused(
        _("The table has no column “%(name)s”: add one with a code for every row."),
        code="no_identifier_column",
        name="code" if models else "sku",
    )


def repeated_row(identifier: str, line: int) -> Refused:
    """Return the refusal of a row whose product stood further up."""
    return Refused(
        _("“%(name)s” stands in line %(line)s already; this row was left out."),
        code="repeated_row",
        name=re.sub(r"\s+", " ", identifier)[:100],
        line=line,
    )
