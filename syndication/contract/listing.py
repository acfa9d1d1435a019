"""Content as an output kind is given it: listings, facts, units, and what listings share."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Value:
    """One resolved value: `data` is raw (see pim.content.kinds), `origin` says where it came from.

    `origin` is "own", "inherited:<identifier>", "channel:<code>" (not used where the value is
    the product's own for this channel) or "fallback:<locale>"; several are joined by ";".
    `language` is the BCP 47 code of the language the text is in, "" for common values.
    """

    data: Any
    origin: str = "own"
    language: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """One product as it appears in one context; the parsed form of a listing body.

    body JSON: {"uuid", "identifier", "role", "parent": identifier|None, "root": identifier,
    "family", "family_variant", "axes": [attribute codes that set this variant apart],
    "slug", "enabled",
    "name": display name in the locale ("[SKU]" when there is none),
    "image": asset code | None, "categories": [codes in the channel's tree], "groups": [codes],
    "values": {attribute: [data, origin, language]},
    "associations": {type: [{"uuid", "identifier", "quantity"?, "slug", "name", "image"}]},
    "assets": {asset code: {"sha256", "filename", "kind", "media_type", "size", "width",
    "height", "alt", "caption"}}, those of values, records and associated products,
    "records": {entity: {record code: {"label", "fields": {code: data}}}}}
    Only live products are named in associations. Facts are not in the body: they arrive
    beside it in `Unit.facts`. Nor is the version: a change of the Finnish text must leave
    the English listing, digest and all, as it was.
    """

    product_id: int
    digest: str
    body: dict

    @property
    def identifier(self) -> str:
        return self.body["identifier"]

    def value(self, attribute: str) -> Any:
        """Return the raw data of `attribute`, or None."""
        entry = self.body["values"].get(attribute)
        return entry[0] if entry else None


@dataclass(frozen=True, slots=True)
class Facts:
    """Prices and availability of one product, as frozen.

    `prices` is [{"currency", "amount", "min_quantity", "price_list", "tax_included",
    "valid_to": ISO | None}], best first; `availability` is {"state", "quantity", "available_on"}
    or None.
    """

    prices: tuple[dict, ...] = ()
    availability: dict | None = None


@dataclass(frozen=True, slots=True)
class Unit:
    """What one fragment is made of: one listing, or a model followed by its live variants.

    `listings[locale]` holds the tuple per locale of the edition (one locale unless combined).
    """

    id: int
    listings: dict[str, tuple[Listing, ...]]
    facts: dict[str, Facts] = field(default_factory=dict)  # by identifier

    def main(self, locale: str) -> Listing:
        return self.listings[locale][0]


@dataclass(frozen=True, slots=True)
class Labels:
    """The context document: what listings of one channel and locale share.

    body JSON: {"channel": {"code", "label", "currencies", "tree": root category code},
    "locale", "locales": [all locales of the channel], "direction": "ltr"|"rtl",
    "roles": {role: attribute code},
    "groups": [{"code", "label"}], in order,
    "attributes": {code: {"label", "kind", "role", "group", "sort", "default_unit",
    "measurement_family", "entity"? of references, "columns"?}},
    "options": {attribute: {code: {"label", "sort"}}},
    "entities": {entity: {"label", "fields": {field: {"label", "kind",
    "options"?: {code: {"label", "sort"}}}}}}, those that attributes name: `fields` of records,
    "units": {family: {unit: {"label", "symbol", "cldr"}}},
    "categories": {code: {"label", "parent", "sort", "path": [codes from the root], "intro"?:
    rich text, "image"?: {"sha256", "filename", "kind", "media_type", "size", "width", "height",
    "alt"}}}: introduction and picture are for assembly, a change of them renders no fragment,
    "families": {code: {"label", "attributes": [codes]}}, "associations": {code: {"label",
    "two_way", "quantified", "bundle"}}}
    """

    digest: str
    body: dict
