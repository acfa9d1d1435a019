"""Options of select attributes."""

from django.db.models import QuerySet
from django.http import HttpRequest

from pim.actions.rest_documents import plain as forms
from pim.actions.rest_documents.forms import labels_out
from pim.models import Attribute, AttributeOption

from ..errors import RestError, not_found
from .changed import Changed
from .handlers import collection_view, item_view
from .resource import Owner, Resource

_SELECTS = ("select", "multiselect")


def _attribute(code: str) -> Attribute:
    found = Attribute.objects.filter(code=code).first()
    if found is None:
        raise not_found("attribute", code)
    if found.kind not in _SELECTS:
        raise RestError(
            404,
            f'Attribute "{code}" does not support options. Only attributes of type '
            '"pim_catalog_simpleselect", "pim_catalog_multiselect" support options.',
        )
    return found


def _rows(attribute: Attribute) -> QuerySet:
    rows = AttributeOption.objects.filter(attribute=attribute).select_related("attribute")
    return rows.order_by("sort_order", "code")


def _present(_request: HttpRequest, rows: list[AttributeOption]) -> list[dict]:
    return [
        {
            "code": row.code,
            "attribute": row.attribute.code,
            "sort_order": row.sort_order,
            "labels": labels_out(row.labels),
        }
        for row in rows
    ]


OPTIONS = Resource(
    address="options",
    kind="options",
    renamed="option",
    parted=True,
    noun="attributeoption",
    what="attribute option",
    types=forms.OPTIONS.types,
    read=forms.OPTIONS.read,
    rows=_rows,
    present=_present,
    search={"code": ("code", str), "updated": ("option:attribute__code", Changed)},
    owner=Owner("attributes", "attribute", _attribute, "attribute", lambda s: s.attributes),
)
options = collection_view(OPTIONS, "GET", "POST", "PATCH")
option = item_view(OPTIONS, "GET", "PATCH")
