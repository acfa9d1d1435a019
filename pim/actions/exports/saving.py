"""Saving export profiles: only such as select something and say a form that exists."""

from datetime import datetime
from typing import Any

from django.db import transaction

from pim.actions.rules.saving import check_schedule, record_setting
from pim.actions.scheduled import arm
from pim.content.actor import Actor
from pim.content.refusals import Conflict, InvalidValue, _
from pim.content.rights import NotAllowed
from pim.exporting.settings import read_settings
from pim.models import ExportProfile
from pim.models.base import code_validator
from pim.queries.profiles import refuse_hidden_profile
from pim.queries.selection import select
from pim.queries.structure import load_structure

from .delivering import export_folder

FIELDS = ("name", "selection", "settings", "folder", "cadence", "time_zone")


def save_profile(
    code: str,
    fields: dict[str, Any],
    *,
    actor: Actor,
    at: datetime,
    expected: int | None = None,
    user=None,
) -> tuple[ExportProfile, str]:
    """Create or change the profile of that code; return it with created, changed or unchanged.

    Fields that are not named stay. By the clock it runs as `user` from now on.
    Raises what is wrong, and `Conflict` where the profile is
    no longer at row version `expected` (0: where it is there already).
    """
    with transaction.atomic():
        held = ExportProfile.objects.select_for_update().filter(code=code).first()
        refuse_hidden_profile(held, actor.rights)
        profile = held or ExportProfile(code=code)
        if expected is not None and expected != (held.row_version if held else 0):
            raise Conflict()
        before = _document(profile)
        for name in FIELDS:
            if name in fields:
                setattr(profile, name, fields[name])
        _check(profile)
        _refuse_limited(profile, actor)
        after = _document(profile)
        profile.saved_by = user
        if held and after == before:
            ExportProfile.objects.filter(pk=held.pk).update(saved_by=user)
            return profile, "unchanged"
        arm(profile, at=at)
        profile.row_version += held is not None
        profile.save()
        pairs = {n: [before[n] if held else None, after[n]] for n in FIELDS}
        detail = {n: pair for n, pair in pairs.items() if pair[0] != pair[1]}
        record_setting(f"export:{code}", detail, actor=actor, at=at)
    return profile, "changed" if held else "created"


def duplicate_profile(
    profile: ExportProfile, *, actor: Actor, at: datetime, user=None
) -> ExportProfile:
    """Return a copy of the profile under a free code; it runs by hand until told otherwise."""
    taken = set(ExportProfile.objects.values_list("code", flat=True))
    stem = profile.code[:90]
    code = next(c for n in range(2, len(taken) + 3) if (c := f"{stem}_{n}") not in taken)
    fields = {**_document(profile), "cadence": "", "folder": ""}
    return save_profile(code, fields, actor=actor, at=at, expected=0, user=user)[0]


def delete_profile(profile: ExportProfile, *, actor: Actor, at: datetime) -> None:
    """Delete a profile; the files of its runs stay with their jobs."""
    with transaction.atomic():
        detail = {"@deleted": [_document(profile), None]}
        record_setting(f"export:{profile.code}", detail, actor=actor, at=at)
        profile.delete()


def _check(profile: ExportProfile) -> None:
    if not code_validator.regex.match(profile.code or "") or len(profile.code) > 100:
        raise _bad("code", _("A code has letters, digits, underscore, hyphen and full stop only."))
    if not profile.name.strip() or len(profile.name) > 200:
        raise _bad("name", _("Give the profile a name of at most 200 characters."))
    select(profile.selection)
    read_settings(profile.settings, load_structure())
    check_schedule(profile.cadence, profile.time_zone)
    if profile.folder:
        export_folder(profile.folder)


def _refuse_limited(profile: ExportProfile, actor: Actor) -> None:
    # What runs unseen, or lands where others fetch it, is for who sees everything.
    for name in ("cadence", "folder"):
        if getattr(profile, name) and not actor.rights.unlimited:
            raise NotAllowed(
                _("Your roles limit what you see: such profiles have no schedule and no folder."),
                field=name,
            )


def _document(profile: ExportProfile) -> dict[str, Any]:
    return {name: getattr(profile, name) for name in FIELDS}


def _bad(field: str, sentence: str) -> InvalidValue:
    return InvalidValue(sentence, code=f"bad_{field}", field=field)
