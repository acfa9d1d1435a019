"""Time travel: what products were at a moment, as drafts and as published."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Max, Q

from pim.content.refusals import Refused, _
from pim.content.snapshot import STRUCTURE_KEYS, unpack
from pim.models import Change, Product, Version

from .drafts import read_drafts


class NotKept(Refused):
    """The version that was the latest at that moment has been let go."""

    code = "not_kept"
    sentence = _("Version %(number)s of %(name)s is no longer kept.")


class Past(NamedTuple):
    """A product as it was published: `snapshot` None means that nobody could see it."""

    number: int
    snapshot: dict | None
    withdrawn: bool = False


def drafts_as_of(ids: Iterable[int], moment: datetime) -> dict[int, dict | None]:
    """Return {id: the draft's snapshot at the moment}, None for what was not there yet.

    Products that were deleted since come back from the change log. The drafts of today are
    taken and every change since is undone, newest first: a few queries for any number.
    """
    ids = list(ids)
    found = {pk: state.snapshot() for pk, state in read_drafts(ids).items()}
    rows = Change.objects.filter(product_id__in=ids, at__gt=moment).order_by("-id")
    for pk, action, detail in rows.values_list("product_id", "action", "detail").iterator(
        chunk_size=500
    ):
        if action == "delete":
            found[pk] = detail["@deleted"][0]
        elif found.get(pk) is not None:
            found[pk] = _before(found[pk], action, detail)
    return {pk: found.get(pk) for pk in ids}


def versions_as_of(ids: Iterable[int], moment: datetime) -> dict[int, Past]:
    """Return {id: Past} of the products that had been published by then.

    Raises `NotKept` where retention has dropped the version in question.
    """
    ids = list(ids)
    events = Change.objects.filter(product_id__in=ids, at__lte=moment)
    told = events.filter(action__in=("publish", "withdraw")).order_by("id")
    last: dict[int, tuple[int, bool]] = {}
    for pk, detail in told.values_list("product_id", "detail").iterator(chunk_size=500):
        before, after = detail.get("@version", [None, None])
        last[pk] = (before, True) if after is None else (after, False)
    wanted = Q()
    for pk, (number, _withdrawn) in last.items():
        wanted |= Q(product_id=pk, number=number)
    rows = Version.objects.filter(wanted) if last else Version.objects.none()
    kept = {pk: unpack(s) for pk, s in rows.values_list("product_id", "snapshot")}
    _refuse_lost(last, kept)
    return {
        pk: Past(number, None if withdrawn else kept[pk], withdrawn)
        for pk, (number, withdrawn) in last.items()
    }


def last_moment(product_id: int) -> datetime | None:
    """Return when the product was last changed in any way, None if nothing is known."""
    return Change.objects.filter(product_id=product_id).aggregate(at=Max("at"))["at"]


def _before(snapshot: dict, action: str, detail: dict[str, list]) -> dict | None:
    """Return the snapshot without one change; None before the product was made."""
    if action == "create":
        return None
    structure = {
        key[1:]: before
        for key, (before, _after) in detail.items()
        if key[1:] in STRUCTURE_KEYS and key.startswith("@")
    }
    values = snapshot["values"]
    for key, (before, _after) in detail.items():
        if not key.startswith("@"):
            values = _put(values, key, before)
    return {**snapshot, **structure, "values": values}


def _put(values: dict, key: str, data: Any) -> dict:
    attribute, channel, locale = key.split("|")
    held = dict(values.get(locale, {}))
    by_channel = {c: d for c, d in held.pop(attribute, {}).items() if c != channel}
    if data is not None:
        by_channel[channel] = data
    if by_channel:
        held[attribute] = by_channel
    kept = {code: found for code, found in values.items() if code != locale}
    return {**kept, locale: held} if held else kept


def _refuse_lost(last: dict[int, tuple[int, bool]], kept: dict[int, dict]) -> None:
    lost = next((pk for pk, (_number, gone) in last.items() if not gone and pk not in kept), None)
    if lost is None:
        return
    if not Product.objects.filter(pk=lost).exists():
        raise NotKept(_("The versions of a deleted product are not kept."))
    name = Product.objects.values_list("identifier", flat=True).get(pk=lost)
    raise NotKept(number=last[lost][0], name=name)
