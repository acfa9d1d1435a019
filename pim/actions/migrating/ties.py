"""Writing how products are tied, once all of them are here; publishing them where asked for."""

from django.db import transaction

from pim.actions.publishing import publish_products
from pim.actions.rest_documents.products import Noun
from pim.actions.rest_documents.wishes import canonical, identifiers_of
from pim.content.structure import Structure
from pim.models import Product
from pim.queries.structure import load_structure

from .products import advance, write_documents
from .structure import pages_of
from .tied import TIES, is_tied, links_of

PUBLISHED = "published"


def write_ties(run, noun: Noun, path: str) -> None:
    """Write how the products of a list are tied, now that all of them are here; publish them."""
    for items, following in pages_of(run.remote, path):
        structure = load_structure()
        tied = [item for item in items if is_tied(item, structure)]
        here = _here(tied, structure)
        with transaction.atomic():
            documents = [_ties(run, noun, item, structure, here) for item in tied]
            write_documents(run, noun, documents, ties=True)
            if run.publish:
                _publish(run, noun, items)
            advance(run, noun, len(items), following)
        run.progress.heed()


def _ties(run, noun: Noun, item: dict, structure: Structure, here: set[str]) -> dict:
    """Return the document of the ties alone, to products that are here."""
    name = str(item.get(noun.key, ""))

    def kept(targets: list) -> list:
        found = []
        for target in targets:
            if _name_of(target) in here:
                found.append(target)
            else:
                run.notes.left_out("associations", str(_name_of(target)), code=name)
        return found

    document: dict = {noun.key: item.get(noun.key), "values": {}}
    for member in TIES:
        document[member] = {
            code: {kind: t if kind == "groups" else kept(t) for kind, t in ties.items()}
            for code, ties in (item.get(member) or {}).items()
            if code in structure.association_types and any(ties.values())
        }
    for code, entries in links_of(item, structure).items():
        document["values"][code] = [{**e, "data": kept(_listed(e["data"]))} for e in entries]
    return document


def _listed(data) -> list:
    return data if isinstance(data, list) else [data]


def _name_of(target) -> str | None:
    if isinstance(target, dict):
        target = target.get("uuid") or target.get("identifier") or target.get("code")
    return target if isinstance(target, str) else None


def _here(items: list[dict], structure: Structure) -> set[str]:
    """Return the names, identifiers and uuids, of the products that the ties name and are here."""
    names = set()
    for item in items:
        for member in TIES:
            for ties in (item.get(member) or {}).values():
                names.update(_name_of(t) for targets in ties.values() for t in targets)
        for entries in links_of(item, structure).values():
            names.update(name for entry in entries for name in _listed(entry.get("data")))
    names.discard(None)
    found = Product.objects.filter(identifier__in=names).values_list("identifier", flat=True)
    return {*found, *identifiers_of({"uuid": name} for name in names)}


def _publish(run, noun: Noun, items: list[dict]) -> None:
    names = [name for item in items if isinstance(name := item.get(noun.key), str)]
    if noun.by_uuid:
        rows = Product.objects.filter(uuid__in=[canonical(name) for name in names])
    else:
        rows = Product.objects.filter(identifier__in=names)
    ids = list(rows.order_by("level", "id").values_list("id", flat=True))
    result = publish_products(ids, job=run.saved_job, **run.how)
    if result.published:
        run.notes.report.count(PUBLISHED, "created", result.published)
