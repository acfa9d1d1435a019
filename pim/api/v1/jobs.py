"""Jobs through our own API: followed, stopped, taken back; what they made, fetched."""

import hashlib
from collections.abc import Callable

from django.core.files import File
from django.http import FileResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework.exceptions import NotFound
from rest_framework.fields import BooleanField
from rest_framework.response import Response

from pim.actions.jobs import resume_job, stop_job
from pim.actions.jobs.once import job_once, request_digest
from pim.actions.undo import queue_undo
from pim.content.refusals import InvalidValue, _
from pim.models import Job
from pim.queries.rights import visible_jobs, with_undo
from pim.queries.titles import with_titles
from pim.tasks import ring_jobs

from .access import View, body_of
from .paging import AFTER, LIMIT, page_of, page_shape
from .shapes import (
    PROBLEMS,
    ChangeShape,
    JobLineShape,
    JobShape,
    show_change,
    show_job,
    show_line,
)

KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="The same key again answers with the job that it made the first time.",
)
_LONGEST_KEY = 255


def accepted(request, queue: Callable[[], Job]) -> Response:
    """Queue a job, once per Idempotency-Key of the person, and answer 202 with where it is."""
    job, fresh = job_once(queue, user=request.user, key=_key(request), digest=_digest(request))
    if fresh:
        ring_jobs(job.pk)
    headers = {"Location": f"/api/v1/jobs/{job.pk}"}
    return Response(show_job(job), status=202, headers=headers)


def truth(body: dict, name: str) -> bool:
    """Return a yes or no of the body, no where it says nothing."""
    value = body.get(name, False)
    if not isinstance(value, bool):
        raise InvalidValue(
            _("“%(name)s” is true or false."), code="needs_boolean", field=name, name=name
        )
    return value


def _key(request) -> str:
    key = request.headers.get("Idempotency-Key", "")
    if len(key) > _LONGEST_KEY:
        raise InvalidValue(
            _("An Idempotency-Key has at most %(limit)s characters."),
            code="bad_key",
            limit=_LONGEST_KEY,
        )
    return key


def _digest(request) -> str:
    told = {name: _told(value) for name, value in body_of(request).items()}
    return request_digest(request.path, told)


def _told(value):
    """Return a value of the body, of a file what it holds."""
    if not isinstance(value, File):
        return value
    digest = hashlib.sha256()
    for chunk in value.chunks():
        digest.update(chunk)
    value.seek(0)
    return digest.hexdigest()


class JobView(View):
    """A view of one job."""

    noun = "job"

    def job(self, request, pk: int, *verbs: str) -> Job:
        """Return the job, for whoever has started it or may do that to jobs."""
        job = visible_jobs(
            Job.objects.select_related("created_by", "undoes").filter(pk=pk), request.user
        )
        job = with_undo(job, request.user).first()
        if job is None:
            raise NotFound()
        if job.created_by_id != request.user.pk:
            self.require(request, *(verbs or ("view",)))
        return job


class Jobs(JobView):
    """All jobs, the newest first."""

    @extend_schema(
        operation_id="jobs_list",
        parameters=[OpenApiParameter("kind", str), OpenApiParameter("state", str), AFTER, LIMIT],
        responses={200: page_shape(JobShape), **PROBLEMS},
    )
    def get(self, request):
        asked = {n: request.query_params[n] for n in ("kind", "state") if n in request.query_params}
        rows = visible_jobs(Job.objects.select_related("created_by"), request.user)
        rows = with_undo(rows.filter(**asked), request.user)
        return page_of(request, rows, show_job, newest_first=True)


class OneJob(JobView):
    """One job with its progress and counts."""

    @extend_schema(operation_id="jobs_read", responses={200: JobShape, **PROBLEMS})
    def get(self, request, pk: int):
        return Response(show_job(self.job(request, pk)))


class Lines(JobView):
    """What became of each unit that was refused or needs a word."""

    @extend_schema(
        operation_id="jobs_lines",
        parameters=[OpenApiParameter("outcome", str), AFTER, LIMIT],
        responses={200: page_shape(JobLineShape), **PROBLEMS},
    )
    def get(self, request, pk: int):
        rows = self.job(request, pk).lines.all()
        if outcome := request.query_params.get("outcome"):
            rows = rows.filter(outcome=outcome)
        return page_of(request, rows, show_line)


class Changes(JobView):
    """What the job has written, product by product."""

    @extend_schema(
        operation_id="jobs_changes",
        parameters=[AFTER, LIMIT],
        responses={200: page_shape(ChangeShape), **PROBLEMS},
    )
    def get(self, request, pk: int):
        job = self.job(request, pk)
        self.require(request, "view", noun="change")
        return page_of(request, with_titles(job.changes.all()), show_change)


class Result(JobView):
    """The file that the job has made."""

    @extend_schema(
        operation_id="jobs_result",
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY, **PROBLEMS},
    )
    def get(self, request, pk: int):
        job = self.job(request, pk)
        if not job.result:
            raise NotFound()
        name = job.result.name.rsplit("/", 1)[-1]
        return FileResponse(job.result.open("rb"), as_attachment=True, filename=name)


class Stop(JobView):
    """Ask the job to stop after what it is at."""

    @extend_schema(operation_id="jobs_stop", request=None, responses={200: JobShape, **PROBLEMS})
    def post(self, request, pk: int):
        job = self.job(request, pk, "add")
        stop_job(job.pk, at=timezone.now())
        job.refresh_from_db()
        return Response(show_job(job))


class Resume(JobView):
    """Let a stopped job go on where it stopped."""

    @extend_schema(operation_id="jobs_resume", request=None, responses={200: JobShape, **PROBLEMS})
    def post(self, request, pk: int):
        job = self.job(request, pk, "add")
        resume_job(job, user=request.user)
        ring_jobs(job.pk)
        job.refresh_from_db()
        return Response(show_job(job))


class Undo(JobView):
    """Take back what the job wrote, or preview that."""

    @extend_schema(
        operation_id="jobs_undo",
        parameters=[KEY],
        request=inline_serializer("UndoBody", {"dry_run": BooleanField(default=False)}),
        responses={202: JobShape, **PROBLEMS},
    )
    def post(self, request, pk: int):
        job, dry_run = self.job(request, pk, "add"), truth(body_of(request), "dry_run")
        self.require(request, "change", noun="product")
        return accepted(request, lambda: queue_undo(job, user=request.user, dry_run=dry_run))
