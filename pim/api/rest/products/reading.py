"""GET of products: lists by page or cursor, and single ones with their entity tags."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.http import quote_etag

from pim.actions.published_index import keep_published
from pim.actions.rest_documents.products import Noun
from pim.actions.writing.oldnames import renamed_products
from pim.content.structure import Structure
from pim.models import ITEM, MODEL, Product, PublishedProduct
from pim.queries.rights import rights_of, visible_products
from pim.queries.search import DRAFTS, PUBLISHED, SearchRefused, find_products
from pim.queries.structure import load_structure

from ..access import require
from ..answers import item_answer, tag_of
from ..errors import RestError, not_found
from ..paging import cursor_answer, list_answer, paged_by_cursor
from ..wording import search_sentence
from .contents import readable
from .documents import documents, href_of
from .parameters import Wanted, read_search, read_search_place, read_wanted

AT_ONCE = 2_000  # publications that a search waits for; more are followed in the background


def list_products(request: HttpRequest, noun: Noun) -> HttpResponse:
    """Answer the page of products that the request asks for."""
    require(request, "view", "product")
    structure = load_structure()
    wanted = read_wanted(request, structure)
    rows = _found(request, noun, wanted, structure)

    def present(found: list[dict]) -> list[dict]:
        shown = documents(found, noun=noun, request=request, structure=structure, wanted=wanted)
        return [document for document, _versions in shown]

    def href(document: dict) -> str:
        return href_of(noun, request, document)

    if paged_by_cursor(request):
        return cursor_answer(request, rows, present=present, href=href, key=("id",))
    return list_answer(request, rows, present=present, href=href, shallow=True)


def get_product(request: HttpRequest, noun: Noun, name: str) -> HttpResponse:
    """Answer one product, with an entity tag that a later write may name in If-Match."""
    require(request, "view", "product")
    structure = load_structure()
    wanted = read_wanted(request, structure)
    found = named(request, noun, name)
    if wanted.published_only and not noun.by_uuid:
        found = _published(request, noun, name, found)
    rows = list(readable(found, published_only=wanted.published_only))
    shown = documents(rows, noun=noun, request=request, structure=structure, wanted=wanted)
    if not shown:
        raise not_found(noun.what, name)
    document, versions = shown[0]
    content = tag_of(document).strip('"')[:16]
    return item_answer(request, document, tag=quote_etag(f"{versions}.{content}"))


def named(request: HttpRequest, noun: Noun, name: str) -> QuerySet:
    """Return the product of that identifier, code or uuid, as a queryset of one or none.

    What the reader may not see is not there.
    """
    products = Product.objects.filter(role=MODEL if noun.models else ITEM)
    products = visible_products(products, rights_of(request.user))
    if not noun.by_uuid:
        here = Product.objects.filter(identifier=name)
        return products.filter(identifier=_today(name, here))
    try:
        return products.filter(uuid=UUID(name))
    except ValueError:
        return products.none()


def _published(request: HttpRequest, noun: Noun, name: str, drafts: QuerySet) -> QuerySet:
    """Return the product that is published by that name, whatever its draft is called now."""
    if not keep_published(most=AT_ONCE):
        return drafts
    products = Product.objects.filter(role=MODEL if noun.models else ITEM)
    products = visible_products(products, rights_of(request.user))
    here = PublishedProduct.objects.filter(identifier=name)
    return products.filter(published__identifier=_today(name, here))


def _today(name: str, here: QuerySet) -> str:
    """Return what a product of that name is called now; a name that is in use stays as it is."""
    if not name.isprintable():
        return ""  # No database stores such a name.
    return name if here.exists() else renamed_products([name]).get(name, name)


def require_index() -> None:
    """Raise 503 while the index of published content is behind."""
    if not keep_published(most=AT_ONCE):
        message = "The index of published content is being made. Try again soon."
        raise RestError(503, message, headers={"Retry-After": "30"})


def search_error(refusal: SearchRefused) -> RestError:
    """Return the 422 of a search that cannot be answered, with every reason."""
    errors = [
        {
            "property": reason.field,
            "message": search_sentence(reason),
            "operator": reason.params.get("operator", ""),
            "error_code": reason.code,
        }
        for reason in refusal.refusals
    ]
    return RestError(422, errors[0]["message"], errors=errors)


def _found(request: HttpRequest, noun: Noun, wanted: Wanted, structure: Structure) -> QuerySet:
    search = read_search(request)
    # As in the original: a channel's list has what is in its tree, unless categories are named.
    branch = structure.channels[wanted.channel].tree if wanted.channel else ""
    branch = "" if "categories" in search else branch
    if wanted.published_only and (search or branch):
        require_index()
    try:
        found = find_products(
            search,
            models=noun.models,
            **read_search_place(request),
            branch=branch,
            rights=wanted.rights,
            tables=PUBLISHED if wanted.published_only else DRAFTS,
        )
    except SearchRefused as refusal:
        raise search_error(refusal) from refusal
    return readable(found, published_only=wanted.published_only)
