"""Reads of editions and of the files being served."""

from typing import NamedTuple

from django.db.models import Count, QuerySet

from syndication import store
from syndication.models import (
    ISSUED,
    ApiKey,
    ChannelSequence,
    Edition,
    EditionArtefact,
    Output,
    Pointer,
)


class ServedFile(NamedTuple):
    """A file as it is served: its bytes by digest, and who may have it."""

    sha256: str
    size: int
    media_type: str
    channel: str
    audience: str
    public: bool
    locale: str
    edition: int


class Gone(Exception):
    """The edition was issued, but its files have been released."""


def public_audiences(channel: str) -> set[str]:
    """Return the audiences of a channel that need no key."""
    contexts = ChannelSequence.objects.filter(channel=channel).values_list("contexts", flat=True)
    audiences = (contexts.first() or {}).get("audiences", [])
    return {code for code, public in audiences if public}


def current_file(output: str, name: str, *, locale: str | None = None) -> ServedFile | None:
    """Return the file with that name in an edition being served of an output, or None.

    Without a locale, the one that comes first among the output's locales.
    """
    pointers = Pointer.objects.filter(output__code=output)
    if locale is not None:
        pointers = pointers.filter(locale=locale)
    links = EditionArtefact.objects.filter(
        edition__in=pointers.values("edition"), name=name
    ).order_by("-edition__number")
    if locale is None and (first := _first_locale(output)):
        return _served(links.filter(edition__locale=first)) or _served(links)
    return _served(links)


def _first_locale(output: str) -> str:
    """Return the first of an output's locales, "" where it has none."""
    locales = Output.objects.filter(code=output).values_list("locales", flat=True).first()
    return locales[0] if locales else ""


def edition_file(output: str, number: int, name: str) -> ServedFile | None:
    """Return a file of one edition that was issued; raise Gone once it has been released."""
    edition = Edition.objects.filter(output__code=output, number=number, state__in=ISSUED)
    found = _served(EditionArtefact.objects.filter(edition__in=edition, name=name))
    if found is None and edition.filter(artefacts__isnull=True).exists():
        raise Gone
    return found


def _served(links: QuerySet) -> ServedFile | None:
    link = links.select_related("artefact", "edition__output").first()
    if link is None:
        return None
    artefact, edition = link.artefact, link.edition
    channel = edition.output.channel
    return ServedFile(
        artefact.sha256,
        artefact.size,
        artefact.media_type,
        channel,
        link.audience,
        link.audience in public_audiences(channel),
        edition.locale,
        edition.number,
    )


def noted_file(output: str, name: str) -> ServedFile | None:
    """Return the current public file as noted beside the store, without the database."""
    document = store.read_current(output)
    entry = document["files"].get(name) if document else None
    if not entry or not entry["public"]:
        return None
    return ServedFile(channel=document["channel"], **entry)


def outputs_in_scope(key: ApiKey | None) -> QuerySet[Output]:
    """Return the outputs a key may know of: its channel, public audiences and its own."""
    outputs = Output.objects.all()
    if key is None:
        return outputs
    if key.channel:
        outputs = outputs.filter(channel=key.channel)
    seen = [output.pk for output in outputs if key_covers(key, output)]
    return outputs.filter(pk__in=seen)


def key_covers(key: ApiKey, output: Output) -> bool:
    """Return whether channel and audience of an output are within a key's scope."""
    if key.channel not in ("", output.channel):
        return False
    return output.audience in key.audiences or output.audience in public_audiences(output.channel)


def state_counts() -> dict[str, int]:
    """Return {state: editions in it}, states without any left out."""
    rows = Edition.objects.values_list("state").annotate(n=Count("id")).order_by()
    return dict(rows)
