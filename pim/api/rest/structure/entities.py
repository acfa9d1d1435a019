"""Reference entities and the attributes of their records."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from pim.actions.rest_documents import entities as theirs
from pim.actions.rest_documents.entities import (
    IGNORED,
    KINDS,
    LABEL,
    TEXTS,
    TYPES,
    check_label,
    read_field,
)
from pim.actions.rest_documents.forms import checked, labels_out, same_code
from pim.actions.upserts import upsert_structure
from pim.models import ReferenceEntity

from ..access import actor_of, require
from ..answers import item_answer, json_answer, url_of, written
from ..bodies import takes_document
from ..endpoints import endpoint
from ..errors import not_found, validation_error
from .changed import Changed
from .resource import Resource, collection_view, item_view


def find_entity(code: str) -> ReferenceEntity:
    """Return a reference entity; raises 404."""
    found = ReferenceEntity.objects.filter(code=code).first()
    if found is None:
        raise not_found("reference entity", code)
    return found


def _present(_request: HttpRequest, rows: list[ReferenceEntity]) -> list[dict]:
    return [{"code": r.code, "labels": labels_out(r.labels), "image": None} for r in rows]


def _attribute(field: dict) -> dict:
    """Return a field as an attribute of a reference entity."""
    area, rich = TEXTS.get(field["kind"], (None, None))
    types = {kind: name for name, kind in KINDS.items()}
    return {
        "code": field["code"],
        "labels": labels_out(field.get("labels") or {}),
        "type": types.get(field["kind"], "text"),
        "value_per_locale": bool(field.get("localizable")),
        "value_per_channel": False,
        **({} if area is None else {"is_textarea": area, "is_rich_text_editor": rich}),
    }


def _label_attribute() -> dict:
    """Return the attribute that every reference entity of the original has."""
    return _attribute({"code": LABEL, "kind": "text", "localizable": True})


def list_attributes(request: HttpRequest, owner: str) -> HttpResponse:
    """Answer all attributes at once: this list has no pages."""
    require(request, "view", "referenceentity")
    fields = find_entity(owner).fields
    return json_answer([_label_attribute(), *map(_attribute, fields)])


def get_attribute(request: HttpRequest, owner: str, code: str) -> HttpResponse:
    """Answer one attribute."""
    require(request, "view", "referenceentity")
    fields = {field["code"]: _attribute(field) for field in find_entity(owner).fields}
    found = {LABEL: _label_attribute(), **fields}
    if code not in found:
        raise not_found("attribute", code)
    return item_answer(request, found[code])


@takes_document
def patch_attribute(request: HttpRequest, document: dict, owner: str, code: str) -> HttpResponse:
    """Create or change one attribute; its type and place of values never change."""
    require(request, "change", "referenceentity")
    entity = find_entity(owner)
    given = checked(same_code(document, code), types=TYPES, ignored=IGNORED)
    location = url_of(request, "reference-entities", owner, "attributes", code)
    if code == LABEL:
        check_label(given)
        return written(location, created=False, changed=False)
    held = {field["code"]: field for field in entity.fields}
    field = read_field(given, held.get(code))
    ours = {"code": owner, "fields": [*({**held, code: field}.values())]}
    how = {"actor": actor_of(request), "at": timezone.now()}
    result = upsert_structure("reference_entities", [ours], **how)[0]
    if result.refusals:
        raise validation_error(result.refusals)
    return written(location, created=code not in held, changed=result.outcome != "unchanged")


ENTITIES = Resource(
    address="reference-entities",
    kind="reference_entities",
    noun="referenceentity",
    what="reference entity",
    types={"code": "string", "labels": "labels"},
    ignored=("image",),
    read=theirs.read,
    rows=lambda _owner: ReferenceEntity.objects.order_by("code"),
    present=_present,
    search={"code": ("code", str), "updated": ("reference_entity", Changed)},
    by_cursor=True,
)
entities = collection_view(ENTITIES, "GET")
entity = item_view(ENTITIES, "GET", "PATCH")
attributes = endpoint(GET=list_attributes)
attribute = endpoint(GET=get_attribute, PATCH=patch_attribute)
