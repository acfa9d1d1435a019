"""What our own API answers, as plain documents and as descriptions for OpenAPI."""

from django.utils.translation import gettext
from rest_framework import serializers

from pim.models import Change, Job, JobLine
from pim.queries.titles import reason_of, title_of_job


class JobShape(serializers.Serializer):
    """A job: `counts` is {what: {outcome: number}}, `done` of `total` units are behind it."""

    id = serializers.IntegerField()
    kind = serializers.CharField()
    title = serializers.CharField()
    state = serializers.ChoiceField(["queued", "running", "stopping", "done", "stopped", "failed"])
    dry_run = serializers.BooleanField()
    total = serializers.IntegerField(allow_null=True)
    done = serializers.IntegerField()
    counts = serializers.DictField()
    preview = serializers.ListField()
    cause = serializers.CharField()
    undoes = serializers.IntegerField(allow_null=True)
    undone_by = serializers.IntegerField(
        allow_null=True, help_text="The last job that took this one back, if any."
    )
    created_by = serializers.CharField()
    created_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    result = serializers.CharField(allow_null=True, help_text="Address of the result file.")


class JobLineShape(serializers.Serializer):
    """What became of one unit where it was refused, or needs a word."""

    id = serializers.IntegerField()
    file = serializers.CharField()
    line = serializers.IntegerField()
    column = serializers.CharField()
    subject = serializers.CharField()
    outcome = serializers.CharField()
    code = serializers.CharField()
    message = serializers.CharField()


class ChangeShape(serializers.Serializer):
    """One write of a job: `differences` is {"attribute|channel|locale": [before, after]}."""

    id = serializers.IntegerField()
    subject = serializers.CharField()
    action = serializers.CharField()
    source = serializers.CharField()
    reason = serializers.CharField()
    at = serializers.DateTimeField()
    differences = serializers.DictField()


class ProblemShape(serializers.Serializer):
    """A problem document (RFC 9457)."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField(required=False)
    errors = serializers.ListField(required=False)


PROBLEMS = dict.fromkeys((400, 401, 403, 404, 409, 422), ProblemShape)


def show_job(job: Job) -> dict:
    """Return a job as it is answered."""
    return {
        "id": job.pk,
        "kind": job.kind,
        "title": title_of_job(job),
        "state": job.state,
        "dry_run": job.dry_run,
        "total": job.total,
        "done": job.done,
        "counts": job.counts or {},
        "preview": job.preview,
        "cause": job.cause,
        "undoes": job.undoes_id,
        "undone_by": getattr(job, "undone_by_id", None),
        "created_by": job.created_by.get_username() if job.created_by else job.actor,
        "created_at": job.created_at,
        "started_at": job.started_at,
        "finished_at": job.finished_at,
        "result": f"/api/v1/jobs/{job.pk}/result" if job.result else None,
    }


def show_line(line: JobLine) -> dict:
    """Return a line of a report, in the reader's language."""
    shown = {name: getattr(line, name) for name in JobLineShape().fields}
    return {**shown, "message": line.say(gettext)}


def show_change(change: Change) -> dict:
    """Return one write, read `with_titles`."""
    shown = {name: getattr(change, name) for name in ("id", "subject", "action", "source", "at")}
    return {**shown, "reason": reason_of(change), "differences": change.detail}
