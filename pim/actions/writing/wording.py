"""Texts as tables for people have them: without tags, and with a quote before a formula's sign."""

from typing import Any

from pim.content.kinds.texts import plain_text
from pim.exporting.cells import FORMULA
from pim.queries.drafts import DraftState

from .batch import Batch

TEXTS = ("text", "textarea", "richtext")


def same_words(address: tuple[str, str, str], raw: Any, state: DraftState, batch: Batch) -> bool:
    """Return whether a table's text says what the product says there, or inherits."""
    code, channel, locale = address
    attribute = batch.structure.attributes.get(code)
    if attribute is None or attribute.kind not in TEXTS or not isinstance(raw, str):
        return False
    for _identifier, values in batch.chain(state):
        held = values.get(locale, {}).get(code, {}).get(channel)
        if held is not None:
            return isinstance(held, str) and _alike(raw, held, rich=attribute.kind == "richtext")
    return False


def _alike(raw: str, held: str, *, rich: bool) -> bool:
    told = plain_text(held) if rich else held
    return _unquoted(raw, told) == told


def _unquoted(raw: str, told: str) -> str:
    """Return a cell without the quote that keeps a spreadsheet from taking it for a formula."""
    return raw[1:] if raw[:1] == "'" and told.startswith(FORMULA) else raw
