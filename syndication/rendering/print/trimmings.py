"""What stands on a card besides its content: symbols, and holes that binding fills.

A hole is a link to an address of its own: where it lies on the card comes out of the set page,
and what fills it (a page number, the number of a note) is known only when a book is bound, so
that a card is kept whatever page its neighbours are on.
"""

from functools import cached_property
from pathlib import Path

from django.utils.html import escape

from syndication.contract import RenderContext

from ..images import PictureError
from ..tongues import in_all
from ..view import View
from .sheet import reference_height
from .telling import NOTE_ROOM, codes, symbols_of

HOLE = "x-hole:"
LINES = 3  # references on a card
SYMBOL_PIXELS = 240
__all__ = ["HOLE", "LINES", "NOTE_ROOM", "Trimmings"]


class Trimmings:
    """The trimmings of one card.

    `others` says how many products it may refer to, `noted` whether it has a note, `beside`
    whether the languages of a combined edition stand side by side on it.
    """

    def __init__(
        self, view: View, context: RenderContext, *, others: int, noted: bool, beside: bool
    ):
        self.view, self.context = view, context
        self.lines, self.noted, self.beside = min(others, LINES), noted, beside

    @cached_property
    def pictures(self) -> dict[str, Path]:
        """The files of the symbols by name; a picture that cannot be used is left out."""
        found: dict[str, Path] = {}
        for _attribute, key in symbols_of(self.view, self.context):
            asset = self.context.options["symbol_pictures"][key]
            try:
                found[f"symbol-{key}"] = self.context.assets.derivative(
                    asset["sha256"], width=SYMBOL_PIXELS, media_type="image/png"
                )
            except (PictureError, OSError):
                continue
        return found

    @property
    def hidden(self) -> set[str]:
        """Attributes that are shown as symbols alone."""
        pictures = self.context.options.get("symbol_pictures")
        known = set(pictures) if isinstance(pictures, dict) else set()
        # A yes has its symbol, a no is its absence.
        answered = known & set(codes(self.context.options.get("symbols")))
        return answered | {attribute for attribute, _ in symbols_of(self.view, self.context)}

    @property
    def mark(self) -> str:
        """The place of the number of the note, behind the name."""
        if not self.noted:
            return ""
        return f'<a class="mark" href="{HOLE}note">&#8199;</a>'

    @property
    def foot(self) -> str:
        """Symbols, and a line for each reference under one for their heading."""
        return self._symbols() + self._references()

    def _symbols(self) -> str:
        listed = [
            f'<img src="asset:symbol-{escape(key)}" alt="{escape(self._label(attribute, key))}">'
            for attribute, key in symbols_of(self.view, self.context)
            if f"symbol-{key}" in self.pictures
        ]
        return f'<p class="symbols">{"".join(listed)}</p>' if listed else ""

    def _label(self, attribute: str, key: str) -> str:
        return in_all(
            self.context.locales, lambda code: symbol_label(self.context, attribute, key, code)
        )

    def _references(self) -> str:
        if not self.lines:
            return ""
        many = len(self.context.locales)
        high = reference_height(many, beside=self.beside and many > 1)
        several = " several" if many > 1 else ""
        holes = [
            f'<a class="ref" href="{HOLE}ref{n}" style="height:{high:.2f}pt"></a>'
            for n in range(self.lines + 1)
        ]
        return f'<div class="refs{several}">{"".join(holes)}</div>'


def symbol_label(context: RenderContext, attribute: str, key: str, locale: str) -> str:
    """Return what a symbol means in a language of the edition."""
    body = context.labels[locale].body
    option = key.removeprefix(f"{attribute}-")
    known = body.get("options", {}).get(attribute, {})
    if option in known:
        return known[option]["label"]
    return body["attributes"].get(attribute, {}).get("label") or attribute
