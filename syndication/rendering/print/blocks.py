"""The blocks of a card: mark-up that layouts place, made from what is shown of each section."""

from itertools import groupby

from django.utils.html import escape

from .. import tokens as design
from ..fonts import set_width
from ..printable import shortened
from ..tongues import Text, distinct, joined, texts
from ..view import View
from ..words import words
from .cards import Card
from .fitting import MARKED, NAME_ROOM, Job, pieces_of
from .hyphens import hyphenated
from .layouts.template import Ready
from .tongues import BETWEEN, WITHIN, each

MARKS = 48  # in one text
MORE = (("variants", "more_variants"), ("table", "more_variants"), ("values", "more_values"))


class Blocks:
    """Makes the values of a template for one attempt at a card."""

    def __init__(self, job: Job):
        self.job, self.card, self.attempt = job, job.card, job.attempt
        self.pieces = pieces_of(job.card)

    def values(self) -> dict[str, str]:
        """Return everything that a template may name; blocks it does not use are not made."""
        card = self.card
        found: dict[str, str] = {
            "name": self.name,
            "sku": self.sku,
            "brand": card.main.text("brand"),
        }
        found |= card.settings.texts
        for name in card.layout.html.names:
            if maker := getattr(self, f"_{name}", None):
                found[name] = Ready(maker())
        if self._reserves:
            # What stands below the sections takes its room first: the rest is theirs.
            lead = card.layout.above_more
            found[lead] = Ready(found.pop("more") + found[lead])
        return found

    @property
    def _reserves(self) -> bool:
        return self.attempt.stage == MARKED and bool(self.card.layout.above_more)

    def continued(self) -> str:
        """Return the inside of a card that goes on with what had no room before."""
        title = self._e(self.card.words["continued"] % self.name)
        others = "".join(
            self._named(told | {"name": words(told["locale"])["continued"] % told["name"]})
            for told in self.card.tongues
        )
        inner = "".join(getattr(self, f"_{name}")() for name in self.card.layout.sections)
        head = f'<h3 class="long">{title}</h3>{others}'
        return f'<div class="continued">{head}{inner}{self._more()}</div>'

    @property
    def name(self) -> str:
        name = self.card.name
        return shortened(name, room=NAME_ROOM) if self.attempt.short_name else name

    @property
    def sku(self) -> str:
        identifier = self.card.main.identifier
        return "" if self.card.variants or identifier == self.name else identifier

    def _e(self, text: str) -> str:
        """Return a text as mark-up, very long words with places to break."""
        return escape(hyphenated(text, locale=self.card.locale))

    def _photo(self) -> str:
        picture = self.card.pictures.first
        if picture is None:
            word = escape(self.card.said("no_picture"))
            return f'<div class="photo"><div class="none"><i></i>{word}</div></div>'
        return f'<div class="photo">{_img(picture)}</div>'

    def _photos(self) -> str:
        return "".join(f'<div class="photo more">{_img(p)}</div>' for p in self.card.pictures.more)

    def _price(self) -> str:
        price = {key: escape(text) for key, text in self.card.prices.shown.items()}
        if not price["price"]:
            return ""
        before = f"<s>{price['regular']}</s> " if price["regular"] else ""
        before += f"<small>{price['from']}</small> " if price["from"] else ""
        now = f"<b>{price['price']}</b> <small>{each(self.card.prices.tax)}</small>"
        return f'<div class="price">{before}{now}</div>'

    def _number(self) -> str:
        brand, sku = escape(self.card.main.text("brand")), escape(self.sku)
        between = " · " if brand and sku else ""
        number = f"<bdi>{sku}</bdi>" if sku else ""
        return f'<div class="sku">{brand}{between}{number}&#8203;</div>'

    def _title(self) -> str:
        size = "long" if len(self.name) > 60 else "middle" if len(self.name) > 34 else "short"
        name = self._e(self.name) + self.card.trimmings.mark
        title = f'<h3 class="{size}"{self._lang("name")}>{name}</h3>'
        return _beside([title, *map(self._named, self.card.tongues)]) if self._side else title

    @property
    def _side(self) -> bool:
        """Say whether the languages of a combined edition stand side by side."""
        return self.card.beside and not self.attempt.part

    def _named(self, told: dict[str, str]) -> str:
        """Return the name in another language of the edition."""
        whole = told["name"]
        name = self._e(shortened(whole, room=NAME_ROOM) if self.attempt.short_name else whole)
        return f'<p class="named" lang="{told["locale"]}" dir="{told["dir"]}">{name}</p>'

    def _shown(self, section: str) -> list:
        start, stop = self.attempt.spans[section]
        return self.pieces[section][start:stop]

    def _mark(self, section: str, n: int) -> str:
        """Return a mark behind the n-th shown piece, by which it is found on its page."""
        if self.attempt.stage != MARKED:
            return ""
        return f'<i id="{mark_of(self.card, section, n)}"></i>'

    def _lang(self, role: str) -> str:
        language = self.card.tongue(role)
        return f' lang="{escape(language)}"' if language else ""

    def _intro(self) -> str:
        text, lang = self._words("intro"), self._lang(self.card.intro_role)
        intro = f'<div class="intro"><p{lang}>{text}</p></div>' if text.strip() else ""
        if self.attempt.part or not self.card.tongues:
            return intro
        if self._side:
            others = list(map(self._told, self.card.tongues))
            return _beside([intro, *others]) if intro or any(others) else ""
        others = (self._named(told) + self._told(told) for told in self.card.tongues)
        return intro + "".join(f'<div class="other">{other}</div>' for other in others)

    def _told(self, told: dict[str, str]) -> str:
        """Return the introduction in another language of the edition."""
        about = f'lang="{told["locale"]}" dir="{told["dir"]}"'
        return f"<p {about}>{self._e(told['intro'])}</p>" if told["intro"] else ""

    def _description(self) -> str:
        pieces, (start, _stop) = self.pieces["description"], self.attempt.spans["description"]
        before = sum(piece.endswith("\n") for piece in pieces[:start])
        ways = [self._way(view) for view, _text in self.card.paragraphs[before:]]
        texts = self._words("description").split("\n")  # without what had no room
        shown = [f"<p{w}>{t}</p>" for w, t in zip(ways, texts, strict=False) if t.strip()]
        return f'<div class="description">{"".join(shown)}</div>' if shown else ""

    def _way(self, view: View) -> str:
        """Return how a paragraph of the description is read."""
        if view is self.card.main:
            return self._lang("description")
        return f' lang="{view.locale}" dir="{view.format.direction}"'

    def _words(self, section: str) -> str:
        shown = self._shown(section)
        # A mark behind every word would take the layout far more time than the words themselves.
        every = len(shown) // MARKS + 1
        words = [
            self._e(word) + (self._mark(section, n) if (n + 1) % every == 0 else "")
            for n, word in enumerate(shown)
        ]
        stop = self.attempt.spans[section][1]
        over = stop < len(self.pieces[section]) and shown and not self.card.continues
        return "".join(words).rstrip() + ("…" if over else "")

    def _values(self) -> str:
        rows = (
            f"<tr><th>{self._e(label)}</th><td{self._turned(text)}>{self._e(text)}"
            f"{self._mark('values', n)}</td></tr>"
            for n, (label, text) in enumerate(self._shown("values"))
        )
        return _table("values", "", "".join(rows))

    def _turned(self, text: str) -> str:
        turn = self.card.turn(text)
        return f' class="{turn}"' if turn else ""

    def _variants(self) -> str:
        shown = self._shown("variants") if not self.card.table else []
        priced = " priced" if any(row["price"] for row in shown) else ""
        width = self._share(shown, whole=76 if priced else 100)
        rows = (
            f'<tr><td class="axes">{escape(row["axes"])}</td>'
            f'<td class="no" style="width: {width}%">{escape(row["sku"])}'
            f"{self._mark('variants', n)}</td>{_cost(row['price'])}</tr>"
            for n, row in enumerate(shown)
        )
        return _table(f"variants{priced}", "", "".join(rows))

    def _share(self, rows: list[dict[str, str]], *, whole: int) -> int:
        """Return the per cent of the width that article numbers need beside what the axes say."""
        fonts = design.merged(self.card.context.tokens)["fonts"]
        families = [*fonts["sans"], *fonts["last"]]
        widths = {
            key: max((set_width(row[key], families) for row in rows), default=1.0)
            for key in ("axes", "sku")
        }
        share = widths["sku"] / max(1.0, sum(widths.values()))
        return round(whole * min(0.75, max(0.3, share)))

    def _table(self) -> str:
        if not self.card.table:
            return ""
        numbered = list(enumerate(self._shown("table")))
        bands = groupby(numbered, key=lambda pair: pair[1].band)
        return "".join(self._band(band, list(rows)) for band, rows in bands)

    def _band(self, band: int, rows: list) -> str:
        card = self.card
        priced = any(row.price for _, row in rows)
        heads = [column.label for column in card.table.bands[band]]
        head = "".join(f"<th>{self._e(text)}</th>" for text in [*heads, card.said("article")])
        head += f'<th class="cost">{self._e(card.said("price"))}</th>' if priced else ""
        lines = (self._line(n, row, priced=priced) for n, row in rows)
        return _table("table", f"<thead><tr>{head}</tr></thead>", "".join(lines))

    def _line(self, n: int, row, *, priced: bool) -> str:
        cells = "".join(f"<td{self._turned(text)}>{self._e(text)}</td>" for text in row.cells)
        cost = f'<td class="cost">{escape(row.price)}</td>' if priced else ""
        number = f'<td class="no">{escape(row.sku)}{self._mark("table", n)}</td>'
        return f"<tr>{cells}{number}{cost}</tr>"

    def _more(self) -> str:
        """Return the line that says what is not shown; symbols and references."""
        foot = "" if self.attempt.part else self.card.trimmings.foot
        if self.card.continues:
            return foot
        told = texts(self.card.context.locales, self._told_left)
        ways = groupby(distinct(told), key=lambda text: text["dir"])
        return "".join(_left_line(way, list(lines)) for way, lines in ways) + foot

    def _told_left(self, locale: str) -> str:
        """Return what is said of all that is not shown, in a language."""
        known = words(locale)
        told = (self._left_out(section, word, known) for section, word in MORE)
        return BETWEEN.join(filter(None, told))

    def _left_out(self, section: str, word: str, known: dict[str, str]) -> str:
        """Return what is said of the rows of a section that are not shown, "" where all are."""
        count = self._left(section)
        if count and word == "more_variants" and not self._shown(section):
            return f"{known['articles']}: {count}"
        return known[word] % count if count else ""

    def _left(self, section: str) -> int:
        if section not in self.attempt.spans:
            return 0
        if self._reserves:
            return len(self.pieces[section])  # no more than these
        return len(self.pieces[section]) - self.attempt.spans[section][1]


def _left_line(way: str, told: list[Text]) -> str:
    """Return what is not shown, in the languages that are read this way."""
    line = joined((text["text"] for text in told), between=WITHIN)
    return f'<p class="more" dir="{way}">{escape(line)}</p>'


def mark_of(card: Card, section: str, n: int) -> str:
    """Return the id of the mark behind the n-th shown piece of a section."""
    return f"{card.mark}-{section}-{n}"


def _beside(columns: list[str]) -> str:
    """Return columns of the same width, one for each language."""
    cells = "".join(f'<div class="tongue">{column}</div>' for column in columns)
    return f'<div class="tongues"><div class="line">{cells}</div></div>'


def _img(picture) -> str:
    fit = "cover" if picture.cover else "whole"
    return f'<img class="{fit}" src="asset:{picture.path.name}" alt="{escape(picture.alt)}">'


def _cost(price: str) -> str:
    return f'<td class="cost">{escape(price)}</td>' if price else ""


def _table(classes: str, head: str, rows: str) -> str:
    return f'<table class="{classes}">{head}<tbody>{rows}</tbody></table>' if rows else ""
