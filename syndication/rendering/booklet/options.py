"""The settings of a booklet, shown by every print kind that is bound."""

from django.utils.translation import gettext_lazy as _

from syndication.contract import Option

from .order import AT_END, BEFORE_LAST

BOOK = "assembly"  # scope: no fragment depends on them
GROUP = _("Booklet")
NONE, SADDLE = "none", "saddle"
BOOKLET_OPTIONS = (
    Option(
        "booklet",
        "choice",
        _("Imposed as a booklet"),
        NONE,
        choices=((NONE, _("No")), (SADDLE, _("Saddle-stitched, two pages beside one another"))),
        help=_("A file more, with its pages in the order of printing; turn over the short edge."),
        scope=BOOK,
        group=GROUP,
    ),
    Option(
        "booklet_sheets",
        "number",
        _("Sheets in a signature"),
        0,
        help=_("0: all sheets lie in one another."),
        scope=BOOK,
        group=GROUP,
        needs=f"booklet={SADDLE}",
    ),
    Option(
        "booklet_creep",
        "number",
        _("Creep by sheet, mm"),
        0.1,
        help=_("The thickness of the paper: pages further in are moved to the spine by it."),
        scope=BOOK,
        group=GROUP,
        needs=f"booklet={SADDLE}",
    ),
    Option(
        "booklet_blanks",
        "choice",
        _("Blank pages"),
        BEFORE_LAST,
        choices=((BEFORE_LAST, _("Before the last page")), (AT_END, _("At the end"))),
        scope=BOOK,
        group=GROUP,
        needs=f"booklet={SADDLE}",
    ),
    Option(
        "booklet_marks",
        "boolean",
        _("Fold and crop marks"),
        True,
        scope=BOOK,
        group=GROUP,
        needs=f"booklet={SADDLE}",
    ),
)
