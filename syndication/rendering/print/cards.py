"""What a product's card says: texts, values, variants and price, cut to what its level allows.

A card that does not fit is set again at the next level: first in smaller type, at last with
fewer words, and then the card reports what was cut.
"""

import hashlib
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_noop as _

from syndication.contract import Refusal, RenderContext, Unit

from ..images import PictureError
from ..offers import currency_of
from ..press.stage import is_tagged
from ..view import View, views
from .telling import told
from .tongues import block, other_views, side_by_side
from .trimmings import Trimmings

# Levels: as designed, smaller, smallest, fewer rows, and at last fewer words.
SCALES = (1.0, 0.93, 0.86, 0.86, 0.86)
LAST_LEVEL = len(SCALES) - 1
# Products a page: (characters of text, rows of values, of values beside variants, of variants).
ROOM = {6: (210, 8, 3, 8), 4: (330, 8, 2, 8), 2: (700, 16, 8, 14)}
FEWER = {6: (210, 4, 2, 5), 4: (330, 4, 2, 5), 2: (700, 8, 4, 9)}
TIGHT = {6: (120, 3, 2, 3), 4: (160, 3, 2, 2), 2: (320, 6, 4, 6)}
NAME_ROOM, VALUE_ROOM = 90, 60  # characters at the last level
# Products a page: characters in a line, in a line of a value, points of height for the text.
MEASURE = {6: (35, 19, 202), 4: (62, 38, 160), 2: (54, 32, 335)}
OVERRIDES = re.compile(r"[\u202a-\u202e\u2066-\u2069]")  # every value is isolated by the page
# A number keeps its unit and its factor on the line: "24 cm", "70 × 180 cm".
TIED = re.compile(r"(?<=\d) (?=[^\W\d]{1,2}\b)|(?<=\d) (?=×)|(?<=×) (?=\d)")
RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff\u200f\ufb1d-\ufefc]")
LETTER = re.compile(r"[^\W\d_]")
UNPRINTABLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f\ufe0f\U0001F000-\U0001FBFF\U000E0000-\U000E007F]"
)
PHOTO_PIXELS = {6: 420, 4: 660, 2: 960}
PHOTO_SHAPE = {6: 33 / 42, 4: 54 / 62, 2: 80 / 92}
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
    """One unit's card in one locale, at the level of cutting that it is asked for."""

    def __init__(self, unit: Unit, context: RenderContext):
        self.unit, self.context, self.locale = unit, context, context.locale
        self.main, *self.variants = views(unit, context.labels[self.locale], locale=self.locale)
        self.per_page = int(context.options.get("per_page") or 6)
        self.words = self.main.format.words
        self.warnings: list[Refusal] = []
        self.others = other_views(unit, context)

    @property
    def mark(self) -> str:
        """The id of the card on its page: its own, so that neighbours leave no trace in it."""
        return "c" + hashlib.sha256(self.main.identifier.encode()).hexdigest()[:16]

    def warn(self, code: str, message: str, *, field: str = "", **params) -> None:
        told = Refusal(self.main.identifier, code, message, field, "warning", params)
        self.warnings.append(told)

    @cached_property
    def picture(self) -> Picture | None:
        """The main picture at print size, or None with a warning that says why."""
        asset = self._asset
        if not asset or asset.get("kind", "image") != "image":
            self.warn("picture_missing", _("There is no picture."), field="image")
            return None
        try:
            path = self.context.assets.derivative(
                asset["sha256"], width=self._photo_pixels, media_type="image/jpeg"
            )
        except (PictureError, OSError) as error:
            message = _("The picture cannot be used: %(why)s")
            self.warn("picture_unusable", message, field="image", why=str(error))
            return None
        if not asset.get("alt") and is_tagged(self.context):
            message = _("A picture has no alternative text; screen readers hear the name instead.")
            self.warn("alt_missing", message, field="image")
        return Picture(path, self._crops(asset), asset.get("alt") or self.main.name)

    @property
    def _photo_pixels(self) -> int:
        pixels = PHOTO_PIXELS[self.per_page]
        return (
            pixels * 3 // 5 if is_tagged(self.context) else pixels
        )  # a file to be sent, not printed

    @property
    def _asset(self) -> dict | None:
        return next(iter(self.main.pictures), None)

    def _crops(self, asset: dict) -> bool:
        """A picture whose shape is near that of the frame fills it; others are shown whole."""
        width, height = asset.get("width") or 1, asset.get("height") or 1
        return 0.72 < (width / height) / PHOTO_SHAPE[self.per_page] < 1.45

    def reads(self) -> list:
        """Return all that the card depends on, as it was published."""
        asset = self._asset or {}
        picture = [asset.get(key) for key in ("sha256", "kind", "width", "height", "alt")]
        texts = [self.main.identifier, self.main.name, self._intro, self.main.text("brand")]
        texts += [
            tongue for tongue in (self._tongue("name"), self._tongue(self._intro_role)) if tongue
        ]
        texts += [part for block in self._blocks for part in block.values()]
        shown = [texts, self._all_values, self._variant_rows, self._price, picture]
        return [*shown, self.trimmings.foot, self.trimmings.mark]

    @cached_property
    def trimmings(self) -> Trimmings:
        """Symbols and holes of the card."""
        others = told(self.unit, self.context).get("others") or ()
        return Trimmings(self.main, self.context, others=len(others))

    @cached_property
    def first_level(self) -> int:
        """The first level at which the text can be expected to fit: it saves failed layouts."""
        for level, scale in enumerate(SCALES[:-1]):
            if self._height(level) * scale <= MEASURE[self.per_page][2]:
                return level
        return LAST_LEVEL

    def _height(self, level: int) -> float:
        """Return roughly how high the text is at a level's amount, in points before scaling."""
        wide, narrow, _ = (n / SCALES[level] for n in MEASURE[self.per_page])
        _, values, variants = self._amounts(level)
        height = 12 + 13.5 * _lines(self._name, wide * 0.68) + 10.4 * _lines(self._intro, wide)
        height += sum(11.3 * _lines(text, narrow) for _, text in self._all_values[:values])
        more = (len(self._all_values) > values) + (len(self.variants) > variants)
        height += 10 * (self.trimmings.lines + 1) if self.trimmings.lines else 0
        height += 18 if self.trimmings.pictures else 0
        height += sum(
            13.5 * _lines(block["name"], wide * 0.85) + 10.4 * _lines(block["intro"], wide) + 4
            for block in self._blocks
        )
        return height + 11.3 * min(variants, len(self.variants)) + 10 * more + 8

    def _amounts(self, level: int) -> tuple[int, int, int]:
        """Return characters of text, rows of values and rows of variants that a level allows."""
        table = (ROOM, ROOM, ROOM, FEWER, TIGHT)[level]
        text, alone, beside, variants = table[self.per_page]
        values = max(beside, alone - len(self.variants)) if self.variants else alone
        left_over = 1 if len(self._all_values) == values + 1 else 0
        return text, values + left_over, variants + (len(self.variants) == variants + 1)

    @cached_property
    def _name(self) -> str:
        return self._printable(self.main.name, field="name")

    def _printable(self, text: str, *, field: str) -> str:
        """Return the text without what the fonts of print do not have: emoji, controls."""
        plain = " ".join(UNPRINTABLE.sub("", OVERRIDES.sub("", text)).split())
        if UNPRINTABLE.search(text):
            message = _("Emoji or control characters were left out.")
            self.warn("characters_left_out", message, field=field)
        return TIED.sub("\N{NO-BREAK SPACE}", plain)

    def _tongue(self, role: str) -> str:
        """Return the attribute that says which language a text is in, where it is another one."""
        language = self.main.language(role)
        return format_html(' lang="{}"', language) if language else ""

    @property
    def _intro_role(self) -> str:
        return "short_description" if self.main.text("short_description").strip() else "description"

    @cached_property
    def _intro(self) -> str:
        short = self.main.text("short_description").strip()
        text = short or _opening(self.main.text("description"), room=ROOM[self.per_page][0])
        return self._printable(text, field="short_description" if short else "description")

    @cached_property
    def _all_values(self) -> list[tuple[str, str]]:
        axes = {axis for variant in self.variants for axis in variant.body.get("axes") or []}
        chosen = self.context.options.get("attributes") or []
        chosen = chosen.replace(",", " ").split() if isinstance(chosen, str) else chosen
        apart = axes | self.trimmings.hidden
        return [
            side_by_side(self.main, self.others, code, clean=partial(self._printable, field=code))
            for _, rows in self.main.specifications
            for code, _label, _text in rows
            if code not in apart and (code in chosen if chosen else self._specifies(code))
        ]

    @cached_property
    def _blocks(self) -> list[dict[str, str]]:
        """Name and introduction in every language of a combined edition but the first."""
        clean = partial(self._printable, field="name")
        return [block(view, clean) for view in self.others]

    def _specifies(self, code: str) -> bool:
        attribute = self.main.labels.body["attributes"].get(code, {})
        plain = attribute.get("kind") not in UNSPECIFIED_KINDS
        return plain and attribute.get("role") not in UNSPECIFIED_ROLES

    def says(self, level: int) -> dict[str, Any]:
        """Return what the template shows at `level`; warnings are added at the last one."""
        last = level == LAST_LEVEL
        text_room, value_rows, variant_rows = self._amounts(level)
        name = self._cut(self._name, NAME_ROOM, last, "name")
        intro = self._cut(self._intro, text_room, last, "short_description")
        values = self._all_values[:value_rows]
        if last:
            values = [(lb, self._cut(text, VALUE_ROOM, last, lb)) for lb, text in values]
        turned = [(label, text, self._turn(text)) for label, text in values]
        return {
            "level": str(level),
            "name": name,
            "size": "long" if len(name) > 60 else "middle" if len(name) > 34 else "short",
            "sku": self.main.identifier if not self.variants else "",
            "intro": intro,
            "others": [
                {
                    **told,
                    "name": self._cut(told["name"], NAME_ROOM, last, "name"),
                    "intro": self._cut(told["intro"], text_room, last, "short_description"),
                }
                for told in self._blocks
            ],
            "name_tongue": self._tongue("name"),
            "intro_tongue": self._tongue(self._intro_role),
            "brand": self.main.text("brand"),
            "mark": mark_safe(self.trimmings.mark),
            "foot": mark_safe(self.trimmings.foot),
            "values": turned,
            "more_values": self._more("more_values", len(self._all_values) - len(values)),
            "variants": self._variant_rows[:variant_rows],
            "more_variants": self._more("more_variants", len(self.variants) - variant_rows),
            **self._price,
        }

    def _turn(self, text: str) -> str:
        """Return the class that turns a Latin value in a right-to-left table."""
        rtl = self.main.format.direction == "rtl"
        latin = rtl and LETTER.search(text) and not RIGHT_TO_LEFT.search(text)
        return mark_safe(' class="ltr"') if latin else ""

    def _cut(self, text: str, room: int, last: bool, field: str) -> str:
        if not last or len(text) <= room:
            return text
        message = _("Shortened to fit: %(beginning)s…")
        self.warn("text_shortened", message, field=field, beginning=text[:60])
        return shortened(text, room=room)

    def _more(self, word: str, count: int) -> str:
        return self.words[word] % count if count > 0 else ""

    @cached_property
    def _currency(self) -> str:
        channel = self.main.labels.body["channel"]
        chosen = self.context.options.get("currency") or ""
        return currency_of(channel, locale=self.context.locale, chosen=chosen)

    def _shown_price(self, view: View):
        return view.price(self._currency) if self._currency else None

    @cached_property
    def _prices(self) -> list:
        found = [self._shown_price(view) for view in self.variants or [self.main]]
        found = [price for price in found if price] or [self._shown_price(self.main)]
        return sorted((p for p in found if p), key=lambda p: Decimal(p.amount))

    @cached_property
    def _price(self) -> dict[str, str]:
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

    @cached_property
    def _variant_rows(self) -> list[dict[str, str]]:
        same = len({price.amount for price in self._prices}) <= 1
        return [self._variant(view, priced=not same) for view in self.variants]

    def _variant(self, view: View, *, priced: bool) -> dict[str, str]:
        price = self._shown_price(view) if priced and self._price["price"] else None
        axes = TIED.sub("\N{NO-BREAK SPACE}", " · ".join(text for _, _, text in view.axis_texts()))
        shown = view.format.price(price.amount, price.currency) if price else ""
        return {"axes": axes or view.name, "sku": view.identifier, "price": shown}


def _lines(text: str, measure: float) -> int:
    return -(-len(text) // int(measure))


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
