"""The invariants of editions: what is served is complete, and every item is accounted for."""

from collections.abc import Iterator
from datetime import datetime

from pim import files
from syndication import store
from syndication.models import ISSUED, Edition, EditionArtefact, Pointer

from .verification import Finding

RECENT = 200


def findings(*, full: bool, at: datetime) -> Iterator[Finding]:
    """Yield what is wrong with editions and artefacts; `full` reads every byte that is linked."""
    yield from _pointers()
    yield from _artefacts(full)
    yield from _counts(full)


def _pointers() -> Iterator[Finding]:
    for pointer in Pointer.objects.select_related("output", "edition"):
        name = f"{pointer.output.code}/{pointer.locale}"
        if pointer.edition.state not in ISSUED:
            yield Finding("pointer", name, f"names an edition that is {pointer.edition.state}")
        if not pointer.edition.artefacts.exists():
            yield Finding("pointer", name, "names an edition without files")


def _artefacts(full: bool) -> Iterator[Finding]:
    """Every linked file is there in its size; its bytes are read where served, or all of them."""
    served = set(Pointer.objects.values_list("edition_id", flat=True))
    links = EditionArtefact.objects.select_related("artefact").order_by("artefact_id")
    read: dict[str, bool] = {}
    shelf, known = files.artefacts(), {found.name: found for found in store.stored()}
    for link in links.iterator():
        sha256 = link.artefact_id
        there = known.get(sha256) or shelf.look(files.name_of(sha256))
        if there is None:
            yield Finding("artefact", sha256, f"{link.name} is not in the store")
        elif there.size != link.artefact.size:
            yield Finding("artefact", sha256, f"{link.name} has another size")
        elif (full or link.edition_id in served) and not read.get(sha256):
            read[sha256] = True
            if shelf.digest(files.name_of(sha256)) != sha256:
                yield Finding("artefact", sha256, f"{link.name} has other bytes than its name")


def _counts(full: bool) -> Iterator[Finding]:
    rows = Edition.objects.filter(state__in=ISSUED).order_by("-id")
    for edition in rows if full else rows[:RECENT]:
        counts = edition.counts
        parts = sum(counts.get(name, 0) for name in ("issued", "item_errors", "excluded"))
        if "items_in" in counts and counts["items_in"] != parts:
            yield Finding("counts", str(edition), f"{counts['items_in']} in, {parts} accounted for")
