"""Many documents of products turned into wishes at once."""

import uuid
from collections.abc import Iterable

from pim.actions.products import ProductWrite
from pim.content.rights import EVERYTHING, Rights
from pim.content.structure import Structure
from pim.models import Product
from pim.queries.rights import visible_products

from .errors import DocumentError
from .products import Noun, Reader, name_by_uuid


def wish_of(document: dict, reader: Reader, identifiers: dict[str, str]) -> ProductWrite:
    """Return the wish of a document; `identifiers` is {uuid: identifier} of those that exist."""
    noun, structure = reader.noun, reader.structure
    if not noun.by_uuid:
        return reader.read(document, identifier=document[noun.key])
    other = canonical(document["uuid"])
    held = identifiers.get(other, "")
    identifier = name_by_uuid(document, structure, uuid=other, held=held)
    return reader.read(document, identifier=identifier, uuid=other)


def reader_of(noun: Noun, structure: Structure) -> Reader:
    """Return a reader that shares what it learns of places with others of this structure."""
    return Reader(noun, structure, structure.__dict__.setdefault("_rest_addresses", {}))


def canonical(text: str) -> str:
    """Return a uuid as it is always written; raises 422."""
    try:
        return str(uuid.UUID(text))
    except ValueError:
        raise DocumentError(422, f'"{text[:100]}" is no valid uuid.') from None


def identifiers_of(documents: Iterable[dict], rights: Rights = EVERYTHING) -> dict[str, str]:
    """Return {uuid: identifier} of the documents' products that may be seen: one query."""
    wanted = set()
    for document in documents:
        try:
            wanted.add(canonical(document["uuid"]))
        except DocumentError:
            continue
    rows = visible_products(Product.objects.filter(uuid__in=wanted), rights)
    rows = rows.values_list("uuid", "identifier")
    return {str(other): identifier for other, identifier in rows}
