"""POST, PATCH and DELETE of products: one by one, or a collection line by line."""

import uuid
from collections.abc import Sequence

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import parse_etags

from pim.actions.products import ProductWrite, WriteResult, delete_product, write_products
from pim.actions.publishing_touched import publish_touched
from pim.actions.rest_documents.products import Noun, name_by_uuid, required_text, text_in
from pim.actions.rest_documents.wishes import canonical, identifiers_of, reader_of, wish_of
from pim.content.refusals import Conflict
from pim.content.snapshot import STRUCTURE_KEYS
from pim.content.structure import Structure
from pim.models import Product
from pim.models.connections import PUBLISH
from pim.queries.rights import rights_of
from pim.queries.structure import load_structure

from ..access import actor_of, require
from ..answers import deleted, url_of, written
from ..collections import Line
from ..errors import RestError, not_found, validation_error
from .media_codes import name_assets
from .reading import named

_VERSIONS = ("row_version", "parent__row_version", "parent__parent__row_version")


def create_product(request: HttpRequest, document: dict, noun: Noun) -> HttpResponse:
    """Make one product; 422 where there is one of that name."""
    require(request, "add", "product")
    structure = load_structure()
    write = _new(document, noun, structure)
    name_assets([write], structure, rights_of(request.user))
    result = _write(request, [write], mode="create")[0]
    _raise_refused(result, noun)
    return _answer(request, noun, result, created=True)


def update_product(request: HttpRequest, document: dict, noun: Noun, name: str) -> HttpResponse:
    """Make or change one product; If-Match names the state that the writer has read."""
    require(request, "change", "product")
    structure = load_structure()
    held = named(request, noun, name).values("id", "uuid", "identifier", *_VERSIONS).first()
    expected = _expected(request, held)
    write = _change(document, noun, name, held, structure)
    write.expected_version = expected
    name_assets([write], structure, rights_of(request.user))
    result = _write(request, [write], mode=_mode(request))[0]
    _raise_refused(result, noun, matched=expected is not None)
    created = result.outcome == "created"
    changed = result.outcome != "unchanged"
    return _answer(request, noun, result, created=created, changed=changed)


def _answer(request: HttpRequest, noun: Noun, result: WriteResult, **how: bool) -> HttpResponse:
    """Answer a write; a header names the attributes that were passed over."""
    response = written(_location(request, noun, result), **how)
    if result.above:
        response.headers["X-Passed-Over"] = ", ".join(result.above)
    return response


def write_one(request: HttpRequest, write: ProductWrite, noun: Noun) -> WriteResult:
    """Change one product that is there; raises what refuses it."""
    result = _write(request, [write], mode="update")[0]
    _raise_refused(result, noun)
    return result


def remove_product(request: HttpRequest, noun: Noun, name: str) -> HttpResponse:
    """Delete one product; a model goes with everything below it."""
    require(request, "delete", "product")
    pk = named(request, noun, name).values_list("id", flat=True).first()
    if pk is None:
        raise not_found(noun.what, name)
    actor, at = actor_of(request), timezone.now()
    with transaction.atomic():
        for below in [*_below(pk), pk]:
            delete_product(below, actor=actor, at=at)
    return deleted()


def write_lines(request: HttpRequest, lines: Sequence[Line], noun: Noun) -> None:
    """Write a batch of lines, each for itself, in one go."""
    structure = load_structure()
    reader = reader_of(noun, structure)
    sent = [line.document for line in lines] if noun.by_uuid else []
    found = identifiers_of(sent, rights_of(request.user))
    writes, wished = [], []
    for line in lines:
        try:
            writes.append(wish_of(line.document, reader, found))
            wished.append(line)
        except RestError as error:
            line.refuse(error)
    name_assets(writes, structure, rights_of(request.user))
    results = _write(request, writes, mode=_mode(request))
    for line, result in zip(wished, results, strict=True):
        if result.outcome == "refused":
            line.refuse(_error(result, noun))
        else:
            changed = result.outcome != "unchanged"
            line.accept(created=result.outcome == "created", changed=changed)
            line.told["passed_over"] = result.above


def _new(document: dict, noun: Noun, structure: Structure) -> ProductWrite:
    reader = reader_of(noun, structure)
    given = document.get("uuid") or ""
    if given and isinstance(given, str):
        given = canonical(given)
    if noun.by_uuid:
        given = given or str(uuid.uuid4())
        name = name_by_uuid(document, structure, uuid=given, held="")
        return reader.read(document, identifier=name, uuid=given)
    # The whole form first: what is wrong with the key is among all that is wrong.
    write = reader.read(document, identifier="", uuid=given)
    write.identifier = required_text(document, noun.key)
    return write


def _change(
    document: dict, noun: Noun, name: str, held: dict | None, structure: Structure
) -> ProductWrite:
    reader = reader_of(noun, structure)
    if noun.by_uuid:
        other = canonical(name)
        if text_in(document, "uuid") not in (None, name, other):
            raise _differs("uuid", document["uuid"], name)
        known = held["identifier"] if held else ""
        name = name_by_uuid(document, structure, uuid=other, held=known)
        return reader.read(document, identifier=name, uuid=other)
    given = text_in(document, noun.key) or name
    if given == name:
        return reader.read(document, identifier=name)
    if held is None or noun.models:
        raise _differs(noun.key, given, name)
    return reader.read(document, identifier=given, uuid=str(held["uuid"]))


def _differs(key: str, given: str, name: str) -> RestError:
    return RestError(
        422,
        f'The {key} "{given[:255]}" provided in the request body must match the {key} '
        f'"{name[:255]}" provided in the url.',
    )


def _mode(request: HttpRequest) -> str:
    """Return the mode of writing: who may not add products changes only those that exist."""
    return "upsert" if request.user.has_perm("pim.add_product") else "update"


def _write(request: HttpRequest, writes: list[ProductWrite], *, mode: str) -> list[WriteResult]:
    how = {"actor": actor_of(request), "at": timezone.now()}
    if request.connection.writes != PUBLISH:
        return write_products(writes, mode=mode, **how)
    with transaction.atomic():
        results = write_products(writes, mode=mode, **how)
        touched: dict[int, set[str]] = {}
        for write, result in zip(writes, results, strict=True):
            if result.outcome != "refused":
                touched.setdefault(result.product_id, set()).update(_touched(write, result))
            for along in result.along:
                touched.setdefault(along.product_id, set()).update(along.differences)
        publish_touched(touched, **how)
    return results


def _touched(write: ProductWrite, result: WriteResult) -> set[str]:
    """Return the keys that a wish is about, whether or not the draft said so already."""
    keys = {address.key() for address in write.values} | set(result.differences)
    wished = {name for name in STRUCTURE_KEYS if getattr(write, name, None) is not None}
    if write.add_categories or write.remove_categories:
        wished.add("categories")
    return keys | {f"@{name}" for name in wished}


def _expected(request: HttpRequest, held: dict | None) -> int | None:
    """Return the row version that If-Match stands for, None without one; raises 412."""
    if "If-Match" not in request.headers:
        return None
    wanted = parse_etags(request.headers["If-Match"])
    if held is not None:
        now = "-".join(str(held[name]) for name in _VERSIONS if held[name] is not None)
        if "*" in wanted or now in {tag.strip('"').partition(".")[0] for tag in wanted}:
            return held["row_version"]
    raise _stale()


def _stale() -> RestError:
    return RestError(412, "The resource has changed since it was read: read it again.")


def _raise_refused(result: WriteResult, noun: Noun, *, matched: bool = False) -> None:
    if result.outcome != "refused":
        return
    if matched and any(isinstance(r, Conflict) for r in result.refusals):
        raise _stale()
    raise _error(result, noun)


def _error(result: WriteResult, noun: Noun) -> RestError:
    own = getattr(load_structure().identifier_attribute, "code", "identifier")
    names = {"identifier": noun.key, own: "values" if noun.by_uuid else noun.key}
    return validation_error(result.refusals, names=names)


def _location(request: HttpRequest, noun: Noun, result: WriteResult) -> str:
    return url_of(request, noun.address, result.uuid if noun.by_uuid else result.identifier)


def _below(pk: int) -> list[int]:
    """Return everything below a product, the deepest first."""
    children = list(Product.objects.filter(parent_id=pk).values_list("id", flat=True))
    deeper = Product.objects.filter(parent__parent_id=pk).values_list("id", flat=True)
    return [*deeper, *children]
