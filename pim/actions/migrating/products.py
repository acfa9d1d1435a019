"""Writing what products and models of the other system say, without their ties."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from django.db import transaction

from pim.actions.products import ManyRefused, ProductWrite, WriteResult, write_products
from pim.actions.rest_documents.errors import DocumentError
from pim.actions.rest_documents.products import ALLOWED, READ_ONLY, Noun
from pim.actions.rest_documents.wishes import identifiers_of, reader_of, wish_of
from pim.actions.upserts import upsert_structure
from pim.content.address import Address
from pim.content.refusals import Refused
from pim.content.structure import AttributeDef, Structure
from pim.models import Group, GroupType
from pim.queries.structure import load_structure

from .media import Medium
from .structure import pages_of
from .tied import TIES, is_tied

RELATED = {"code": "RELATED", "labels": {}}


def write_contents(run, noun: Noun, path: str, *, wanted: Callable[[dict], bool]) -> None:
    """Write what the documents of a list say, without their ties."""
    for items, following in pages_of(run.remote, path):
        chosen = [item for item in items if wanted(item)]
        structure = load_structure()
        run.mark.ties |= any(is_tied(item, structure) for item in items)
        run.mark.deep |= noun.models and any(item.get("parent") for item in items)
        _bring_media(run, chosen, structure)
        with transaction.atomic():
            _make_groups(run, chosen)
            write_documents(run, noun, [_content(run, noun, one, structure) for one in chosen])
            advance(run, noun, len(chosen), following)
        run.progress.heed()


def advance(run, noun: Noun, count: int, following: str) -> None:
    """Keep that a page is behind."""
    run.mark.page = following
    run.progress.advance(count)
    run.record(noun.address)


def _content(run, noun: Noun, item: dict, structure: Structure) -> dict:
    properties = {*ALLOWED[noun.models], *READ_ONLY}
    name = str(item.get(noun.key, ""))
    document = run.notes.known(noun.address, name, item, properties)
    document = {key: value for key, value in document.items() if key not in TIES}
    values, found = document.get("values") or {}, {}
    for code, entries in values.items():
        attribute = structure.attributes.get(code)
        if attribute is None:
            run.notes.left_out(noun.address, code, code=name)
        elif attribute.kind == "media":
            found[code] = _with_assets(run, noun, name, attribute, entries)
        elif attribute.kind != "product":
            found[code] = entries
    return {**document, "values": found}


def _bring_media(run, items: list[dict], structure: Structure) -> None:
    run.media.forget()
    run.media.prepare(
        medium
        for item in items
        for code, entries in (item.get("values") or {}).items()
        if (attribute := structure.attributes.get(code)) and attribute.kind == "media"
        for entry in entries
        for medium in _media_of(run, attribute, entry)
    )


def _media_of(run, attribute: AttributeDef, entry: dict) -> list[Medium]:
    data = entry.get("data")
    if isinstance(data, list):
        family = run.mark.asset_families.get(attribute.code, "")
        return [Medium(one, family=family) for one in data if isinstance(one, str)]
    href = ((entry.get("_links") or {}).get("download") or {}).get("href", "")
    return [Medium(data, href=href)] if isinstance(data, str) and data else []


def _with_assets(run, noun: Noun, name: str, attribute: AttributeDef, entries: list) -> list:
    """Return the values with the codes that the assets have here; noted are those that failed."""
    found = []
    for entry in entries:
        codes = []
        for medium in _media_of(run, attribute, entry):
            try:
                codes.append(run.media.asset(medium))
            except Refused as refusal:
                refusal.field = attribute.code
                run.notes.note(noun.address, name, refusal)
        if codes:
            data = codes if isinstance(entry.get("data"), list) else codes[0]
            found.append({**entry, "data": data})
    return found


def _make_groups(run, items: list[dict]) -> None:
    """Make the groups that products name: the REST has no list of them."""
    named = {code for item in items for code in item.get("groups") or ()}
    held = set(Group.objects.filter(code__in=named).values_list("code", flat=True))
    missing = sorted(named - held)
    if not missing:
        return
    kind = GroupType.objects.order_by("code").values_list("code", flat=True).first()
    if kind is None:
        upsert_structure("group_types", [RELATED], **run.how)
    documents = [{"code": code, "type": kind or RELATED["code"]} for code in missing]
    for result in upsert_structure("groups", documents, **run.how):
        run.notes.count("groups", result.outcome)


def write_documents(run, noun: Noun, documents: list[dict], *, ties: bool = False) -> None:
    """Write documents; values that are refused are left out and noted, and the rest stands."""
    subject = "associations" if ties else noun.address
    writes = _wishes(run, noun, documents, subject)
    how = {**run.how, "job": run.saved_job, "mode": "update" if ties else "upsert"}
    results = write_products(writes, **how)
    again = [_without_refused(w, r) for w, r in zip(writes, results, strict=True)]
    second = iter(write_products([w for w in again if w], **how))
    for write, result, other in zip(writes, results, again, strict=True):
        _tell(run, subject, write, result, next(second) if other else None)


def _wishes(run, noun: Noun, documents: list[dict], subject: str) -> list[ProductWrite]:
    reader = reader_of(noun, load_structure())
    writes = []
    known = identifiers_of(d for d in documents if isinstance(d.get("uuid"), str))
    for document in documents:
        name = document.get(noun.key)
        try:
            if not isinstance(name, str) or not name:
                raise DocumentError(422, f'Property "{noun.key}" is missing.')
            writes.append(wish_of(document, reader, known))
        except DocumentError as error:
            run.notes.refuse_form(subject, str(name), error)
    return writes


def _without_refused(write: ProductWrite, result: WriteResult) -> ProductWrite | None:
    """Return the wish without the values that are refused, None where that is not the reason."""
    if result.outcome != "refused":
        return None
    keys = {refusal.params.get("address") for refusal in flat(result.refusals)}
    places = {Address(*key.split("|")) for key in keys if key}
    if None in keys or not places & write.values.keys():
        return None
    kept = {place: data for place, data in write.values.items() if place not in places}
    return replace(write, values=kept)


def flat(refusals: Iterable[Refused]) -> Iterator[Refused]:
    """Yield every single reason."""
    for refusal in refusals:
        if isinstance(refusal, ManyRefused):
            yield from flat(refusal.refusals)
        else:
            yield refusal


def _tell(run, subject, write: ProductWrite, first: WriteResult, second) -> None:
    final = second or first
    if final.outcome == "refused":
        run.notes.refuse(subject, write.identifier, list(flat(final.refusals)))
        return
    run.notes.count(subject, final.outcome)
    run.progress.show(write.identifier, final.differences)
    if second:
        for refusal in flat(first.refusals):
            run.notes.note(subject, write.identifier, refusal)
