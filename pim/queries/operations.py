"""Operations read from their documents against the database: structure, and products by name."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext_lazy

from pim.content.operations import Operation, Reading, read_operations
from pim.content.rights import EVERYTHING, Rights
from pim.content.seen import seen_structure
from pim.content.structure import Structure
from pim.models import Product

from .rights import visible_products
from .structure import load_structure

_PRODUCTS = ("products", "values", "value", "parent")


def load_operations(documents: Any, rights: Rights = EVERYTHING) -> list[Operation]:
    """Return the operations of the documents; raises `OperationsRefused` with every reason.

    What the rights hide there is none of.
    """
    structure = seen_structure(load_structure(), rights)
    named = named_products(documents, structure, rights)
    return read_operations(documents, Reading(structure, named))


def named_products(
    documents: Any, structure: Structure, rights: Rights = EVERYTHING
) -> dict[str, str]:
    """Return {identifier or uuid: uuid} of the products that the documents name: two queries."""
    names = {name for name in _names(documents, structure) if name.isprintable()}
    if not names:
        return {}
    seen = visible_products(Product.objects.all(), rights)
    rows = seen.filter(identifier__in=names).values_list("identifier", "uuid")
    found = {identifier: str(uuid) for identifier, uuid in rows}
    uuids = [name for name in names if _is_uuid(name)]
    held = seen.filter(uuid__in=uuids).values_list("uuid", flat=True) if uuids else ()
    return found | {str(uuid): str(uuid) for uuid in held}


def _names(documents: Any, structure: Structure) -> Iterator[str]:
    for document in documents if isinstance(documents, list) else ():
        if not isinstance(document, dict):
            continue
        if document.get("op") in ("associations", "parent") or _refers(document, structure):
            for name in _PRODUCTS:
                yield from _texts(document.get(name))


def _refers(document: dict, structure: Structure) -> bool:
    code = document.get("attribute")
    attribute = structure.attributes.get(code) if isinstance(code, str) else None
    return attribute is not None and attribute.kind == "product"


def _texts(raw: Any) -> Iterable[str]:
    if isinstance(raw, str):
        return [part.strip() for part in raw.split(",")]
    items = raw if isinstance(raw, list) else ()
    heads = (item[0] if isinstance(item, list) and item else item for item in items)
    return [item for item in heads if isinstance(item, str)]


def _is_uuid(name: str) -> bool:
    from uuid import UUID

    try:
        return str(UUID(name)) == name
    except ValueError:
        return False


def title_of(documents: Any, *, structure: Structure | None = None) -> str:
    """Return operations in a few words, in the language that is active, for a job's title."""
    structure = structure or load_structure()
    parts = [_words(document, structure) for document in documents[:4]]
    more = "" if len(documents) <= 4 else "…"
    return ", ".join(parts) + more


def _words(document: dict, structure: Structure) -> str:
    place = document.get("to") or document
    code = place.get("attribute") if isinstance(place, dict) else None
    attribute = structure.attributes.get(code) if code else None
    label = (attribute.labels.get("en") or attribute.code) if attribute else ""
    word = str(WORDS.get(document.get("op"), document.get("op")))
    return f"{word}: {label}" if label else word


WORDS = {
    "set": gettext_lazy("Set"),
    "clear": gettext_lazy("Clear"),
    "copy": gettext_lazy("Copy"),
    "append": gettext_lazy("Add to a list"),
    "remove": gettext_lazy("Remove from a list"),
    "replace": gettext_lazy("Find and replace"),
    "concatenate": gettext_lazy("Put together"),
    "convert": gettext_lazy("Convert the unit"),
    "map": gettext_lazy("Map values"),
    "categories": gettext_lazy("Categories"),
    "groups": gettext_lazy("Product groups"),
    "associations": gettext_lazy("Associations"),
    "family": gettext_lazy("Family"),
    "parent": gettext_lazy("Parent"),
    "enabled": gettext_lazy("Enable or disable"),
    "publish": gettext_lazy("Publish"),
    "withdraw": gettext_lazy("Withdraw"),
}
