"""Differences between two states of a product, as a table people can read."""

import re
from collections.abc import Mapping
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as translate

from pim.content.kinds.texts import plain_text
from pim.content.states import state_of

STATE_WORDS = {"empty": "empty on purpose", "unknown": "unknown", "na": "not applicable"}
LONGEST = 400
# Rich texts are made of blocks; any other text that holds tags means them to be read.
_RICH = re.compile(r"<(p|ul|ol|h[2-4]|blockquote|table|hr)\b[^>]*>")


def plain(data: Any) -> str:
    """Return any value in one line of plain words."""
    if data is None or data == "":
        return "–"
    if state := state_of(data):
        return f"({translate(STATE_WORDS[state])})"
    if isinstance(data, bool):
        return translate("Yes") if data else translate("No")
    if isinstance(data, Mapping):
        return _plain_mapping(data)
    if isinstance(data, list):
        return ", ".join(plain(item) for item in data) or "–"
    text = str(data)
    text = plain_text(text).replace("\n", " ") if _RICH.match(text) else text
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _plain_mapping(data: Mapping) -> str:
    if set(data) == {"amount", "unit"}:
        return f"{data['amount']} {data['unit']}"
    return ", ".join(f"{key}: {plain(value)}" for key, value in data.items())


def difference_rows(detail: Mapping, labels: Mapping | None = None) -> list[dict]:
    """Return [{"label", "channel", "locale", "before", "after"}] of {key: [before, after]}."""
    labels = labels or {}
    rows = []
    for key, pair in detail.items():
        attribute, _sep, rest = key.partition("|")
        channel, _sep, locale = rest.partition("|")
        before, after = pair if isinstance(pair, list) and len(pair) == 2 else (None, pair)
        rows.append(
            {
                "label": labels.get(attribute, attribute.lstrip("@")),
                "channel": channel,
                "locale": locale,
                "before": plain(before),
                "after": plain(after),
            }
        )
    return rows


def difference_table(detail: Mapping, labels: Mapping | None = None) -> str:
    """Return the differences as an HTML table."""
    return render_to_string("admin/pim/differences.html", {"rows": difference_rows(detail, labels)})
