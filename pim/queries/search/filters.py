"""What one line of a search document asks, and why a document is refused: all reasons at once."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pim.content.locales import to_bcp47
from pim.content.refusals import Refused, UnknownCode, _
from pim.content.rights import EVERYTHING, Rights
from pim.content.structure import Structure

from .tables import DRAFTS, Tables

NONE: Mapping[str, str] = {}
MOST_FILTERS = 200
MOST_VALUES = 20_000
_LONGEST = 4_000
# Neither database stores such text, so nothing can be found by it.
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Filter:
    """One test of one property; `locales` are those that the test names, in the house's form."""

    property: str
    operator: str
    value: Any = None
    locales: tuple[str, ...] = ()
    channel: str = ""

    @property
    def locale(self) -> str:
        """The one locale, "" for none."""
        return self.locales[0] if self.locales else ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What tests are read against: structure, moment, defaults of the search, rights, tables."""

    structure: Structure
    at: datetime
    locale: str = ""
    channel: str = ""
    rights: Rights = EVERYTHING
    tables: Tables = DRAFTS


class SearchRefused(Refused):
    """A search document that cannot be answered; `refusals` holds every reason.

    Each has `field` (the property) and `params["operator"]`, and says the cure.
    """

    code = "bad_search"

    def __init__(self, refusals: Sequence[Refused]):
        super().__init__(" ".join(str(r).replace("%", "%%") for r in refusals))
        self.refusals = list(refusals)


def refuse(flt: Filter, sentence: str, *, code: str, **params) -> Refused:
    """Return the refusal of one filter, naming its property and operator."""
    params = {"property": flt.property, "operator": flt.operator, **params}
    return Refused(sentence, code=code, field=flt.property, **params)


def check_operator(flt: Filter, operators: Collection[str]) -> None:
    """Refuse an operator that the filter's property does not have."""
    if flt.operator not in operators:
        raise refuse(
            flt,
            _("“%(property)s” has no operator “%(operator)s”; it has: %(known)s."),
            code="unknown_operator",
            known=", ".join(operators),
        )


def refuse_published(flt: Filter, asked: Asked) -> None:
    """Raise the refusal of a property of drafts where only published content is read."""
    if asked.tables.published:
        raise refuse(
            flt,
            _("“%(property)s” is about drafts; this reads published content only."),
            code="drafts_only",
        )


def unknown(flt: Filter, what: str, name: Any) -> Refused:
    """Return the refusal of a code in a filter that names nothing."""
    params = {"property": flt.property, "operator": flt.operator}
    return UnknownCode(what=what, name=str(name)[:100], field=flt.property, **params)


def read_filters(search: Any, *, asked: Asked, refusals: list[Refused]) -> Iterator[Filter]:
    """Yield the filters of a document; what is not one is added to `refusals`.

    The document is {property: [{"operator", "value", "locale", "locales", "scope"}, …]}; a lone
    {…} stands for a list of one, and {"text": "…"} for a search in identifiers and names.
    """
    if not isinstance(search, dict):
        refusals.append(
            Refused(
                _("A search is an object: {“property”: [{“operator”: …, “value”: …}]}."),
                code="not_a_search",
            )
        )
        return
    count = 0
    for name, tests in search.items():
        if name == "text" and isinstance(tests, str):
            name, tests = "label_or_identifier", {"operator": "CONTAINS", "value": tests}
        for test in tests if isinstance(tests, list) else [tests]:
            count += 1
            if count > MOST_FILTERS:
                refusals.append(_too_many(Filter(str(name)[:100], ""), MOST_FILTERS))
                return
            try:
                yield _filter(_today(str(name)[:100], asked.structure), test, asked)
            except Refused as refusal:
                refusals.append(refusal)


def _today(name: str, structure: Structure) -> str:
    """Return what a property is called now: attributes answer to the codes they had."""
    return name if name in structure.attributes else structure.current("attribute", name)


def _filter(name: str, test: Any, asked: Asked) -> Filter:
    operator = test.get("operator") if isinstance(test, dict) else None
    if not isinstance(operator, str):
        raise refuse(
            Filter(name, ""),
            _("“%(property)s” needs a list of {“operator”: …, “value”: …}."),
            code="no_operator" if _without_operator(test) else "not_a_filter",
        )
    bare = Filter(name, operator.strip().upper()[:60], test.get("value"))
    _check_value(bare)
    locales = _locales(bare, test, asked)
    channel = test.get("scope") or test.get("channel") or asked.channel
    if channel and (not isinstance(channel, str) or channel not in asked.structure.channels):
        raise unknown(bare, "channel", channel)
    return Filter(name, bare.operator, bare.value, locales, channel)


def _without_operator(test: Any) -> bool:
    return isinstance(test, dict) and test.get("operator") is None


def _locales(flt: Filter, test: dict, asked: Asked) -> tuple[str, ...]:
    named = test.get("locales") or test.get("locale") or asked.locale or ()
    named = [named] if isinstance(named, str) else named
    if not isinstance(named, list | tuple) or not all(isinstance(c, str) for c in named):
        raise refuse(
            flt, _("“%(property)s” needs “locale” as a code, “locales” as a list."), code="locales"
        )
    return tuple(dict.fromkeys(known_locale(flt, code, asked.structure) for code in named))


def known_locale(flt: Filter, code: str, structure: Structure) -> str:
    """Return the locale in the house's form (sv-FI for sv_FI); refuse one that is not there."""
    for form in (code, to_bcp47(code)):
        if form in structure.locales:
            return form
    raise unknown(flt, "locale", code)


def _check_value(flt: Filter) -> None:
    parts = flt.value.values() if isinstance(flt.value, dict) else flt.value
    parts = parts if isinstance(flt.value, dict | list) else [flt.value]
    if len(parts) > MOST_VALUES:
        raise _too_many(flt, MOST_VALUES)
    for part in parts:
        if isinstance(part, str) and (len(part) > _LONGEST or _NO_TEXT.search(part)):
            raise refuse(
                flt,
                _("“%(property)s” is searched by printable text of at most %(limit)s characters."),
                code="bad_text",
                limit=_LONGEST,
            )


def _too_many(flt: Filter, limit: int) -> Refused:
    return refuse(
        flt, _("A search takes at most %(limit)s of these: ask in parts."), code="too_many",
        limit=limit,
    )  # fmt: skip


def text_of(flt: Filter) -> str:
    """Return the value as a text; refuse anything else."""
    if isinstance(flt.value, str) and flt.value.strip():
        return flt.value.strip()
    raise refuse(
        flt, _("“%(property)s” with “%(operator)s” needs a text as value."), code="needs_text"
    )


def list_of(flt: Filter) -> list[str]:
    """Return the value as a list of codes; refuse anything else."""
    if isinstance(flt.value, list) and all(isinstance(v, str) for v in flt.value):
        return flt.value
    raise refuse(
        flt,
        _("“%(property)s” with “%(operator)s” needs a list of codes as value."),
        code="needs_list",
    )


def codes_of(flt: Filter, known, what: str, renamed: Mapping[str, str] = NONE) -> list[str]:
    """Return the value as a list of codes that are all in `known`, old ones in today's words.

    `renamed` is {old code: code}, as `Structure.renamed` has it.
    """
    codes = [c if c in known else renamed.get(c, c) for c in list_of(flt)]
    lost = [code for code in codes if code not in known]
    if lost:
        raise unknown(flt, what, ", ".join(lost[:10]))
    return codes


def whole_number_of(flt: Filter) -> int | None:
    """Return the value as a whole number, None for anything else.

    Connectors send what people have typed into their settings: "100" is a number too.
    """
    value = flt.value
    if isinstance(value, str) and re.fullmatch(r"\s*-?[0-9]{1,9}\s*", value):
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def truth_of(flt: Filter) -> bool:
    """Return the value as true or false; refuse anything else."""
    if isinstance(flt.value, bool):
        return flt.value
    raise refuse(
        flt, _("“%(property)s” with “%(operator)s” needs true or false."), code="needs_boolean"
    )
