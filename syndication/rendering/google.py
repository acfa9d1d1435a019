"""What the items of a Google Merchant Center feed share, looked up once.

Everything that does not differ between items (attribute codes by role, constants, category
paths, formatted values) is looked up once per feed.
"""

from ..contract import Listing, RenderContext
from .addresses import file_stem
from .google_rules import (
    LIMITS,
    MIN_PIXELS,
    NO_DETAIL,
    PICTURE_WIDTHS,
    TEXT_ROLES,
)
from .offers import currency_of
from .view import formatter
from .xml import escape, shorten

SHARED = {"number", "measurement", "boolean", "date", "select", "multiselect"}
MOST_SHARED = 100_000


class Feed:
    """The constants of one feed, and what its items share."""

    def __init__(self, context: RenderContext):
        self.locale = context.locale
        self.labels = context.labels[self.locale]
        body = self.labels.body
        self.roles = body["roles"]
        self.attributes = body["attributes"]
        self.options = context.options
        self.base = context.public_url
        chosen = self.options.get("currency") or ""
        self.currency = currency_of(body["channel"], locale=self.locale, chosen=chosen)
        self.country = str(self.options.get("country") or "").upper()
        self.format = formatter(self.labels, self.locale)
        self.types: dict[str, str] = {}
        self.details_order = self._details_order()
        self.details: dict[tuple, str] = {}
        self.lines: dict[tuple, str] = {}
        looks = {self.roles.get(role) for role in ("brand", *TEXT_ROLES)}
        self.shared = {
            code
            for code, a in self.attributes.items()
            if a["kind"] in SHARED or (code in looks and a["kind"] == "text")
        }

    def _details_order(self) -> list[tuple[str, str, str]]:
        """[(attribute, section, label), …] of what may be sent as product detail."""
        if not self.options.get("details", True):
            return []
        sections = {g["code"]: g["label"] for g in self.labels.body["groups"]}
        order = {code: place for place, code in enumerate(sections)}
        taken = {"name", "short_description", "description", "brand", "gtin", "mpn", "price"}
        taken |= {*TEXT_ROLES, "meta_title", "meta_description", "keywords", "google_category"}
        wanted = [
            (order.get(a["group"], 999), a["sort"], code, a)
            for code, a in self.attributes.items()
            if a["kind"] not in NO_DETAIL and a.get("role") not in taken
        ]
        wanted.sort(key=lambda row: row[:3])
        return [
            (
                code,
                escape(shorten(sections.get(a["group"], ""), 140)),
                escape(shorten(a["label"], 140)),
            )
            for _, _, code, a in wanted
        ]

    def detail(self, code: str, section: str, label: str, data, listing: Listing) -> str:
        """Return the element of one product detail, "" where there is nothing to show.

        Many items share an amount, an option or a date: those are written once.
        """
        key = self.sharable(code, data)
        if key is None:
            return self._detail(code, section, label, data, listing)
        line = self.details.get((code, key))
        if line is None:
            line = self._detail(code, section, label, data, listing)
            keep(self.details, (code, key), line)
        return line

    def sharable(self, code: str | None, data):
        """Return what makes two values of an attribute look the same, None where it is not plain.

        A text that names other things (a reference, an asset) is not: it depends on its listing.
        """
        if code not in self.shared:
            return None
        if isinstance(data, str | bool):
            return data
        if isinstance(data, dict) and len(data) == 2 and "amount" in data and "unit" in data:
            return data["amount"], data["unit"]
        if isinstance(data, list) and all(isinstance(code, str) for code in data):
            return tuple(data)
        return None

    def _detail(self, code: str, section: str, label: str, data, listing: Listing) -> str:
        text = self.format.value(code, data, listing=listing)
        if not text:
            return ""
        inner = f"<g:section_name>{section}</g:section_name>" if section else ""
        return (
            f"<g:product_detail>{inner}<g:attribute_name>{label}</g:attribute_name>"
            f"<g:attribute_value>{escape(shorten(text, 1000))}</g:attribute_value>"
            "</g:product_detail>\n"
        )

    def product_type(self, codes: list[str]) -> str:
        """Return the path of the first category, as “A &gt; B”, escaped."""
        if not codes:
            return ""
        code = codes[0]
        if code not in self.types:
            known = self.labels.body["categories"]
            root = self.labels.body["channel"].get("tree")
            path = [c for c in known.get(code, {}).get("path") or [code] if c != root]
            text = " > ".join(known[c]["label"] for c in path if c in known)
            self.types[code] = escape(shorten(text, LIMITS["product_type"]))
        return self.types[code]

    def picture(self, asset: dict) -> str:
        """Return the escaped absolute address of a JPEG of the picture."""
        across, high = asset.get("width") or 1, asset.get("height") or 1
        enough = (w for w in PICTURE_WIDTHS if w * min(1, high / across) >= MIN_PIXELS)
        width = next(enough, PICTURE_WIDTHS[-1])
        stem = file_stem(asset["filename"])
        return f"{self.base}/media/{asset['sha256']}/{stem}.jpg?w={width}"


def keep(lines: dict[tuple, str], key: tuple, line: str) -> None:
    """Remember a line that many items share; there are never too many of them."""
    if len(lines) > MOST_SHARED:
        lines.clear()
    lines[key] = line
