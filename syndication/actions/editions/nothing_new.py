"""Slots of careful outputs in which there was nothing to issue: judged, and noted for people."""

from datetime import datetime

from syndication.models import AuditEntry, ChannelSequence, Edition, Output, Pointer

from .context import NotConfigured, setting_of
from .issue import places_of, settings_of

SAME = ("kind", "channel", "audience", "selection", "look")
ACTION = "nothing new"
KEPT = 50  # notes per output; an output may have a slot every few minutes


def nothing_new(output: Output) -> bool:
    """Return whether all that is served is what new editions would show: data and environment.

    Where only something else in the channel changed, an edition has to freeze to see that.
    """
    pointers = Pointer.objects.filter(output=output).select_related("edition")
    served = {pointer.locale: pointer for pointer in pointers}
    if set(served) != set(places_of(output)):
        return False
    now = ChannelSequence.objects.filter(channel=output.channel).values_list("value", flat=True)
    if any(pointer.data_version != (now.first() or 0) for pointer in served.values()):
        return False
    return all(_as_served(output, pointer) for pointer in served.values())


def _as_served(output: Output, pointer: Pointer) -> bool:
    """Return whether the output is set up as when the served edition was made, and renders so."""
    fresh, made = settings_of(output, pointer.locale), pointer.edition.settings
    if any(fresh[name] != made.get(name) for name in SAME):
        return False
    try:
        setting = setting_of(Edition(output=output, locale=pointer.locale, settings=fresh))
    except NotConfigured:
        return False  # the edition that is issued will say so
    return setting.whole == pointer.edition.environment


def note_nothing_new(output: Output, *, slot: str, at: datetime, edition: Edition | None = None):
    """Note a slot in which nothing was issued, and forget notes from long ago."""
    AuditEntry.objects.create(
        output=output, edition=edition, actor="schedule", action=ACTION, note=slot, at=at
    )
    mine = AuditEntry.objects.filter(output=output, action=ACTION).order_by("-id")
    old = list(mine.values_list("pk", flat=True)[KEPT : KEPT + 100])
    AuditEntry.objects.filter(pk__in=old).delete()
