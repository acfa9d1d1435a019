"""Jobs on the desk: what runs, how far it is, what it refused; stop, repeat, fetch the result."""

from django.contrib import admin, messages
from django.contrib.admin import display
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from pim.actions.jobs import (
    KINDS,
    repeat_for_good,
    report_lines,
    resumable,
    resume_job,
    stop_job,
)
from pim.actions.jobs.aside import overlay
from pim.actions.undo import queue_undo
from pim.content.refusals import Refused
from pim.importing.report import write_csv
from pim.models import Job
from pim.queries.titles import title_of_job
from pim.tasks import ring_jobs

from .base import PimModelAdmin, chip
from .imports import import_page
from .job_report import (
    EDITS,
    WRITE_FILES,
    asked_by,
    counted,
    first_changes,
    keeps_all,
    read_lines,
    shows_part,
    speed,
    summary_of,
)
from .job_steps import may_do, may_repeat, may_stop, may_undo, taken_back_by
from .limits import seen_jobs
from .moves import move_page
from .remodel import remodel_page

TONES = {
    "queued": "quiet",
    "running": "info",
    "stopping": "warn",
    "done": "good",
    "stopped": "warn",
    "failed": "bad",
}
LINES_SHOWN = 100


class KindFilter(admin.SimpleListFilter):
    """Jobs of one kind, by its label."""

    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request, model_admin):
        return [(kind.code, translate(kind.label)) for kind in KINDS.values()]

    def queryset(self, request, queryset):
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(Job)
class JobAdmin(PimModelAdmin):
    """Jobs with their progress and what they refused."""

    list_display = (
        "name", "kind_label", "state_chip", "progress", "summary", "asked", "created_at",
    )  # fmt: skip
    list_filter = (KindFilter, "state", "dry_run")
    list_select_related = ("created_by",)
    search_fields = ("title",)

    def get_urls(self):
        wrap = self.admin_site.admin_view
        mine = [
            path(f"<int:pk>/{name}/", wrap(getattr(self, name)), name=f"pim_job_{name}")
            for name in ("repeat", "report", "stop", "resume", "result", "undo")
        ]
        page = path("model/", wrap(self.remodel), name="pim_job_remodel")
        move = path("move/", wrap(self.move), name="pim_job_move")
        return [page, move, *mine, *super().get_urls()]

    def get_queryset(self, request):
        return seen_jobs(request, super().get_queryset(request))

    def has_view_permission(self, request, obj=None):
        """The jobs that one has started are there for whoever could start them."""
        if super().has_view_permission(request, obj):
            return True
        return Job.objects.filter(created_by=request.user.pk).exists()

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def add_view(self, request, form_url="", extra_context=None):
        """What a person starts here is an import."""
        return import_page(self, request)

    def move(self, request):
        """The page that moves in from a running system: as a job, previewed or for good."""
        return move_page(self, request)

    def remodel(self, request):
        """The page that changes the model: it previews as a job, and runs as one."""
        return remodel_page(self, request)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Show a job: progress while it runs, then counts and the lines it refused."""
        job = self._job(request, object_id)
        outcome, words = request.GET.get("outcome", ""), request.GET.get("q", "")
        lines = job.lines.filter(outcome=outcome) if outcome else job.lines.all()
        if words:
            lines = lines.filter(message__icontains=words) | lines.filter(subject__icontains=words)
        may_write = self._may_write(request, job)
        counts = counted(job)
        page = Paginator(lines, LINES_SHOWN).get_page(request.GET.get("p"))
        context = {
            "title": title_of_job(job),
            "job": job,
            "undoes": job.undoes and title_of_job(job.undoes),
            "undone_by": taken_back_by(job, request),
            "kind": translate(KINDS[job.kind].label) if job.kind in KINDS else job.kind,
            "tone": TONES[job.state],
            "asked": asked_by(job),
            "edits": job.kind in EDITS,
            "writes_file": job.kind in WRITE_FILES,
            "counts": counts,
            "removes": any(row["removed"] for row in counts),
            "keeps_all": keeps_all(job),
            "more": shows_part(job),
            "skips": any(row["skipped"] for row in counts),
            **speed(job, at=timezone.now()),
            "page": page,
            **read_lines(page, request),
            "running": not job.final,
            "outcome": outcome,
            "q": words,
            "may_repeat": may_write and may_repeat(job, request.user),
            "may_undo": may_write and may_undo(job, request.user),
            "changes": job.changes.count(),
            "shown": first_changes(job, request),
            "may_stop": may_write and may_stop(job),
            "may_resume": may_write and resumable(job) and may_do(job, request.user),
            **self.admin_site.each_context(request),
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/pim/job.html", context)

    def report(self, request, pk):
        """Give the whole report as a CSV file that a spreadsheet opens safely."""
        job = self._job(request, pk)
        response = HttpResponse(content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="job-{job.pk}.csv"'
        response.write("\ufeff")  # spreadsheets take a file without it for another encoding
        write_csv(report_lines(job, translate=translate), response)
        return response

    def result(self, request, pk):
        """Give the file that the job has made."""
        job = self._job(request, pk)
        if not job.result:
            raise Http404
        name = job.result.name.rsplit("/", 1)[-1]
        return FileResponse(job.result.open("rb"), as_attachment=True, filename=name)

    def repeat(self, request, pk):
        """Do for good what a preview has shown."""
        seen = self._writable(request, pk, dry_run=True)
        try:
            if seen.undoes:
                job = queue_undo(seen.undoes, user=request.user)
            else:
                job = repeat_for_good(seen, user=request.user)
        except Refused as refusal:
            messages.error(request, refusal.say(translate))
            return self._back(pk)
        ring_jobs(job.pk)
        messages.success(request, translate("The job is queued."))
        return self._back(job.pk)

    def undo(self, request, pk):
        """Queue taking back what the job wrote, or its preview."""
        done = self._writable(request, pk)
        try:
            job = queue_undo(done, user=request.user, dry_run="dry_run" in request.POST)
        except Refused as refusal:
            messages.error(request, refusal.say(translate))
            return self._back(pk)
        ring_jobs(job.pk)
        return self._back(job.pk)

    def stop(self, request, pk):
        """Ask the job to stop after what it is at."""
        job = self._writable(request, pk)
        try:
            stop_job(job.pk, at=timezone.now())
        except Refused as refusal:
            messages.error(request, refusal.say(translate))
        return self._back(pk)

    def resume(self, request, pk):
        """Let a stopped job go on."""
        job = self._writable(request, pk)
        try:
            resume_job(job, user=request.user)
        except Refused as refusal:
            messages.error(request, refusal.say(translate))
        else:
            ring_jobs(pk)
        return self._back(pk)

    def _job(self, request, pk) -> Job:
        if not self.has_view_permission(request):
            raise PermissionDenied
        jobs = seen_jobs(request, Job.objects.select_related("created_by", "undoes"))
        return overlay(get_object_or_404(jobs, pk=pk))

    def _writable(self, request, pk, **fields) -> Job:
        """Return a job to stop, repeat or take back; what it writes is checked apart from this."""
        if request.method != "POST" or not self.has_view_permission(request):
            raise PermissionDenied
        job = get_object_or_404(seen_jobs(request, Job.objects.all()), pk=pk, **fields)
        if not self._may_write(request, job):
            raise PermissionDenied
        return job

    def _may_write(self, request, job: Job) -> bool:
        return self.has_add_permission(request) or job.created_by_id == request.user.pk

    def _back(self, pk) -> HttpResponseRedirect:
        return HttpResponseRedirect(reverse("admin:pim_job_change", args=[pk]))

    @display(description=_("title"), ordering="title")
    def name(self, obj):
        return title_of_job(obj)

    @display(description=_("kind"), ordering="kind")
    def kind_label(self, obj):
        label = translate(KINDS[obj.kind].label) if obj.kind in KINDS else obj.kind
        return f"{label} · {translate('preview')}" if obj.dry_run else label

    @display(description=_("state"), ordering="state")
    def state_chip(self, obj):
        return chip(obj.get_state_display(), TONES[obj.state])

    @display(description=_("who"), ordering="created_by")
    def asked(self, obj):
        return asked_by(obj)

    @display(description=_("progress"))
    def progress(self, obj):
        return "" if obj.percent is None or obj.final else f"{obj.percent} %"

    @display(description=_("result"))
    def summary(self, obj):
        return summary_of(obj)
