"""The endpoints of a structure resource: the whole kind, and one of it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from pim.actions.rest_documents.forms import same_code
from pim.actions.upserts import StructureResult
from pim.tasks import ring_followers

from ..access import actor_of, require
from ..answers import item_answer, json_answer, require_match, tag_of, written
from ..bodies import takes_document, takes_lines, takes_list
from ..collections import Line, collection_answer, list_answers
from ..endpoints import endpoint
from ..errors import RestError, not_found, validation_error
from ..paging import cursor_answer, list_answer
from .resource import Resource
from .search import filtered
from .turns import turns


def collection_view(resource: Resource, *methods: str) -> Callable:
    """Return the endpoint of the whole kind: GET a page, POST one, PATCH many."""
    many = takes_list(_patch_list) if resource.by_cursor else takes_lines(_patch_lines)
    handlers = {"GET": _list, "POST": takes_document(_create), "PATCH": many}
    return endpoint(**{m: _bound(handlers[m], resource) for m in methods})


def item_view(resource: Resource, *methods: str) -> Callable:
    """Return the endpoint of one: GET it, PATCH it."""
    handlers = {"GET": _get, "PATCH": takes_document(_patch)}
    return endpoint(**{m: _bound(handlers[m], resource) for m in methods})


def _bound(handler: Callable, resource: Resource) -> Callable:
    def bound(request: HttpRequest, **names: Any) -> HttpResponse:
        if "owner" in names:
            names["owner"] = resource.owner_today(names["owner"])
        return handler(request, resource=resource, **names)

    return bound


def _list(request: HttpRequest, *, resource: Resource, owner: str = "") -> HttpResponse:
    require(request, "view", resource.shown or resource.noun)
    rows = filtered(request, resource.seen(request, owner), fields=resource.search)
    answer = cursor_by_code if resource.by_cursor else list_answer
    return answer(
        request,
        rows,
        present=lambda found: resource.documents(request, found),
        href=lambda item: resource.url(request, owner, item["code"]),
    )


def _get(request: HttpRequest, *, resource: Resource, code: str, owner: str = "") -> HttpResponse:
    require(request, "view", resource.shown or resource.noun)
    return item_answer(request, _one(request, resource, owner, code))


def _one(request: HttpRequest, resource: Resource, owner: str, code: str) -> dict:
    rows = resource.seen(request, owner)
    row = resource.find(rows, code)
    if row is None and (now := resource.today(request, owner, [code]).get(code)):
        row = resource.find(rows, now)
    if row is None:
        raise not_found(resource.what, code)
    return resource.documents(request, [row])[0]


def _create(
    request: HttpRequest, document: dict, *, resource: Resource, owner: str = ""
) -> HttpResponse:
    require(request, "add", resource.noun)
    resource.owned(request, owner)
    ours = resource.document(document, owner)
    result = _write(request, resource, [ours], mode="create")[0]
    _raise_refused(result, resource)
    return written(resource.url(request, owner, str(document["code"])), created=True)


def _patch(
    request: HttpRequest, document: dict, *, resource: Resource, code: str, owner: str = ""
) -> HttpResponse:
    require(request, "change", resource.noun)
    resource.owned(request, owner)
    now = resource.today(request, owner, [code]).get(code, code)
    if document.get("code") != now:
        same_code(document, code)
    document = {**document, "code": now}
    with transaction.atomic():
        _require_seen(request, resource, owner, now)
        ours = resource.document(document, owner)
        result = _write(request, resource, [ours], mode=_mode(request, resource))[0]
    _raise_refused(result, resource)
    return written(
        resource.url(request, owner, now),
        created=result.outcome == "created",
        changed=result.outcome != "unchanged",
    )


def _require_seen(request: HttpRequest, resource: Resource, owner: str, code: str) -> None:
    """Raise 412 where the client has seen another state than the present one."""
    if "If-Match" not in request.headers:
        return
    try:
        current = tag_of(_one(request, resource, owner, code))
    except RestError:
        current = None
    require_match(request, current)


def _patch_lines(
    request: HttpRequest, lines, *, resource: Resource, owner: str = ""
) -> HttpResponse:
    return collection_answer(request, lines, write=_writer(request, resource, owner))


def _writer(request: HttpRequest, resource: Resource, owner: str) -> Callable:
    """Return what writes a batch of lines; raises 403 and 404 before any is written."""
    require(request, "change", resource.noun)
    resource.owned(request, owner)

    def write(batch: Sequence[Line]) -> None:
        today = resource.today(request, owner, [line.document["code"] for line in batch])
        for turn in turns(batch, today):
            _write_turn(request, resource, owner, turn, today)

    return write


def _patch_list(
    request: HttpRequest, documents: list, *, resource: Resource, owner: str = ""
) -> HttpResponse:
    write = _writer(request, resource, owner)
    return json_answer(list_answers(documents, write=write))


def cursor_by_code(request: HttpRequest, rows: models.QuerySet, **how: Any) -> HttpResponse:
    """Return a page after a cursor, in the order of codes, 100 items by default."""
    most = min(100, request.connection.page_limit)
    return cursor_answer(request, rows, key=("code",), default_limit=most, **how)


def _write_turn(
    request: HttpRequest,
    resource: Resource,
    owner: str,
    turn: list[Line],
    today: Mapping[str, str],
) -> None:
    good, documents = [], []
    for line in turn:
        try:
            code = line.document["code"]
            document = {**line.document, "code": today.get(code, code)}
            documents.append(resource.document(document, owner))
            good.append(line)
        except RestError as error:
            line.refuse(error)
    results = _write(request, resource, documents, mode=_mode(request, resource))
    for line, result in zip(good, results, strict=True):
        if result.refusals:
            line.refuse(validation_error(result.refusals, names=resource.names))
        else:
            line.accept(created=result.outcome == "created", changed=result.outcome != "unchanged")


def _mode(request: HttpRequest, resource: Resource) -> str:
    """Return "upsert" for who may add, else "update": a PATCH is no way around a right."""
    return "upsert" if request.user.has_perm(f"pim.add_{resource.noun}") else "update"


def _write(
    request: HttpRequest, resource: Resource, documents: list[dict], *, mode: str
) -> list[StructureResult]:
    if not documents:
        return []
    results = resource.write(
        resource.kind, documents, actor=actor_of(request), at=timezone.now(), mode=mode
    )
    if any(result.outcome in ("created", "changed") for result in results):
        transaction.on_commit(ring_followers)
    return results


def _raise_refused(result: StructureResult, resource: Resource) -> None:
    if result.refusals:
        raise validation_error(result.refusals, names=resource.names)
