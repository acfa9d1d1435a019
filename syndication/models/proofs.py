"""What proof-readers look at: the pages of an edition, what changed in it, what they say of it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .editions import Edition


class EditionPage(models.Model):
    """A page of a file of an edition: its number for readers, and the products on it.

    `products` is the JSON list of [identifier, [x, y, width, height]], in points from the lower
    left corner of the trimmed page.
    """

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="pages")
    file = models.CharField(max_length=255)
    number = models.PositiveIntegerField(_("page"))
    folio = models.CharField(_("number"), max_length=20, blank=True)
    title = models.CharField(_("title"), max_length=255, blank=True)
    products = models.TextField(default="[]")

    class Meta:
        ordering = ["file", "number"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "file", "number"], name="edition_page_once")
        ]

    def __str__(self):
        return f"{self.edition_id}/{self.number}"


class EditionChange(models.Model):
    """One item that differs from the edition that was served when this one was made.

    `details` is the JSON list of [what, before, after], where `what` is an attribute code or
    "@name", "@categories" and the like, and the others are raw values (null: not there).
    """

    ADDED, CHANGED, REMOVED = "added", "changed", "removed"
    KINDS = [(ADDED, _("Added")), (CHANGED, _("Changed")), (REMOVED, _("Removed"))]

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="changes")
    identifier = models.CharField(_("identifier"), max_length=255)
    name = models.CharField(_("name"), max_length=500, blank=True)
    kind = models.CharField(_("kind"), max_length=7, choices=KINDS)
    details = models.TextField(default="[]")

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["edition", "kind"], name="edition_changes")]

    def __str__(self):
        return f"{self.identifier}: {self.kind}"


class PageComment(models.Model):
    """What somebody said of a page of an edition, until it is settled."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="comments")
    file = models.CharField(max_length=255)
    page = models.PositiveIntegerField(_("page"))
    text = models.TextField(_("text"), max_length=4000)
    author = models.CharField(_("who"), max_length=150)
    at = models.DateTimeField(_("when"))
    settled_by = models.CharField(_("settled by"), max_length=150, blank=True)
    settled_at = models.DateTimeField(_("settled"), null=True)

    class Meta:
        ordering = ["id"]

    def __str__(self):
        return f"{self.edition_id}/{self.page}: {self.text[:40]}"
