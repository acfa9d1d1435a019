"""Catalogue PDF: cover, contents, chapters of product cards, index; one book per locale."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from ..contract import (
    EditionPlan,
    FileSink,
    ItemRefused,
    Made,
    Option,
    Pieces,
    Refusal,
    RenderContext,
    SetTogether,
    Unit,
)
from ..rendering.booklet.options import BOOKLET_OPTIONS
from ..rendering.press.options import FORM_OPTIONS
from ..rendering.press.stage import named
from ..rendering.print.cures import CURES
from ..rendering.print.layouts.folders import shelf
from ..rendering.print.layouts.options import layout_options
from ..rendering.print_kind import PrintKind
from ..rendering.print_options import CARDS, FINDING, PAGES, SUPPLIED, TITLES

PDF = "application/pdf"
BOOKLET = ".booklet.pdf"


class Catalogue(PrintKind, SetTogether):
    """A printed catalogue. A product is in the chapter of its first category of the tree.

    A fragment is one card as a PDF of its own, with subset fonts and its picture at print size;
    `assemble` places cards on pages and adds numbers, heads, codes and links.
    """

    code = "catalogue"
    dress = "outputs/catalogue"
    label = _("Catalogue PDF")
    version = 4
    unit = "model"
    roles = ("item", "model")
    media_types = (PDF,)
    combinable = True
    part_size = 120
    memory_mb = 1024
    seconds = 900
    preview = "page"
    arranged_by = "placing"
    fragment_tokens = ("colours", "cmyk", "spots", "fonts", "print")
    preload = (
        "weasyprint",
        "lxml.etree",
        "fontTools.subset",
        "syndication.rendering.print.book",
        "syndication.rendering.print.setting",
        "pikepdf",
    )
    cures = CURES

    @property
    def options(self) -> tuple[Option, ...]:
        """Return the options of the kind and those of the layouts there are."""
        chosen, own = layout_options()
        pages = (*PAGES, *FINDING, *SUPPLIED, *FORM_OPTIONS, *BOOKLET_OPTIONS)
        return (*TITLES, *chosen, *CARDS, *pages, *own)

    def partly(self, context: RenderContext) -> str:
        """Return the state of all layouts: a card reads that of its own."""
        return shelf().digest()

    @property
    def troubles(self) -> list[str]:
        """Return what is wrong with layouts, as sentences for those who set up an output."""
        return [fault.told(translate) for fault in shelf().faults]

    def reads(self, unit: Unit, context: RenderContext) -> Any:
        """Return what card and furniture show: other changes of a product leave both as they are.

        What is not rendered again keeps its summary, so that this must be all that one says.
        """
        from ..rendering.print.setting import reads

        return [reads(unit, context), self.summary(unit, context)]

    def fragments(
        self, units: Iterable[Unit], context: RenderContext
    ) -> Iterator[Made | ItemRefused]:
        """Yield cards, many of them set in one layout."""
        from ..rendering.print.setting import set_units

        yield from set_units(units, context)

    def summary(self, unit: Unit, context: RenderContext) -> dict:
        """Return what order, index and codes must know."""
        from ..rendering.print import telling as furniture
        from ..rendering.print.chapters import summarise
        from ..rendering.print.placing import placing_of

        told = summarise(unit, context.labels[context.locale], locale=context.locale)
        more = furniture.told(unit, context)
        return told | more | placing_of(context).choose(unit).summary

    def assemble(
        self, plan: EditionPlan, pieces: Pieces, context: RenderContext, sink: FileSink
    ) -> Iterable[Refusal]:
        """Write `catalogue.<locale>.pdf`; the name says so where it has another form."""
        from ..rendering.booklet.imposing import write_booklet
        from ..rendering.print.book import bind

        name = named("catalogue", context)
        with sink.open(name, media_type=PDF) as target:
            found = bind(plan, pieces, context, target, name=name)
            write_booklet(target, name, context, sink)
        return found

    def verify(self, path: Path, name: str, plan: EditionPlan) -> None:
        """Count pages, cards and pictures; check fonts, links and what the form promises."""
        from ..rendering.print.proof import proof
        from ..rendering.print.volume import check_pdf

        if name.endswith(BOOKLET):
            check_pdf(path, name)
        else:
            proof(path, name)
