"""The narrow index of filterable values: what lists and searches filter by."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import cache
from typing import Any

from pim.actions import bulk
from pim.actions.locking import hold
from pim.content.folding import fold
from pim.content.kinds import kind
from pim.content.kinds.base import Kind
from pim.content.states import state_of
from pim.content.structure import AttributeDef, Structure
from pim.models import Attribute, FilterValue
from pim.queries.drafts import DraftState
from pim.queries.indexed import indexed_attributes, name_attributes, standard_amount

from .intents import Plan

COLUMNS = ["product_id", "attribute_id", "locale", "channel", "text", "number", "folded"]
_LIMIT = Decimal(10) ** 20
# What hides the value of a parent must be seen, though there is nothing to find it by.
_STATE = [("", None)]


def keep_index(live: list[Plan], structure: Structure) -> None:
    """Replace the index rows of every attribute that a plan changes."""
    indexed = indexed_attributes(structure)
    gone, made = [], []
    for plan in live:
        if plan.ready:
            made += [(plan.state.id, *row) for row in plan.ready.index]
            continue
        codes = plan.attributes & indexed
        if plan.before is not None:
            gone += [(plan.state.id, structure.attributes[code].id) for code in codes]
        made += rows_of_draft(plan.state, codes, structure)
    hold(Attribute, {row[1] for row in made})
    bulk.delete(FilterValue, ["product_id", "attribute_id"], gone)
    bulk.insert(FilterValue, COLUMNS, made)


def rows_of_draft(
    state: DraftState, codes: frozenset[str] | set[str], structure: Structure
) -> Iterator[tuple]:
    """Yield the index rows of some of the attributes of a draft."""
    for locale, held in state.values.items():
        for code in codes.intersection(held):
            attribute = structure.attributes[code]
            yield from index_rows(state.id, locale, held[code], attribute, structure)


def index_rows(
    product_id: int, locale: str, by_channel: dict, attribute: AttributeDef, structure: Structure
) -> Iterator[tuple]:
    """Yield the index rows of one attribute of one draft; a state is a row without text."""
    named = attribute.code in name_attributes(structure)
    plain = _as_it_stands(attribute.kind)
    for channel, data in by_channel.items():
        if plain and type(data) is str:
            text = data[:255]
            folded = fold(text) if named else ""
            yield (product_id, attribute.id, locale, channel, text, None, folded)
            continue
        for text, number in _STATE if state_of(data) else _pairs(data, attribute, structure):
            if number is not None and abs(number) >= _LIMIT:
                number = None
            folded = fold(text) if named else ""
            yield (product_id, attribute.id, locale, channel, text[:255], number, folded)


@cache
def _as_it_stands(code: str) -> bool:
    """Return whether the kind's data are found by as they are stored."""
    found = type(kind(code))
    return found.index is Kind.index and found.plain is Kind.plain


def _pairs(
    data: Any, attribute: AttributeDef, structure: Structure
) -> Iterable[tuple[str, Decimal | None]]:
    found = kind(attribute.kind).index(data)
    if attribute.kind != "measurement":
        return found
    return [(t, standard_amount(n, data["unit"], attribute, structure)) for t, n in found]
