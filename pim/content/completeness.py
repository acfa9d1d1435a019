"""Completeness: how many of the values that a channel requires are there, and which are not."""

from dataclasses import dataclass, field
from typing import Any

from .resolve import Chain, Resolved, Resolver
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
    needs = _needs(family, channel, structure, family_variant, level)
    if not needs:
        return Completeness()
    by_locale = {loc: _resolver(structure, channel, loc).resolve(chain) for loc in channel.locales}
    anywhere = by_locale[channel.locales[0]] if channel.locales else {}
    missing = [
        [attribute.code, locale]
        for attribute, fallback_counts in needs
        for locale in (_locales(attribute, channel) if attribute.localizable else ("",))
        if not _counts(
            by_locale.get(locale, anywhere).get(attribute.code),
            attribute,
            locale,
            channel,
            fallback_counts,
        )
    ]
    required = sum(
        len(_locales(a, channel)) if a.localizable else 1 for a, _fallback_counts in needs
    )
    return Completeness(required, required - len(missing), missing)


def _needs(
    family: FamilyDef | None,
    channel: ChannelDef,
    structure: Structure,
    family_variant: FamilyVariantDef | None,
    level: int | None,
) -> list[tuple[AttributeDef, bool]]:
    asked = family.requirements.get(channel.code, {}) if family else {}
    levels = family_variant.levels if family_variant else {}
    return [
        (attribute, fallback_counts)
        for code, fallback_counts in asked.items()
        if (attribute := structure.attributes.get(code))
        and attribute != structure.identifier_attribute
        and (level is None or levels.get(code, 0) <= level)
    ]


def _locales(attribute: AttributeDef, channel: ChannelDef) -> tuple[str, ...]:
    if not attribute.available_locales:
        return channel.locales
    return tuple(code for code in channel.locales if code in attribute.available_locales)


def _resolver(structure: Structure, channel: ChannelDef, locale: str) -> Resolver:
    cache = structure.__dict__.setdefault("_completeness_resolvers", {})
    key = (channel.code, locale)
    if key not in cache:
        cache[key] = Resolver(structure, channel.code, locale)
    return cache[key]


def _counts(
    value: Resolved | None,
    attribute: AttributeDef,
    locale: str,
    channel: ChannelDef,
    fallback_counts: bool,
) -> bool:
    if value is None or not is_filled(value.data):
        return False
    if attribute.kind == "price" and not _priced(value.data, channel):
        return False
    return fallback_counts or not locale or _same_language(value.language, locale)


def _same_language(one: str, other: str) -> bool:
    return one.split("-")[0] == other.split("-")[0]


def _priced(data: Any, channel: ChannelDef) -> bool:
    return bool(state_of(data)) or all(currency in data for currency in channel.currencies)
