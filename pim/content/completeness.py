"""Completeness: how many of the values that a channel requires are there, and which are not."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from .resolve import Chain, Values
from .states import is_filled, state_of
from .structure import AttributeDef, ChannelDef, FamilyDef, FamilyVariantDef, Structure


@dataclass(frozen=True, slots=True)
class Completeness:
    """`missing` is [[attribute, locale or ""], …] in the family's order."""

    required: int = 0
    filled: int = 0
    missing: list = field(default_factory=list)

    @property
    def percent(self) -> int:
        """Whole per cent, rounded down: 100 only when nothing is missing."""
        return 100 if not self.required else self.filled * 100 // self.required


class Need(NamedTuple):
    """One value that is required: where to look for it, nearest first, and what will not do."""

    attribute: str
    locale: str
    slot: str  # the channel of a scopable attribute, else ""
    places: tuple[str, ...]  # locales to look in
    enough: frozenset[str]  # those of them in which a value counts
    currencies: tuple[str, ...]  # that a price must have


def completeness(
    chain: Chain,
    *,
    family: FamilyDef | None,
    channel: ChannelDef,
    structure: Structure,
    family_variant: FamilyVariantDef | None = None,
    level: int | None = None,
) -> Completeness:
    """Return the completeness of one product for one channel, over all its locales.

    Own and inherited values count. A value that falls back within the same language counts
    (sv-FI from sv); one from another language only where the requirement says so. `level`
    limits a model to what can live on it: what belongs to its variants is not asked of it.
    """
    needs = needs_of(
        family, channel, structure=structure, family_variant=family_variant, level=level
    )
    missing = _missing(needs, [values for _identifier, values in chain])
    return Completeness(len(needs), len(needs) - len(missing), missing)


def _missing(needs: "Needs", trees: list[Values]) -> list[list[str]]:
    if len(trees) == 1:
        lacking = sorted(_lacking_alone(needs, trees[0]))
        return [[needs[n].attribute, needs[n].locale] for n in lacking]
    return [[need.attribute, need.locale] for need in needs if not _met(need, trees)]


def _lacking_alone(needs: "Needs", values: Values) -> list[int]:
    """Return the places in `needs` of what a product without ancestors lacks.

    It says the same as `_met`, a locale at a time: this runs for every product written.
    """
    lacking = [n for n in needs.elsewhere if not _met(needs[n], [values])]
    for locale, wanted in needs.by_place.items():
        held = values.get(locale)
        if not held:
            lacking += [n for n, _attribute, _slot in wanted]
            continue
        for n, attribute, slot in wanted:
            data = held[attribute].get(slot) if attribute in held else None
            if type(data) is str and data:
                continue
            if data is None or not is_filled(data) or not _priced(needs[n], data):
                lacking.append(n)
    return lacking


class Needs(list):
    """The needs of one channel; those that one place alone can meet are sorted by it."""

    def __init__(self, needs: list[Need]):
        super().__init__(needs)
        self.by_place: dict[str, list[tuple[int, str, str]]] = {}
        self.elsewhere: list[int] = []
        for n, need in enumerate(needs):
            if len(need.places) == 1 and need.places[0] in need.enough:
                place = self.by_place.setdefault(need.places[0], [])
                place.append((n, need.attribute, need.slot))
            else:
                self.elsewhere.append(n)


def counts_as(data: Any) -> Any:
    """Return all that completeness looks at of a value: where it is the same, the count is."""
    if isinstance(data, dict):
        return state_of(data) or frozenset(data)
    return is_filled(data)


def needs_of(
    family: FamilyDef | None,
    channel: ChannelDef,
    *,
    structure: Structure,
    family_variant: FamilyVariantDef | None = None,
    level: int | None = None,
) -> Needs:
    """Return what the channel requires, worked out once per structure."""
    key = (
        family.code if family else "",
        channel.code,
        family_variant.code if family_variant and level is not None else "",
        level,
    )
    known = structure.__dict__.setdefault("_needs", {})
    if key not in known:
        known[key] = Needs(_needs(family, channel, structure, family_variant, level))
    return known[key]


def _met(need: Need, trees: list[Values]) -> bool:
    for locale in need.places:
        for values in trees:
            held = values.get(locale)
            held = held.get(need.attribute) if held else None
            data = held.get(need.slot) if held else None
            if data is not None:
                return locale in need.enough and is_filled(data) and _priced(need, data)
    return False


def _needs(
    family: FamilyDef | None,
    channel: ChannelDef,
    structure: Structure,
    family_variant: FamilyVariantDef | None,
    level: int | None,
) -> list[Need]:
    asked = family.requirements.get(channel.code, {}) if family else {}
    levels = family_variant.levels if family_variant else {}
    return [
        _need(attribute, locale, channel, structure, fallback_counts)
        for code, fallback_counts in asked.items()
        if (attribute := structure.attributes.get(code))
        and attribute != structure.identifier_attribute
        and (level is None or levels.get(code, 0) <= level)
        for locale in (_locales(attribute, channel) if attribute.localizable else ("",))
    ]


def _need(
    attribute: AttributeDef,
    locale: str,
    channel: ChannelDef,
    structure: Structure,
    fallback_counts: bool,
) -> Need:
    places = structure.chain(locale) if locale else ("",)
    return Need(
        attribute.code,
        locale,
        channel.code if attribute.scopable else "",
        places,
        frozenset(p for p in places if fallback_counts or _same_language(p, locale)),
        channel.currencies if attribute.kind == "price" else (),
    )


def _locales(attribute: AttributeDef, channel: ChannelDef) -> tuple[str, ...]:
    if not attribute.available_locales:
        return channel.locales
    return tuple(code for code in channel.locales if code in attribute.available_locales)


def _same_language(one: str, other: str) -> bool:
    return one.split("-")[0] == other.split("-")[0]


def _priced(need: Need, data: Any) -> bool:
    if not need.currencies or state_of(data):
        return True
    return all(currency in data for currency in need.currencies)
