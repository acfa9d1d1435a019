"""Technical data sheets: one PDF per product, an archive and an index of all."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

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
from ..rendering.print_kind import PrintKind
from ..rendering.zips import check_zip

LATE = "assembly"  # scope of options that no sheet is set again for


class DataSheet(PrintKind):
    """A data sheet of one to four pages for every product; a model's sheet holds its variants.

    A fragment is the set sheet, taken apart; `assemble` adds the edition's foot and code. A
    combined edition sets its languages side by side, what they share once.
    """

    code = "data_sheet"
    dress = "outputs/data_sheet"
    label = _("Data sheets PDF")
    version = 2
    unit = "model"
    roles = ("item", "model")
    combinable = True
    needs_facts = True
    preview = "alone"
    part_size = 60
    memory_mb = 1024
    seconds = 1800
    preload = (
        "weasyprint",
        "lxml.etree",
        "fontTools.subset",
        "syndication.rendering.data_sheet.files",
        "pikepdf",
    )
    cures = {
        "picture_missing": _("Give the product a main picture."),
        "many_pages": _("Name the attributes of the table, or allow more pages."),
        "too_long": _("Shorten its texts and tables, or leave the product out."),
    }
    options = (
        Option("pages", "number", _("Pages at most"), 4),
        Option(
            "attributes",
            "text",
            _("Attributes in the table"),
            "",
            help=_("Codes, by comma or space; empty: all that are not shown elsewhere."),
        ),
        Option("drawings", "attribute", _("Attribute with drawings")),
        Option("certificates", "attribute", _("Attribute with certificates")),
        Option("prices", "boolean", _("Prices"), False),
        Option("currency", "text", _("Currency"), "", help=_("Empty: the channel's first.")),
        Option(
            "codes",
            "choice",
            _("QR codes"),
            "edition",
            choices=(
                ("edition", _("Counted, of this edition")),
                ("permanent", _("The page of the product")),
                ("none", _("None")),
            ),
        ),
        Option("imprint", "boolean", _("Edition and date in the foot"), True, scope=LATE),
        Option("separate", "boolean", _("A file for each product"), True, scope=LATE),
        *FORM_OPTIONS,
        *BOOKLET_OPTIONS,
    )

    def reads(self, unit: Unit, context: RenderContext) -> Any:
        """Return what the sheet shows: other changes of a product leave it as it is."""
        from ..rendering.data_sheet.content import SheetContent

        return [SheetContent(unit, context).reads(), self.summary(unit, context)]

    def fragment(self, unit: Unit, context: RenderContext) -> Made:
        """Return the sheet of one unit."""
        from ..rendering.data_sheet.setting import set_sheet

        return set_sheet(unit, context)

    def summary(self, unit: Unit, context: RenderContext) -> dict:
        """Return names and articles for files and index."""
        from ..rendering.data_sheet.files import summarise

        return summarise(unit, context)

    def assemble(
        self, plan: EditionPlan, pieces: Iterable[Piece], context: RenderContext, sink: FileSink
    ) -> Iterator[Refusal]:
        """Write `data-sheets/<article>.<locale>.pdf`, their ZIP and their index."""
        from ..rendering.data_sheet.files import Files

        return iter(Files(plan, context, sink).write(pieces))

    def verify(self, path: Path, name: str, plan: EditionPlan) -> None:
        """Refuse a damaged archive, a PDF without pages and an index that is not whole."""
        from ..rendering.print.volume import check_pdf

        if name.endswith(".zip"):
            check_zip(path, name)
        elif name.endswith(".pdf"):
            check_pdf(path, name)
        elif not path.read_bytes().endswith(b"}\n"):
            raise ValueError(f"{name} is not complete JSON.")
