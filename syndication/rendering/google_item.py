"""One <item> of a Google Merchant feed, and what Google would say against it."""

from ..contract import Facts, ItemRefused, Listing, Made, Refusal, Unit
from .addresses import page_path
from .formats import is_shown
from .google import Feed, keep
from .google_rules import (
    AVAILABILITY,
    ENUMS,
    LIMITS,
    MAX_DETAILS,
    MAX_PICTURES,
    MIN_PIXELS,
    NO_COLOR,
    NO_PRICE,
    SENTENCES,
    TEXT_ROLES,
    WEIGHT_UNITS,
)
from .gtins import is_gtin, is_restricted
from .offers import Price, availability, price
from .richtext import plain_text
from .view import NO_FACTS
from .xml import escape, shorten


def write_item(feed: Feed, unit: Unit) -> Made:
    """Return the <item> of a unit; raise ItemRefused with every reason at once."""
    listing = unit.listings[feed.locale][0]
    return Item(feed, listing, unit.facts.get(listing.identifier, NO_FACTS)).write()


class Item:
    """One item while it is written: its lines, what is wrong, what is worth a warning."""

    def __init__(self, feed: Feed, listing: Listing, facts: Facts):
        self.feed, self.listing, self.facts = feed, listing, facts
        self.body = listing.body
        self.values = listing.body["values"]
        self.lines: list[str] = []
        self.errors: list[Refusal] = []
        self.warnings: list[Refusal] = []

    def write(self) -> Made:
        self._texts()
        self._pictures()
        self._offer()
        self._identifiers()
        self._apparel()
        self._classification()
        self._details()
        if self.errors:
            raise ItemRefused(*self.errors)
        return Made(f"<item>\n{''.join(self.lines)}</item>\n".encode(), tuple(self.warnings))

    def _refuse(self, code: str, field: str, **params) -> None:
        identifier = self.body["identifier"]
        self.errors.append(Refusal(identifier, code, SENTENCES[code], field, params=params))

    def _warn(self, code: str, field: str, **params) -> None:
        identifier = self.body["identifier"]
        told = Refusal(identifier, code, SENTENCES[code], field, "warning", params)
        self.warnings.append(told)

    def _data(self, role: str):
        entry = self.values.get(self.feed.roles.get(role))
        return entry[0] if entry and is_shown(entry[0]) else None

    def _text(self, role: str) -> str:
        data = self._data(role)
        if data is None:
            return ""
        return self.feed.format.value(self.feed.roles[role], data, listing=self.listing)

    def _put(self, name: str, text: str) -> None:
        self.lines.append(f"<g:{name}>{escape(text)}</g:{name}>\n")

    def _limited(self, name: str, text: str) -> None:
        limit = LIMITS[name]
        if len(text) > limit:
            self._warn("shortened", name, limit=limit)
            text = shorten(text, limit)
        self._put(name, text)

    def _shared(self, role: str, write) -> None:
        """Have `write` add what a role comes to; many items share its value: it is kept then."""
        feed, before = self.feed, len(self.lines)
        attribute = feed.roles.get(role)
        entry = self.values.get(attribute)
        data = feed.sharable(attribute, entry[0]) if entry else ()
        if data is None:
            return write(role)
        line = feed.lines.get((role, data))
        if line is not None:
            self.lines.append(line)
            return None
        told = len(self.warnings) + len(self.errors)
        write(role)
        if told == len(self.warnings) + len(self.errors):
            keep(feed.lines, (role, data), "".join(self.lines[before:]))
        return None

    def _texts(self) -> None:
        identifier = self.body["identifier"]
        if len(identifier) > LIMITS["id"]:
            self._refuse("id_too_long", "id")
        self._put("id", identifier)
        title = self._text("name") or self.body["name"]
        if not title or title == f"[{identifier}]":
            self._refuse("missing_name", "title")
        self._limited("title", title)
        held = str(self._data("description") or "")
        # Mark-up is taken off whatever the attribute's kind says.
        description = plain_text(held) if "<" in held else ""
        description = description or self._text("description") or self._text("short_description")
        if not description:
            self._refuse("missing_description", "description")
        self._limited("description", description)
        self._put("link", self.feed.base + page_path(self.body["slug"], locale=self.feed.locale))

    def _pictures(self) -> None:
        assets = self.body.get("assets") or {}
        codes = [
            self.body.get("image"),
            *(self._data("image") or []),
            *(self._data("gallery") or []),
        ]
        found = [assets[c] for c in dict.fromkeys(codes) if c in assets]
        found = [a for a in found if a["kind"] == "image"]
        if not found:
            self._refuse("missing_image", "image_link")
            return
        if min(found[0].get("width") or 0, found[0].get("height") or 0) < MIN_PIXELS:
            self._refuse("small_image", "image_link")
        self._put("image_link", self.feed.picture(found[0]))
        for asset in found[1 : MAX_PICTURES + 1]:
            self._put("additional_image_link", self.feed.picture(asset))

    def _offer(self) -> None:
        state = availability(self.facts) or self.feed.options.get("availability") or "in_stock"
        self._put("availability", AVAILABILITY[state])
        if state in ("preorder", "backorder"):
            self._availability_date(state)
        found = price(self.facts, listed=self._data("price"), currency=self.feed.currency)
        if found is None:
            self._no_price()
            return
        self._price(found)

    def _no_price(self) -> None:
        if self.feed.currency:
            self._refuse("missing_price", "price", currency=self.feed.currency)
        else:
            told = Refusal(self.body["identifier"], "missing_price", NO_PRICE, "price")
            self.errors.append(told)

    def _availability_date(self, state: str) -> None:
        day = (self.facts.availability or {}).get("available_on")
        if not day:
            self._refuse("missing_availability_date", "availability_date", state=state)
            return
        self._put("availability_date", f"{day[:10]}T00:00+0000")

    def _price(self, found: Price) -> None:
        self._put("price", f"{found.regular or found.amount} {found.currency}")
        if found.regular:
            self._put("sale_price", f"{found.amount} {found.currency}")
        if not found.tax_included and self.feed.country not in ("US", "CA"):
            self._warn("price_without_tax", "price")

    def _identifiers(self) -> None:
        self._shared("brand", self._brand)
        gtin, mpn = self._gtin(), self._text("mpn")
        if gtin:
            self._put("gtin", gtin)
        if mpn:
            self._limited("mpn", mpn)
        if not gtin and not mpn:
            self._put("identifier_exists", "no")
            self._warn("no_identifier", "gtin")
        self._choice("condition", default=str(self.feed.options.get("condition") or "new"))

    def _brand(self, role: str) -> None:
        brand = self._text(role) or str(self.feed.options.get("brand") or "")
        if not brand:
            self._refuse("missing_brand", "brand")
        self._limited("brand", brand)

    def _gtin(self) -> str:
        text = str(self._data("gtin") or "")
        digits = text.replace(" ", "").replace("-", "")
        if not digits:
            return ""
        if not is_gtin(digits):
            self._warn("invalid_gtin", "gtin", text=text)
            return ""
        if is_restricted(digits):
            self._warn("restricted_gtin", "gtin", text=text)
            return ""
        return digits

    def _choice(self, name: str, *, default: str) -> None:
        data = self._data(name)
        value = str(data).lower() if data else default
        if value and value not in ENUMS[name]:
            choices = ", ".join(sorted(ENUMS[name]))
            self._warn("invalid_choice", name, text=value, choices=choices)
            value = default
        if value:
            self._put(name, value)

    def _apparel(self) -> None:
        if self.body["parent"]:
            self._limited("item_group_id", self.body.get("root") or self.body["parent"])
        for role in TEXT_ROLES:
            self._shared(role, self._look)
        for name in ("age_group", "gender"):
            self._choice(name, default=str(self.feed.options.get(name) or ""))

    def _look(self, role: str) -> None:
        text = self._text(role)
        if role == "color":
            text = self._color(text)
        if text:
            self._limited(role, text)

    def _color(self, text: str) -> str:
        """At most three names joined by a slash, at most 40 characters each."""
        data = self._data("color")
        if isinstance(data, list):
            text = "/".join(self.feed.format.option(self.feed.roles["color"], c) for c in data[:3])
        if text and NO_COLOR.match(text):
            self._warn("invalid_color", "color", text=text)
            return ""
        return "/".join(shorten(part.strip(), 40) for part in text.split("/")[:3])

    def _classification(self) -> None:
        kind = self.feed.product_type(self.body["categories"])
        if kind:
            self.lines.append(f"<g:product_type>{kind}</g:product_type>\n")
        category = self._data("google_category") or self.feed.options.get("google_category")
        if category:
            self._put("google_product_category", str(category))
        weight = self._data("weight")
        if isinstance(weight, dict) and weight.get("unit") in WEIGHT_UNITS:
            self._put("shipping_weight", f"{weight['amount']} {WEIGHT_UNITS[weight['unit']]}")

    def _details(self) -> None:
        sent = 0
        for code, section, label in self.feed.details_order:
            entry = self.values.get(code)
            line = self.feed.detail(code, section, label, entry[0], self.listing) if entry else ""
            if not line:
                continue
            if sent == MAX_DETAILS:
                self._warn("too_many_details", "product_detail", limit=MAX_DETAILS)
                return
            sent += 1
            self.lines.append(line)
