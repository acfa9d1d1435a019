"""What a product's card says: texts, values, variants and price, in the amounts of its layout."""

import hashlib
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_noop as _

from syndication.contract import Refusal, RenderContext, Unit

from ..images import PictureError
from ..offers import currency_of
from ..press.stage import NO_ALT, is_tagged
from ..view import View, views
from .layouts.folders import Layout
from .layouts.settings import Settings
from .telling import told
from .tongues import block, other_views, side_by_side
from .trimmings import Trimmings
from .variants import VariantTable

VALUE_PART = 400  # characters of a value in one row: a longer one goes on in the next
OVERRIDES = re.compile(r"[\u202a-\u202e\u2066-\u2069]")  # every value is isolated by the page
# A number keeps its unit and its factor on the line: "24 cm", "70 × 180 cm".
TIED = re.compile(r"(?<=\d) (?=[^\W\d]{1,2}\b)|(?<=\d) (?=×)|(?<=×) (?=\d)")
RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff\u200f\ufb1d-\ufefc]")
LETTER = re.compile(r"[^\W\d_]")
UNPRINTABLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f\ufe0f\U0001F000-\U0001FBFF\U000E0000-\U000E007F]"
)
SENTENCE = re.compile(r"(?<=[.!?。؟])\s+")
UNSPECIFIED_KINDS = {
    "identifier", "richtext", "textarea", "price", "product", "media", "packaging",
}  # fmt: skip
UNSPECIFIED_ROLES = {"gtin", "mpn", "brand"}


@dataclass(frozen=True)
class Picture:
    """A derivative ready to print; `cover` says that it may be cropped to the frame."""

    path: Path
    cover: bool
    alt: str


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
        self.others = other_views(unit, context)

    @property
    def mark(self) -> str:
        """The id of the card on its page: its own, so that neighbours leave no trace in it."""
        return "c" + hashlib.sha256(self.main.identifier.encode()).hexdigest()[:16]

    def warn(self, code: str, message: str, *, field: str = "", **params) -> None:
        told = Refusal(self.main.identifier, code, message, field, "warning", params)
        self.warnings.append(told)

    def uses(self, block: str) -> bool:
        return block in self.layout.html.names

    @cached_property
    def picture(self) -> Picture | None:
        """The main picture at print size, or None with a warning that says why."""
        asset = next(iter(self.main.pictures), None)
        if not asset or asset.get("kind", "image") != "image":
            self.warn("picture_missing", _("There is no picture."), field="image")
            return None
        return self._picture(asset, pixels=self._pixels)

    @cached_property
    def gallery(self) -> list[Picture]:
        """The further pictures at print size, as many as the layout shows."""
        most = self.settings.amount("photos") if self.uses("photos") else 0
        pixels = max(420, self._pixels // 3)
        found = [self._picture(a, pixels=pixels) for a in self.main.pictures[1 : most + 1]]
        return [picture for picture in found if picture]

    @property
    def _pixels(self) -> int:
        pixels = self.layout.manifest.picture[2]
        # A tagged file is there to be sent, not printed.
        return pixels * 3 // 5 if is_tagged(self.context) else pixels

    def _picture(self, asset: dict, *, pixels: int) -> Picture | None:
        try:
            path = self.context.assets.derivative(
                asset["sha256"], width=pixels, media_type="image/jpeg"
            )
        except (PictureError, OSError) as error:
            message = _("The picture cannot be used: %(why)s")
            self.warn("picture_unusable", message, field="image", why=str(error))
            return None
        if not asset.get("alt") and is_tagged(self.context):
            self.warn("alt_missing", NO_ALT, field="image")
        return Picture(path, self._crops(asset), asset.get("alt") or self.main.name)

    def _crops(self, asset: dict) -> bool:
        """A picture whose shape is near that of the frame fills it; others are shown whole."""
        width, height = asset.get("width") or 1, asset.get("height") or 1
        frame = self.layout.manifest.picture
        return 0.72 < (width / height) / (frame[0] / frame[1]) < 1.45

    def reads(self) -> list:
        """Return all that the card depends on, as it was published."""
        most = 1 + (self.settings.amount("photos") if self.uses("photos") else 0)
        keys = ("sha256", "kind", "width", "height", "alt")
        pictures = [[a.get(key) for key in keys] for a in self.main.pictures[:most]]
        texts = [self.main.identifier, self.main.name, self.main.text("brand"), self.intro]
        texts += [t for t in map(self.tongue, ("name", self.intro_role, "description")) if t]
        how = [self.layout.digest, self.settings.values, self.continues]
        texts += [part for told in self.tongues for part in told.values()]
        how += [self.trimmings.foot, self.trimmings.mark]
        return [texts, self.description, self.values, self.variant_rows, self.price, pictures, how]

    @cached_property
    def trimmings(self) -> Trimmings:
        """Symbols and holes of the card."""
        others = told(self.unit, self.context).get("others") or ()
        return Trimmings(self.main, self.context, others=len(others))

    @cached_property
    def name(self) -> str:
        return self.printable(self.main.name, field="name")

    def printable(self, text: str, *, field: str) -> str:
        """Return the text without what the fonts of print do not have: emoji, controls."""
        plain = " ".join(UNPRINTABLE.sub("", OVERRIDES.sub("", text)).split())
        if strange := sorted(set(UNPRINTABLE.findall(text))):
            message = _("Emoji or control characters were left out: %(characters)s")
            shown = " ".join(spelt(character) for character in strange)[:200]
            self.warn("characters_left_out", message, field=field, characters=shown)
        return TIED.sub("\N{NO-BREAK SPACE}", plain)

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
            _opening(self.main.text("description"), room=room), field="description"
        )

    @cached_property
    def description(self) -> list[str]:
        """The paragraphs of the description, where the layout shows it."""
        if not self.uses("description"):
            return []
        lines = self.main.text("description").split("\n")
        return [p for line in lines if (p := self.printable(line, field="description"))]

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
        parts = _parted(text if self.others else clean(text), room=VALUE_PART)
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
    def _currency(self) -> str:
        channel = self.main.labels.body["channel"]
        chosen = self.context.options.get("currency") or ""
        return currency_of(channel, locale=self.context.locale, chosen=chosen)

    def shown_price(self, view: View):
        """Return the price of a view in the output's currency, or None."""
        return view.price(self._currency) if self._currency else None

    @cached_property
    def _prices(self) -> list:
        found = [self.shown_price(view) for view in self.variants or [self.main]]
        found = [price for price in found if price] or [self.shown_price(self.main)]
        return sorted((p for p in found if p), key=lambda p: Decimal(p.amount))

    @cached_property
    def price(self) -> dict[str, str]:
        """The price as the card shows it: of an article, or from the lowest of a model's."""
        if not self._prices or self.context.options.get("prices") is False:
            return {"price": "", "regular": "", "tax": ""}
        lowest = self._prices[0]
        text = self.main.format.price(lowest.amount, lowest.currency)
        if lowest.amount != self._prices[-1].amount:
            text = self.words["from"] % text
        regular = lowest.regular and self.main.format.price(lowest.regular, lowest.currency)
        tax = self.words["incl_tax" if lowest.tax_included else "excl_tax"]
        return {"price": text, "regular": regular or "", "tax": tax}

    @property
    def prices_differ(self) -> bool:
        return bool(self.price["price"]) and len({price.amount for price in self._prices}) > 1

    def price_of(self, view: View) -> str:
        """Return the price of a variant where prices differ, else ""."""
        price = self.shown_price(view) if self.prices_differ else None
        return view.format.price(price.amount, price.currency) if price else ""

    @cached_property
    def variant_rows(self) -> list[Any]:
        """The rows of the table of variants, or of the short list of them."""
        if self.table:
            return self.table.rows
        return [self._variant(view) for view in self.variants]

    def _variant(self, view: View) -> dict[str, str]:
        axes = TIED.sub("\N{NO-BREAK SPACE}", " · ".join(text for _, _, text in view.axis_texts()))
        shown = {"axes": axes or view.name, "sku": view.identifier, "price": self.price_of(view)}
        return {key: self.printable(text, field=key) for key, text in shown.items()}


def spelt(character: str) -> str:
    """Return a character with its code point, as people look it up."""
    shown = character if character.isprintable() else ""
    return f"{shown} U+{ord(character):04X}".strip()


def shortened(text: str, *, room: int) -> str:
    """Return `text` cut at a word within `room` characters, with an ellipsis if it was cut."""
    if len(text) <= room:
        return text
    head = text[: room - 1]
    word = head.rsplit(None, 1)[0] if " " in head[room // 2 :] else head
    return word.rstrip(" ,;:–-") + "…"


def _opening(text: str, *, room: int) -> str:
    """Return the first sentences of a description that have room, at least a part of one."""
    sentences, taken = SENTENCE.split(" ".join(text[: room * 4].split())), ""
    for sentence in sentences:
        longer = f"{taken} {sentence}".strip()
        if len(longer) > room:
            break
        taken = longer
    return taken or shortened(sentences[0], room=room)


def _parted(text: str, *, room: int) -> list[str]:
    """Return a text in parts of at most `room` characters, cut at words where there are any."""
    parts = []
    while len(text) > room:
        at = text.rfind(" ", room // 2, room) + 1 or room
        parts.append(text[:at].rstrip())
        text = text[at:].lstrip()
    return [*parts, text]
