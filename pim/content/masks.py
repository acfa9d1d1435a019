"""Masks: documents about a product without what somebody may not see."""

from collections.abc import Container, Iterable, Mapping

from .rights import WHOLE_HOLDING, Holding, Level, Rights
from .snapshot import STRUCTURE_SLICE, any_tie
from .structure import Structure

# Marks of a change that tell of no content: a version's number, a planned date, how many facts.
_PLAIN = frozenset({"@version", "@planned", "@facts"})
_OF_DEFINITIONS = frozenset(
    {"@new", "@deleted", "sort_order", "enabled", "kind", "role", "unique", "filterable",
     "localizable", "scopable", "default_unit", "gate", "two_way", "quantified", "bundle"}
)  # fmt: skip
_CATEGORIES = "@categories"
_OTHERS = frozenset({"@parent", "@associations"})  # what names other products


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


def without_references(values: Mapping, hidden: Container[str], structure: Structure) -> dict:
    """Return {locale: {attribute: {channel: data}}} without references to those uuids."""
    return {
        locale: {
            code: by_channel
            for code, found in held.items()
            if (by_channel := _others(found, hidden) if code in structure.references else found)
        }
        for locale, held in values.items()
    }


def _others(by_channel: Mapping, hidden: Container[str]) -> Mapping:
    kept = {
        channel: [other for other in data if other not in hidden] if type(data) is list else data
        for channel, data in by_channel.items()
    }
    return {channel: data for channel, data in kept.items() if data != []}


def visible_keys(detail: Mapping, holding: Holding, structure: Structure) -> dict:
    """Return {key: [before, after]} without the hidden addresses.

    A deleted product's last draft stands under one key: it shows only to who sees all of it.
    """
    shown = {
        key: pair
        for key, pair in detail.items()
        if key in _PLAIN or (key != "@deleted" and holding.key(key, structure) >= Level.VIEW)
    }
    return shown if holding.rights.unlimited else _placed(shown, holding, structure)


def _placed(detail: dict, holding: Holding, structure: Structure) -> dict:
    """Return differences without hidden categories, and without other products where some are."""
    rights = holding.rights
    others = {key for key in detail if _names_products(key, structure)}
    if others and not rights.every_branch(structure):
        detail = {key: pair for key, pair in detail.items() if key not in others}
    if _CATEGORIES not in detail:
        return detail
    pair = [_seen(codes, rights, structure) for codes in detail[_CATEGORIES]]
    found = {**detail, _CATEGORIES: pair}
    return found if pair[0] != pair[1] else {k: v for k, v in found.items() if k != _CATEGORIES}


def _names_products(key: str, structure: Structure) -> bool:
    """Return whether what changed at a key may name other products."""
    return key in _OTHERS or key.partition("|")[0] in structure.references


def _alone(values: Mapping, structure: Structure) -> dict:
    """Return values without those that refer to products."""
    return {
        locale: {code: data for code, data in held.items() if code not in structure.references}
        for locale, held in values.items()
    }


def _seen(codes: Iterable[str] | None, rights: Rights, structure: Structure) -> list[str] | None:
    return codes and [code for code in codes if rights.category(code, structure)]


def visible_snapshot(snapshot: Mapping, holding: Holding, structure: Structure) -> dict:
    """Return a snapshot document without the hidden values, categories and, where some products
    are hidden, what names others."""
    values = visible_values(snapshot["values"], holding, structure)
    shown = {**snapshot, "values": values}
    if holding.rights.unlimited:
        return shown
    shown["categories"] = _seen(snapshot["categories"], holding.rights, structure)
    if holding.rights.every_branch(structure):
        return shown
    return {**shown, "parent": None, "associations": {}, "values": _alone(values, structure)}


def placed_snapshot(
    snapshot: Mapping, shown: Container[str], rights: Rights, structure: Structure
) -> dict:
    """Return a snapshot document without hidden categories and products.

    `shown` are the uuids and identifiers of the products around it that are not hidden.
    """
    associations = {
        code: {**ties, "products": [tie for tie in ties["products"] if tie[0] in shown]}
        for code, ties in snapshot["associations"].items()
    }
    return {
        **snapshot,
        "parent": snapshot["parent"] if snapshot["parent"] in shown else None,
        "categories": _seen(snapshot["categories"], rights, structure),
        "associations": {code: ties for code, ties in associations.items() if any_tie(ties)},
    }


def masked_snapshot(snapshot: Mapping, holding: Holding, structure: Structure) -> dict:
    """Return a snapshot document to be drawn: without hidden values and without other products.

    Who has no limits has all of it.
    """
    if holding is WHOLE_HOLDING:
        return dict(snapshot)
    shown = visible_snapshot(snapshot, holding, structure)
    return {**shown, "parent": snapshot["parent"], "associations": {}}


def visible_slices(slices: Iterable, holding: Holding) -> list[list[str]]:
    """Return [[attribute group, locale or ""], …] without the hidden ones."""
    return [[group, locale] for group, locale in slices if _slice(group, locale, holding)]


def visible_decisions(decided: Mapping, holding: Holding) -> dict:
    """Return {"group|locale": decision} without the hidden slices."""
    return {key: word for key, word in decided.items() if _slice(*key.split("|", 1), holding)}


def _slice(group: str, locale: str, holding: Holding) -> Level:
    return holding.structure if group == STRUCTURE_SLICE else holding.slice(group, locale)


def visible_definition(detail: Mapping, hidden_locales: Container[str]) -> dict:
    """Return what changed of a definition as far as it names no others: labels, flags, numbers."""
    shown = {key: pair for key, pair in detail.items() if key in _OF_DEFINITIONS}
    if isinstance(labels := detail.get("labels"), list):
        shown["labels"] = [
            {code: text for code, text in (held or {}).items() if code not in hidden_locales}
            for held in labels
        ]
    return shown


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
