"""Outputs: what a channel is rendered to, when, and who may fetch it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Output(models.Model):
    """One rendering of a channel: kind, contexts, selection, options, cadence, deliveries.

    `selection` is {"categories": [codes], "families": [codes], "identifiers": […],
    "roles": ["item"|"model"]}; an empty one takes every live listing.
    `cadence` is "" (by hand), "on change", "every 5 minutes", "hourly", "daily 02:00",
    "weekly mon 02:00" or a five-field cron line, read in `time_zone`.
    With `only_if_changed` a slot issues nothing where a new edition would be as the served one.
    `last_slot` is the last slot that was issued, skipped or gone by before the cadence that is
    `armed` was given.
    `guard` overrides `actions.editions.guard.DEFAULTS` by name; {"enabled": false} is off.
    """

    code = models.CharField(_("code"), max_length=100, unique=True)
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=50)
    channel = models.CharField(_("channel"), max_length=100)
    audience = models.CharField(_("audience"), max_length=100)
    locales = models.JSONField(_("locales"), default=list)
    combined = models.BooleanField(_("one edition for all locales"), default=False)
    brand = models.ForeignKey(
        "Brand",
        models.PROTECT,
        verbose_name=_("brand"),
        null=True,
        blank=True,
        related_name="outputs",
        help_text=_("Empty: the default brand."),
    )
    selection = models.JSONField(_("selection"), default=dict, blank=True)
    options = models.JSONField(_("options"), default=dict, blank=True)
    cadence = models.CharField(_("cadence"), max_length=100, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    only_if_changed = models.BooleanField(_("only if something changed"), default=False)
    needs_approval = models.BooleanField(_("needs approval"), default=False)
    strict = models.BooleanField(_("refuse to publish with item errors"), default=False)
    guard = models.JSONField(_("guard"), default=dict, blank=True)
    keep_days = models.PositiveIntegerField(
        _("keep editions for days"), null=True, blank=True, help_text=_("Empty: for ever.")
    )
    held = models.BooleanField(_("held"), default=False, help_text=_("Slots are skipped."))
    enabled = models.BooleanField(_("enabled"), default=True)
    last_slot = models.DateTimeField(_("last slot"), null=True, editable=False)
    armed = models.CharField(max_length=200, blank=True, editable=False)
    row_version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["code"]
        verbose_name = _("output")
        verbose_name_plural = _("outputs")

    def __str__(self):
        return self.name or self.code


class ApiKey(models.Model):
    """A key for feeds and editions: a prefix to find it, an HMAC of the secret to check it."""

    name = models.CharField(_("name"), max_length=100)
    prefix = models.CharField(_("prefix"), max_length=12, unique=True, editable=False)
    secret_hmac = models.CharField(max_length=64, editable=False)
    channel = models.CharField(
        _("channel"), max_length=100, blank=True, help_text=_("Empty: all channels.")
    )
    audiences = models.JSONField(_("audiences"), default=list, blank=True)
    may_issue = models.BooleanField(_("may issue and approve editions"), default=False)
    enabled = models.BooleanField(_("enabled"), default=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)

    class Meta:
        ordering = ["name"]
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")

    def __str__(self):
        return self.name
