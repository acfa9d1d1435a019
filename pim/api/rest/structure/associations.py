"""Association types: how products are tied."""

from django.http import HttpRequest

from pim.models import AssociationType

from .changed import Changed
from .forms import labels_in, labels_out, renamed
from .resource import Resource, collection_view, item_view

_NAMES = {"code": "code", "is_two_way": "two_way", "is_quantified": "quantified"}


def _read(document: dict) -> dict:
    ours = renamed(document, _NAMES)
    if "labels" in document:
        ours["labels"] = labels_in(document["labels"])
    return ours


def _present(_request: HttpRequest, rows: list[AssociationType]) -> list[dict]:
    return [
        {
            "code": row.code,
            "labels": labels_out(row.labels),
            "is_two_way": row.two_way,
            "is_quantified": row.quantified,
        }
        for row in rows
    ]


ASSOCIATION_TYPES = Resource(
    address="association-types",
    kind="association_types",
    noun="associationtype",
    what="association type",
    types={
        "code": "string",
        "labels": "labels",
        "is_two_way": "boolean",
        "is_quantified": "boolean",
    },
    read=_read,
    rows=lambda _owner: AssociationType.objects.order_by("code"),
    present=_present,
    search={"code": ("code", str), "updated": ("association_type", Changed)},
    names={"two_way": "is_two_way", "quantified": "is_quantified"},
)
association_types = collection_view(ASSOCIATION_TYPES, "GET", "POST", "PATCH")
association_type = item_view(ASSOCIATION_TYPES, "GET", "PATCH")
