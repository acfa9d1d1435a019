"""Editions: one issue of an output, its parts, its item errors and what people did with it."""

import json

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from syndication.contract import said

from .outputs import Output

STATES = [
    ("queued", _("Queued")),
    ("running", _("Running")),
    ("verifying", _("Verifying")),
    ("retry_wait", _("Waiting to retry")),
    ("blocked", _("Blocked")),
    ("issued", _("Issued")),
    ("issued_with_warnings", _("Issued with warnings")),
    ("superseded", _("Superseded")),
    ("nothing_new", _("Nothing new")),
    ("rejected", _("Rejected")),
    ("failed", _("Failed")),
    ("cancelled", _("Cancelled")),
]
FINAL = {
    "issued", "issued_with_warnings", "superseded", "nothing_new", "rejected", "failed",
    "cancelled",
}  # fmt: skip
ISSUED = {"issued", "issued_with_warnings"}


class Editions(models.Manager):
    """Editions proper: not the preparations that idle workers make."""

    def get_queryset(self):
        """Return the editions that people and machines asked for."""
        return super().get_queryset().filter(ahead=False)


class Edition(models.Model):
    """One issue of an output from a frozen set of listings and facts.

    `locale` is "" for a combined edition. `data_version` is the channel's sequence at the
    freeze. `frozen` names the artefact-store blob with the frozen set, `environment` the digest
    of all else that it was made from. `settings` is the output as it was when this was
    asked for. `products` names the blob with the ids of the products frozen (64-bit integers);
    what it shows of them was published and listed between `shown_from` and `shown_to`.
    `counts` holds items_in, issued, item_errors, excluded, excluded_by {reason: n}, rendered,
    reused, added, changed, removed, unchanged, warnings, priced, median_price.
    `cause` says in English why it is blocked or failed; `causes` is the same as JSON,
    [[template, params]], where it was foreseen.
    `fence` rises with every claim: a write by an older holder has no effect.
    `ahead` marks the one row of an output and locale with which idle workers prepare its next
    edition: it is claimed and swept as an edition, has no files and is never served. `objects`
    leaves it out, `every` has it too.
    """

    output = models.ForeignKey(Output, models.CASCADE, related_name="editions")
    number = models.PositiveIntegerField(_("number"))
    ahead = models.BooleanField(default=False, editable=False)
    locale = models.CharField(_("locale"), max_length=35, blank=True)
    trigger_key = models.CharField(_("trigger"), max_length=200)
    state = models.CharField(_("state"), max_length=24, choices=STATES, default="queued")
    told_state = models.CharField(max_length=24, default="", blank=True, editable=False)
    attempt = models.PositiveSmallIntegerField(_("attempt"), default=0)
    fence = models.PositiveIntegerField(default=0)
    lease_owner = models.CharField(max_length=200, blank=True)
    lease_pid = models.PositiveIntegerField(null=True)
    child_pids = models.JSONField(default=list)
    lease_until = models.DateTimeField(null=True)
    not_before = models.DateTimeField(null=True)
    deadline = models.DateTimeField(null=True)
    data_version = models.BigIntegerField(default=0)
    frozen = models.CharField(max_length=64, blank=True)
    environment = models.CharField(max_length=64, blank=True)
    products = models.CharField(max_length=64, blank=True)
    shown_from = models.DateTimeField(null=True)
    shown_to = models.DateTimeField(null=True)
    settings = models.JSONField(default=dict)
    counts = models.JSONField(_("counts"), default=dict)
    cause = models.TextField(_("cause"), blank=True)
    causes = models.TextField(default="[]", editable=False)
    approved_by = models.CharField(_("approved by"), max_length=150, blank=True)
    created_by = models.CharField(_("issued by"), max_length=150, blank=True)
    created_at = models.DateTimeField(_("created"))
    started_at = models.DateTimeField(_("started"), null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)
    expires_at = models.DateTimeField(_("expires"), null=True)

    every = models.Manager()
    objects = Editions()

    class Meta:
        default_manager_name = "objects"
        ordering = ["-id"]
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        constraints = [
            models.UniqueConstraint(
                fields=["output", "number"],
                condition=models.Q(ahead=False),
                name="edition_number_once",
            ),
            models.UniqueConstraint(
                fields=["output", "locale", "trigger_key"], name="edition_trigger_once"
            ),
            # Fragments belong to one running edition at a time; the database holds to it.
            models.UniqueConstraint(
                fields=["output", "locale"],
                condition=models.Q(state="running"),
                name="edition_runs_alone",
            ),
        ]
        indexes = [models.Index(fields=["state", "lease_until"], name="edition_sweep")]

    def __str__(self):
        return f"{self.output} #{self.number}"

    def why(self) -> str:
        """Return the cause in the language of the reader, by gettext, where it was foreseen."""
        known = [(message, params) for message, params in json.loads(self.causes)]
        if self.cause != "\n".join(said(*pair) for pair in known):
            return self.cause
        return "\n".join(said(*pair, gettext) for pair in known)


class EditionPart(models.Model):
    """A run of changed units rendered by one child process, from position `first` to `last`.

    What a finished part made lies in `Fragment`, under keys: a later attempt finds it there.
    """

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="parts")
    n = models.PositiveIntegerField()
    state = models.CharField(max_length=10, default="waiting")
    attempt = models.PositiveSmallIntegerField(default=0)
    first = models.PositiveIntegerField()
    last = models.PositiveIntegerField()
    cause = models.TextField(blank=True)

    class Meta:
        ordering = ["n"]
        constraints = [models.UniqueConstraint(fields=["edition", "n"], name="part_number_once")]

    def __str__(self):
        return f"{self.edition_id}/{self.n}"


class ItemError(models.Model):
    """One item, or one value of it, that an edition could not issue as it should.

    `message` is an English template, `params` the JSON object that fills its %(name)s places.
    """

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="item_errors")
    identifier = models.CharField(_("identifier"), max_length=255)
    field = models.CharField(_("field"), max_length=100, blank=True)
    code = models.CharField(_("code"), max_length=60)
    message = models.TextField(_("message"))
    params = models.TextField(default="{}", editable=False)
    severity = models.CharField(
        _("severity"),
        max_length=7,
        default="error",
        choices=[("error", _("Left out")), ("warning", _("Warning"))],
    )
    part = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("item error")
        verbose_name_plural = _("item errors")

    def __str__(self):
        return f"{self.identifier}: {self.code}"

    def say(self) -> str:
        """Return the message in the language of the reader, by gettext."""
        return said(self.message, json.loads(self.params), gettext)


class AuditEntry(models.Model):
    """Who approved, rejected, cancelled, rolled back, held or released what."""

    output = models.ForeignKey(Output, models.CASCADE, related_name="audit")
    edition = models.ForeignKey(Edition, models.SET_NULL, null=True, related_name="audit")
    actor = models.CharField(_("who"), max_length=150)
    action = models.CharField(_("action"), max_length=30)
    note = models.TextField(_("note"), blank=True)
    at = models.DateTimeField(_("when"))

    class Meta:
        ordering = ["-id"]
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor} {self.action}"
