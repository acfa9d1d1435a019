"""Deliveries: where an edition's files are sent, and every attempt with what came of it."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .editions import Edition
from .outputs import Output

ATTEMPT_STATES = [
    ("arrived", pgettext_lazy("delivery", "Arrived")),
    ("again", pgettext_lazy("delivery", "Failed, tried again")),
    ("failed", pgettext_lazy("delivery", "Given up")),
]


class Delivery(models.Model):
    """A place that every edition of an output is sent to.

    `url` is file://, sftp://, s3://, https:// or "mailto:" (then `recipients` has a line for each:
    an address and, if wished, a language). `secret` names a set of variables of the environment
    (PIM_DELIVERY_<secret>_…): what they hold is never stored. `host_key` is the public key of an
    SFTP server.
    """

    output = models.ForeignKey(Output, models.CASCADE, related_name="deliveries")
    url = models.CharField(_("address"), max_length=500)
    secret = models.CharField(_("secret"), max_length=40, blank=True, default="")
    host_key = models.TextField(_("key of the server"), blank=True, default="")
    recipients = models.TextField(_("recipients"), blank=True, default="")
    enabled = models.BooleanField(_("enabled"), default=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")

    def __str__(self):
        return self.url


class DeliveryAttempt(models.Model):
    """One attempt at a delivery: of an edition, or of a test file (`edition` None)."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="attempts")
    edition = models.ForeignKey(Edition, models.SET_NULL, null=True, related_name="+")
    is_test = models.BooleanField(_("test"), default=False)
    n = models.PositiveSmallIntegerField(_("attempt"))
    state = models.CharField(_("state"), max_length=10, choices=ATTEMPT_STATES)
    # A sentence, and what fills it: every reader has it in a language of their own.
    cause = models.TextField(_("cause"), blank=True, default="")
    params = models.JSONField(default=dict, editable=False)
    files = models.PositiveIntegerField(_("files"), default=0)
    size = models.PositiveBigIntegerField(_("bytes"), default=0)
    asked_by = models.CharField(_("asked for by"), max_length=150, blank=True, default="")
    at = models.DateTimeField(_("when"))
    seconds = models.FloatField(_("seconds"), default=0)
    next_at = models.DateTimeField(_("next attempt"), null=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("attempt at a delivery")
        verbose_name_plural = _("attempts at deliveries")

    def __str__(self):
        return f"{self.delivery_id} {self.at:%Y-%m-%d %H:%M} {self.state}"
