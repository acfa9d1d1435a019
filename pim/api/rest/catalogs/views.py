"""A connection's catalogs: listed, asked for, renamed, deleted; the schema of what it wants."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from pim.actions.catalogs import (
    close_catalog,
    create_catalog,
    delete_catalog,
    duplicate_catalog,
    set_catalog,
)
from pim.content.refusals import Refused
from pim.content.targets import FIELD
from pim.models import Catalog
from pim.queries.catalogs import catalog_products
from pim.queries.rights import rights_of

from ..access import actor_of, require
from ..answers import deleted, json_answer, url_of
from ..bodies import takes_document
from ..endpoints import endpoint
from ..errors import RestError, validation_error
from ..paging import list_answer

_MANAGED = {"managed_currencies": "currencies", "managed_locales": "locales"}


def owned(request: HttpRequest, name: str) -> Catalog:
    """Return the connection's catalog of that id; raises 404 for others'.

    A connection manages its own catalogs, and needs no permission but to see products.
    """
    require(request, "view", "product")
    try:
        found = request.connection.catalogs.filter(uuid=UUID(name)).first()
    except ValueError:
        found = None
    if found is None:
        raise RestError(404, f'Catalog "{name[:100]}" does not exist or you can\'t access it.')
    found.connection = request.connection
    return found


def close_if_void(request: HttpRequest, catalog: Catalog) -> None:
    """Switch a catalog off whose selection names what is not there, or not for its connection."""
    try:
        catalog_products(catalog, rights=rights_of(request.user))
    except Refused:
        close_catalog(catalog, at=timezone.now())


def _document(catalog: Catalog) -> dict:
    managed = {name: catalog.managed.get(ours, []) for name, ours in _MANAGED.items()}
    return {"id": str(catalog.uuid), "name": catalog.name, "enabled": catalog.enabled, **managed}


def _list(request: HttpRequest) -> HttpResponse:
    require(request, "view", "product")
    return list_answer(
        request,
        request.connection.catalogs.order_by("pk"),
        present=lambda found: [_document(catalog) for catalog in found],
        href=lambda document: url_of(request, "catalogs", document["id"]),
        default_limit=min(100, request.connection.page_limit),
    )


@takes_document
def _create(request: HttpRequest, document: dict) -> HttpResponse:
    require(request, "view", "product")
    fields = {"name": "", "managed": {}, **_fields(document)}
    catalog = create_catalog(request.connection, fields, actor=actor_of(request), at=timezone.now())
    return _made(request, catalog)


def _get(request: HttpRequest, name: str) -> HttpResponse:
    catalog = owned(request, name)
    if catalog.enabled:
        close_if_void(request, catalog)
    return json_answer(_document(catalog))


@takes_document
def _change(request: HttpRequest, document: dict, name: str) -> HttpResponse:
    catalog = owned(request, name)
    fields = _fields(document, catalog)
    set_catalog(catalog, fields, actor=actor_of(request), at=timezone.now())
    return json_answer(_document(catalog))


def _remove(request: HttpRequest, name: str) -> HttpResponse:
    delete_catalog(owned(request, name), actor=actor_of(request), at=timezone.now())
    return deleted()


@takes_document
def _duplicate(request: HttpRequest, document: dict, name: str) -> HttpResponse:
    catalog = owned(request, name)
    fields = _fields(document, catalog)
    made = duplicate_catalog(catalog, fields, actor=actor_of(request), at=timezone.now())
    return _made(request, made)


def _made(request: HttpRequest, catalog: Catalog) -> HttpResponse:
    location = url_of(request, "catalogs", str(catalog.uuid))
    return json_answer(_document(catalog), status=201, headers={"Location": location})


def _fields(document: dict, catalog: Catalog | None = None) -> dict[str, Any]:
    """Return what a connection says of its catalog; what only people say is passed over."""
    fields = {"name": document["name"]} if "name" in document else {}
    managed = {ours: document[name] for name, ours in _MANAGED.items() if name in document}
    if managed:
        fields["managed"] = {**(catalog.managed if catalog else {}), **managed}
    return fields


def _get_schema(request: HttpRequest, name: str) -> HttpResponse:
    catalog = owned(request, name)
    if catalog.targets is None:
        raise RestError(404, f'Catalog "{catalog.uuid}" does not have a product mapping schema.')
    return json_answer(catalog.targets)


@takes_document
def _put_schema(request: HttpRequest, document: dict, name: str) -> HttpResponse:
    _set_schema(request, name, document)
    return deleted()


def _delete_schema(request: HttpRequest, name: str) -> HttpResponse:
    _set_schema(request, name, None)
    return deleted()


def _set_schema(request: HttpRequest, name: str, schema: dict | None) -> None:
    catalog = owned(request, name)
    try:
        set_catalog(catalog, {"targets": schema}, actor=actor_of(request), at=timezone.now())
    except Refused as refusal:
        error = validation_error([refusal])
        # Before the reason, the sentence that clients of the original know.
        known = {"property": FIELD, "message": "You must provide a valid schema."}
        raise RestError(422, error.message, errors=[known, *error.errors]) from refusal


catalogs = endpoint(GET=_list, POST=_create)
catalog = endpoint(GET=_get, PATCH=_change, DELETE=_remove)
duplicate = endpoint(POST=_duplicate)
schema = endpoint(GET=_get_schema, PUT=_put_schema, DELETE=_delete_schema)
