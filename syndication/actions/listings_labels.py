"""Writing the context documents and what each channel's readers may ask for."""

import hashlib
from datetime import datetime

import orjson

from pim.published import Structure
from syndication.models import ChannelSequence, ContextDocument
from syndication.queries.labels import context_document


def write_context_documents(structure: Structure, *, at: datetime) -> int:
    """Bring documents and channels in line with the structure; return how many were written.

    A document whose digest is already there is left alone; those of contexts that are no
    more are deleted. A channel that is no more keeps its sequence, with nothing to read.
    """
    kept = dict(_digests())
    made = [_document(structure, *context) for context in _contexts(structure)]
    changed = [d for d in made if kept.get((d.channel, d.locale)) != d.digest]
    ContextDocument.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["channel", "locale"],
        update_fields=["digest", "body"],
    )
    gone = set(kept) - {(d.channel, d.locale) for d in made}
    for channel, locale in gone:
        ContextDocument.objects.filter(channel=channel, locale=locale).delete()
    _write_channels(structure)
    return len(changed)


def readable(structure: Structure, channel: str) -> dict:
    """Return the contexts of a channel as `ChannelSequence.contexts` holds them."""
    here = structure.channels.get(channel)
    if here is None:
        return {"locales": [], "audiences": []}
    audiences = [[a, structure.audiences[a].public] for a in here.audiences]
    return {"locales": list(here.locales), "audiences": audiences}


def _write_channels(structure: Structure) -> None:
    kept = dict(ChannelSequence.objects.values_list("channel", "contexts"))
    for channel in {*kept, *structure.channels}:
        contexts = readable(structure, channel)
        if channel not in kept:
            ChannelSequence.objects.create(channel=channel, contexts=contexts)
        elif kept[channel] != contexts:
            ChannelSequence.objects.filter(channel=channel).update(contexts=contexts)


def _digests():
    rows = ContextDocument.objects.values_list("channel", "locale", "digest")
    return (((channel, locale), digest) for channel, locale, digest in rows)


def _contexts(structure: Structure):
    return ((c.code, locale) for c in structure.channels.values() for locale in c.locales)


def _document(structure: Structure, channel: str, locale: str) -> ContextDocument:
    body = orjson.dumps(
        context_document(structure, channel=channel, locale=locale), option=orjson.OPT_SORT_KEYS
    )
    return ContextDocument(
        channel=channel,
        locale=locale,
        digest=hashlib.sha256(body).hexdigest(),
        body=body.decode(),
    )
