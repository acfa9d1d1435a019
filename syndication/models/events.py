"""Events: what happened, numbered in one stream; and the webhooks that are told of it."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

TYPES = [
    ("product.created", _("Product created (draft)")),
    ("product.changed", _("Product changed (draft)")),
    ("product.deleted", _("Product deleted")),
    ("product.published", _("Product published")),
    ("product.withdrawn", _("Product withdrawn")),
    ("structure.changed", _("Structure changed")),
    ("facts.changed", _("Prices or availability changed")),
    ("listings.changed", _("Listings of a channel changed")),
    ("edition.issued", _("Edition issued")),
    ("edition.blocked", _("Edition blocked")),
    ("edition.failed", _("Edition failed")),
    ("edition.ended", _("Edition rejected, cancelled, superseded or nothing new")),
]
DELIVERY_STATES = [
    ("waiting", _("Waiting")),
    ("delivered", _("Delivered")),
    ("failed", _("Given up")),
]


class Event(models.Model):
    """Something that happened; whoever has seen `seq` N has seen everything before it.

    `channel` and `output` say what it is about, "" where it is about all content.
    """

    seq = models.BigIntegerField(_("number"), unique=True)
    type = models.CharField(_("type"), max_length=40, choices=TYPES, db_index=True)
    channel = models.CharField(_("channel"), max_length=100, blank=True, default="")
    output = models.CharField(_("output"), max_length=100, blank=True, default="")
    data = models.JSONField(_("data"), default=dict)
    at = models.DateTimeField(_("when"), db_index=True)

    class Meta:
        ordering = ["-seq"]
        verbose_name = _("event")
        verbose_name_plural = _("events")

    def __str__(self):
        return f"#{self.seq} {self.type}"


class Webhook(models.Model):
    """An address that is told of events, signed by Standard Webhooks 1.0.

    The secret is not stored: it is derived from the installation's own secret, `key` and
    `generation`. `planned_seq` is the number up to which deliveries have been written.
    """

    name = models.CharField(_("name"), max_length=200)
    url = models.URLField(_("address"), max_length=500)
    types = models.JSONField(_("event types"), default=list, blank=True)
    channels = models.JSONField(_("channels"), default=list, blank=True)
    enabled = models.BooleanField(_("enabled"), default=True)
    key = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    generation = models.PositiveIntegerField(default=1, editable=False)
    rotated_at = models.DateTimeField(null=True, editable=False)
    planned_seq = models.BigIntegerField(default=0, editable=False)
    failing_since = models.DateTimeField(_("failing since"), null=True, editable=False)
    note = models.CharField(_("note"), max_length=300, blank=True, default="", editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        ordering = ["name", "id"]
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")

    def __str__(self):
        return self.name


class HookDelivery(models.Model):
    """One event on its way to one webhook, with what became of the last attempt."""

    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="deliveries")
    event = models.ForeignKey(Event, models.CASCADE, related_name="deliveries")
    state = models.CharField(_("state"), max_length=10, default="waiting", choices=DELIVERY_STATES)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    due_at = models.DateTimeField(_("next attempt"))
    done_at = models.DateTimeField(_("done"), null=True)
    status = models.PositiveSmallIntegerField(_("HTTP status"), null=True)
    answer = models.CharField(_("answer"), max_length=500, blank=True, default="")
    seconds = models.FloatField(_("seconds"), null=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("delivery of an event")
        verbose_name_plural = _("deliveries of events")
        constraints = [
            models.UniqueConstraint(fields=["webhook", "event"], name="event_once_per_webhook")
        ]
        indexes = [
            models.Index(fields=["due_at"], name="hook_due", condition=models.Q(state="waiting"))
        ]

    def __str__(self):
        return f"{self.webhook_id} ← #{self.event_id} {self.state}"
