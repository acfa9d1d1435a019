"""The settings of a printed catalogue, group by group as its form shows them.

Those of scope BOOK are read by assembly alone: a change of one sets no card again.
"""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..contract import Option

BOOK = "assembly"
COVERS = _("Covers and chapter openers")
CARD = _("Product cards")
PAGING = _("Pages and numbers")
FINDERS = _("Finding things")
READY = _("Adverts and fixed pages")

TITLES = (
    Option("title", "text", _("Title"), "", scope=BOOK, group=COVERS),
    Option("subtitle", "text", _("Subtitle"), "", scope=BOOK, group=COVERS),
    Option("picture", "asset", _("Picture on the cover"), scope=BOOK, group=COVERS),
    Option(
        "chapter_pictures",
        "assets",
        _("Pictures of chapters"),
        "chapter-",
        help=_("Beginning of asset codes; the rest of the code is that of the category."),
        scope=BOOK,
        group=COVERS,
    ),
    Option("back_text", "text", _("Text on the back cover"), "", scope=BOOK, group=COVERS),
    Option(
        "inside_covers",
        "boolean",
        _("Inner sides of the covers are pages"),
        False,
        help=_("Page 2 and the last but one: empty, or with a document placed there below."),
        scope=BOOK,
        group=COVERS,
    ),
)
CARDS = (
    Option(
        "currency", "text", _("Currency"), "", help=_("Empty: the channel's first."), group=CARD
    ),
    Option("prices", "boolean", _("Prices"), True, group=CARD),
    Option("codes", "boolean", _("QR codes"), True, group=CARD),
    Option(
        "attributes",
        "text",
        _("Attributes in the table"),
        "",
        help=_("Codes, by comma or space; empty: all that are not shown elsewhere."),
        group=CARD,
    ),
    Option(
        "note",
        "attribute",
        _("Note at the foot of the page"),
        "",
        help=_("Its text is printed there, under a number that stands behind the name."),
        group=CARD,
    ),
    Option(
        "symbols",
        "text",
        _("Attributes shown as symbols"),
        "",
        help=_("Codes of choices and of yes-or-no; a page of symbols explains them."),
        group=CARD,
    ),
    Option(
        "symbol_pictures",
        "assets",
        _("Pictures of symbols"),
        "",
        help=_(
            "Beginning of asset codes, as symbol-; the rest is attribute-option, the option, or, "
            "for a yes, the attribute."
        ),
        group=CARD,
        needs="symbols",
    ),
)
PAGES = (
    Option(
        "first_number",
        "number",
        _("First page number"),
        1,
        help=_("An odd number, as those of right-hand pages are."),
        scope=BOOK,
        group=PAGING,
    ),
    Option(
        "front_numbers",
        "choice",
        _("Numbers before the first chapter"),
        "same",
        choices=(
            ("same", _("Counted through from the front cover")),
            ("roman", _("Roman; the first chapter begins with the first number")),
            ("none", _("None; the first chapter begins with the first number")),
        ),
        scope=BOOK,
        group=PAGING,
    ),
    Option(
        "chapters_right",
        "boolean",
        _("Chapters begin on a right-hand page"),
        False,
        help=_("Left-hand where the language is read from right to left."),
        scope=BOOK,
        group=PAGING,
    ),
    Option(
        "sections",
        "choice",
        _("Sections begin"),
        "run_on",
        choices=(
            ("run_on", _("Beside the last card of the one before, where there is room")),
            ("rows", _("In a row of their own")),
        ),
        scope=BOOK,
        group=PAGING,
    ),
    Option(
        "multiple",
        "choice",
        _("Number of pages is a multiple of"),
        "2",
        choices=(("2", "2"), ("4", "4"), ("8", "8"), ("16", "16")),
        help=_("4 for a stapled book, 8 or 16 for printing by sheets."),
        scope=BOOK,
        group=PAGING,
    ),
    Option(
        "blanks",
        "choice",
        _("Pages that this leaves empty"),
        "empty",
        choices=(
            ("empty", pgettext_lazy("page", "Stay empty")),
            ("notes", _("Have lines for notes")),
            ("adverts", _("Show the fillers below, in turn")),
        ),
        scope=BOOK,
        group=PAGING,
    ),
)
FINDING = (
    Option(
        "references",
        "text",
        _("References to other pages"),
        "",
        help=_(
            "Codes of associations: a card says on which page the products are that it goes with."
        ),
        group=FINDERS,
    ),
    Option(
        "thumb_index",
        "boolean",
        _("Thumb index"),
        False,
        help=_("A coloured tab at the outer edge, a step lower with every chapter."),
        scope=BOOK,
        group=FINDERS,
    ),
    Option("index", "boolean", _("Alphabetical index"), True, scope=BOOK, group=FINDERS),
    Option(
        "article_index",
        "boolean",
        _("Index of article numbers"),
        False,
        help=_("The numbers of all variants too."),
        scope=BOOK,
        group=FINDERS,
    ),
)
PLACES = (
    ("inside_front", _("Inside the front cover")),
    ("after_contents", _("After the contents")),
    ("before_chapter", _("Before a chapter")),
    ("after_chapter", _("After a chapter")),
    ("after_page", _("After a page number")),
    ("every", _("After every so many product pages")),
    ("filler", _("On a page that would stay empty")),
    ("gap", _("In a gap between the cards")),
    ("at_end", _("After the indexes")),
    ("inside_back", _("Inside the back cover")),
)
SUPPLIED = (
    Option(
        "inserts",
        "rows",
        _("Documents"),
        help=_(
            "PDF assets with embedded fonts and nothing that acts: no links, forms, scripts or "
            "layers. Empty a row to remove it."
        ),
        scope=BOOK,
        group=READY,
        columns=(
            Option("asset", "asset", _("Asset code")),
            Option("place", "choice", pgettext_lazy("of a page", "Place"), choices=PLACES),
            Option(
                "of",
                "text",
                _("Chapter"),
                help=_("Before or after a chapter: code of its category. Empty: every chapter."),
            ),
            Option("n", "number", _("Number"), help=_("After a page, or every so many pages.")),
            Option(
                "fit",
                "choice",
                pgettext_lazy("of a page", "Size"),
                choices=(
                    ("exact", _("Is right (to 1 mm)")),
                    ("scale", _("Scale to fill the page")),
                    ("crop", _("Cut the middle out")),
                ),
            ),
        ),
    ),
)
