"""Import profiles: where files come from, what their columns mean, and when they are fetched."""

from django.conf import settings as project
from django.db import models
from django.utils.translation import gettext_lazy as _

from .base import Coded
from .fields import DocumentField
from .rules import Scheduled

UPLOAD, FOLDER, URL = "upload", "folder", "url"
SOURCES = [
    (UPLOAD, _("Files that somebody uploads")),
    (FOLDER, _("A folder or file of the server")),
    (URL, _("An address on the web")),
]


class ImportProfile(Scheduled, Coded):
    """How files of one sort are imported, again and again.

    `mapping` says what the columns of a table mean (pim.importing.mapping), {} where the file
    has the layout of the field or of a system that is known. `header` are the columns it was
    made for; a file with the same (`header_digest`) is recognised by them. `options` are those of
    an import. `stamp` is that of the file imported last: the schedule passes over what has not
    changed since. By the clock it runs as `saved_by`, who saved it last.
    """

    name = models.CharField(_("name"), max_length=200)
    source = models.CharField(_("source"), max_length=10, choices=SOURCES, default=UPLOAD)
    location = models.CharField(_("place"), max_length=1000, blank=True)
    mapping = DocumentField(_("columns"))
    header = DocumentField(_("columns of the file"), default=list)
    header_digest = models.CharField(max_length=32, blank=True, db_index=True, editable=False)
    options = DocumentField(_("options"))
    sample = models.FileField(_("example"), upload_to="imports/", blank=True, max_length=300)
    enabled = models.BooleanField(_("on"), default=True)
    stamp = models.CharField(max_length=300, blank=True, editable=False)
    checked_at = models.DateTimeField(_("looked for"), null=True, editable=False)
    saved_by = models.ForeignKey(
        project.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    row_version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["name"]
        verbose_name = _("import profile")
        verbose_name_plural = _("import profiles")

    def __str__(self):
        return self.name or self.code
