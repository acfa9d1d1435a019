"""What a data sheet says, in one language or in several side by side."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from django.utils.safestring import mark_safe
from django.utils.translation import gettext_noop as _

from syndication.contract import Refusal, RenderContext, Unit

from ..addresses import media_path
from ..alternatives import alternative
from ..images import PictureError
from ..press.stage import NO_ALT, is_tagged
from ..print.prices import wanted_currency
from ..print_words import print_words
from ..printable import printable
from ..sizes import format_size
from ..tongues import joined
from ..view import View, views
from ..words import words
from .grids import groups, tables, variant_table
from .texts import spread

HERO, STRIP, DRAWING, SEAL = 1000, 520, 1500, 300  # pixels of pictures by their place
STRIP_MOST = 4
TABLE = "table"
NOTATED = {"number", "measurement", "date", "price"}  # kinds that languages only write apart


@dataclass(frozen=True)
class Tongue:
    """One language of a sheet: its members' views, the root first, and its words."""

    locale: str
    members: list[View]

    @property
    def main(self) -> View:
        return self.members[0]

    @property
    def direction(self) -> str:
        return self.main.format.direction

    @cached_property
    def words(self) -> dict[str, str]:
        return words(self.locale) | print_words(self.locale)

    def mark(self, text: str) -> dict[str, str]:
        """Return a text with the language and the direction it is read in."""
        return {"text": text, "locale": self.locale, "dir": self.direction}


class SheetContent:
    """The content of one unit's sheet; `warnings` grow while it is read."""

    def __init__(self, unit: Unit, context: RenderContext):
        self.context, self.options = context, context.options
        self.tongues = [
            Tongue(code, views(unit, context.labels[code], locale=code)) for code in context.locales
        ]
        self.first = self.tongues[0]
        self.main = self.first.main
        self.variants = self.first.members[1:]
        self.warnings: list[Refusal] = []
        self.pictures: dict[str, Path] = {}

    def warn(self, code: str, message: str, *, field: str = "", **params) -> None:
        told = Refusal(self.main.identifier, code, message, field, "warning", params)
        if told not in self.warnings:
            self.warnings.append(told)

    def clean(self, text: str, *, field: str) -> str:
        """Return the text without what the fonts of print do not have; that is warned of."""
        plain, complete = printable(text)
        if not complete:
            message = _("Emoji or control characters were left out.")
            self.warn("characters_left_out", message, field=field)
        return plain

    def marked(self, tongue: Tongue, text: str, *, field: str) -> dict[str, str]:
        return tongue.mark(self.clean(text, field=field))

    def reads(self) -> list:
        """Return all that the sheet depends on, as it was published."""
        return [self.says(draw=False), self._seen]

    def says(self, *, draw: bool = True) -> dict[str, Any]:
        """Return what the template shows; `draw` says that pictures are to be scaled."""
        self._draws, self._seen = draw, []
        return {
            "names": [_sized(self.marked(t, t.main.name, field="name")) for t in self.tongues],
            "sku": self._sku,
            "gtin": self.main.gtin,
            "brand": self.clean(self.main.text("brand"), field="brand"),
            "leads": self._each("short_description"),
            "texts": self._texts(),
            "price": self._price(),
            "hero": self._hero(),
            "strip": self._strip(),
            "groups": groups(self),
            "tables": tables(self),
            "variants": variant_table(self),
            "drawings": self._chosen_pictures("drawings", DRAWING),
            "certificates": self._certificates(),
            "documents": self._documents(),
        }

    def _each(self, role: str) -> list[dict[str, str]]:
        found = (self.marked(t, t.main.text(role), field=role) for t in self.tongues)
        return [entry for entry in found if entry["text"]]

    def _texts(self) -> list[dict[str, Any]]:
        found = []
        for tongue in self.tongues:
            code = tongue.main.attribute("description")
            html = tongue.main.format.html(code, tongue.main.listing.value(code))
            plain = self.clean(html, field="description")
            if plain:
                found.append(tongue.mark(mark_safe(plain)))
        return found

    def _price(self) -> dict[str, str]:
        """Return the price of the article, or the lowest of a model's variants."""
        if self.options.get("prices") is not True:
            return {}
        fmt, currency = self.main.format, wanted_currency(self.context)
        found = (
            [view.price(currency) for view in (self.variants or [self.main])] if currency else []
        )
        known = sorted((p for p in found if p), key=lambda p: float(p.amount))
        if not known:
            return {}
        text = fmt.price(known[0].amount, currency)
        several = known[0].amount != known[-1].amount
        note = "incl_tax" if known[0].tax_included else "excl_tax"
        tax = joined(tongue.words[note] for tongue in self.tongues)
        since = joined((tongue.words["from"] % "").strip() for tongue in self.tongues)
        if several and not self.tongues[1:]:
            text, since = self.first.words["from"] % text, ""
        return {"since": since if several else "", "text": text, "tax": tax}

    def picture(self, asset: dict, *, width: int) -> str:
        """Return the name of a picture at print size, "" with a warning where it is unusable."""
        self._seen.append([asset.get("sha256"), width])
        if not self._draws:
            return asset.get("sha256") or ""
        if is_tagged(self.context):
            width = width * 3 // 5  # it is there to be sent, not printed
            if not (asset.get("alt") or asset.get("caption")):
                self.warn("alt_missing", NO_ALT, field="image")
        try:
            path = self.context.assets.derivative(
                asset["sha256"], width=width, media_type="image/jpeg"
            )
        except (PictureError, OSError) as error:
            message = _("The picture cannot be used: %(why)s")
            self.warn("picture_unusable", message, field="image", why=str(error))
            return ""
        self.pictures[path.name] = path
        return path.name

    @property
    def _sku(self) -> str:
        """The article number; the code of a model is none, its variants have theirs."""
        return "" if self.variants else self.clean(self.main.identifier, field="identifier")

    def _hero(self) -> dict[str, str]:
        asset = next(iter(self.main.pictures), None)
        if not asset:
            self.warn("picture_missing", _("There is no picture."), field="image")
            return {}
        name = self.picture(asset, width=HERO)
        return {"name": name, "alt": self._alt(asset)} if name else {}

    def _alt(self, asset: dict) -> str:
        return alternative(asset, [tongue.main for tongue in self.tongues])

    def _strip(self) -> list[dict[str, str]]:
        drawn = {asset["code"] for asset in self._assets_of("drawings") if asset}
        drawn |= {asset["code"] for asset in self._assets_of("certificates") if asset}
        rest = [a for a in self.main.pictures[1:] if a["code"] not in drawn][:STRIP_MOST]
        return self._drawn(rest, STRIP)

    def _drawn(self, assets: list[dict], width: int) -> list[dict[str, str]]:
        found = []
        for asset in assets:
            if name := self.picture(asset, width=width):
                caption = self.clean(asset.get("caption") or "", field="caption")
                found.append({"name": name, "alt": self._alt(asset), "caption": caption})
        return found

    def _assets_of(self, option: str) -> list[dict]:
        """Return the assets of the attribute that an option chooses."""
        code = self.options.get(option) or ""
        kind = self.main.labels.body["attributes"].get(code, {}).get("kind")
        known = self.main.body.get("assets", {})
        chosen = self.main.listing.value(code) if kind == "media" else None
        codes = chosen if isinstance(chosen, list) else []
        return [{**known[c], "code": c} for c in codes if c in known]

    def _chosen_pictures(self, option: str, width: int) -> list[dict[str, str]]:
        pictures = [a for a in self._assets_of(option) if a.get("kind") == "image"]
        return self._drawn(pictures, width)

    def _certificates(self) -> dict[str, Any]:
        """Return seals and words of the attribute that holds certificates."""
        code = self.options.get("certificates") or ""
        seals = self._chosen_pictures("certificates", SEAL)
        attribute = self.main.labels.body["attributes"].get(code, {})
        texts = [] if attribute.get("kind") == "media" else self.texts_of(code)
        return {"seals": seals, "texts": texts} if seals or texts else {}

    def texts_of(self, code: str) -> list[dict[str, str]]:
        """Return an attribute's text in every language, once where all say the same.

        Numbers and dates differ by notation alone: once for each direction of reading will do.
        """
        found = [self.marked(t, t.main.show(code), field=code) for t in self.tongues]
        data = [t.main.listing.value(code) for t in self.tongues]
        kind = self.main.labels.body["attributes"].get(code, {}).get("kind")
        if kind in NOTATED and all(value == data[0] for value in data):
            directions = {entry["dir"]: entry for entry in reversed(found)}
            found = [entry for entry in found if entry is directions[entry["dir"]]]
        return spread(found)

    def _documents(self) -> list[dict[str, str]]:
        """Return the documents of every language, each file once, with its address and size."""
        found: dict[str, dict[str, str]] = {}
        for tongue in self.tongues:
            for asset in tongue.main.assets("document"):
                title = asset.get("caption") or asset.get("filename") or ""
                entry = tongue.mark(self.clean(title, field="document"))
                entry["url"] = self.context.public_url + media_path(asset)
                entry["size"] = format_size(asset.get("size") or 0, locale=tongue.locale)
                found.setdefault(asset["sha256"], entry)
        return list(found.values())


def _sized(name: dict[str, str]) -> dict[str, str]:
    """Return a name with the size it is set in: the longest word has to fit its column."""
    words_long = max(map(len, name["text"].split()), default=0)
    return name | {"size": "long" if len(name["text"]) > 40 or words_long > 13 else "short"}
