"""Channels: the scopes that content is written for."""

from django.db.models import QuerySet
from django.http import HttpRequest

from pim.actions.rest_documents import channels as theirs
from pim.actions.rest_documents.forms import labels_out
from pim.content.locales import to_posix
from pim.models import Channel

from .changed import Changed
from .resource import Resource, collection_view, item_view


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
    types=theirs.TYPES,
    read=theirs.read,
    rows=_rows,
    present=_present,
    search={"code": ("code", str), "updated": ("channel", Changed)},
    write=theirs.write,
    level=lambda rights, _structure, code: rights.channel(code),
)
channels = collection_view(CHANNELS, "GET", "POST", "PATCH")
channel = item_view(CHANNELS, "GET", "PATCH")
