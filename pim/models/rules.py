"""Rules and export profiles: what is done again and again, by hand, by writes or by the clock."""

from django.conf import settings as project
from django.db import models
from django.utils.translation import gettext_lazy as _

from .base import Coded
from .fields import DocumentField
from .jobs import Job


class Scheduled(models.Model):
    """What runs at the slots of a cadence in a time zone; `last_slot` was the last of them.

    `armed` is the cadence and zone that `last_slot` counts for.
    """

    cadence = models.CharField(_("cadence"), max_length=100, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    last_slot = models.DateTimeField(_("last slot"), null=True, editable=False)
    armed = models.CharField(max_length=200, blank=True, editable=False)
    last_job = models.ForeignKey(
        Job,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("last run"),
    )

    class Meta:
        abstract = True


class Rule(Scheduled, Coded):
    """When a product is so, then do this to it; nothing in it is code.

    `when` is a selection document with a search, `actions` are documents of operations. Rules
    that one another's results depend on run in that order, all others by `sort_order`.
    """

    name = models.CharField(_("name"), max_length=200)
    when = DocumentField(_("when"))
    actions = DocumentField(_("then"), default=list)
    enabled = models.BooleanField(_("enabled"), default=True)
    on_save = models.BooleanField(_("whenever a product is saved"), default=False)
    on_import = models.BooleanField(_("whenever a product is imported"), default=False)
    sort_order = models.IntegerField(_("order"), default=0)
    created_by = models.ForeignKey(
        project.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    row_version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["sort_order", "code"]
        verbose_name = _("rule")
        verbose_name_plural = _("rules")

    def __str__(self):
        return self.name or self.code


class ExportProfile(Scheduled, Coded):
    """What is written to a file for others, again and again.

    `selection` is a selection document. `settings` say which columns, locales and channel, in
    which form; docs/exporting.md names them. `folder` is where finished files are put as well.
    By the clock it runs as `saved_by`, who saved it last.
    """

    name = models.CharField(_("name"), max_length=200)
    selection = DocumentField(_("selection"))
    settings = DocumentField(_("settings"))
    folder = models.CharField(_("folder"), max_length=300, blank=True)
    saved_by = models.ForeignKey(
        project.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    row_version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["name"]
        verbose_name = _("export profile")
        verbose_name_plural = _("export profiles")

    def __str__(self):
        return self.name or self.code
