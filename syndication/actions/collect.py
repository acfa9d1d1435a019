"""Collection: what nobody serves, keeps or needs any more is removed, never anything else."""

import logging
import shutil
import time
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction

from pim import files
from syndication import store
from syndication.actions import outbox
from syndication.actions.editions import pieces
from syndication.actions.thumbnails import clear_pictures
from syndication.models import (
    FINAL,
    ISSUED,
    Artefact,
    DeliveryAttempt,
    Edition,
    EditionArtefact,
    FragmentSet,
    Pointer,
)

log = logging.getLogger(__name__)
KEPT = 3
GRACE = 24 * 3600
ATTEMPTS_KEPT = timedelta(days=90)


def collect(*, at: datetime, grace: float = GRACE) -> int:
    """Release expired editions and remove files that nothing names; return how many files."""
    expire_editions(at=at)
    clear_scratch(grace=grace)
    clear_pieces(grace=grace)
    clear_pictures()
    outbox.forget(before=at - timedelta(days=7))
    DeliveryAttempt.objects.filter(at__lt=at - ATTEMPTS_KEPT).delete()
    needed = _needed()
    gone = [
        found.name
        for found in store.stored()
        if found.name not in needed and _old(found.modified, grace)
    ]
    return sum(_remove(sha256) for sha256 in gone)


def expire_editions(*, at: datetime) -> int:
    """Take the files from issued editions whose time is over; they answer 410 from then on.

    What a pointer names, and the newest three of every output and locale, are kept.
    """
    over = Edition.objects.filter(expires_at__lt=at, artefacts__isnull=False).distinct()
    kept = _kept()
    expired = [edition.pk for edition in over.only("pk") if edition.pk not in kept]
    EditionArtefact.objects.filter(edition_id__in=expired).delete()
    return len(expired)


def _kept() -> set[int]:
    kept = set(Pointer.objects.values_list("edition_id", flat=True))
    seen: dict[tuple, int] = {}
    rows = Edition.objects.filter(state__in=ISSUED).order_by("-number")
    for pk, *place in rows.values_list("pk", "output_id", "locale"):
        seen[tuple(place)] = seen.get(tuple(place), 0) + 1
        if seen[tuple(place)] <= KEPT:
            kept.add(pk)
    return kept


def _needed() -> set[str]:
    """Return every digest that a link, a kept edition or one not yet ended names."""
    needed = set(EditionArtefact.objects.values_list("artefact_id", flat=True))
    needed |= set(
        Edition.objects.filter(artefacts__isnull=False).values_list("products", flat=True)
    )
    unended = Edition.every.exclude(products="").exclude(state__in=FINAL)
    needed |= set(unended.values_list("products", flat=True))
    frozen = Edition.every.exclude(frozen="")
    needed |= set(frozen.exclude(state__in=FINAL).values_list("frozen", flat=True))
    # An idle worker's fragments are compared with the next edition by the set they show.
    needed |= set(FragmentSet.objects.values_list("frozen", flat=True))
    needed |= set(frozen.filter(pk__in=_kept()).values_list("frozen", flat=True))
    return needed


def _remove(sha256: str) -> bool:
    with transaction.atomic():
        if EditionArtefact.objects.filter(artefact_id=sha256).exists():
            return False
        Artefact.objects.filter(pk=sha256).delete()
        store.remove(sha256)
    return True


def clear_pieces(*, grace: float) -> None:
    """Remove files of pieces that no set of fragments names."""
    names = FragmentSet.objects.values_list("pieces", flat=True)
    named = {stem for name in names for stem in pieces.stems_of(name)}
    shelf = files.artefacts()
    loose = [
        found.name
        for found in shelf.listed(pieces.AREA)
        if str(shelf.place(found.name).with_suffix("")) not in named and _old(found.modified, grace)
    ]
    shelf.remove(loose)


def clear_scratch(*, grace: float) -> None:
    """Remove private directories whose edition no longer runs under that fence."""
    root = Path(settings.SCRATCH_ROOT)
    if not root.exists():
        return
    running = Edition.every.filter(state__in=["running", "verifying"])
    alive = {f"edition-{pk}-{fence}" for pk, fence in running.values_list("pk", "fence")}
    for folder in root.glob("*-*"):
        if folder.name.rpartition("-")[0] not in alive and _is_left(folder):
            shutil.rmtree(folder, ignore_errors=True)


def _is_left(folder: Path) -> bool:
    try:
        return _old(folder.stat().st_mtime, 60)
    except FileNotFoundError:
        return False


def _old(modified: float, seconds: float) -> bool:
    return time.time() - modified > seconds
