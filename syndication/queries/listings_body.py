"""Building listing bodies: one product, resolved for one context, as canonical JSON."""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import orjson

from pim.published import Resolver, Structure, states
from syndication.rendering.slugs import slug_of

from .listings_around import Link, Surroundings, assets_in, records_in, with_rights
from .listings_reads import codes_in
from .listings_subjects import Subject, categories_in


class Built(NamedTuple):
    """A listing body and what the narrow row repeats of it."""

    digest: str
    text: str
    name: str
    slug: str
    image: str
    gtin: str
    packed: frozenset[str]


@dataclass(frozen=True)
class View:
    """One context as seen by all audiences that may read the same attributes."""

    structure: Structure
    channel: str
    locale: str
    audiences: tuple[str, ...]

    def __post_init__(self):
        resolver = Resolver(self.structure, self.channel, self.locale, self.audiences[0])
        object.__setattr__(self, "resolver", resolver)
        object.__setattr__(self, "chain", (*self.structure.chain(self.locale), "en"))

    @property
    def key(self) -> tuple[str, str, str]:
        """Return (channel, first of the audiences, locale)."""
        return self.channel, self.audiences[0], self.locale

    def build(self, subject: Subject, around: Surroundings, *, slug: str = "") -> Built:
        """Return the body of a subject; a slug that it has already is kept."""
        values = with_rights(self.values(subject), around, self.structure)
        name = self.name(subject, values)
        image = self.image(subject, values)
        bare = slug_of("", identifier=subject.product.identifier)
        if not slug or slug == bare:
            slug = slug_of(name, identifier=subject.product.identifier)
        here = {"structure": self.structure, "chain": self.chain}
        body = {
            "uuid": str(subject.product.uuid),
            "identifier": subject.product.identifier,
            "role": subject.role,
            "parent": subject.parent.identifier if subject.parent else None,
            "root": subject.root.identifier,
            "family": subject.family,
            "family_variant": subject.family_variant,
            "axes": _axes(subject, self.structure),
            "slug": slug,
            "enabled": True,
            "name": name or f"[{subject.product.identifier}]",
            "image": image or None,
            "categories": categories_in(
                subject, self.structure.channels[self.channel].tree, self.structure
            ),
            "groups": list(subject.groups),
            "values": values,
            "associations": self.associations(subject, around),
            "records": records_in(values, around, **here),
        }
        body["assets"] = assets_in(body, around, **here)
        text = orjson.dumps(body, option=orjson.OPT_SORT_KEYS)
        return Built(
            hashlib.sha256(text).hexdigest(),
            text.decode(),
            body["name"][:500],
            slug,
            image,
            gtin14(_text(values, self.structure.roles.get("gtin"))),
            _packed(values, self.structure),
        )

    def values(self, subject: Subject) -> dict[str, list]:
        """Return {attribute: [data, origin, language]}; states without data are left out."""
        resolved = self.resolver.resolve(subject.chain)
        found = {
            code: list(value)
            for code, value in resolved.items()
            if not (type(value.data) is dict and states.state_of(value.data))
        }
        identifier = self.structure.identifier_attribute
        if identifier is not None:
            found[identifier.code] = [subject.product.identifier, "own", ""]
        return found

    def name(self, subject: Subject, values: dict) -> str:
        """Return the display name: the family's label, else the name role's text, else ""."""
        family = self.structure.families.get(subject.family)
        identifier = self.structure.identifier_attribute
        wanted = [family.label_attribute if family else "", self.structure.roles.get("name", "")]
        texts = (_text(values, w) for w in wanted if not identifier or w != identifier.code)
        return next((text for text in texts if text), "")

    def image(self, subject: Subject, values: dict) -> str:
        """Return the code of the main picture: the family's, else the role's, else ""."""
        family = self.structure.families.get(subject.family)
        wanted = [family.image_attribute if family else "", self.structure.roles.get("image")]
        found = (codes_in(values[w][0]) for w in wanted if w in values)
        return next((codes[0] for codes in found if codes), "")

    def associations(self, subject: Subject, around: Surroundings) -> dict[str, list[dict]]:
        """Return the live targets by association type."""
        links = around.links.get(self.key, {})
        found = {
            code: [_tie(uuid, quantity, links[uuid]) for uuid, quantity in ties.items()
                   if uuid in links]
            for code, ties in subject.associations.items()
            if code in self.structure.association_types
        }  # fmt: skip
        return {code: ties for code, ties in found.items() if ties}


def views_of(structure: Structure, channel: str) -> list[View]:
    """Return the views of a channel: audiences that may read the same attributes share one."""
    here = structure.channels[channel]
    alike: dict[frozenset, list[str]] = {}
    for audience in here.audiences:
        hidden = frozenset(
            a.code
            for a in structure.attributes.values()
            if a.audiences and audience not in a.audiences
        )
        alike.setdefault(hidden, []).append(audience)
    return [
        View(structure, channel, locale, tuple(audiences))
        for locale in here.locales
        for audiences in alike.values()
    ]


@lru_cache(maxsize=4096)  # the same product comes in many contexts
def gtin14(text: str) -> str:
    """Return the 14-digit GTIN, "" unless the check digit is right (GS1 General Spec. 7.9)."""
    from stdnum import ean

    digits = ean.compact(text) if text else ""
    return digits.zfill(14) if len(digits) in (8, 12, 13, 14) and ean.is_valid(digits) else ""


def _packed(values: dict, structure: Structure) -> frozenset[str]:
    """Return the GTINs of the levels of packaging among the values."""
    found = (
        gtin14(level["gtin"])
        for code, entry in values.items()
        if structure.attributes[code].kind == "packaging"
        for level in entry[0]
        if "gtin" in level
    )
    return frozenset(found)


def _text(values: dict, attribute: str | None) -> str:
    found = values.get(attribute)
    return found[0].strip() if found and isinstance(found[0], str) else ""


def _axes(subject: Subject, structure: Structure) -> list[str]:
    variant = structure.family_variants.get(subject.family_variant)
    if variant is None:
        return []
    levels = range(1, subject.product.level + 1)
    return [code for level in levels for code in variant.axes.get(level, ())]


def _tie(uuid: str, quantity: int | None, link: Link) -> dict:
    tie = {
        "uuid": uuid,
        "identifier": link.identifier,
        "slug": link.slug,
        "name": link.name,
        "image": link.image or None,
    }
    return tie if quantity is None else {**tie, "quantity": quantity}
