"""A listing as an output sees it: texts, pictures and specifications by semantic role."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from ..contract import Facts, Labels, Listing, Unit
from . import offers
from .formats import Formatter, is_shown
from .gtins import is_gtin

NO_FACTS = Facts()
# Roles that every page shows in a place of its own, so that no table repeats them.
SHOWN = {"name", "short_description", "description", "image", "gallery", "document", "price"}
HIDDEN = SHOWN | {"brand", "gtin", "meta_title", "meta_description", "keywords", "google_category"}
MEDIA_KINDS = {"media"}
APART = MEDIA_KINDS | {"identifier"}
_formatters: dict[tuple[str, str], Formatter] = {}


def formatter(labels: Labels, locale: str) -> Formatter:
    """Return the formatter of these labels, made once per process while they stay the same."""
    key = (labels.digest, locale)
    if key not in _formatters:
        if len(_formatters) > 32:
            _formatters.clear()
        _formatters[key] = Formatter(labels, locale=locale)
    return _formatters[key]


@dataclass(frozen=True)
class View:
    """One listing with what it takes to read it."""

    listing: Listing
    labels: Labels
    locale: str
    facts: Facts = NO_FACTS
    # A model that has no picture of its own shows the first one of these.
    variants: tuple["View", ...] = ()

    @cached_property
    def format(self) -> Formatter:
        return formatter(self.labels, self.locale)

    @property
    def body(self) -> dict:
        return self.listing.body

    @property
    def identifier(self) -> str:
        return self.listing.body["identifier"]

    def attribute(self, role: str) -> str:
        """Return the code of the attribute that carries `role`, or ""."""
        return self.labels.body["roles"].get(role, "")

    def role(self, role: str):
        """Return the raw data of the attribute with that role, or None."""
        data = self.listing.value(self.attribute(role))
        return data if is_shown(data) else None

    def show(self, attribute: str) -> str:
        """Return the value of an attribute as plain text in the reader's language, or ""."""
        return self.format.value(attribute, self.listing.value(attribute), listing=self.listing)

    def text(self, role: str) -> str:
        """Return the value of a role as plain text in the reader's language, or ""."""
        return self.show(self.attribute(role))

    def language(self, role: str) -> str:
        """Return the language that a role's text is in where it is not the reader's, else ""."""
        entry = self.body["values"].get(self.attribute(role))
        language = entry[2] if entry else ""
        return "" if language == self.locale else language

    @property
    def name(self) -> str:
        """The name; of a product without one its article number, bare: readers see no brackets."""
        name, identifier = self.body["name"], self.body["identifier"]
        return identifier if name == f"[{identifier}]" else name

    @cached_property
    def gtin(self) -> str:
        """The GTIN, digits only and valid, or ""."""
        digits = "".join(c for c in str(self.role("gtin") or "") if c not in " -")
        return digits if is_gtin(digits) else ""

    def price(self, currency: str) -> offers.Price | None:
        """Return the price of one piece in `currency`."""
        return offers.price(self.facts, listed=self.role("price"), currency=currency)

    @cached_property
    def availability(self) -> str:
        return offers.availability(self.facts)

    @cached_property
    def media(self) -> list[str]:
        """Codes of all assets the listing has: the main picture, the gallery, then the rest."""
        codes = [self.body.get("image")]
        for attribute in (self.attribute("image"), self.attribute("gallery"), *self.body["values"]):
            if self.labels.body["attributes"].get(attribute, {}).get("kind") in MEDIA_KINDS:
                codes += self.listing.value(attribute) or []
        known = self.body.get("assets", {})
        return [code for code in dict.fromkeys(codes) if code in known]

    def assets(self, *kinds: str) -> list[dict]:
        """Return the assets of these kinds, main picture first, each with its code."""
        known = self.body.get("assets", {})
        found = ({**known[code], "code": code} for code in self.media)
        return [asset for asset in found if asset["kind"] in kinds]

    @cached_property
    def pictures(self) -> list[dict]:
        """The pictures to show, main one first; a model without any borrows its variants'."""
        borrowed = (variant.assets("image")[:1] for variant in self.variants)
        return self.assets("image") or next((found for found in borrowed if found), [])

    @cached_property
    def specifications(self) -> list[tuple[str, list[tuple[str, str, str]]]]:
        """[(group label, [(attribute code, label, text), …]), …] in the order of the editor."""
        groups: dict[str, list] = {}
        for code, attribute in self._ordered():
            if text := self.show(code):
                groups.setdefault(attribute["group"], []).append((code, attribute["label"], text))
        titles = {group["code"]: group["label"] for group in self.labels.body["groups"]}
        order = [code for code in titles if code in groups]
        return [(titles[code], groups[code]) for code in order]

    def _ordered(self) -> Iterator[tuple[str, dict]]:
        attributes = self.labels.body["attributes"]
        own = [(code, attributes[code]) for code in self.body["values"] if code in attributes]
        for code, attribute in sorted(own, key=lambda pair: (pair[1]["sort"], pair[0])):
            if attribute.get("role") not in HIDDEN and attribute["kind"] not in APART:
                yield code, attribute

    @cached_property
    def category_paths(self) -> list[list[tuple[str, str]]]:
        """Each category as [(code, label), …] from below the root, in the channel's tree."""
        known = self.labels.body["categories"]
        root = self.labels.body["channel"].get("tree")
        paths = []
        for code in self.body["categories"]:
            path = known.get(code, {}).get("path") or [code]
            paths.append([(c, known[c]["label"]) for c in path if c != root and c in known])
        return [path for path in paths if path]

    def axis_texts(self) -> list[tuple[str, str, str]]:
        """[(attribute code, label, text), …] of what sets this variant apart."""
        found = []
        for code in self.body.get("axes") or []:
            if text := self.show(code):
                found.append((code, self.format.label(code), text))
        return found


def views(unit: Unit, labels: Labels, *, locale: str) -> list[View]:
    """Return the views of a unit's listings in one locale, the main one first."""
    found = [
        View(listing, labels, locale, unit.facts.get(listing.identifier, NO_FACTS))
        for listing in unit.listings[locale]
    ]
    if len(found) > 1:
        found[0] = replace(found[0], variants=tuple(found[1:]))
    return found
