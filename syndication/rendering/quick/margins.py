"""Pages without running heads: neither styles nor boxes for their margins.

The default style sheet styles all margin boxes of every page, and pseudo-elements for notes of
every element. Where a style sheet has none of them, one without them says the same.
"""

import re
from functools import cache

SPECIAL = re.compile(r"@(?:top|right|bottom|left)-|footnote|\bnote\b|marker|list-item")
PSEUDO = re.compile(r"(?m)^::(?:footnote|note)-.*$")
MARKER = re.compile(r"(?m)^::marker")
MARGIN = re.compile(r"(?m)^\s+@[a-z-]+\s*\{[^{}]*\}\s*$")
SIDES = {"top": "left center right", "bottom": "left center right"}
SIDES |= {"left": "top middle bottom", "right": "top middle bottom"}
CORNERS = ("@top-left-corner", "@top-right-corner", "@bottom-left-corner", "@bottom-right-corner")


def is_plain(css: str) -> bool:
    """Say whether a style sheet uses nothing of what `defaults` leaves out."""
    return not SPECIAL.search(css)


@cache
def defaults():
    """Return the default style sheet without margin boxes and notes; markers for list items."""
    from importlib.resources import files

    import weasyprint

    text = (files("weasyprint.css") / "html5_ua.css").read_text(encoding="utf-8")
    text = MARKER.sub("li::marker", PSEUDO.sub("", MARGIN.sub("", text)))
    return weasyprint.CSS(string=text)


def install() -> None:
    from weasyprint import layout

    names = [f"@{side}-{place}" for side, places in SIDES.items() for place in places.split()]
    every = (*names, *CORNERS)
    slow = layout.make_margin_boxes

    def make_margin_boxes(context, page, state):
        if all(context.style_for(page.page_type, name) is None for name in every):
            return ()
        return slow(context, page, state)

    layout.make_margin_boxes = make_margin_boxes
