"""The products of a catalog: their uuids, they themselves, and as its schema wants them."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from pim.actions.rest_documents.products import BY_UUID
from pim.content.locales import to_posix
from pim.content.refusals import Refused
from pim.models import Catalog
from pim.models.connections import MAX_PAGE, PUBLISHED
from pim.queries.catalogs import catalog_products
from pim.queries.rights import rights_of
from pim.queries.structure import load_structure

from ..answers import json_answer
from ..endpoints import endpoint
from ..errors import RestError
from ..paging import count_wanted, limit_of, link_to
from ..products.contents import readable
from ..products.documents import documents
from ..products.parameters import Wanted
from ..products.reading import require_index
from .mapped import Mapper
from .views import close_if_void, owned

# One page of a catalog may hold more than other pages, as in the original.
MOST, USUAL = MAX_PAGE, 100
PRICES = "pim_catalog_price_collection"
_MOMENTS = {"updated_after": ">", "updated_before": "<"}
_NO_SCHEMA = "Impossible to map products: no product mapping schema available for this catalog."


class Closed(Exception):
    """A catalog gives nothing, and says why; that is no error of the request."""


def _answering(handler: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Make a handler answer 200 with the reason where its catalog gives nothing."""

    def view(request: HttpRequest, **names: str) -> HttpResponse:
        try:
            return handler(request, **names)
        except Closed as closed:
            return json_answer({"error": str(closed)})

    return view


def _open(request: HttpRequest, name: str) -> tuple[Catalog, QuerySet]:
    """Return a catalog that is switched on, and its products in the order of their uuids."""
    catalog, updated = owned(request, name), _updated(request)
    published = request.connection.reads == PUBLISHED
    if catalog.enabled:
        if published:
            require_index()
        close_if_void(request, catalog)
    if not catalog.enabled:
        raise Closed(
            f'No products to synchronize. The catalog "{catalog.uuid}" has been disabled on the '
            "PIM side. Note that you can get catalogs status with the GET /api/rest/v1/catalogs "
            "endpoint."
        )
    products = catalog_products(catalog, rights=rights_of(request.user), updated=updated)
    return catalog, readable(products, published_only=published).order_by("uuid")


def _updated(request: HttpRequest) -> list[dict]:
    """Return the tests of when products changed last; raises 422 naming what is no moment."""
    given = {name: request.GET[name] for name in _MOMENTS if request.GET.get(name)}
    wrong = [name for name, text in given.items() if not _is_moment(text)]
    if wrong:
        sentence = "This value is not a valid datetime."
        errors = [{"property": name, "message": sentence} for name in wrong]
        raise RestError(422, "Validation failed.", errors=errors)
    return [{"operator": _MOMENTS[name], "value": text} for name, text in given.items()]


def _is_moment(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _page(
    request: HttpRequest, rows: QuerySet, present: Callable[[list[dict]], Sequence], **more
) -> HttpResponse:
    """Answer the page of rows behind the uuid that the request names."""
    limit, after = limit_of(request, default=USUAL, most=MOST), request.GET.get("search_after")
    counted = {"items_count": rows.order_by().count()} if more.get("counted") else {}
    if after:
        rows = rows.filter(uuid__gt=_uuid_after(after))
    found = list(rows[: limit + 1])
    links = {
        "self": link_to(request, {"limit": limit}),
        "first": link_to(request, {"limit": limit}, drop="search_after"),
    }
    if len(found) > limit:
        last = found[limit - 1]["uuid"]
        links["next"] = link_to(request, {"limit": limit, "search_after": str(last)})
    items = list(present(found[:limit]))
    return json_answer({"_links": links, **counted, "_embedded": {"items": items}})


def _uuid_after(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        errors = [{"property": "search_after", "message": "This is not a valid UUID."}]
        raise RestError(422, "Validation failed.", errors=errors) from None


def _wanted(request: HttpRequest, *flags: str) -> Wanted:
    published = request.connection.reads == PUBLISHED
    rights = rights_of(request.user)
    return Wanted(published_only=published, rights=rights, flags=frozenset(flags))


def _documents(request: HttpRequest, rows: Sequence[dict], *flags: str) -> list[dict]:
    how = {"noun": BY_UUID, "request": request, "structure": load_structure()}
    shown = documents(rows, **how, wanted=_wanted(request, *flags))
    return [document for document, _versions in shown]


def _uuids(request: HttpRequest, name: str) -> HttpResponse:
    _catalog, rows = _open(request, name)

    def present(found: list[dict]) -> list[str]:
        return [str(row["uuid"]) for row in found]

    return _page(request, rows, present, counted=count_wanted(request))


def _products(request: HttpRequest, name: str) -> HttpResponse:
    catalog, rows = _open(request, name)

    def present(found: list[dict]) -> list[dict]:
        return [_shown(document, catalog.shown) for document in _documents(request, found)]

    return _page(request, rows, present)


def _product(request: HttpRequest, name: str, uuid: str) -> HttpResponse:
    catalog, rows = _open(request, name)
    return json_answer(_shown(_one(request, catalog, rows, uuid), catalog.shown))


def _one(request: HttpRequest, catalog: Catalog, rows: QuerySet, uuid: str, *flags: str) -> dict:
    try:
        found = _documents(request, list(rows.filter(uuid=UUID(uuid))), *flags)
    except ValueError:
        found = []
    if not found:
        raise _no_product(catalog, uuid)
    return found[0]


def _no_product(catalog: Catalog, uuid: str) -> RestError:
    return RestError(
        404,
        f'Either catalog "{catalog.uuid}" does not exist or you can\'t access it, or product '
        f'"{uuid[:100]}" does not exist or you do not have permission to access it.',
    )


def _shown(document: dict, shown: dict) -> dict:
    """Return a document with the values of the channels, locales and currencies of a catalog."""
    channels = shown.get("channels")
    locales = [to_posix(code) for code in shown.get("locales") or ()]
    currencies = shown.get("currencies")
    values = {}
    for code, entries in document["values"].items():
        kept = [
            _priced(entry, currencies)
            for entry in entries
            if (not channels or entry["scope"] is None or entry["scope"] in channels)
            and (not locales or entry["locale"] is None or entry["locale"] in locales)
        ]
        if kept := [entry for entry in kept if entry["data"] != []]:
            values[code] = kept
    return {**document, "values": values}


def _priced(entry: dict, currencies: list[str] | None) -> dict:
    if not currencies or entry["attribute_type"] != PRICES:
        return entry
    return {**entry, "data": [one for one in entry["data"] if one["currency"] in currencies]}


def _mapper(request: HttpRequest, catalog: Catalog) -> Mapper:
    if catalog.targets is None:
        raise Closed(_NO_SCHEMA)
    try:
        return Mapper(request, catalog, load_structure())
    except Refused as refusal:
        raise Closed(refusal.say()) from refusal


def _mapped_products(request: HttpRequest, name: str) -> HttpResponse:
    catalog, rows = _open(request, name)
    mapper = _mapper(request, catalog)

    def present(found: list[dict]) -> list[dict]:
        mapped = (mapper.mapped(each) for each in _documents(request, found, *mapper.flags))
        return [document for document in mapped if document is not None]

    return _page(request, rows, present)


def _mapped_product(request: HttpRequest, name: str, uuid: str) -> HttpResponse:
    catalog, rows = _open(request, name)
    mapper = _mapper(request, catalog)
    mapped = mapper.mapped(_one(request, catalog, rows, uuid, *mapper.flags))
    if mapped is None:
        raise _no_product(catalog, uuid)
    return json_answer(mapped)


uuids = endpoint(GET=_answering(_uuids))
products = endpoint(GET=_answering(_products))
product = endpoint(GET=_answering(_product))
mapped_products = endpoint(GET=_answering(_mapped_products))
mapped_product = endpoint(GET=_answering(_mapped_product))
