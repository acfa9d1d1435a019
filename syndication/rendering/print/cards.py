"""What a product's card says: texts, values, variants and price, in the amounts of its layout."""

import hashlib
import re
from functools import cached_property, partial
from typing import Any

from django.utils.translation import gettext_noop as _

from syndication.contract import Refusal, RenderContext, Unit

from ..printable import cleaned, spelt, tied
from ..tongues import in_all
from ..view import View, views
from ..words import words
from .layouts.folders import Layout
from .layouts.settings import Settings
from .passages import opening, parted
from .pictures import Pictures
from .prices import Prices
from .telling import told
from .tongues import WITHIN, block, other_members, shown_by, side_by_side
from .trimmings import Trimmings
from .variants import VariantTable

WIDE, COLUMN = 90, 20  # characters in a line of a wide card, and of the narrowest column
VALUE_PART = 400  # characters of a value in one row: a longer one goes on in the next
RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff\u200f\ufb1d-\ufefc]")
LETTER = re.compile(r"[^\W\d_]")
UNSPECIFIED_KINDS = {
    "identifier", "richtext", "textarea", "price", "product", "media", "packaging",
}  # fmt: skip
UNSPECIFIED_ROLES = {"gtin", "mpn", "brand"}


class Card:
    """What one unit's card says in one locale and layout, and what must be reported of it."""

    def __init__(self, unit: Unit, context: RenderContext, layout: Layout):
        self.unit, self.context, self.locale = unit, context, context.locale
        self.layout, self.settings = layout, Settings(layout, context.options)
        self.main, *self.variants = views(unit, context.labels[self.locale], locale=self.locale)
        self.words = self.main.format.words
        self.rtl = self.main.format.direction == "rtl"
        self.continues = context.options.get("overflow") == "continue"
        self.warnings: list[Refusal] = []
        self.members = other_members(unit, context)
        self.others = [members[0] for members in self.members]
        self.prices = Prices(self.main, self.variants, context)
        most = self.settings.amount("photos") if self.uses("photos") else 0
        shown = [self.main, *self.others]
        self.pictures = Pictures(shown, context, layout, most=most, warn=self.warn)

    def said(self, key: str) -> str:
        """Return a word in all languages of the edition."""
        return in_all(self.context.locales, lambda code: words(code)[key])

    @property
    def beside(self) -> bool:
        """Say whether the languages of a combined edition stand side by side, not one below
        another."""
        measure = self.layout.manifest.measure
        line, many = measure[0] if measure else WIDE, 1 + len(self.others)
        return many > 1 and line / many >= COLUMN

    @property
    def mark(self) -> str:
        """The id of the card on its page: its own, so that neighbours leave no trace in it."""
        return "c" + hashlib.sha256(self.main.identifier.encode()).hexdigest()[:16]

    def warn(self, code: str, message: str, *, field: str = "", **params) -> None:
        told = Refusal(self.main.identifier, code, message, field, "warning", params)
        self.warnings.append(told)

    def uses(self, block: str) -> bool:
        return block in self.layout.html.names

    def reads(self) -> list:
        """Return all that the card depends on, as it was published."""
        texts = [self.main.identifier, self.main.name, self.main.text("brand"), self.intro]
        texts += [t for t in map(self.tongue, ("name", self.intro_role, "description")) if t]
        how = [self.layout.digest, self.settings.values, self.continues]
        texts += [part for told in self.tongues for part in told.values()]
        how += [self.trimmings.foot, self.trimmings.mark]
        listed = [row if isinstance(row, dict) else tuple(row) for row in self.variant_rows]
        rows = [self.values, listed, self.prices.shown, self.prices.tax]
        return [texts, self.description, *rows, self.pictures.reads, how]

    @cached_property
    def trimmings(self) -> Trimmings:
        """Symbols and holes of the card."""
        found = told(self.unit, self.context)
        others, noted = found.get("others") or (), bool(found.get("note"))
        return Trimmings(
            self.main, self.context, others=len(others), noted=noted, beside=self.beside
        )

    @cached_property
    def name(self) -> str:
        return self.printable(self.main.name, field="name")

    def printable(self, text: str, *, field: str) -> str:
        """Return the text as print can show it; what is left out of it is warned of."""
        plain, strange = cleaned(text)
        if strange:
            message = _("Emoji or control characters were left out: %(characters)s")
            shown = " ".join(spelt(character) for character in strange)[:200]
            self.warn("characters_left_out", message, field=field, characters=shown)
        return tied(plain)

    @cached_property
    def tongues(self) -> list[dict[str, str]]:
        """Name and introduction in every language of a combined edition but the first."""
        return [block(view, partial(self.printable, field="name")) for view in self.others]

    def tongue(self, role: str) -> str:
        """Return the language that a text is in, where it is another one, else ""."""
        return self.main.language(role) or ""

    @property
    def intro_role(self) -> str:
        short = self.main.text("short_description").strip()
        return "short_description" if short or self.uses("description") else "description"

    @cached_property
    def intro(self) -> str:
        """The short description, else the beginning of the description unless that is shown."""
        short = self.main.text("short_description").strip()
        if short or self.uses("description"):
            return self.printable(short, field="short_description")
        room = self.settings.amount("text")
        return self.printable(
            opening(self.main.text("description"), room=room), field="description"
        )

    @property
    def description(self) -> list[str]:
        """The paragraphs of the description in every language, where the layout shows it."""
        return [paragraph for _view, paragraph in self.paragraphs]

    @cached_property
    def paragraphs(self) -> list[tuple[View, str]]:
        """The paragraphs of the description, each with the language that it is in."""
        views = [self.main, *self.others] if self.uses("description") else []
        return [
            (view, paragraph)
            for view in views
            for line in view.text("description").split("\n")
            if (paragraph := self.printable(line, field="description"))
        ]

    @cached_property
    def values(self) -> list[tuple[str, str]]:
        """(label, text) of every value of the table; those of all variants where they differ."""
        if self.table:
            return [row for code, *_rest in self.table.common for row in self._rows(code, *_rest)]
        axes = {axis for variant in self.variants for axis in variant.body.get("axes") or []}
        return [
            row
            for _, rows in self.main.specifications
            for code, label, text in rows
            if code not in axes and self.chooses(code)
            for row in self._rows(code, label, text)
        ]

    def _rows(self, code: str, label: str, text: str) -> list[tuple[str, str]]:
        clean = partial(self.printable, field=code)
        if self.others:
            label, text = side_by_side(self.main, self.others, code, clean=clean)
        parts = parted(text if self.others else clean(text), room=VALUE_PART)
        return [(label if n == 0 else "", part) for n, part in enumerate(parts)]

    def chooses(self, code: str) -> bool:
        """Say whether the table of values shows an attribute."""
        if code in self.trimmings.hidden:
            return False
        chosen = self.context.options.get("attributes") or []
        chosen = chosen.replace(",", " ").split() if isinstance(chosen, str) else chosen
        return code in chosen if chosen else self._specifies(code)

    def _specifies(self, code: str) -> bool:
        attribute = self.main.labels.body["attributes"].get(code, {})
        plain = attribute.get("kind") not in UNSPECIFIED_KINDS
        return plain and attribute.get("role") not in UNSPECIFIED_ROLES

    @cached_property
    def table(self) -> VariantTable | None:
        """The table of variants, where the layout shows one and there are any."""
        if not self.uses("table") or not self.variants:
            return None
        return VariantTable(self)

    def turn(self, text: str) -> str:
        """Return the class of a Latin value in a right-to-left table, "" for any other."""
        latin = self.rtl and LETTER.search(text) and not RIGHT_TO_LEFT.search(text)
        return "ltr" if latin else ""

    @cached_property
    def variant_rows(self) -> list[Any]:
        """The rows of the table of variants, or of the short list of them."""
        if self.table:
            return self.table.rows
        return [self._variant(view) for view in self.variants]

    def others_of(self, variant: View) -> list[View]:
        """Return a variant in every language but the first."""
        return [
            view
            for members in self.members
            for view in members[1:]
            if view.identifier == variant.identifier
        ]

    def _variant(self, view: View) -> dict[str, str]:
        others, clean = self.others_of(view), partial(self.printable, field="axes")
        axes = [
            shown_by(view, others, code, clean=clean, between=WITHIN)
            for code, _label, _text in view.axis_texts()
        ]
        shown = {"sku": view.identifier, "price": self.prices.row(view)}
        plain = {key: self.printable(text, field=key) for key, text in shown.items()}
        return {"axes": tied(" · ".join(axes)) or clean(view.name), **plain}


def digest_of(card: bytes) -> str:
    """Return what the bytes of a card are known by."""
    return hashlib.sha256(card).hexdigest()[:32]
