"""The blocks of a card: mark-up that layouts place, made from what is shown of each section."""

from collections.abc import Iterable
from itertools import groupby

from django.utils.html import escape

from .cards import Card, shortened
from .fitting import MARKED, NAME_ROOM, Job, pieces_of
from .hyphens import hyphenated
from .layouts.template import Ready

MARKS = 48  # in one text
MORE = (("values", "more_values"), ("variants", "more_variants"), ("table", "more_variants"))


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
        return found

    def continued(self) -> str:
        """Return the inside of a card that goes on with what had no room before."""
        title = self._e(self.card.words["continued"] % self.name)
        inner = "".join(getattr(self, f"_{name}")() for name in self.card.layout.sections)
        return f'<div class="continued"><h3 class="long">{title}</h3>{inner}{self._more()}</div>'

    @property
    def name(self) -> str:
        name = self.card.name
        return shortened(name, room=NAME_ROOM) if self.attempt.short_name else name

    @property
    def sku(self) -> str:
        return "" if self.card.variants else self.card.main.identifier

    def _e(self, text: str) -> str:
        """Return a text as mark-up, very long words with places to break."""
        return escape(hyphenated(text, locale=self.card.locale))

    def _photo(self) -> str:
        picture = self.card.picture
        if picture is None:
            word = escape(self.card.words["no_picture"])
            return f'<div class="photo"><div class="none"><i></i>{word}</div></div>'
        return f'<div class="photo">{_img(picture)}</div>'

    def _photos(self) -> str:
        return "".join(f'<div class="photo more">{_img(p)}</div>' for p in self.card.gallery)

    def _price(self) -> str:
        price = {key: escape(text) for key, text in self.card.price.items()}
        if not price["price"]:
            return ""
        before = f"<s>{price['regular']}</s> " if price["regular"] else ""
        now = f"<b>{price['price']}</b> <small>{price['tax']}</small>"
        return f'<div class="price">{before}{now}</div>'

    def _number(self) -> str:
        brand, sku = escape(self.card.main.text("brand")), escape(self.sku)
        between = " · " if brand and sku else ""
        number = f"<bdi>{sku}</bdi>" if sku else ""
        return f'<div class="sku">{brand}{between}{number}&#8203;</div>'

    def _title(self) -> str:
        size = "long" if len(self.name) > 60 else "middle" if len(self.name) > 34 else "short"
        name = self._e(self.name) + self.card.trimmings.mark
        return f'<h3 class="{size}"{self._lang("name")}>{name}</h3>'

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

    def _text(self, section: str, paragraphs: Iterable[str]) -> str:
        lang = self._lang(self.card.intro_role if section == "intro" else section)
        texts = [f"<p{lang}>{text}</p>" for text in paragraphs if text.strip()]
        return f'<div class="{section}">{"".join(texts)}</div>' if texts else ""

    def _intro(self) -> str:
        others = "" if self.attempt.part else "".join(map(self._other, self.card.tongues))
        return self._text("intro", [self._words("intro")]) + others

    def _other(self, told: dict[str, str]) -> str:
        """Return the name and the introduction in another language of the edition."""
        name, intro = self._e(told["name"]), self._e(told["intro"])
        if self.attempt.short_name:
            name = self._e(shortened(told["name"], room=NAME_ROOM))
        text = f"<p>{intro}</p>" if intro else ""
        about = f'lang="{told["locale"]}" dir="{told["dir"]}"'
        return f'<div class="other" {about}><p class="named">{name}</p>{text}</div>'

    def _description(self) -> str:
        return self._text("description", self._words("description").split("\n"))

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
        rows = (
            f'<tr><td class="axes">{escape(row["axes"])}</td><td class="no">{escape(row["sku"])}'
            f"{self._mark('variants', n)}</td>{_cost(row['price'])}</tr>"
            for n, row in enumerate(shown)
        )
        return _table(f"variants{priced}", "", "".join(rows))

    def _table(self) -> str:
        if not self.card.table:
            return ""
        numbered = list(enumerate(self._shown("table")))
        bands = groupby(numbered, key=lambda pair: pair[1].band)
        return "".join(self._band(band, list(rows)) for band, rows in bands)

    def _band(self, band: int, rows: list) -> str:
        card, words = self.card, self.card.words
        priced = any(row.price for _, row in rows)
        heads = [column.label for column in card.table.bands[band]]
        heads += [words["article"], *([words["price"]] if priced else [])]
        head = "".join(f"<th>{self._e(text)}</th>" for text in heads)
        lines = (self._line(n, row, priced=priced) for n, row in rows)
        return _table("table", f"<thead><tr>{head}</tr></thead>", "".join(lines))

    def _line(self, n: int, row, *, priced: bool) -> str:
        cells = "".join(f"<td{self._turned(text)}>{self._e(text)}</td>" for text in row.cells)
        cost = f'<td class="cost">{escape(row.price)}</td>' if priced else ""
        number = f'<td class="no">{escape(row.sku)}{self._mark("table", n)}</td>'
        return f"<tr>{cells}{number}{cost}</tr>"

    def _more(self) -> str:
        """Return the lines that say how many rows are not shown; symbols and references."""
        foot = "" if self.attempt.part else self.card.trimmings.foot
        if self.card.continues:
            return foot
        lines = [
            self.card.words[word] % count
            for section, word in MORE
            if (count := self._left(section))
        ]
        return "".join(f'<p class="more">{escape(line)}</p>' for line in lines) + foot

    def _left(self, section: str) -> int:
        if section not in self.attempt.spans:
            return 0
        return len(self.pieces[section]) - self.attempt.spans[section][1]


def mark_of(card: Card, section: str, n: int) -> str:
    """Return the id of the mark behind the n-th shown piece of a section."""
    return f"{card.mark}-{section}-{n}"


def _img(picture) -> str:
    fit = "cover" if picture.cover else "whole"
    return f'<img class="{fit}" src="asset:{picture.path.name}" alt="{escape(picture.alt)}">'


def _cost(price: str) -> str:
    return f'<td class="cost">{escape(price)}</td>' if price else ""


def _table(classes: str, head: str, rows: str) -> str:
    return f'<table class="{classes}">{head}<tbody>{rows}</tbody></table>' if rows else ""
