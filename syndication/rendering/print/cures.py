"""What helps against what a catalogue reports of its cards, layouts and placing rules."""

from django.utils.translation import gettext_lazy as _

_LARGER = _(
    "Write less for this channel, give the product a larger layout, or let text continue on a "
    "further card."
)
_RULE = _("Correct the placing rules of the output.")
CURES = {
    "text_shortened": _LARGER,
    "rows_left_out": _LARGER,
    "card_overflows": _LARGER,
    "code_covered": _(
        "Put fewer languages into one edition, choose a layout with more room, or leave codes out."
    ),
    "characters_without_glyph": _("Use other characters, or install a font that has them."),
    "layout_missing": _("Choose another layout; check_layouts says what is wrong with this one."),
    "layout_failed": _("Tell the designer of the layout; check_layouts says more."),
    "layout_not_for_product": _("Let a placing rule choose this layout for models only."),
    "placing_rule_unknown": _RULE,
    "placing_rule_unclear": _RULE,
    "move_impossible": _("Put it beside a product of its own chapter, or let it go."),
    "pin_impossible": _("Pin it to a page that the chapter has; a spread cannot be pinned."),
    "reference_shortened": _(
        "Shorten the name, or give the product that names it a larger layout."
    ),
    "page_empty": _("Move the spread: products of its section fill the page before it."),
}
