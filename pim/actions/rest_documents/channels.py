"""Channels as documents: read, and written with the locales and currencies they use."""

from collections.abc import Container, Iterator

from babel.core import get_global

from pim.actions.import_structure import prepare_channels
from pim.actions.upserts import StructureResult, upsert_structure
from pim.content.refusals import InvalidValue, Refused, UnknownCode, _
from pim.models import Channel, Currency
from pim.queries.rights import hidden_from
from pim.queries.structure import load_structure

from .errors import format_error
from .forms import labels_in, locales_in, renamed

TYPES = {
    "code": "string",
    "currencies": "list",
    "locales": "list",
    "category_tree": "string?",
    "conversion_units": "map",
    "labels": "labels",
}
_NAMES = {
    "code": "code",
    "currencies": "currencies",
    "category_tree": "category_tree",
    "conversion_units": "conversion_units",
}


def read(document: dict) -> dict:
    """Return our document of theirs; raises what is wrong with its form."""
    ours = renamed(document, _NAMES)
    if "locales" in document:
        ours["locales"] = locales_in(document["locales"])
    if "labels" in document:
        ours["labels"] = labels_in(document["labels"])
    if "conversion_units" in ours:
        units = ours["conversion_units"] or {}
        if not all(unit is None or isinstance(unit, str) for unit in units.values()):
            raise format_error(['Property "conversion_units" expects unit codes as data.'])
        ours["conversion_units"] = {name: unit for name, unit in units.items() if unit}
    return ours


def write(kind: str, documents: list[dict], *, actor, at, mode: str) -> list[StructureResult]:
    """Write channels; what they use of the world's locales and currencies is switched on."""
    hidden = hidden_from(actor.rights)
    held = dict(Channel.objects.values_list("code", "conversion_units"))
    known = held.keys() - hidden.get("channel", frozenset())
    for document in documents:
        code = document["code"]
        document["@refusals"] = _missing(document, new=code not in known)
        given = document.get("conversion_units", {}).items() - (held.get(code) or {}).items()
        document["@refusals"] += _wrong_units(sorted(given), hidden.get("attribute", ()))
    good = [d for d in documents if not d["@refusals"] and _real(d.get("currencies", ()))]
    prepare_channels(good, actor=actor, at=at)
    return upsert_structure(kind, documents, actor=actor, at=at, mode=mode)


def _real(currencies: list[str]) -> bool:
    """Return whether all are currencies of the world (ISO 4217) or of this house."""
    known = set(Currency.objects.values_list("code", flat=True))
    return set(currencies) <= known | set(get_global("all_currencies"))


def _wrong_units(given: list[tuple[str, str]], hidden: Container[str]) -> Iterator[Refused]:
    """Yield the refusals of units: each is one of its attribute, which is a measurement."""
    structure = load_structure()
    for name, unit in given:
        attribute = structure.attributes.get(name)
        if attribute is None or name in hidden:
            yield UnknownCode(what="attribute", name=name, field="conversion_units")
        elif attribute.kind != "measurement":
            sentence = _("“%(name)s” is no measurement: it has no units to show it in.")
            yield InvalidValue(sentence, code="no_units", field="conversion_units", name=name)
        elif unit not in structure.measurements[attribute.measurement_family].units:
            yield UnknownCode(what="unit", name=unit, field="conversion_units")


def _missing(document: dict, *, new: bool) -> list[InvalidValue]:
    """Return the refusals of a channel without locales, currencies or tree, as the original."""
    return [
        InvalidValue(_("“%(name)s” is needed."), code="needed", field=name, name=name)
        for name in ("locales", "currencies", "category_tree")
        if (new or name in document) and not document.get(name)
    ]
