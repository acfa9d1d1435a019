"""Shelf and product labels on sheets, with a bar code or a square code on each."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from ..contract import (
    EditionPlan,
    FileSink,
    ItemRefused,
    Made,
    Option,
    Piece,
    Refusal,
    RenderContext,
    SetTogether,
    Unit,
)
from ..rendering.press.options import FORM_OPTIONS
from ..rendering.press.stage import named
from ..rendering.print_kind import PrintKind

LATE = "assembly"  # scope of options that no label is set again for
SHEET, CODE, TEXT = _("Sheet"), _("Code"), _("What it says")
OWN = "stock=custom"
PACKS = (
    ("article", _("The article itself")),
    ("inner", _("Inner pack")),
    ("case", _("Case")),
    ("display", _("Display")),
    ("pallet", _("Pallet")),
)
CODES = (
    ("ean", _("EAN-13 or EAN-8")),
    ("itf14", "ITF-14"),
    ("code128", _("Code 128 of the article number")),
    ("datamatrix", "GS1 DataMatrix"),
    ("link", _("QR code, GS1 Digital Link")),
    ("qr", _("QR code, counted, of this edition")),
    ("none", _("None")),
)
STOCKS = (
    ("70x37", _("A4: 3 × 8 of 70 × 37 mm")),
    ("63.5x38.1", _("A4: 3 × 7 of 63.5 × 38.1 mm")),
    ("99.1x67.7", _("A4: 2 × 4 of 99.1 × 67.7 mm")),
    ("105x37", _("A4: 2 × 8 of 105 × 37 mm")),
    ("105x74", _("A4: 2 × 4 of 105 × 74 mm")),
    ("105x148.5", _("A4: 2 × 2 of 105 × 148.5 mm")),
    ("52.5x29.7", _("A4: 4 × 10 of 52.5 × 29.7 mm")),
    ("38.1x21.2", _("A4: 5 × 13 of 38.1 × 21.2 mm")),
    ("60x38", _("A4 to be cut: 3 × 7 of 60 × 38 mm")),
    ("90x38", _("A4 to be cut: 2 × 7 of 90 × 38 mm")),
    ("custom", _("By measures of one's own")),
)


def _millimetres(code: str, label: Any, default: float) -> Option:
    return Option(code, "number", label, default, group=SHEET, needs=OWN)


class LabelSheets(PrintKind, SetTogether):
    """A label for every article that is sold, on sheets of n × m.

    A fragment is one label, code and all, as a form; `assemble` places them on sheets. Codes are
    drawn at GS1 sizes or not at all: an article without the code it needs is an item error.
    """

    code = "labels"
    dress = "outputs/labels"
    label = _("Labels PDF")
    version = 3
    unit = "listing"
    roles = ("item",)
    preview = "alone"
    part_size = 400
    memory_mb = 1024
    seconds = 1800
    preload = (
        "weasyprint",
        "lxml.etree",
        "fontTools.subset",
        "syndication.rendering.labels.setting",
        "syndication.rendering.labels.sheets",
        "pikepdf",
        "zxingcpp",
    )
    cures = {
        "gtin_missing": _("Give the article a GTIN, or let Code 128 of its number stand in."),
        "gtin_invalid": _("Mend the GTIN: its length or its check digit is wrong."),
        "gtin_not_ean": _("Choose ITF-14 or GS1 DataMatrix for trade units."),
        "code_too_large": _("Choose larger labels, a smaller magnification or another code."),
        "bars_low": _("Choose higher labels, or state the height of the bars."),
        "number_not_coded": _("Article numbers of plain letters and digits can be coded."),
        "pack_missing": _("Give the level its GTIN in the packaging, or leave the article out."),
        "price_missing": _(
            "Give the article a price there, choose another currency, or leave prices out."
        ),
    }
    options = (
        Option("stock", "choice", _("Sheet of labels"), "70x37", choices=STOCKS, group=SHEET),
        _millimetres("sheet_width", _("Sheet width, mm"), 210),
        _millimetres("sheet_height", _("Sheet height, mm"), 297),
        _millimetres("label_width", _("Label width, mm"), 70),
        _millimetres("label_height", _("Label height, mm"), 37),
        _millimetres("columns", _("Labels across"), 3),
        _millimetres("rows", _("Labels down"), 8),
        _millimetres("margin_left", _("Left margin, mm"), 0),
        _millimetres("margin_top", _("Top margin, mm"), 0.5),
        _millimetres("gap_x", _("Gap between columns, mm"), 0),
        _millimetres("gap_y", _("Gap between rows, mm"), 0),
        Option("start", "number", _("First position on the sheet"), 1, scope=LATE, group=SHEET),
        Option("crop", "boolean", _("Crop marks"), False, scope=LATE, group=SHEET),
        Option("copies", "number", _("Labels of each article"), 1, group=SHEET),
        Option("copies_by", "attribute", _("Number of labels by attribute"), group=SHEET),
        Option(
            "order",
            "choice",
            _("Order"),
            "tree",
            choices=(
                ("tree", _("By category")),
                ("name", _("By name")),
                ("article", _("By article number")),
            ),
            scope=LATE,
            group=SHEET,
        ),
        Option("code", "choice", _("Code"), "ean", choices=CODES, group=CODE),
        Option(
            "fallback",
            "boolean",
            _("Code 128 of the number where there is no GTIN"),
            False,
            group=CODE,
            needs="code=ean|itf14|datamatrix|link",
        ),
        Option(
            "magnification",
            "number",
            _("Magnification, per cent"),
            100,
            help=_("EAN: 80 to 200. What has no room is made smaller, down to the least allowed."),
            group=CODE,
        ),
        Option(
            "bars",
            "number",
            _("Height of the bars, mm"),
            0,
            help=_("0: as the standard asks for, where the label has room."),
            group=CODE,
            needs="code=ean|itf14|code128",
        ),
        Option(
            "pack",
            "choice",
            _("Labels for"),
            "article",
            choices=PACKS,
            help=_(
                "A level of packaging: its GTIN, pieces, weight and size instead of the price;"
                " in ITF-14 where the code is an EAN and the number has 14 digits."
            ),
            group=TEXT,
        ),
        Option("prices", "boolean", _("Prices"), True, group=TEXT),
        Option(
            "currency",
            "text",
            _("Currency"),
            "",
            help=_("Empty: the channel's first."),
            group=TEXT,
            needs="prices",
        ),
        Option(
            "contents",
            "attribute",
            _("Contents, for the price by kilogram, litre or metre"),
            group=TEXT,
            needs="prices",
        ),
        *FORM_OPTIONS,
    )

    def reads(self, unit: Unit, context: RenderContext) -> Any:
        """Return what the label shows and its order: other changes leave it as it is."""
        from ..rendering.labels.content import Label
        from ..rendering.labels.setting import ordering

        return [Label(unit, context).reads(), ordering(unit, context)]

    def fragments(
        self, units: Iterable[Unit], context: RenderContext
    ) -> Iterator[Made | ItemRefused]:
        """Yield labels, many of them set in one layout."""
        from ..rendering.labels.setting import set_labels

        yield from set_labels(units, context)

    def summary(self, unit: Unit, context: RenderContext) -> dict:
        """Return order, copies and the place of a code that is of the edition."""
        from ..rendering.labels.setting import summarise

        return summarise(unit, context)

    def assemble(
        self, plan: EditionPlan, pieces: Iterable[Piece], context: RenderContext, sink: FileSink
    ) -> Iterable[Refusal]:
        """Write `labels.<locale>.pdf`."""
        from ..rendering.labels.sheets import write_sheets

        name = named("labels", context)
        with sink.open(name, media_type="application/pdf") as target:
            return write_sheets(plan, pieces, context, target, name=name)
