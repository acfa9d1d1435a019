"""Jobs: long work in the background, with its progress, its report and what it can resume from."""

from datetime import datetime
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from pim.content.refusals import say_kept

from .fields import DocumentField

STATES = [
    ("queued", _("Queued")),
    ("running", _("Running")),
    ("stopping", _("Stopping")),
    ("done", _("Done")),
    ("stopped", _("Stopped")),
    ("failed", _("Failed")),
]
FINAL = ("done", "stopped", "failed")


def upload_place(job, name: str) -> str:
    """Return where an upload is kept: in a folder of its own, under the name that it has."""
    return f"jobs/{uuid4().hex}/{name}"


class Job(models.Model):
    """One piece of long work; `kind` names its runner, `params` say what to do.

    `done` of `total` units are behind it (total None: not known yet), `done_before` of them
    since before the attempt that began at `started_at`. `counts` is
    {what: {outcome: number}}. `preview` is [[subject, {key: [before, after]}], …] of the
    first things written. `cursor` is where a repeated attempt goes on. `fence` rises with
    every claim: whoever holds an older one has lost the job. `actor` names who acts where no
    user does; only a `machine` job, which no user queued, has no limits.
    `said` is what is kept of a title that is said in the reader's language (`pim.queries.titles`);
    {} where somebody gave it, or wrote it before it was kept.
    `key` is what a client calls its request, digested: once per user. A dry run says what it
    would do and writes nothing.
    """

    kind = models.CharField(_("kind"), max_length=40, db_index=True)
    title = models.CharField(_("title"), max_length=500)
    said = DocumentField()
    params = DocumentField(_("parameters"))
    upload = models.FileField(_("file"), upload_to=upload_place, blank=True, max_length=300)
    result = models.FileField(_("result"), upload_to="results/", blank=True, max_length=300)
    dry_run = models.BooleanField(_("dry run"), default=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, verbose_name=_("who")
    )
    actor = models.CharField(_("acting as"), max_length=150, blank=True)
    machine = models.BooleanField(default=False, editable=False)
    key = models.CharField(max_length=64, blank=True, editable=False)
    undoes = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="undone_by",
        verbose_name=_("takes back"),
    )
    state = models.CharField(_("state"), max_length=10, default="queued", choices=STATES)
    total = models.BigIntegerField(_("units"), null=True)
    done = models.BigIntegerField(_("units done"), default=0)
    done_before = models.BigIntegerField(default=0, editable=False)
    counts = DocumentField(_("counts"))
    preview = DocumentField(_("first changes"), default=list)
    cause = models.TextField(_("cause"), blank=True)
    cursor = DocumentField()
    fence = models.PositiveIntegerField(default=0, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    started_at = models.DateTimeField(_("started"), null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        indexes = [models.Index(fields=["state", "id"], name="job_by_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["created_by", "key"], name="job_key_once", condition=~models.Q(key="")
            )
        ]

    def __str__(self):
        return f"{self.title} ({self.state})"

    @property
    def final(self) -> bool:
        """Return whether nothing more will happen to the job."""
        return self.state in FINAL

    @property
    def percent(self) -> int | None:
        """Return how much of the job is done, None while nobody knows."""
        return min(100, self.done * 100 // self.total) if self.total else None

    def rate(self, at: datetime) -> float:
        """Return the units a second since the attempt began, 0 while nothing is behind it."""
        seconds = (at - self.started_at).total_seconds() if self.started_at else 0
        return (self.done - self.done_before) / seconds if seconds > 0 else 0.0

    def seconds_left(self, at: datetime) -> int | None:
        """Return the seconds that the rest will take at this rate, None while nobody knows."""
        rate = self.rate(at)
        return max(round((self.total - self.done) / rate), 0) if self.total and rate > 0 else None


class JobLine(models.Model):
    """What became of one unit of a job, where it was refused or needs a word.

    `said` is {"sentence", "params"} of its message, to be said in the reader's language.
    """

    job = models.ForeignKey(Job, models.CASCADE, related_name="lines")
    file = models.CharField(_("file"), max_length=200, blank=True)
    line = models.PositiveIntegerField(_("line"), default=0)
    column = models.CharField(_("column"), max_length=200, blank=True)
    subject = models.CharField(_("subject"), max_length=300, blank=True)
    outcome = models.CharField(_("outcome"), max_length=10)
    code = models.CharField(_("code"), max_length=60, blank=True)
    message = models.TextField(_("message"), blank=True)
    said = DocumentField()

    class Meta:
        ordering = ["id"]
        verbose_name = _("job line")
        verbose_name_plural = _("job lines")

    def __str__(self):
        return f"{self.file or self.subject}:{self.line} {self.outcome}"

    def say(self, translate=None) -> str:
        """Return its message in the reader's language."""
        return say_kept(self.said, self.message, translate)
