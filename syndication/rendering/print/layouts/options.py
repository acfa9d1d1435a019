"""The options of an output that speak of layouts: which one, placing rules, settings of each."""

from django.utils.functional import lazy
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from syndication.contract import Option

from ..rules import (
    AFTER,
    ATTRIBUTE,
    BEFORE,
    BREAK,
    CATEGORY,
    FAMILY,
    FIRST,
    LAYOUT,
    PIN,
    PRODUCT,
    TOGETHER,
    VARIANTS,
)
from .folders import PLAIN, Layout, labelled, shelf
from .manifest import Setting
from .settings import option_code

UNIT = "unit"  # of scope: only the products whose cards change are set again
LAYOUTS, RULES = _("Layouts"), _("Placing rules")


def _own(labels: dict) -> str:
    return labelled(labels, get_language() or "en")


_label = lazy(_own, str)


def layout_options() -> tuple[tuple[Option, ...], tuple[Option, ...]]:
    """Return the options that choose layouts, and those of every layout under its name."""
    layouts = shelf().layouts.values()
    named = [(layout.code, _label(layout.manifest.label)) for layout in layouts]
    own = [_setting(layout, s) for layout in layouts for s in layout.manifest.options]
    chosen = (
        Option("layout", "choice", _("Layout"), PLAIN, tuple(named), _BASE, UNIT, group=LAYOUTS),
        Option("overflow", "choice", _("Text that has no room"), "report", _OVERFLOW, _OVER, UNIT,
               group=LAYOUTS),
        Option("placing", "rows", RULES, None, (), _RULES, UNIT, group=RULES,
               columns=_columns(named)),
    )  # fmt: skip
    return chosen, tuple(own)


def _setting(layout: Layout, setting: Setting) -> Option:
    choices = tuple((code, _label(label)) for code, label in setting.choices)
    return Option(
        option_code(layout.code, setting.code),
        setting.kind,
        _label(setting.label),
        setting.default,
        choices,
        scope=UNIT,
        group=_label(layout.manifest.label),
    )


_BASE = _("For every product that no rule speaks of.")
_OVER = _("It is set smaller first, down to the smallest size of type of the brand.")
_OVERFLOW = (
    ("report", _("leave it out and report it")),
    ("continue", _("continue on a further card")),
)
_RULES = _(
    "The first rule that fits decides; rules for products go before conditions. Several codes are "
    "separated by commas. A value may be compared: >= 10. An empty value means any."
)
_WHEN = (
    (PRODUCT, pgettext_lazy("placing rule", "Product")),
    (FAMILY, pgettext_lazy("placing rule", "Family")),
    (CATEGORY, pgettext_lazy("placing rule", "Category")),
    (ATTRIBUTE, pgettext_lazy("placing rule", "Attribute")),
    (VARIANTS, pgettext_lazy("placing rule", "Has variants")),
)
_BY_HAND = (
    (BREAK, _("begin a page")),
    (TOGETHER, _("keep together on a page")),
    (FIRST, _("put first in the section, in this order")),
    (PIN, _("pin to this page of the chapter")),
    (BEFORE, _("put before the product named as value")),
    (AFTER, _("put behind the product named as value")),
)


def _columns(named: list) -> tuple[Option, ...]:
    then = tuple((f"{LAYOUT}{code}", label) for code, label in named) + _BY_HAND
    return (
        Option("when", "choice", pgettext_lazy("placing rule", "If"), choices=_WHEN),
        Option("of", "text", pgettext_lazy("placing rule", "Codes or article numbers")),
        Option("value", "text", pgettext_lazy("placing rule", "Value")),
        Option("then", "choice", pgettext_lazy("placing rule", "then"), choices=then),
        Option("page", "number", pgettext_lazy("placing rule", "Page of the chapter")),
    )
