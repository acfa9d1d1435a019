"""The settings of a print output that say what form its file has; every print kind shows them."""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from syndication.contract import Option

from .stage import ACCESSIBLE, PRESS, SCREEN

BOOK = "assembly"  # scope: binding depends on them, what is set before does not
FORMS = (
    (SCREEN, pgettext_lazy("form of a PDF", "For the screen")),
    (PRESS, pgettext_lazy("form of a PDF", "For the printing house (PDF/X-4)")),
    (ACCESSIBLE, pgettext_lazy("form of a PDF", "Accessible (PDF/UA-1)")),
)
PRINTING = _("For the printing house")
FORM_OPTIONS = (
    Option("form", "choice", _("Form of the file"), SCREEN, choices=FORMS, scope=BOOK),
    *(
        replace(option, scope=BOOK, group=PRINTING, needs=f"form={PRESS}")
        for option in (
            Option(
                "profile",
                "asset",
                _("ICC profile of the press"),
                help=_("An asset with a CMYK output profile; empty: the machine's standard one."),
            ),
            Option("bleed", "number", _("Bleed in millimetres"), 3),
            Option("marks", "boolean", _("Crop and registration marks"), True),
            Option(
                "black_overprint",
                "boolean",
                _("Black text overprints"),
                False,
                help=_("Text in solid black leaves no hole in the colours below it."),
            ),
            Option(
                "black_areas",
                "choice",
                _("Large black areas"),
                "plain",
                choices=(
                    ("plain", _("Black ink alone")),
                    ("cool", _("Black with 50 % cyan below it")),
                    ("deep", _("Black with 40 % cyan, 30 % magenta and 30 % yellow below it")),
                ),
                help=_("From 5 mm in both directions; text and codes are black alone."),
            ),
            Option(
                "ink_limit", "number", _("Total ink in per cent"), help=_("Empty: the brand's.")
            ),
            Option(
                "least_dpi",
                "number",
                _("Pixels an inch that pictures should have"),
                225,
                help=_("A picture with fewer is reported with its page and product."),
            ),
            Option(
                "refused_dpi",
                "number",
                _("Pixels an inch that pictures must have"),
                0,
                help=_("With a picture that has fewer the file is not issued; 0: none is refused."),
            ),
        )
    ),
)
