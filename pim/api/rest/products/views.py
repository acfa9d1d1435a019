"""The endpoints of products, of products by uuid, and of product models."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from pim.actions.rest_documents.products import BY_UUID, MODELS, PRODUCTS, PUBLISHED, Noun
from pim.models.connections import PUBLISHED as READS_PUBLISHED

from ..access import require
from ..bodies import takes_document, takes_lines
from ..collections import collection_answer
from ..endpoints import endpoint
from ..errors import RestError
from .parameters import take_search
from .reading import get_product, list_products
from .writing import create_product, remove_product, update_product, write_lines


def many(noun: Noun) -> Callable:
    """Return the view of the list: GET, POST, and PATCH of a collection."""

    def read(request: HttpRequest) -> HttpResponse:
        return list_products(request, noun)

    @takes_document
    def create(request: HttpRequest, document: dict) -> HttpResponse:
        return create_product(request, document, noun)

    @takes_lines
    def update(request: HttpRequest, lines) -> HttpResponse:
        require(request, "change", "product")

        def write(batch) -> None:
            write_lines(request, batch, noun)

        return collection_answer(request, lines, write=write, key=noun.key)

    return endpoint(GET=read, POST=create, PATCH=update)


def one(noun: Noun) -> Callable:
    """Return the view of a single one: GET, PATCH and DELETE."""

    def read(request: HttpRequest, code: str) -> HttpResponse:
        return get_product(request, noun, code)

    @takes_document
    def update(request: HttpRequest, document: dict, code: str) -> HttpResponse:
        return update_product(request, document, noun, code)

    def remove(request: HttpRequest, code: str) -> HttpResponse:
        return remove_product(request, noun, code)

    return endpoint(GET=read, PATCH=update, DELETE=remove)


def published_list(request: HttpRequest) -> HttpResponse:
    """Answer a page of published products."""
    _require_published(request)
    return list_products(request, PUBLISHED)


def published_one(request: HttpRequest, code: str) -> HttpResponse:
    """Answer one published product."""
    _require_published(request)
    return get_product(request, PUBLISHED, code)


def _require_published(request: HttpRequest) -> None:
    """Raise 403 where the connection reads drafts: published content is not followed for it."""
    if request.connection.reads != READS_PUBLISHED:
        raise RestError(
            403,
            "This connection reads drafts. Let it read published content to be given "
            "published products.",
        )


@takes_document
def search_by_uuid(request: HttpRequest, document: dict) -> HttpResponse:
    """Answer a page of products for a search that may be too long for an address."""
    take_search(request, document)
    return list_products(request, BY_UUID)


NOUNS = (PRODUCTS, BY_UUID, MODELS)
found_by_uuid = endpoint(POST=search_by_uuid)
all_published = endpoint(GET=published_list)
one_published = endpoint(GET=published_one)
