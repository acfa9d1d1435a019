"""Touchpoints: coded places where a person meets an edition."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .editions import Edition


class Touchpoint(models.Model):
    """A code printed or shown somewhere; printed codes outlive everything.

    `code` is deterministic per (edition number, output, product, place), so that a re-issue
    of the same edition prints the same code.
    """

    code = models.CharField(_("code"), max_length=40, unique=True)
    output = models.CharField(_("output"), max_length=100)
    edition = models.ForeignKey(Edition, models.SET_NULL, null=True, related_name="touchpoints")
    product_uuid = models.UUIDField()
    channel = models.CharField(max_length=100)
    locale = models.CharField(max_length=35)
    place = models.CharField(_("place"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("touchpoint")
        verbose_name_plural = _("touchpoints")

    def __str__(self):
        return self.code


class ScanCount(models.Model):
    """How often a touchpoint was met in an hour: no cookie, no address, no person."""

    touchpoint = models.ForeignKey(Touchpoint, models.CASCADE, related_name="scans")
    hour = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["touchpoint", "hour"], name="scan_hour_once")
        ]

    def __str__(self):
        return f"{self.touchpoint_id} {self.hour}: {self.count}"
