"""Channels: the scopes that content is written for."""

from collections.abc import Container

from django.db.models import QuerySet
from django.http import HttpRequest

from pim.actions.rest_documents import channels as theirs
from pim.actions.rest_documents.forms import labels_out
from pim.content.locales import to_posix
from pim.models import Channel

from .changed import Changed
from .handlers import collection_view, item_view
from .hiding import hidden_from
from .resource import Resource


def _rows(_owner) -> QuerySet:
    rows = Channel.objects.select_related("category_tree").order_by("code")
    return rows.prefetch_related("locales", "currencies")


def _present(request: HttpRequest, rows: list[Channel]) -> list[dict]:
    locales, trees = hidden_from(request, "locale"), hidden_from(request, "category")
    return [
        {
            "code": row.code,
            "currencies": sorted(currency.code for currency in row.currencies.all()),
            "locales": sorted(to_posix(x.code) for x in row.locales.all() if x.code not in locales),
            "category_tree": _tree(row, trees),
            "conversion_units": row.conversion_units,
            "labels": labels_out(row.labels),
        }
        for row in rows
    ]


def _tree(row: Channel, hidden: Container[str]) -> str | None:
    tree = row.category_tree
    return tree.code if tree and tree.code not in hidden else None


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
