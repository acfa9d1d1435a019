"""Differences between two states of a product, as a table people can read."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from pim.actions.writing.batch import is_uuid
from pim.content.kinds.texts import plain_text
from pim.content.states import state_of
from pim.content.structure import AttributeDef, Structure
from pim.models import Group, Product

from .context import label_of

ASSOCIATIONS, GROUPS = "@associations", "@groups"
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
    "level": _("level"),
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
    """Names attributes and says values as people of a locale know them.

    `products` are the identifiers of products by their uuid, `groups` labels of product groups by
    their code, both of what is to be said (`words_for`); what is not there any more keeps its name.
    """

    structure: Structure
    locale: str
    products: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)

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
        if code == ASSOCIATIONS and isinstance(data, Mapping):
            return "; ".join(self._ties(*held) for held in data.items()) or "–"
        if (code == GROUPS or code in self.structure.references) and isinstance(data, list):
            names = self.groups if code == GROUPS else self.products
            return ", ".join(names.get(str(name), plain(name)) for name in data) or "–"
        options = self._labelled(code)
        if options and isinstance(data, (str, list)):
            return options_in_words(data, options, self.locale)
        if attribute and isinstance(data, Mapping) and set(data) == {"amount", "unit"}:
            return amount_in_words(data, attribute, self.structure)
        return plain(data)

    def _ties(self, code: str, ties: Mapping) -> str:
        kind = self.structure.association_types.get(code)
        named = ((self.products.get(p, p), number) for p, number in ties.get("products", ()))
        names = [name if number is None else f"{number} × {name}" for name, number in named]
        names += [self.groups.get(group, group) for group in ties.get("groups", ())]
        return f"{label_of(kind, self.locale) if kind else code}: {', '.join(names) or '–'}"

    def _labelled(self, code: str) -> Mapping:
        """Return what the codes of a value stand for, by code."""
        if code in self.structure.attributes:
            return self.structure.options.get(code, {})
        table = NAMED.get(code.lstrip("@"))
        return getattr(self.structure, table) if table else {}


def words_for(details: Iterable[Mapping], structure: Structure, locale: str) -> Words:
    """Return the words for differences: what they name is looked up once, if they name any."""
    uuids: set[str] = set()
    groups: set[str] = set()
    for detail in details:
        for key, pair in detail.items():
            code = key.partition("|")[0]
            for side in pair if isinstance(pair, list) else (pair,):
                _gather(code, side, structure, uuids, groups)
    return Words(structure, locale, _identifiers(uuids), _labels(groups, locale))


def _gather(code: str, side: Any, structure: Structure, uuids: set, groups: set) -> None:
    if code == ASSOCIATIONS and isinstance(side, Mapping):
        for ties in side.values():
            uuids.update(name for name, _number in ties.get("products", ()))
            groups.update(ties.get("groups", ()))
    elif code == GROUPS and isinstance(side, list):
        groups.update(side)
    elif code in structure.references and isinstance(side, list):
        uuids.update(name for name in side if isinstance(name, str))


def _identifiers(uuids: set[str]) -> dict[str, str]:
    # An attribute may have been of another kind when it was written.
    named = [name for name in uuids if is_uuid(name)]
    rows = Product.objects.filter(uuid__in=named).values_list("uuid", "identifier")
    return {str(uuid): identifier for uuid, identifier in rows} if named else {}


def _labels(groups: set[str], locale: str) -> dict[str, str]:
    rows = Group.objects.filter(code__in=groups) if groups else ()
    return {group.code: label_of(group, locale) for group in rows}


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
