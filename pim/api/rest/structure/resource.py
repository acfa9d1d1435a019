"""A structure resource: what it consists of, and the handlers that all of them share."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from pim.actions.rest_documents.forms import checked, same_code
from pim.actions.upserts import StructureResult, upsert_structure
from pim.content.rights import Level, Rights
from pim.content.structure import Structure
from pim.queries.oldcodes import renamed_codes
from pim.queries.rights import rights_of
from pim.queries.structure import load_structure
from pim.tasks import ring_followers

from ..access import actor_of, require
from ..answers import item_answer, json_answer, require_match, tag_of, url_of, written
from ..bodies import takes_document, takes_lines, takes_list
from ..collections import Line, collection_answer, list_answers
from ..endpoints import endpoint
from ..errors import RestError, not_found, validation_error
from ..paging import cursor_answer, list_answer
from .hiding import hidden_from, shown_locales
from .search import Field, filtered
from .turns import turns


@dataclass(frozen=True)
class Owner:
    """What a resource hangs on, such as the attribute of an option.

    `find` returns its row by code or raises 404; `field` is its name in our documents. Where it
    can be renamed, `known` returns {code: …} of the structure and `renamed` names the kind.
    """

    address: str
    field: str
    find: Callable[[str], models.Model]
    renamed: str = ""
    known: Callable[[Structure], Mapping[str, Any]] = lambda _structure: {}


@dataclass(frozen=True)
class Resource:
    """One kind of structure.

    `types` are its properties as `forms.checked` takes them; `read` turns a checked document
    into ours; `rows(owner)` is the ordered list, `present(request, rows)` their documents;
    `names` says which property one of our fields is; `level` what the roles of somebody
    allow with one of them: what they may not see is not there. `by_cursor` resources have
    no page numbers, and many of them are written as a JSON list, as in the original.
    `renamed` is the kind that old codes are kept under, `parted` where each owner has its own.
    `shown` is the noun whose view permission counts, where that is another.
    """

    address: str
    kind: str
    noun: str
    what: str
    types: Mapping[str, str]
    read: Callable[[dict], dict]
    rows: Callable[[Any], models.QuerySet]
    present: Callable[[HttpRequest, list], Sequence[dict]]
    search: Mapping[str, Field] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    owner: Owner | None = None
    write: Callable[..., list[StructureResult]] = upsert_structure
    shown: str = ""
    level: Callable[[Rights, Structure, str], Level] | None = None
    by_cursor: bool = False
    renamed: str = ""
    parted: bool = False
    find: Callable[[models.QuerySet, str], models.Model | None] = lambda rows, code: rows.filter(
        code=code
    ).first()

    def url(self, request: HttpRequest, owner: str, code: str) -> str:
        """Return the absolute address of one."""
        above = (self.owner.address, owner) if self.owner else ()
        return url_of(request, *above, self.address, code)

    def owned(self, request: HttpRequest, owner: str) -> Any:
        """Return the row that the resource hangs on; raises 404, also where it is hidden."""
        if self.owner and owner in hidden_from(request, self.owner.renamed):
            raise not_found(self.owner.renamed, owner)
        return self.owner.find(owner) if self.owner else None

    def owner_today(self, code: str) -> str:
        """Return what the owner is called now; a code that is in use stays as it is."""
        if not self.owner or not self.owner.renamed:
            return code
        now = renamed_codes(self.owner.renamed, [code]).get(code, code)
        return code if now == code or code in self.owner.known(load_structure()) else now

    def today(self, request: HttpRequest, owner: str, codes: Iterable[str]) -> dict[str, str]:
        """Return {old code: what it is called now} of those; a code in use is not an old one."""
        if not self.renamed:
            return {}
        renamed = renamed_codes(self.renamed, codes, owner=owner if self.parted else "")
        hidden = hidden_from(request, self.renamed) if renamed else ()
        renamed = {old: now for old, now in renamed.items() if now not in hidden}
        rows = self.rows(self.owned(request, owner)) if renamed else None
        return {old: now for old, now in renamed.items() if self.find(rows, old) is None}

    def seen(self, request: HttpRequest, owner: str) -> models.QuerySet:
        """Return the rows that the connection's user may see."""
        rows, rights = self.rows(self.owned(request, owner)), rights_of(request.user)
        if rights.unlimited or self.level is None:
            return rows
        structure = load_structure()
        codes = rows.values_list("code", flat=True)
        return rows.filter(code__in=[c for c in codes if self.level(rights, structure, c)])

    def documents(self, request: HttpRequest, rows: list) -> list[dict]:
        """Return the documents of the rows without texts in locales that are hidden."""
        return [shown_locales(request, each) for each in self.present(request, rows)]

    def document(self, given: Mapping[str, Any], owner: str) -> dict:
        """Return our document of theirs; raises 422 naming everything that is wrong."""
        if self.owner:
            _require_owner(self, given.get(self.owner.field), owner)
        found = self.read(checked(given, types=self.types, ignored=self.ignored))
        found.setdefault("code", "")
        return {**found, self.owner.field: owner} if self.owner else found


def _require_owner(resource: Resource, given: Any, owner: str) -> None:
    """Raise 422 where a document names another owner than its address."""
    if isinstance(given, str) and resource.owner_today(given) != owner:
        field = resource.owner.field
        raise RestError(
            422,
            f'The {field} code "{given[:100]}" provided in the request body must match the '
            f'{field} code "{owner}" provided in the url.',
        )


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
