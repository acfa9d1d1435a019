"""Asset families, the attributes of their assets and the options of these."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from pim.actions.rest_documents import asset_families as theirs
from pim.actions.rest_documents.asset_families import ALL
from pim.actions.rest_documents.errors import DocumentError
from pim.actions.rest_documents.forms import labels_out
from pim.actions.rest_documents.record_fields import SIMPLE, field_out
from pim.models import AssetFamily

from ..access import require
from ..answers import url_of
from ..endpoints import endpoint
from ..errors import not_found
from .changed import Changed
from .handlers import cursor_by_code, item_view
from .hiding import hidden_from
from .record_fields import Holder, attribute_view, attributes_view, option_view, options_view
from .resource import Resource
from .search import filtered

MEDIA, ALT, CAPTION = "media", "label", "caption"
_MEDIA_FILE = {
    "code": MEDIA,
    "labels": {},
    "type": "media_file",
    "value_per_locale": False,
    "value_per_channel": False,
    "is_required_for_completeness": False,
    "allowed_extensions": [],
    "max_file_size": None,
    "media_type": "image",
}
_FIXED = (
    _MEDIA_FILE,
    field_out({"code": ALT, "kind": "text", "localizable": True}, kinds={}),
    field_out({"code": CAPTION, "kind": "textarea", "localizable": True}, kinds={}),
)


def list_families(request: HttpRequest) -> HttpResponse:
    """Answer a page of families; the first page begins with the family of all assets."""
    require(request, "view", "asset")
    rows = AssetFamily.objects.exclude(code=ALL).select_related("attribute")
    search = request.GET.get("search")
    first = [] if search or request.GET.get("search_after") else [AssetFamily(code=ALL)]
    return cursor_by_code(
        request,
        filtered(request, rows, fields=FAMILIES.search),
        present=lambda found: _present(request, [*first, *found]),
        href=lambda item: url_of(request, "asset-families", item["code"]),
    )


def find_family(code: str) -> AssetFamily:
    """Return a family by its code, that of all assets too; raises 404."""
    found = _found(AssetFamily.objects.all(), code)
    if found is None:
        raise not_found("asset family", code)
    return found


def _found(rows: QuerySet, code: str) -> AssetFamily | None:
    return rows.filter(code=code).first() or (AssetFamily(code=ALL) if code == ALL else None)


def _present(request: HttpRequest, rows: list[AssetFamily]) -> list[dict]:
    hidden = hidden_from(request, "attribute")
    for row in rows if hidden else ():
        if row.attribute and row.attribute.code in hidden:
            row.attribute = None
    return [
        {"code": row.code, "labels": labels_out(row.labels), **theirs.document_out(row)}
        for row in rows
    ]


def _check_fixed(given: dict) -> None:
    """Refuse a document of an attribute that all assets have, unless it says what holds."""
    held = next(one for one in _FIXED if one["code"] == given["code"])
    names = ("type", "value_per_locale", "value_per_channel")
    if any(given.get(name, held[name]) != held[name] for name in names):
        raise DocumentError(
            422, f'The attribute "{given["code"]}" is there always: its type cannot change.'
        )


HOLDER = Holder(
    address="asset-families",
    kind="asset_families",
    noun="assetfamily",
    shown="asset",
    find=find_family,
    kinds=SIMPLE,
    fixed=tuple({**one, "is_read_only": False} for one in _FIXED),
    check_fixed=_check_fixed,
)
FAMILIES = Resource(
    address="asset-families",
    kind="asset_families",
    noun="assetfamily",
    shown="asset",
    what="asset family",
    types=theirs.TYPES,
    ignored=theirs.IGNORED,
    read=theirs.read,
    rows=lambda _owner: AssetFamily.objects.select_related("attribute").order_by("code"),
    present=_present,
    find=_found,
    search={"code": ("code", str), "updated": ("asset_family", Changed)},
    names=theirs.NAMES,
    write=theirs.write,
    by_cursor=True,
)
families = endpoint(GET=list_families)
family = item_view(FAMILIES, "GET", "PATCH")
attributes, attribute = attributes_view(HOLDER), attribute_view(HOLDER)
options, option = options_view(HOLDER), option_view(HOLDER)
