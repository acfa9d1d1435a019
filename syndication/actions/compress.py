"""Compressed variants of an edition's files, made once, after it is served."""

from datetime import datetime

from syndication import store
from syndication.actions.outbox import finish
from syndication.models import EditionArtefact, OutboxEntry

WORTH = 1000  # bytes from which on it pays
TEXTS = ("application/json", "application/xml", "application/rss+xml", "application/ld+json")


def compress_entry(entry_id: int, *, at: datetime) -> None:
    """Compress what an edition's readers will ask for compressed."""
    entry = OutboxEntry.objects.get(pk=entry_id)
    links = EditionArtefact.objects.filter(edition_id=entry.payload["edition"])
    for link in links.select_related("artefact"):
        if is_packed(link.artefact.media_type, size=link.artefact.size):
            store.compress(link.artefact_id)
    finish(entry, at=at)


def is_packed(media_type: str, *, size: int) -> bool:
    """Return whether there are compressed variants of such a file, once they have been made."""
    return size >= WORTH and is_text(media_type)


def is_text(media_type: str) -> bool:
    """Return whether files of this type get smaller by compression."""
    plain = media_type.partition(";")[0].strip()
    return (
        plain in TEXTS or plain.startswith("text/") or plain.endswith(("+json", "+xml", "ndjson"))
    )
