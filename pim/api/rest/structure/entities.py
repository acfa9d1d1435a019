"""Reference entities and the attributes of their records."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from pim.actions.upserts import upsert_structure
from pim.models import ReferenceEntity

from ..access import actor_of, require
from ..answers import item_answer, json_answer, url_of, written
from ..bodies import takes_document
from ..endpoints import endpoint
from ..errors import RestError, format_error, not_found, validation_error
from .changed import Changed
from .forms import checked, labels_in, labels_out, renamed, same_code
from .resource import Resource, collection_view, item_view

LABEL = "label"
_TYPES = {
    "code": "string",
    "labels": "labels",
    "type": "string",
    "value_per_locale": "boolean",
    "value_per_channel": "boolean",
    "is_textarea": "boolean?",
    "is_rich_text_editor": "boolean?",
}
# Properties that say how others check a value; here the type alone does.
_IGNORED = (
    "is_required_for_completeness",
    "max_characters",
    "validation_rule",
    "validation_regexp",
    "decimals_allowed",
    "min_value",
    "max_value",
    "allowed_extensions",
    "max_file_size",
)
_KINDS = {"number": "number", "image": "media", "boolean": "boolean", "date": "date"}
_TEXTS = {
    "text": (False, False),
    "textarea": (True, False),
    "richtext": (True, True),
}


def find_entity(code: str) -> ReferenceEntity:
    """Return a reference entity; raises 404."""
    found = ReferenceEntity.objects.filter(code=code).first()
    if found is None:
        raise not_found("reference entity", code)
    return found


def _read(document: dict) -> dict:
    ours = renamed(document, {"code": "code"})
    if "labels" in document:
        ours["labels"] = labels_in(document["labels"])
    return ours


def _present(_request: HttpRequest, rows: list[ReferenceEntity]) -> list[dict]:
    return [{"code": r.code, "labels": labels_out(r.labels), "image": None} for r in rows]


def _attribute(field: dict) -> dict:
    """Return a field as an attribute of a reference entity."""
    area, rich = _TEXTS.get(field["kind"], (None, None))
    types = {kind: name for name, kind in _KINDS.items()}
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
    given = checked(same_code(document, code), types=_TYPES, ignored=_IGNORED)
    held = {field["code"]: field for field in entity.fields}
    field = _field(given, held.get(code))
    ours = {"code": owner, "fields": [*({**held, code: field}.values())]}
    how = {"actor": actor_of(request), "at": timezone.now()}
    result = upsert_structure("reference_entities", [ours], **how)[0]
    if result.refusals:
        raise validation_error(result.refusals)
    location = url_of(request, "reference-entities", owner, "attributes", code)
    return written(location, created=code not in held, changed=result.outcome != "unchanged")


def _field(given: dict, held: dict | None) -> dict:
    if given["code"] == LABEL:
        raise RestError(422, "The attribute “label” is there always and cannot be changed.")
    if held is None and "type" not in given:
        raise format_error(['Property "type" is expected.'])
    if given.get("value_per_channel"):
        raise format_error(["Values per channel are not supported in reference entities."])
    field = {"kind": "", "localizable": False, "labels": {}, **(held or {}), "code": given["code"]}
    wish = {**field, "kind": _kind(given, field["kind"])}
    if "value_per_locale" in given:
        wish["localizable"] = given["value_per_locale"]
    if held and (wish["kind"], wish["localizable"]) != (field["kind"], field["localizable"]):
        raise RestError(422, "The type of an attribute cannot change: values depend on it.")
    labels = {**field["labels"], **labels_in(given.get("labels"))}
    return {**wish, "labels": {locale: text for locale, text in labels.items() if text}}


def _kind(given: dict, held: str) -> str:
    name = given.get("type")
    if name is None:
        return held
    if name in _KINDS:
        return _KINDS[name]
    if name != "text":
        known = ", ".join(["text", *_KINDS])
        raise format_error([f'The type "{name[:50]}" is not supported; these are: {known}.'])
    shape = (
        bool(given.get("is_textarea")),
        bool(given.get("is_rich_text_editor")),
    )
    return next((kind for kind, of in _TEXTS.items() if of == shape), "text")


ENTITIES = Resource(
    address="reference-entities",
    kind="reference_entities",
    noun="referenceentity",
    what="reference entity",
    types={"code": "string", "labels": "labels"},
    ignored=("image",),
    read=_read,
    rows=lambda _owner: ReferenceEntity.objects.order_by("code"),
    present=_present,
    search={"code": ("code", str), "updated": ("reference_entity", Changed)},
    by_cursor=True,
)
entities = collection_view(ENTITIES, "GET")
entity = item_view(ENTITIES, "GET", "PATCH")
attributes = endpoint(GET=list_attributes)
attribute = endpoint(GET=get_attribute, PATCH=patch_attribute)
