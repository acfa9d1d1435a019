"""The endpoints of products, of products by uuid, and of product models."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from pim.actions.rest_documents.products import BY_UUID, MODELS, PRODUCTS, Noun

from ..access import require
from ..bodies import takes_document, takes_lines
from ..collections import collection_answer
from ..endpoints import endpoint
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


NOUNS = (PRODUCTS, BY_UUID, MODELS)
