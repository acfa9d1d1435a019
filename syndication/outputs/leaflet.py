"""Leaflet PDF: one to eight pages of chosen products with their prices now and otherwise."""

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
from ..rendering.booklet.options import BOOKLET_OPTIONS
from ..rendering.press.options import FORM_OPTIONS
from ..rendering.press.stage import named
from ..rendering.print_kind import PrintKind

LATE = "assembly"  # scope of options that no card depends on
HEAD, OFFERS = _("Headline"), _("Offers")


class Leaflet(PrintKind, SetTogether):
    """A leaflet for a promotion. Which products it shows is the output's selection.

    A fragment is the card of one offer; `assemble` puts the headline above the first ones, and
    adds dates, codes and feet. What finds no room on its pages is reported.
    """

    code = "leaflet"
    dress = "outputs/leaflet"
    label = _("Leaflet PDF")
    version = 2
    unit = "model"
    roles = ("item", "model")
    preview = "whole"
    arranged_by = "order"
    part_size = 60
    memory_mb = 1024
    seconds = 900
    preload = (
        "weasyprint",
        "lxml.etree",
        "fontTools.subset",
        "syndication.rendering.leaflet.setting",
        "syndication.rendering.leaflet.pages",
        "pikepdf",
    )
    cures = {
        "no_room": _("Choose fewer products, more on a page, or more pages."),
        "no_offer": _("Give the product a lower price that ends, or leave it out."),
        "price_missing": _(
            "Give the product a price there, choose another currency, or leave it out."
        ),
    }
    options = (
        Option("headline", "text", _("Headline"), "", scope=LATE, group=HEAD),
        Option(
            "headlines",
            "rows",
            _("Headline by language"),
            (),
            columns=(
                Option("locale", "locale", _("Locale")),
                Option("text", "text", _("Headline")),
            ),
            scope=LATE,
            group=HEAD,
        ),
        Option("subtitle", "text", _("Subtitle"), "", scope=LATE, group=HEAD),
        Option(
            "valid_from",
            "text",
            _("Valid from"),
            "",
            help=_("A date as 2027-01-31."),
            scope=LATE,
            group=HEAD,
        ),
        Option(
            "valid_to",
            "text",
            _("Valid until"),
            "",
            help=_("Empty: until the first of the prices ends."),
            scope=LATE,
            group=HEAD,
        ),
        Option("note", "text", _("Note at the foot"), "", scope=LATE, group=HEAD),
        Option(
            "per_page",
            "choice",
            _("Offers on a page"),
            "4",
            choices=(("2", "2"), ("4", "4"), ("6", "6")),
            help=_("The headline takes the first row of the first page."),
            group=OFFERS,
        ),
        Option("pages", "number", _("Pages at most"), 8, scope=LATE, group=OFFERS),
        Option(
            "order",
            "text",
            _("First of all"),
            "",
            help=_(
                "Identifiers in the order wanted, by comma or line; the others follow by category."
            ),
            scope=LATE,
            group=OFFERS,
        ),
        Option(
            "price_list",
            "text",
            _("Price list of the promotion"),
            "",
            help=_("Empty: the price in force; what it was before is the list price."),
            group=OFFERS,
        ),
        Option("only_offers", "boolean", _("Leave out what is not cheaper"), False, group=OFFERS),
        Option(
            "currency",
            "text",
            _("Currency"),
            "",
            help=_("Empty: the channel's first."),
            group=OFFERS,
        ),
        Option("codes", "boolean", _("QR codes"), True, group=OFFERS),
        *FORM_OPTIONS,
        *BOOKLET_OPTIONS,
    )

    def reads(self, unit: Unit, context: RenderContext) -> Any:
        """Return what the card shows and its order: other changes leave it as it is."""
        from ..rendering.leaflet.offer import Offer

        return [Offer(unit, context).reads(), self.summary(unit, context)]

    def fragments(
        self, units: Iterable[Unit], context: RenderContext
    ) -> Iterator[Made | ItemRefused]:
        """Yield cards, many of them set in one layout."""
        from ..rendering.leaflet.setting import set_offers

        yield from set_offers(units, context)

    def summary(self, unit: Unit, context: RenderContext) -> dict:
        """Return name, place in the tree and the end of the offer."""
        from ..rendering.leaflet.pages import summarise

        return summarise(unit, context)

    def assemble(
        self, plan: EditionPlan, pieces: Iterable[Piece], context: RenderContext, sink: FileSink
    ) -> Iterable[Refusal]:
        """Write `leaflet.<locale>.pdf`; return what found no room."""
        from ..rendering.booklet.imposing import write_booklet
        from ..rendering.leaflet.pages import write_leaflet

        name = named("leaflet", context)
        with sink.open(name, media_type="application/pdf") as target:
            left = list(write_leaflet(plan, pieces, context, target, name=name))
            write_booklet(target, name, context, sink)
        return left
