"""Masks: documents about a product without what somebody may not see."""

from collections.abc import Iterable, Mapping

from .rights import WHOLE_HOLDING, Holding, Level
from .structure import Structure

# Marks of a change that tell of no content: a version's number, a planned date, how many facts.
_PLAIN = frozenset({"@version", "@planned", "@facts"})


def visible_values(values: Mapping, holding: Holding, structure: Structure) -> dict:
    """Return {locale: {attribute: {channel: data}}} without the hidden addresses."""
    shown: dict = {}
    for locale, held in values.items():
        for code, by_channel in held.items():
            attribute = structure.attributes.get(code)
            seen = {c: d for c, d in by_channel.items() if holding.value(attribute, c, locale)}
            if seen:
                shown.setdefault(locale, {})[code] = seen
    return shown


def visible_keys(detail: Mapping, holding: Holding, structure: Structure) -> dict:
    """Return {key: [before, after]} without the hidden addresses.

    A deleted product's last draft stands under one key: it shows only to who sees all of it.
    """
    return {
        key: pair
        for key, pair in detail.items()
        if key in _PLAIN or (key != "@deleted" and holding.key(key, structure) >= Level.VIEW)
    }


def visible_snapshot(snapshot: Mapping, holding: Holding, structure: Structure) -> dict:
    """Return a snapshot document without the hidden values."""
    values = visible_values(snapshot["values"], holding, structure)
    return {**snapshot, "values": values}


def masked_snapshot(snapshot: Mapping, holding: Holding, structure: Structure) -> dict:
    """Return a snapshot document to be drawn: without hidden values and without other products.

    Who has no limits has all of it.
    """
    if holding is WHOLE_HOLDING:
        return dict(snapshot)
    return {**visible_snapshot(snapshot, holding, structure), "associations": {}}


def visible_missing(
    missing: Iterable, channel: str, holding: Holding, structure: Structure
) -> list[list[str]]:
    """Return [[attribute, locale or ""], …] of a channel without the hidden addresses."""
    shown = []
    for code, locale in missing:
        attribute = structure.attributes.get(code)
        slot = channel if attribute and attribute.scopable else ""
        if holding.value(attribute, slot, locale):
            shown.append([code, locale])
    return shown
