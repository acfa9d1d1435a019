"""Reference entities, the attributes of their records and the options of these."""

from django.http import HttpRequest

from pim.actions.rest_documents import entities as theirs
from pim.actions.rest_documents.entities import LABEL, check_label
from pim.actions.rest_documents.forms import labels_out
from pim.actions.rest_documents.record_fields import ENTITY_KINDS, field_out
from pim.models import ReferenceEntity
from pim.queries.asset_media import media_code

from ..errors import not_found
from .changed import Changed
from .handlers import collection_view, item_view
from .media_files import ENTITY_FILES
from .record_fields import Holder, attribute_view, attributes_view, option_view, options_view
from .resource import Resource


def find_entity(code: str) -> ReferenceEntity:
    """Return a reference entity; raises 404."""
    found = ReferenceEntity.objects.filter(code=code).first()
    if found is None:
        raise not_found("reference entity", code)
    return found


def _present(request: HttpRequest, rows: list[ReferenceEntity]) -> list[dict]:
    return [
        {"code": row.code, "labels": labels_out(row.labels), **_image(request, row)} for row in rows
    ]


def _image(request: HttpRequest, row: ReferenceEntity) -> dict:
    if row.image is None:
        return {"image": None}
    code = media_code(row.image.original_sha256, row.image.filename)
    link = {"href": ENTITY_FILES.url(request, code)}
    return {"image": code, "_links": {"image_download": link}}


# Every reference entity of the original has it.
_LABEL = field_out({"code": LABEL, "kind": "text", "localizable": True}, kinds={})
HOLDER = Holder(
    address="reference-entities",
    kind="reference_entities",
    noun="referenceentity",
    shown="referenceentity",
    find=find_entity,
    kinds=ENTITY_KINDS,
    fixed=(_LABEL,),
    check_fixed=check_label,
)
ENTITIES = Resource(
    address="reference-entities",
    kind="reference_entities",
    noun="referenceentity",
    what="reference entity",
    types=theirs.TYPES,
    read=theirs.read,
    rows=lambda _owner: ReferenceEntity.objects.select_related("image").order_by("code"),
    present=_present,
    search={"code": ("code", str), "updated": ("reference_entity", Changed)},
    write=theirs.write,
    by_cursor=True,
)
entities = collection_view(ENTITIES, "GET")
entity = item_view(ENTITIES, "GET", "PATCH")
attributes, attribute = attributes_view(HOLDER), attribute_view(HOLDER)
options, option = options_view(HOLDER), option_view(HOLDER)
