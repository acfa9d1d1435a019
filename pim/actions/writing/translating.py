"""Keeping track of translations whose source text has changed since they were made."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from django.db.models import Q

from pim.actions import bulk
from pim.content.states import shown
from pim.content.structure import Structure
from pim.models import OutdatedTranslation

from .intents import Plan

TEXTS = frozenset({"text", "textarea", "richtext"})
COLUMNS = ["product_id", "attribute_id", "channel", "locale", "before", "since"]
KEY = COLUMNS[:4]


class Place(NamedTuple):
    """One translation: what the row of an outdated one is found by."""

    product: int
    attribute: int
    channel: str
    locale: str


def keep_translations(live: list[Plan], structure: Structure, *, at: datetime) -> None:
    """Note which translations the plans make outdated, and which they bring up to date."""
    followers = followers_of(structure)
    if not followers:
        return
    renewed: set[Place] = set()
    stale: dict[Place, tuple[str | None, str]] = {}
    for plan in live:
        if plan.before is not None:
            renewed.update(_renewed(plan, structure))
            stale.update(_stale(plan, structure, followers))
    if stale:
        held = _held(stale)
        # The source is again what the translation was made from.
        renewed |= {place for place, (_old, new) in stale.items() if held.get(place) == new}
        fresh = stale.keys() - held.keys() - renewed
        rows = [(*place, old, at) for place in sorted(fresh) if (old := stale[place][0])]
        bulk.upsert(OutdatedTranslation, COLUMNS, rows, unique=KEY)
    bulk.delete(OutdatedTranslation, KEY, sorted(renewed))


def followers_of(structure: Structure) -> dict[str, tuple[str, ...]]:
    """Return {source locale: locales translated from it}."""
    found: dict[str, list[str]] = {}
    for locale in structure.locales.values():
        if locale.source:
            found.setdefault(locale.source, []).append(locale.code)
    return {code: tuple(sorted(codes)) for code, codes in found.items()}


def translatable(code: str, structure: Structure) -> bool:
    """Return whether an attribute holds text that is written per locale."""
    attribute = structure.attributes.get(code)
    return bool(attribute) and attribute.localizable and attribute.kind in TEXTS


def _renewed(plan: Plan, structure: Structure) -> Iterator[Place]:
    """Yield the translations that the plan writes, or takes away."""
    for key in plan.differences:
        code, _bar, rest = key.partition("|")
        if translatable(code, structure):
            channel, locale = rest.split("|")
            if structure.locales[locale].source if locale in structure.locales else "":
                yield Place(plan.state.id, structure.attributes[code].id, channel, locale)


def _stale(plan: Plan, structure: Structure, followers: dict) -> Iterator[tuple[Place, tuple]]:
    """Yield ((translation), (source before, source after)) of sources that the plan changes.

    A source that was not there makes nothing outdated, but may be again what it once was.
    """
    for key, (old, new) in plan.differences.items():
        code, _bar, rest = key.partition("|")
        if not translatable(code, structure):
            continue
        channel, locale = rest.split("|")
        for target in followers.get(locale, ()):
            held = plan.state.values.get(target, {}).get(code, {}).get(channel)
            if shown(held) and f"{code}|{channel}|{target}" not in plan.differences:
                place = Place(plan.state.id, structure.attributes[code].id, channel, target)
                yield place, (shown(old), shown(new) or "")


def _held(stale: dict[Place, tuple]) -> dict[Place, str]:
    """Return {translation: the source text it was made from} of those outdated already."""
    products = {place.product for place in stale}
    locales = {place.locale for place in stale}
    rows = OutdatedTranslation.objects.filter(Q(product__in=products) & Q(locale__in=locales))
    return {Place(*row[:4]): row[4] for row in rows.values_list(*KEY, "before")}
