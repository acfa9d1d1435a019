"""Operations read from their documents against the database: structure, and products by name."""

from collections.abc import Iterable, Iterator
from typing import Any

from pim.content.operations import Operation, Reading, read_operations
from pim.content.refusals import _
from pim.content.rights import EVERYTHING, Rights
from pim.content.seen import seen_structure
from pim.content.structure import Structure
from pim.models import Product

from .rights import visible_products
from .structure import load_structure
from .titles import sentence

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


def title_of(documents: Any) -> dict:
    """Return operations in a few words, kept for a job's title (`pim.queries.titles`)."""
    parts = {f"part{n}": _words(document) for n, document in enumerate(documents[:_SAID])}
    more = "" if len(documents) <= _SAID else "…"
    return sentence(", ".join(f"%({name})s" for name in parts) + more, **parts)


def _words(document: dict) -> dict:
    place = document.get("to") or document
    code = place.get("attribute") if isinstance(place, dict) else None
    word = sentence(WORDS.get(document.get("op"), str(document.get("op"))))
    return sentence("%(word)s: %(label)s", word=word, label={"label": code}) if code else word


_SAID = 4
WORDS = {
    "set": _("Set"),
    "clear": _("Clear"),
    "copy": _("Copy"),
    "append": _("Add to a list"),
    "remove": _("Remove from a list"),
    "replace": _("Find and replace"),
    "concatenate": _("Put together"),
    "convert": _("Convert the unit"),
    "map": _("Map values"),
    "categories": _("Categories"),
    "groups": _("Product groups"),
    "associations": _("Associations"),
    "family": _("Family"),
    "parent": _("Parent"),
    "enabled": _("Enable or disable"),
    "publish": _("Publish"),
    "withdraw": _("Withdraw"),
}
