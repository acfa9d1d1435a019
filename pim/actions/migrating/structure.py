"""Writing the structure of the other system, a page at a time."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from pim.actions.rest_documents import entities, measurements
from pim.actions.rest_documents.errors import DocumentError
from pim.actions.rest_documents.forms import checked
from pim.actions.rest_documents.record_fields import (
    ENTITY_KINDS,
    IGNORED,
    OPTION_TYPES,
    TYPES,
    read_field,
    with_option,
)
from pim.actions.upserts import upsert_structure
from pim.content.record_fields import CHOICES
from pim.importing.remote import V1, RemoteRefused
from pim.models import Attribute, MeasurementFamily, ReferenceEntity

from .stages import Known, Stage

LIMIT = 100
MISSING = (403, 404, 406)


def write_stage(run, stage: Stage) -> None:
    """Write one kind of structure, from where an earlier attempt has come to."""
    for owner in stage.owners() if stage.owners else [""]:
        if owner < run.mark.owner:
            continue
        with where_missing(allowed=stage.optional):
            _write_list(run, stage, owner)


def _write_list(run, stage: Stage, owner: str) -> None:
    start = run.mark.page if run.mark.owner == owner else ""
    for items, following in _turns(run, stage, start or first_page(stage.address, owner)):
        with transaction.atomic():
            write_documents(run, stage, items, owner=owner)
            run.mark.owner, run.mark.page = owner, following
            run.record(stage.code)
        run.progress.heed()


def _turns(run, stage: Stage, path: str) -> Iterator[tuple[list[dict], str]]:
    pages = pages_of(run.remote, path)
    if not stage.whole:
        yield from pages
        return
    yield [document for items, _following in pages for document in items], ""


def pages_of(remote, path: str) -> Iterator[tuple[list[dict], str]]:
    """Yield (documents, path of the next page or "") of a list, from a page on."""
    while path:
        items, path = remote.page(path)
        yield items, path


def first_page(address: str, owner: str = "") -> str:
    """Return the path of the first page of a list."""
    path, _question, query = address.format(owner=owner).partition("?")
    return f"{V1}/{path}?limit={LIMIT}{'&' if query else ''}{query}"


@contextmanager
def where_missing(*, allowed: bool = True) -> Iterator[None]:
    """Take a list that the other system does not have, or does not show, for an empty one."""
    try:
        yield
    except RemoteRefused as refusal:
        if not allowed or refusal.params["status"] not in MISSING:
            raise


def write_documents(run, stage: Stage, items: list[dict], *, owner: str = "") -> None:
    """Write the documents of a page, each for itself."""
    known = Known(
        set(Attribute.objects.values_list("code", flat=True)),
        lambda name: run.notes.left_out(stage.code, name),
        owner,
    )
    documents = []
    for item in items:
        code = str(item.get("code", ""))
        adapted = stage.adapt(item, known)
        if adapted is None:
            continue
        try:
            documents.append(_ours(run, stage, adapted, owner))
        except DocumentError as error:
            run.notes.refuse_form(stage.code, code, error)
    if documents:
        _tell(run, stage.code, stage.upsert(documents, **run.how))


def _ours(run, stage: Stage, document: dict, owner: str) -> dict:
    code = str(document.get("code", ""))
    fitting = run.notes.known(stage.code, code, document, {*stage.types, *stage.ignored})
    ours = stage.read(checked(fitting, types=stage.types, ignored=stage.ignored))
    ours.setdefault("code", "")
    return {**ours, stage.owner_field: owner} if owner else ours


def _tell(run, kind: str, results: list) -> None:
    for result in results:
        if result.refusals:
            run.notes.refuse(kind, result.code, result.refusals)
        else:
            run.structure_changed |= result.outcome != "unchanged"
            run.notes.count(kind, result.outcome)


def write_measurements(run) -> None:
    """Write the measurement families, a list without pages."""
    with where_missing(), transaction.atomic():
        items = run.remote.document(f"{V1}/measurement-families")
        held = {row.code: row for row in MeasurementFamily.objects.all()}
        documents = []
        for item in items:
            code = str(item.get("code", ""))
            try:
                documents.append(measurements.read(item, held.get(code)))
            except DocumentError as error:
                run.notes.refuse_form("measurement_families", code, error)
        kind = "measurement_families"
        _tell(run, kind, upsert_structure(kind, documents, **run.how))
        run.record(kind)


def write_entity_fields(run) -> None:
    """Give reference entities the attributes of their records."""
    documents = []
    for entity in ReferenceEntity.objects.order_by("code"):
        with where_missing():
            items = run.remote.document(f"{V1}/reference-entities/{entity.code}/attributes")
            documents.append({"code": entity.code, "fields": _fields(run, entity, items)})
    if documents:
        with transaction.atomic():
            kind = "reference_entities"
            results = upsert_structure(kind, documents, **run.how)
            # They were counted when they came; what is refused now has not been told yet.
            _tell(run, kind, [result for result in results if result.refusals])
            run.record(kind)


def _with_options(run, entity: str, field: dict) -> dict:
    """Return a field with the options that the other system has for it."""
    if field["kind"] not in CHOICES:
        return field
    path = f"{V1}/reference-entities/{entity}/attributes/{field['code']}/options"
    for item in run.remote.document(path):
        field = with_option(field, checked(item, types=OPTION_TYPES))
    return field


def _fields(run, entity: ReferenceEntity, items: list[dict]) -> list[dict]:
    fields = {one["code"]: one for one in entity.fields}
    kind = "reference_entity_attributes"
    for item in items:
        code = str(item.get("code", ""))
        if code == entities.LABEL:
            continue
        try:
            fitting = run.notes.known(kind, code, item, {*TYPES, *IGNORED})
            given = checked(fitting, types=TYPES, ignored=IGNORED)
            field = read_field(given, fields.get(code), kinds=ENTITY_KINDS)
            fields[code] = _with_options(run, entity.code, field)
        except DocumentError as error:
            run.notes.refuse_form(kind, f"{entity.code}/{code}", error)
    return list(fields.values())
