"""The pages of a leaflet: headline and dates above the first offers, the others behind."""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any, NamedTuple

import orjson
from django.utils.translation import gettext_noop as _

from syndication.contract import EditionPlan, PageNote, Piece, Refusal, RenderContext, Unit

from ..collation import collation_key
from ..formats import Formatter, cldr_locale
from ..labels.sheets import place_of
from ..pages import render, template_digest
from ..pdf import engine_version, lay_out
from ..press.entry import stage_of
from ..press.findings import reported
from ..press.stage import is_tagged
from ..print.dress import style, told
from ..print.parts import Pack
from ..print.sheet import MM
from ..print.taking_apart import take_apart
from ..print.volume import Shown, Volume, coded, links_of, placed
from ..print_words import print_words
from ..tokens import tagline
from ..tongues import Text, distinct, in_all, texts
from ..words import words
from .closing import free_areas
from .offer import Offer
from .order import listed
from .setting import CODE, EDGE, FOLDER, GAP, PAGE, TOP, card_size, grid_of

MOST = 8  # pages
BLEED = 5 * MM  # of what reaches the edges, cut to what the form of the file has
RECIPE = "6"  # raise it when the same values make other bytes
LEFT_OUT = _("The leaflet has no room for it: %(pages)d pages hold %(room)d offers.")


def summarise(unit: Unit, context: RenderContext) -> dict:
    """Return what order and dates must know of an offer."""
    offer = Offer(unit, context)
    labels = context.labels[context.locale]
    return {
        "name": offer.main.name,
        "place": place_of(offer.main.body.get("categories") or [], labels),
        "until": offer.deal.until if offer.deal else "",
    }


class Placed(NamedTuple):
    """An offer with the page (from 1) and the place on it, in reading order."""

    piece: Piece
    page: int
    slot: int


def write_leaflet(
    plan: EditionPlan, pieces: Iterable[Piece], context: RenderContext, target, *, name: str
) -> Iterator[Refusal]:
    """Write the leaflet to a binary file, which `name` names; yield what found no room."""
    leaflet = _Leaflet(plan, context)
    placed, left = leaflet.place(list(pieces))
    yield from leaflet.write(placed, target)
    plan.pages.extend(leaflet.notes(placed, file=name))
    params = {"pages": leaflet.most, "room": leaflet.room}
    for piece in left:
        yield Refusal(piece.identifier, "no_room", LEFT_OUT, "", "warning", params)


class _Leaflet:
    def __init__(self, plan: EditionPlan, context: RenderContext):
        self.plan, self.context, self.options = plan, context, context.options
        self.columns, self.rows = grid_of(context)
        self.rtl = cldr_locale(context.locale).text_direction == "rtl"
        self.most = min(max(int(self.options.get("pages") or MOST), 1), MOST)
        self.first = self.columns * (self.rows - 1)  # the headline takes a row
        self.room = self.first + (self.most - 1) * self.columns * self.rows
        self.headlines = distinct(texts(context.locales, self._headline))
        self.headline = self.headlines[0]["text"]

    def _headline(self, locale: str) -> str:
        """Return the headline of a language, else the one for all."""
        rows = self.options.get("headlines")
        rows = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
        own = next((r.get("text") for r in rows if r.get("locale") == locale), "")
        chosen = str(own or "") or told(self.options.get("headline"), locale)
        return chosen or print_words(locale)["offers"]

    def place(self, pieces: list[Piece]) -> tuple[list[Placed], list[Piece]]:
        """Return the offers in their places, and those that are too many."""
        ordered = sorted(pieces, key=self._key)
        placed = []
        for n, piece in enumerate(ordered[: self.room]):
            if n < self.first:
                placed.append(Placed(piece, 1, n + self.columns))
            else:
                page, slot = divmod(n - self.first, self.columns * self.rows)
                placed.append(Placed(piece, page + 2, slot))
        return placed, ordered[self.room :]

    def _key(self, piece: Piece) -> tuple:
        """By hand first, then by category and name."""
        by_hand = listed(str(self.options.get("order") or ""))
        at = by_hand.index(piece.identifier) if piece.identifier in by_hand else len(by_hand)
        name = collation_key(piece.summary["name"], locale=self.context.locale)
        return at, tuple(map(tuple, piece.summary["place"])), name, piece.identifier

    def write(self, offers: list[Placed], target) -> list[Refusal]:
        """Write the pages; return what a printer should know of them."""
        stage = stage_of(self.context)
        volume = Volume(target, locale=self.context.locale, rtl=self.rtl, stage=stage)
        heads = volume.place(Pack.from_bytes(self._furniture(offers)))
        last = max([o.page for o in offers], default=1)
        for page in range(1, last + 1):
            forms, links = {"H": heads[min(page, 2) - 1 if page < last else -1]}, []
            content = [placed("H", -BLEED, -BLEED)]
            for offer in (o for o in offers if o.page == page):
                x, y = self._corner(offer.slot)
                pack = Pack.from_bytes(offer.piece.payload)
                forms[f"O{offer.slot}"] = volume.place(pack)[0]
                content += [placed(f"O{offer.slot}", x, y), *self._code(offer, x, y)]
                links += links_of(pack.notes[0], x=x, y=y)
            volume.page(PAGE, content, forms=forms, links=links)
        brand = str(self.context.tokens.get("brand") or "")
        volume.finish(title=self.headline, author=brand, issued_on=self.plan.issued_on)
        cards = {(o.page, f"O{o.slot}"): o.piece.identifier for o in offers}
        return reported(volume.findings, cards=cards)

    def notes(self, placed: list[Placed], *, file: str) -> Iterator[PageNote]:
        """Yield what stands on every page."""
        size = card_size(self.context)
        for page in range(1, max([p.page for p in placed], default=1) + 1):
            offers = (offer for offer in placed if offer.page == page)
            boxes = [(o.piece.identifier, (*self._corner(o.slot), *size)) for o in offers]
            yield PageNote(file, page, str(page), self.headline, boxes)

    def _corner(self, slot: int) -> tuple[float, float]:
        row, column = divmod(slot, self.columns)
        width, height = card_size(self.context)
        if self.rtl:
            column = self.columns - 1 - column
        x = EDGE + column * (width + GAP)
        return x, PAGE[1] - TOP - (row + 1) * height - row * GAP

    def _code(self, offer: Placed, x: float, y: float) -> list[Shown]:
        """Return the code of an offer, counted for this edition and page."""
        if self.options.get("codes") is False or not self.plan.touchpoint:
            return []
        url = self.plan.touchpoint(offer.piece.identifier, f"page-{offer.page}")
        width, _height = card_size(self.context)
        left = x if self.rtl else x + width - CODE
        return [coded(url, x=left, y=y + 1.5 * MM, side=CODE, remember=self.context.remember)]

    def _furniture(self, placed: list[Placed]) -> bytes:
        """Return what stands around the offers of the first page, of the others, and of the last
        one."""
        _width, height = card_size(self.context)
        values = {
            "headline": self.headline,
            "headlines": self.headlines[1:],
            "subtitles": self._options("subtitle"),
            "brand": self.context.tokens.get("brand") or "",
            "dates": distinct(texts(self.context.locales, partial(self._dates, placed))),
            "notes": self._options("note"),
            "edition": self._edition(),
            "locale": self.context.locale,
            "direction": "rtl" if self.rtl else "ltr",
            "start": "right" if self.rtl else "left",
            "long": "long" if len(self.headline) > 24 else "",
            **self._last(placed),
        }
        css = style(f"{FOLDER}/furniture.css", self.context, band=f"{TOP + height + BLEED:.3f}pt")
        tagged = is_tagged(self.context)
        inputs = [RECIPE, values, css, template_digest(FOLDER), engine_version(), tagged]
        key = orjson.dumps(inputs, option=orjson.OPT_SORT_KEYS).decode()
        return self.context.remember(key, lambda: _set(values, css, tagged=tagged))

    def _options(self, code: str) -> list[Text]:
        """Return what a text option says in every language, each text once."""
        return distinct(texts(self.context.locales, partial(told, self.options.get(code))))

    def _edition(self) -> str:
        word = in_all(self.context.locales, lambda code: words(code)["edition"])
        issued = self._date(self.plan.issued_on, self.context.locale)
        return f"{word} {self.plan.number} · {issued}"

    def _date(self, day: str, locale: str) -> str:
        return Formatter(self.context.labels[locale], locale=locale).date(day)

    def _last(self, placed: list[Placed]) -> dict[str, Any]:
        """Return how the last page is closed: its kind, and the brand in what is left free."""
        last = max(placed, key=lambda p: (p.page, p.slot), default=Placed(None, 1, 0))
        used = last.slot + 1 if placed else self.columns * self.rows
        tile, panel = free_areas(
            used, columns=self.columns, rows=self.rows, size=card_size(self.context)
        )
        return {
            "last": "cover" if last.page == 1 else "strip",
            "tile": tile and tile.css(bleed=BLEED),
            "panel": panel and panel.css(bleed=BLEED),
            "taglines": distinct(
                texts(self.context.locales, partial(tagline, self.context.tokens))
            ),
            "url": self.context.public_url.removeprefix("https://").removeprefix("http://"),
        }

    def _dates(self, placed: list[Placed], locale: str) -> str:
        """Return when the offers hold, in a language: as chosen, else until the first of them
        ends."""
        start, end = (str(self.options.get(k) or "") for k in ("valid_from", "valid_to"))
        ends = [p.piece.summary["until"] for p in placed if p.piece.summary["until"]]
        end = end or min(ends, default="")
        known = print_words(locale)
        if start and end:
            both = {"start": self._date(start, locale), "end": self._date(end, locale)}
            return known["valid_between"] % both
        if end:
            return known["valid_until"] % self._date(end, locale)
        return known["valid_from"] % self._date(start, locale) if start else ""


def _set(values: dict[str, Any], css: str, *, tagged: bool) -> bytes:
    sheets = lay_out(render(f"{FOLDER}/furniture.html", values), css=css)
    if len(sheets) != 3 or sheets.errors:
        raise ValueError(f"leaflet: {(sheets.errors or ['the headline is too long'])[0]}")
    # What stands on every further page is read once, with the first.
    return take_apart(
        sheets.pdf(tagged=tagged),
        voices=["", "artifact", "" if values["last"] == "cover" else "artifact"],
    ).to_bytes()
