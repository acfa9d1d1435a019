"""The structure of the content as plain values: what attributes, families and channels say.

`pim.queries.structure.load_structure` fills it from the database; everything below it
(kinds, resolve, completeness) takes it as an argument and never asks the database.
"""

import math
from dataclasses import dataclass, field
from functools import cached_property


@dataclass(frozen=True, slots=True)
class LocaleDef:
    code: str
    fallback: str = ""
    enabled: bool = True
    source: str = ""


@dataclass(frozen=True, slots=True)
class ChannelDef:
    code: str
    labels: dict = field(default_factory=dict)
    locales: tuple[str, ...] = ()
    currencies: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()
    tree: str = ""
    gate: int = 0
    price_lists: tuple[str, ...] = ()
    id: int = 0


@dataclass(frozen=True, slots=True)
class AudienceDef:
    code: str
    labels: dict = field(default_factory=dict)
    public: bool = True


@dataclass(frozen=True, slots=True)
class AttributeDef:
    """An attribute; `available_locales` and `audiences` empty mean all."""

    code: str
    kind: str
    group: str = ""
    role: str = ""
    localizable: bool = False
    scopable: bool = False
    available_locales: frozenset[str] = frozenset()
    audiences: frozenset[str] = frozenset()
    unique: bool = False
    filterable: bool = False
    rules: dict = field(default_factory=dict)
    measurement_family: str = ""
    default_unit: str = ""
    reference_entity: str = ""
    labels: dict = field(default_factory=dict)
    sort: tuple = ()
    id: int = 0


@dataclass(frozen=True, slots=True)
class GroupDef:
    code: str
    labels: dict = field(default_factory=dict)
    sort: int = 0


@dataclass(frozen=True, slots=True)
class OptionDef:
    code: str
    labels: dict = field(default_factory=dict)
    sort: int = 0


@dataclass(frozen=True, slots=True)
class FamilyDef:
    """A family; `requirements` is {channel: {attribute: another language counts}}."""

    code: str
    labels: dict = field(default_factory=dict)
    attributes: tuple[str, ...] = ()
    label_attribute: str = ""
    image_attribute: str = ""
    requirements: dict = field(default_factory=dict)
    id: int = 0


@dataclass(frozen=True, slots=True)
class FamilyVariantDef:
    """How a family splits; `levels` is {attribute: 1|2}, absent means level 0."""

    code: str
    family: str
    labels: dict = field(default_factory=dict)
    axes: dict = field(default_factory=dict)  # {level: (attribute, …)}
    levels: dict = field(default_factory=dict)
    id: int = 0

    @property
    def depth(self) -> int:
        return max(self.axes, default=0)


@dataclass(frozen=True, slots=True)
class CategoryDef:
    """A category; `path` is the codes from the root to itself.

    `intro` is {locale: sanitised rich text}, `image` the code of an asset.
    """

    code: str
    parent: str = ""
    labels: dict = field(default_factory=dict)
    path: tuple[str, ...] = ()
    sort: int = 0
    id: int = 0
    intro: dict = field(default_factory=dict)
    image: str = ""


@dataclass(frozen=True, slots=True)
class AssociationTypeDef:
    code: str
    labels: dict = field(default_factory=dict)
    two_way: bool = False
    quantified: bool = False
    bundle: bool = False
    id: int = 0


@dataclass(frozen=True, slots=True)
class MeasurementDef:
    """Units of a quantity: {code: {"labels", "symbol", "cldr", "factor", "offset"}}."""

    code: str
    standard_unit: str
    units: dict
    labels: dict = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EntityDef:
    """A reference entity; `fields` is {code: {"kind", "localizable", "labels"}}."""

    code: str
    labels: dict = field(default_factory=dict)
    fields: dict = field(default_factory=dict)
    records: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Structure:
    """All of it, by code; `aliases` is {(kind, owner): {old code: code}}."""

    locales: dict[str, LocaleDef] = field(default_factory=dict)
    currencies: frozenset[str] = frozenset()
    audiences: dict[str, AudienceDef] = field(default_factory=dict)
    channels: dict[str, ChannelDef] = field(default_factory=dict)
    groups: dict[str, GroupDef] = field(default_factory=dict)
    attributes: dict[str, AttributeDef] = field(default_factory=dict)
    options: dict[str, dict[str, OptionDef]] = field(default_factory=dict)
    families: dict[str, FamilyDef] = field(default_factory=dict)
    family_variants: dict[str, FamilyVariantDef] = field(default_factory=dict)
    categories: dict[str, CategoryDef] = field(default_factory=dict)
    association_types: dict[str, AssociationTypeDef] = field(default_factory=dict)
    product_groups: frozenset[str] = frozenset()
    measurements: dict[str, MeasurementDef] = field(default_factory=dict)
    entities: dict[str, EntityDef] = field(default_factory=dict)
    aliases: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)
    seq: int = 0

    @cached_property
    def identifier_attribute(self) -> AttributeDef | None:
        """The attribute that holds `Product.identifier`: the oldest of kind identifier.

        Neither a younger one nor a new order of attributes takes its place.
        """
        found = [a for a in self.attributes.values() if a.kind == "identifier"]
        return min(found, key=lambda a: (a.id or math.inf, a.sort, a.code), default=None)

    @cached_property
    def roles(self) -> dict[str, str]:
        """{semantic role: attribute code}, the first attribute that carries it."""
        ordered = sorted(self.attributes.values(), key=lambda a: (a.sort, a.code), reverse=True)
        return {a.role: a.code for a in ordered if a.role}

    @cached_property
    def references(self) -> frozenset[str]:
        """The attributes whose values refer to products."""
        return frozenset(a.code for a in self.attributes.values() if a.kind == "product")

    def current(self, kind: str, code: str, *, owner: str = "") -> str:
        """Return what a code of the kind is called now; an unknown one is returned as it is."""
        return self.renamed(kind, owner=owner).get(code, code)

    def renamed(self, kind: str, *, owner: str = "") -> dict[str, str]:
        """Return {old code: code} of what the kind has renamed; a code in use is not old."""
        return self.aliases.get((kind, owner), {})

    def chain(self, locale: str) -> tuple[str, ...]:
        """Return `locale` and its fallback parents, nearest first; a loop ends the walk."""
        found: list[str] = []
        while locale and locale not in found:
            found.append(locale)
            here = self.locales.get(locale)
            locale = here.fallback if here else ""
        return tuple(found)
