"""Channels: the scopes that content is written for."""

from babel.core import get_global
from django.db.models import QuerySet
from django.http import HttpRequest

from pim.actions.import_structure import prepare_channels
from pim.actions.upserts import StructureResult, upsert_structure
from pim.content.locales import to_posix
from pim.content.refusals import InvalidValue, _
from pim.models import Channel, Currency

from .changed import Changed
from .forms import labels_in, labels_out, locales_in, renamed
from .resource import Resource, collection_view, item_view

_NAMES = {
    "code": "code",
    "currencies": "currencies",
    "category_tree": "category_tree",
    "conversion_units": "conversion_units",
}


def _read(document: dict) -> dict:
    ours = renamed(document, _NAMES)
    if "locales" in document:
        ours["locales"] = locales_in(document["locales"])
    if "labels" in document:
        ours["labels"] = labels_in(document["labels"])
    if "conversion_units" in ours:
        units = ours["conversion_units"] or {}
        ours["conversion_units"] = {name: unit for name, unit in units.items() if unit}
    return ours


def _write(kind: str, documents: list[dict], *, actor, at, mode: str) -> list[StructureResult]:
    """Write channels; what they use of the world's locales and currencies is switched on."""
    held = set(Channel.objects.values_list("code", flat=True))
    for document in documents:
        document["@refusals"] = _missing(document, new=document["code"] not in held)
    good = [d for d in documents if not d["@refusals"] and _real(d.get("currencies", ()))]
    prepare_channels(good, actor=actor, at=at)
    return upsert_structure(kind, documents, actor=actor, at=at, mode=mode)


def _real(currencies: list[str]) -> bool:
    """Return whether all are currencies of the world (ISO 4217) or of this house."""
    known = set(Currency.objects.values_list("code", flat=True))
    return set(currencies) <= known | set(get_global("all_currencies"))


def _missing(document: dict, *, new: bool) -> list[InvalidValue]:
    """Return the refusals of a channel without locales, currencies or tree, as the original."""
    return [
        InvalidValue(_("“%(name)s” is needed."), code="needed", field=name, name=name)
        for name in ("locales", "currencies", "category_tree")
        if (new or name in document) and not document.get(name)
    ]


def _rows(_owner) -> QuerySet:
    rows = Channel.objects.select_related("category_tree").order_by("code")
    return rows.prefetch_related("locales", "currencies")


def _present(_request: HttpRequest, rows: list[Channel]) -> list[dict]:
    return [
        {
            "code": row.code,
            "currencies": sorted(currency.code for currency in row.currencies.all()),
            "locales": sorted(to_posix(locale.code) for locale in row.locales.all()),
            "category_tree": row.category_tree.code if row.category_tree else None,
            "conversion_units": row.conversion_units,
            "labels": labels_out(row.labels),
        }
        for row in rows
    ]


CHANNELS = Resource(
    address="channels",
    kind="channels",
    noun="channel",
    what="channel",
    types={
        "code": "string",
        "currencies": "list",
        "locales": "list",
        "category_tree": "string?",
        "conversion_units": "map",
        "labels": "labels",
    },
    read=_read,
    rows=_rows,
    present=_present,
    search={"code": ("code", str), "updated": ("channel", Changed)},
    write=_write,
    level=lambda rights, _structure, code: rights.channel(code),
)
channels = collection_view(CHANNELS, "GET", "POST", "PATCH")
channel = item_view(CHANNELS, "GET", "PATCH")
