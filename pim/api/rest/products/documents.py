"""Products and models as documents of the API: by identifier, by uuid, or models by code."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from pim.actions.rest_documents.products import Noun
from pim.content.collector import no_collection
from pim.content.rights import Rights
from pim.content.structure import Structure

from ..answers import url_of
from .completenesses import completenesses_of
from .contents import Content, names_of, read_contents
from .media_codes import file_codes
from .parameters import Wanted
from .qualities import qualities_of
from .values import ValueShapes

# {flag of the request: (member of the document, {id: what it shows} of many contents)};
# a further one (such as quality scores) is a line here.
EXTRAS: dict[str, tuple[str, Callable[[Sequence[Content], Structure, Rights], dict[int, list]]]] = {
    "with_completenesses": ("completenesses", completenesses_of),
    "with_quality_scores": ("quality_scores", qualities_of),
}


def href_of(noun: Noun, request: HttpRequest, document: dict) -> str:
    """Return the address of one of them; without an identifier it is found by its uuid."""
    return url_of(request, noun.address, document[noun.key] or document["uuid"])


def documents(
    rows: Sequence[dict],
    *,
    noun: Noun,
    request: HttpRequest,
    structure: Structure,
    wanted: Wanted,
) -> list[tuple[dict, str]]:
    """Return [(document, versions)] of the rows, in the same few queries for any number."""
    with no_collection():
        return _documents(rows, noun, request, structure, wanted)


def _documents(
    rows: Sequence[dict], noun: Noun, request: HttpRequest, structure: Structure, wanted: Wanted
) -> list[tuple[dict, str]]:
    contents = read_contents(rows, published_only=wanted.published_only, rights=wanted.rights)
    shapes = ValueShapes(request, structure, wanted, by_uuid=noun.by_uuid)
    shapes.files = file_codes(contents, structure)
    shapes.names = names_of(_referred(contents, structure), wanted.rights)
    shape = _model if noun.models else _by_uuid if noun.by_uuid else _product
    found = [(_finished(shape(content, shapes), content, shapes), content) for content in contents]
    _add_extras(found, structure, wanted)
    return [(document, content.versions) for document, content in found]


def _product(content: Content, shapes: ValueShapes) -> dict:
    state = content.state
    return {
        "uuid": state.uuid,
        "identifier": _given_name(state),
        **_common(content),
        "values": shapes.values(content.chain, content.holding),
    }


def _by_uuid(content: Content, shapes: ValueShapes) -> dict:
    state = content.state
    return {
        "uuid": state.uuid,
        **_common(content),
        "values": shapes.values(content.chain, content.holding, identifier=_given_name(state)),
    }


def _given_name(state: Any) -> str | None:
    """Return the identifier, None where a product has none and is called by its uuid."""
    return None if state.identifier == state.uuid else state.identifier


def _common(content: Content) -> dict:
    state = content.state
    return {
        "enabled": state.enabled,
        "family": state.family or None,
        "categories": content.categories,
        "groups": state.groups,
        "parent": content.parent,
    }


def _model(content: Content, shapes: ValueShapes) -> dict:
    state = content.state
    return {
        "code": state.identifier,
        "family": state.family or None,
        "family_variant": state.family_variant or None,
        "parent": content.parent,
        "categories": content.categories,
        "values": shapes.values(content.chain, content.holding),
    }


def _finished(document: dict, content: Content, shapes: ValueShapes) -> dict:
    plain, quantified = _associations(content, shapes)
    return {
        **document,
        "created": moment(content.created),
        "updated": moment(content.updated),
        "associations": plain,
        "quantified_associations": quantified,
        "metadata": {"workflow_status": "working_copy"},
    }


def moment(at: datetime) -> str:
    """Return a moment as clients know it: to the second, with the offset of the house."""
    return timezone.localtime(at).isoformat(timespec="seconds")


def _associations(content: Content, shapes: ValueShapes) -> tuple[dict, dict]:
    # As in the original: every type is there, but those with quantities.
    types = sorted(shapes.structure.association_types.values(), key=lambda t: t.code)
    nothing = {"groups": [], "products": [], "product_models": []}
    plain = {t.code: dict(nothing) for t in types if not t.quantified}
    quantified = {}
    for code, ties in sorted(content.associations.items()):
        definition = shapes.structure.association_types.get(code)
        if definition is None:
            continue
        split = _split(ties.get("products", ()), shapes)
        if definition.quantified:
            quantified[code] = {
                kind: [{key: name, "quantity": quantity or 1} for key, name, quantity in named]
                for kind, named in split.items()
            }
        else:
            named = {kind: [name for _key, name, _q in found] for kind, found in split.items()}
            plain[code] = {"groups": ties.get("groups", []), **named}
    return plain, quantified


def _split(ties: Iterable, shapes: ValueShapes) -> dict[str, list[tuple]]:
    """Return the targets as products and as models, by the names that the noun uses."""
    found: dict[str, list[tuple]] = {"products": [], "product_models": []}
    for other, quantity in ties:
        if other not in shapes.names:
            continue  # Not shown to this reader.
        name, model = shapes.names[other]
        if model:
            found["product_models"].append(("identifier", name, quantity))
        elif shapes.by_uuid:
            found["products"].append(("uuid", other, quantity))
        else:
            found["products"].append(("identifier", name, quantity))
    return found


def _referred(contents: Iterable[Content], structure: Structure) -> set[str]:
    """Return the uuids of the products that values and ties of the contents name."""
    references = structure.references
    found = set()
    for content in contents:
        for ties in content.associations.values():
            found.update(other for other, _quantity in ties.get("products", ()))
        for _name, values in content.chain if references else ():
            for held in values.values():
                for code in references:
                    for data in held.get(code, {}).values():
                        found.update(data if isinstance(data, list) else ())
    return found


def _add_extras(found: list, structure: Structure, wanted: Wanted) -> None:
    contents = [content for _document, content in found]
    for flag in EXTRAS.keys() & wanted.flags:
        member, read = EXTRAS[flag]
        known = read(contents, structure, wanted.rights)
        for document, content in found:
            document[member] = known.get(content.state.id, [])
