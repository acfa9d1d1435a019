"""What one offer of a leaflet says: the product, its price now, its price otherwise."""

from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

from django.utils.translation import gettext_noop as _

from syndication.contract import ItemRefused, Refusal, RenderContext, Unit

from ..alternatives import alternative
from ..images import PictureError
from ..offers import currency_of, money
from ..press.stage import NO_ALT, is_tagged
from ..print_words import print_words
from ..printable import printable, shortened
from ..tongues import in_all, joined
from ..view import View, views
from ..words import words

PIXELS = 1400
# Levels: size of the type, characters of the introduction; at the last one the name is cut too.
LEVELS = ((1.0, 220), (0.9, 160), (0.82, 100), (0.75, 0))
LAST = len(LEVELS) - 1
NAME_ROOM = 70
NO_OFFER = _("There is no price below the list price.")
NO_PRICE = _("There is no price in %(lists)s.")


class Deal(NamedTuple):
    """An amount, what it is otherwise ("" where it is not lower), until when ("" for ever)."""

    amount: str
    regular: str
    currency: str
    until: str
    taxed: bool


class Offer:
    """One unit as an offer in one locale; `warnings` grow while it is read."""

    def __init__(self, unit: Unit, context: RenderContext):
        self.context, self.locale = context, context.locale
        self.main, *self.variants = views(unit, context.labels[self.locale], locale=self.locale)
        self.others = [
            views(unit, context.labels[code], locale=code)[0] for code in context.locales[1:]
        ]
        self.warnings: list[Refusal] = []
        self.level = 0

    def warn(self, code: str, message: str, *, field: str = "", **params) -> None:
        told = Refusal(self.main.identifier, code, message, field, "warning", params)
        if told not in self.warnings:
            self.warnings.append(told)

    def refused(self, code: str, message: str, **params) -> ItemRefused:
        return ItemRefused(Refusal(self.main.identifier, code, message, "price", params=params))

    def reads(self) -> list:
        """Return all that the card and the order depend on, as it was published."""
        picture = [self._asset.get(key) for key in ("sha256", "width", "height")]
        picture.append(self._alt)
        deal = list(self.deal) if self.deal else None
        return [self._texts, self._told, self.main.identifier, deal, picture, len(self.variants)]

    @cached_property
    def _asset(self) -> dict:
        return next(iter(self.main.pictures), None) or {}

    @property
    def _alt(self) -> str:
        return alternative(self._asset, [self.main, *self.others]) if self._asset else ""

    @cached_property
    def _texts(self) -> list[str]:
        name, intro = self.main.name, self.main.text("short_description")
        plain = [printable(text) for text in (name, intro, self.main.text("brand"))]
        if not all(complete for _text, complete in plain):
            message = _("Emoji or control characters were left out.")
            self.warn("characters_left_out", message, field="name")
        return [text for text, _complete in plain]

    @cached_property
    def _told(self) -> list[dict[str, str]]:
        """Name and introduction in every language of a combined edition but the first."""
        return [
            {
                "name": printable(view.name)[0],
                "intro": printable(view.text("short_description"))[0],
                "locale": view.locale,
                "dir": view.format.direction,
            }
            for view in self.others
        ]

    @cached_property
    def deal(self) -> Deal | None:
        """The lowest price of the product or of its variants, with its list price."""
        found = [self._deal(view) for view in self.variants or [self.main]]
        known = [deal for deal in found if deal]
        return min(known, key=lambda deal: Decimal(deal.amount), default=None)

    def _deal(self, view: View) -> Deal | None:
        currency = self._currency
        chosen = str(self.context.options.get("price_list") or "")
        price = view.price(currency) if currency else None
        listed = money((view.role("price") or {}).get(currency), currency)
        if not chosen:
            if not price:
                return None
            regular = _above(price.regular or listed, price.amount)
            return Deal(price.amount, regular, currency, price.valid_to, price.tax_included)
        rows = [p for p in view.facts.prices if p["price_list"] == chosen]
        if not rows:
            return None
        row = rows[0]
        amount = money(row["amount"], row["currency"])
        others = [
            money(p["amount"], p["currency"])
            for p in view.facts.prices
            if p["price_list"] != chosen and p["currency"] == row["currency"]
        ]
        same = listed if row["currency"] == currency else ""
        regular = next((o for o in others if _above(o, amount)), _above(same, amount))
        return Deal(
            *(amount, regular, row["currency"]),
            *(row.get("valid_to") or "", row.get("tax_included", True)),
        )

    @property
    def _currency(self) -> str:
        channel = self.main.labels.body["channel"]
        chosen = self.context.options.get("currency") or ""
        return currency_of(channel, locale=self.locale, chosen=chosen)

    def check(self) -> None:
        """Raise ItemRefused where an offer has to be one and is not."""
        if not self.deal:
            lists = str(self.context.options.get("price_list") or self._currency or "–")
            raise self.refused("price_missing", NO_PRICE, lists=lists)
        if not self.deal.regular:
            if self.context.options.get("only_offers"):
                raise self.refused("no_offer", NO_OFFER)
            self.warn("no_offer", NO_OFFER, field="price")

    @cached_property
    def picture(self):
        """The path of the picture at print size, or None with a warning that says why."""
        if not self._asset:
            self.warn("picture_missing", _("There is no picture."), field="image")
            return None
        pixels = PIXELS
        if is_tagged(self.context):
            pixels = pixels * 3 // 5  # it is there to be sent, not printed
            if not self._asset.get("alt"):
                self.warn("alt_missing", NO_ALT, field="image")
        try:
            return self.context.assets.derivative(
                self._asset["sha256"], width=pixels, media_type="image/jpeg"
            )
        except (PictureError, OSError) as error:
            message = _("The picture cannot be used: %(why)s")
            self.warn("picture_unusable", message, field="image", why=str(error))
            return None

    def says(self) -> dict[str, Any]:
        """Return what the card shows at its level."""
        name, intro, brand = self._texts
        scale, room = LEVELS[self.level]
        return {
            "name": self._name_in(name),
            "intro": _within(intro, room, self.level),
            "others": [
                told
                | {"name": self._name_in(told["name"])}
                | {"intro": _within(told["intro"], room, self.level)}
                for told in self._told
            ],
            "brand": brand,
            "sku": printable(self.main.identifier)[0] if not self.variants else "",
            "scale": f"{scale * 100:.0f}",
            "alt": self._alt,
            **self._prices(),
        }

    def _name_in(self, name: str) -> str:
        """Return a name as the level has room for it."""
        if self.level < LAST or len(name) <= NAME_ROOM:
            return name
        message = _("Shortened to fit: %(beginning)s…")
        self.warn("text_shortened", message, field="name", beginning=name[:60])
        return shortened(name, room=NAME_ROOM)

    def _said(self, key: str) -> str:
        """Return a word in every language of the edition."""
        return in_all(self.context.locales, lambda code: (words(code) | print_words(code))[key])

    def _prices(self) -> dict[str, str]:
        show, deal = self.main.format.price, self.deal
        text = show(deal.amount, deal.currency)
        found = {"price": text, "from": "", "regular": "", "saving": "", "listed": ""}
        found["tax"] = self._said("incl_tax" if deal.taxed else "excl_tax")
        if len({d.amount for d in map(self._deal, self.variants) if d}) > 1:
            since = (words(code)["from"] % "" for code in self.context.locales)
            found["from"] = joined(word.strip() for word in since)
        if deal.regular:
            found["regular"], found["listed"] = (
                show(deal.regular, deal.currency),
                self._said("list_price"),
            )
            found["saving"] = f"−{saving(deal)}\N{NO-BREAK SPACE}%"
        return found


def _within(intro: str, room: int, level: int) -> str:
    """Return an introduction in so many characters; at the first level it is as it is."""
    if room >= len(intro):
        return intro
    return shortened(intro, room=room) if room and level else intro * bool(room)


def saving(deal: Deal) -> int:
    """Return how many per cent less it is, rounded down: never more than is true."""
    regular = Decimal(deal.regular)
    return int((regular - Decimal(deal.amount)) / regular * 100)


def _above(regular: str, amount: str) -> str:
    return regular if regular and amount and Decimal(regular) > Decimal(amount) else ""
