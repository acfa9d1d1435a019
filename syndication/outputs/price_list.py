"""Price list PDF: dense tables of articles by category, with prices by list and quantity."""

from collections.abc import Iterable
from typing import Any

import orjson
from django.utils.translation import gettext_lazy as _

from ..contract import (
    EditionPlan,
    FileSink,
    Made,
    Option,
    Piece,
    Refusal,
    RenderContext,
    Unit,
)
from ..rendering.booklet.options import BOOKLET_OPTIONS
from ..rendering.press.options import FORM_OPTIONS
from ..rendering.press.stage import named
from ..rendering.print_kind import PrintKind

LATE = "assembly"  # scope of options that no row depends on
FRONT, TABLE = _("Title page"), _("Table")


class PriceList(PrintKind):
    """A price list of any length; a model's variants are rows of their own.

    A fragment is one row as JSON; `assemble` sets pages that are remembered by their rows, so
    that memory stays flat and a change sets only the pages near it again. A combined edition has
    the names of an article side by side.
    """

    code = "price_list"
    label = _("Price list PDF")
    version = 3
    unit = "listing"
    roles = ("item",)
    preview = "alone"
    part_size = 2000
    memory_mb = 1024
    seconds = 3600
    preload = (
        "weasyprint",
        "lxml.etree",
        "fontTools.subset",
        "syndication.rendering.price_list.binding",
        "pikepdf",
    )
    cures = {
        "price_missing": _("Give the article a price in that list, or leave it out."),
        "text_shortened": _("Shorten the name."),
    }
    options = (
        Option("title", "text", _("Title"), "", scope=LATE, group=FRONT),
        Option("subtitle", "text", _("Subtitle"), "", scope=LATE, group=FRONT),
        Option(
            "valid_from",
            "text",
            _("Valid from"),
            "",
            help=_("A date as 2027-01-31."),
            scope=LATE,
            group=FRONT,
        ),
        Option("note", "text", _("Note"), "", scope=LATE, group=FRONT),
        Option(
            "columns",
            "rows",
            _("Columns of prices"),
            (),
            help=_("Empty: one column, the price in the locale's currency."),
            columns=(
                Option("price_list", "text", _("Price list")),
                Option("heading", "text", _("Heading")),
            ),
            group=TABLE,
        ),
        Option(
            "currency",
            "text",
            _("Currency"),
            "",
            help=_("Empty: the channel's first."),
            group=TABLE,
        ),
        Option("pack", "attribute", _("Attribute with the packing"), group=TABLE),
        Option("gtins", "boolean", _("GTIN"), True, group=TABLE),
        Option(
            "order",
            "choice",
            _("Order"),
            "name",
            choices=(("name", _("By name")), ("article", _("By article number"))),
            scope=LATE,
            group=TABLE,
        ),
        *FORM_OPTIONS,
        *BOOKLET_OPTIONS,
    )

    def reads(self, unit: Unit, context: RenderContext) -> Any:
        """Return the row and what its order depends on."""
        from ..rendering.price_list.rows import Row, summarise

        return [Row(unit, context).says(), summarise(unit, context)]

    def fragment(self, unit: Unit, context: RenderContext) -> Made:
        """Return the row of one article."""
        from ..rendering.price_list.rows import Row

        row = Row(unit, context)
        said = row.says()
        return Made(orjson.dumps(said), tuple(row.warnings))

    def summary(self, unit: Unit, context: RenderContext) -> dict:
        """Return name, category and whether prices hold tax."""
        from ..rendering.price_list.rows import summarise

        return summarise(unit, context)

    def assemble(
        self, plan: EditionPlan, pieces: Iterable[Piece], context: RenderContext, sink: FileSink
    ) -> Iterable[Refusal]:
        """Write `price-list.<locale>.pdf`."""
        from ..rendering.booklet.imposing import write_booklet
        from ..rendering.price_list.binding import write_list

        name = named("price-list", context)
        with sink.open(name, media_type="application/pdf") as target:
            found = write_list(plan, pieces, context, target, name=name)
            write_booklet(target, name, context, sink)
        return found
