"""Differences between two states of a product, as a table people can read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from pim.content.kinds.texts import plain_text
from pim.content.states import state_of
from pim.content.structure import AttributeDef, Structure

from .context import label_of

STATE_WORDS = {"empty": "empty on purpose", "unknown": "unknown", "na": "not applicable"}
LONGEST = 400
FIELD_WORDS = {
    "associations": _("associations"),
    "categories": _("categories"),
    "enabled": _("enabled"),
    "family": _("family"),
    "family_variant": _("family variant"),
    "groups": _("product groups"),
    "identifier": _("identifier"),
    "parent": _("parent"),
    "role": _("role"),
}
# What is no attribute and has labels of its own, by the table of the structure.
NAMED = {
    "categories": "categories",
    "family": "families",
    "family_variant": "family_variants",
}
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


def options_in_words(codes: Any, options: Mapping, locale: str) -> str:
    """Return the labels of one code or several; what is no option any more keeps its code."""
    codes = codes if isinstance(codes, list) else [codes]
    return ", ".join(label_of(options[c], locale) if c in options else str(c) for c in codes)


def amount_in_words(data: Mapping, attribute: AttributeDef, structure: Structure) -> str:
    """Return an amount with the sign of its unit."""
    family = structure.measurements.get(attribute.measurement_family)
    unit = (family.units.get(data["unit"]) if family else None) or {}
    return f"{data['amount']} {unit.get('symbol') or data['unit']}"


@dataclass(frozen=True)
class Words:
    """Names attributes and says values as people of a locale know them."""

    structure: Structure
    locale: str

    def label(self, code: str) -> str:
        """Return the label of an attribute; what is none keeps its name."""
        attribute = self.structure.attributes.get(code)
        if attribute:
            return label_of(attribute, self.locale)
        name = code.lstrip("@")
        return str(FIELD_WORDS.get(name, name))

    def say(self, code: str, data: Any) -> str:
        """Return a value in words, whatever kind the attribute had when it was written."""
        attribute = self.structure.attributes.get(code)
        if not data or state_of(data):
            return plain(data)
        options = self._labelled(code)
        if options and isinstance(data, (str, list)):
            return options_in_words(data, options, self.locale)
        if attribute and isinstance(data, Mapping) and set(data) == {"amount", "unit"}:
            return amount_in_words(data, attribute, self.structure)
        return plain(data)

    def _labelled(self, code: str) -> Mapping:
        """Return what the codes of a value stand for, by code."""
        if code in self.structure.attributes:
            return self.structure.options.get(code, {})
        table = NAMED.get(code.lstrip("@"))
        return getattr(self.structure, table) if table else {}


def difference_rows(detail: Mapping, words: Words) -> list[dict]:
    """Return [{"label", "channel", "locale", "before", "after"}] of {key: [before, after]}."""
    rows = []
    for key, pair in detail.items():
        attribute, _sep, rest = key.partition("|")
        channel, _sep, locale = rest.partition("|")
        before, after = pair if isinstance(pair, list) and len(pair) == 2 else (None, pair)
        rows.append(
            {
                "label": words.label(attribute),
                "channel": channel,
                "locale": locale,
                "before": words.say(attribute, before),
                "after": words.say(attribute, after),
            }
        )
    return rows


def difference_table(detail: Mapping, words: Words) -> str:
    """Return the differences as an HTML table."""
    return render_to_string("admin/pim/differences.html", {"rows": difference_rows(detail, words)})
