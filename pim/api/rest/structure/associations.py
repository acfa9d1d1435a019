"""Association types: how products are tied."""

from django.http import HttpRequest

from pim.actions.rest_documents import plain as forms
from pim.actions.rest_documents.forms import labels_out
from pim.models import AssociationType

from .changed import Changed
from .handlers import collection_view, item_view
from .resource import Resource


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
    renamed="association_type",
    noun="associationtype",
    what="association type",
    types=forms.ASSOCIATION_TYPES.types,
    read=forms.ASSOCIATION_TYPES.read,
    rows=lambda _owner: AssociationType.objects.order_by("code"),
    present=_present,
    search={"code": ("code", str), "updated": ("association_type", Changed)},
    names={"two_way": "is_two_way", "quantified": "is_quantified"},
)
association_types = collection_view(ASSOCIATION_TYPES, "GET", "POST", "PATCH")
association_type = item_view(ASSOCIATION_TYPES, "GET", "PATCH")
