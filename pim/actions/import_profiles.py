"""Import profiles: kept, copied, run by hand and by the clock."""

import re
from datetime import datetime

from django.db import transaction

from pim.actions.import_options import ImportOptions
from pim.actions.import_sources import allowed_folder, folder_stamp
from pim.actions.jobs import leave_failed, queue_job
from pim.actions.jobs.permits import refuse_publishing
from pim.actions.scheduled import arm, due, person_of
from pim.cadence import parse
from pim.content.refusals import InvalidValue, Refused, _
from pim.importing.mapping import check_mapping, header_digest
from pim.models import ImportProfile, Job
from pim.models.imports import FOLDER, UPLOAD, URL
from pim.outbound import OutboundRefused, check_address

BUSY = ("queued", "running", "stopping")


def save_profile(profile: ImportProfile, *, at: datetime, user=None) -> ImportProfile:
    """Check and keep a profile; raises `Refused` where it makes no sense.

    A header that was learnt is the one by which its files are recognised. By the clock it
    runs as `user` from now on.
    """
    refuse_publishing(user, profile.options)
    check_mapping(profile.mapping)
    parse(profile.cadence)
    if profile.source == FOLDER:
        allowed_folder(profile.location)
    if profile.source == URL:
        _check_url(profile.location)
    if profile.source == UPLOAD and profile.cadence:
        raise InvalidValue(
            _("Uploaded files have no schedule: choose a folder or an address."),
            code="no_schedule",
            field="cadence",
        )
    profile.saved_by = user
    profile.header_digest = header_digest(profile.header) if profile.header else ""
    if not profile.armed or profile.armed != f"{profile.cadence}|{profile.time_zone}":
        arm(profile, at=at)
    profile.row_version += bool(profile.pk)
    profile.save()
    return profile


def _check_url(url: str) -> None:
    try:
        check_address(url)
    except OutboundRefused as refusal:
        refusal.field = "location"
        raise
    except Refused:
        return  # the name is not known now; it may be when it is due


def duplicate_profile(profile: ImportProfile, *, user, at: datetime) -> ImportProfile:
    """Return a copy under a code and name of its own, without its schedule."""
    stem = re.sub(r"_\d+$", "", profile.code)
    number = 2
    while ImportProfile.objects.filter(code=f"{stem}_{number}").exists():
        number += 1
    copy = ImportProfile(
        code=f"{stem}_{number}",
        name=f"{profile.name} {number}"[:200],
        **{
            name: getattr(profile, name)
            for name in ("source", "location", "mapping", "header", "options", "time_zone")
        },
    )
    if profile.sample:
        copy.sample = profile.sample.name
    return save_profile(copy, at=at, user=user)


def options_of(profile: ImportProfile) -> ImportOptions:
    """Return the options of an import by the profile."""
    return ImportOptions.read({**profile.options, "profile": profile.pk})


def queue_profile(
    profile: ImportProfile, *, user, upload=None, dry_run: bool = False, only_changed: bool = False
) -> Job:
    """Queue an import by the profile: of an upload, or of what lies at its place."""
    params = {**options_of(profile).document(), "only_changed": only_changed}
    refuse_publishing(user, params)
    if upload is None and profile.source == FOLDER:
        path = allowed_folder(profile.location)
        params |= {"path": str(path), "stamp": folder_stamp(path)}
    elif upload is None and profile.source == URL:
        params["url"] = profile.location
    elif upload is None:
        raise InvalidValue(_("Choose a file to import."), code="no_file", field="file")
    job = queue_job(
        "import",
        title=f"{profile.name}: {upload.name}" if upload else profile.name,
        params=params,
        user=user,
        actor=f"profile {profile.code}",
        upload=upload or "",
        dry_run=dry_run,
    )
    ImportProfile.objects.filter(pk=profile.pk).update(last_job=job)
    return job


def queue_due_imports(*, at: datetime) -> list[Job]:
    """Queue the profiles whose slot has come, unless their last run is under way still.

    A folder in which nothing has changed since is passed over; an address is asked by the job.
    """
    rows = ImportProfile.objects.filter(enabled=True).exclude(source=UPLOAD)
    queued = []
    for profile in due(rows.select_related("last_job", "saved_by"), at=at):
        ImportProfile.objects.filter(pk=profile.pk).update(checked_at=at)
        if profile.last_job and profile.last_job.state in BUSY:
            continue
        job = _queue_scheduled(profile)
        queued += [job] if job else []
    return queued


def _queue_scheduled(profile: ImportProfile) -> Job | None:
    try:
        person = person_of(profile)
        if profile.source == FOLDER and profile.stamp == folder_stamp(
            allowed_folder(profile.location)
        ):
            return None
        with transaction.atomic():
            return queue_profile(profile, user=person, only_changed=True)
    except Refused as refusal:
        return _failed(profile, refusal)


def _failed(profile: ImportProfile, refusal: Refused) -> Job:
    """Leave word of a run that could not even begin."""
    how = {"title": profile.name, "user": profile.saved_by, "actor": profile.code}
    job = leave_failed("import", cause=refusal.say(), **how)
    ImportProfile.objects.filter(pk=profile.pk).update(last_job=job)
    return job
