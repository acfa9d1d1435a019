"""What happened: changes, versions, planned publications and the publication log."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .fields import DocumentField
from .products import Product


class Change(models.Model):
    """One write: who, when, what, why and from where.

    `detail` is {"<attribute>|<channel>|<locale>": [before, after]} for values, and
    {"@categories": [before, after], …} for the structure of a product. `row_version` is the
    product's after the write: it tells a stale writer what happened since. The number of a
    deleted product stays.
    """

    product = models.ForeignKey(
        Product, models.DO_NOTHING, null=True, related_name="changes", db_constraint=False
    )
    row_version = models.PositiveIntegerField(default=0)
    subject = models.CharField(_("subject"), max_length=300, db_index=True)
    action = models.CharField(_("action"), max_length=50)
    actor = models.CharField(_("who"), max_length=150)
    source = models.CharField(_("source"), max_length=50)
    reason = models.CharField(_("why"), max_length=300, blank=True)
    at = models.DateTimeField(_("when"), db_index=True)
    job = models.ForeignKey("pim.Job", models.SET_NULL, null=True, related_name="changes")
    detail = DocumentField()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("change")
        verbose_name_plural = _("changes")

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor} {self.action} {self.subject}"


class Version(models.Model):
    """An immutable published state; `snapshot` is zlib-compressed canonical JSON."""

    product = models.ForeignKey(Product, models.CASCADE, related_name="versions", db_index=False)
    number = models.PositiveIntegerField(_("number"))
    schema = models.PositiveSmallIntegerField(default=1)
    digest = models.CharField(max_length=64)
    snapshot = models.BinaryField()
    slices = DocumentField(_("slices"), default=list)
    actor = models.CharField(_("who"), max_length=150)
    reason = models.CharField(_("why"), max_length=300, blank=True)
    at = models.DateTimeField(_("when"))

    class Meta:
        ordering = ["-number"]
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        constraints = [
            models.UniqueConstraint(fields=["product", "number"], name="version_number_once")
        ]

    def __str__(self):
        return f"{self.product_id} v{self.number}"


class PlannedPublication(models.Model):
    """Approved slices, frozen now, to be merged into the product's version when due.

    `base` is the version that was the latest when it was planned: what differs between it
    and `snapshot` is what was approved, and only that is merged.
    """

    WAITING, DONE, CANCELLED = "waiting", "done", "cancelled"

    product = models.ForeignKey(Product, models.CASCADE, related_name="planned")
    due_at = models.DateTimeField(_("due"))
    slices = DocumentField(_("slices"), default=None, null=True)
    snapshot = models.BinaryField()
    base = models.ForeignKey(Version, models.SET_NULL, null=True, related_name="+")
    state = models.CharField(
        _("state"),
        max_length=10,
        default=WAITING,
        choices=[(WAITING, _("Waiting")), (DONE, _("Done")), (CANCELLED, _("Cancelled"))],
    )
    actor = models.CharField(_("who"), max_length=150)
    reason = models.CharField(_("why"), max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["due_at"]
        verbose_name = _("planned publication")
        verbose_name_plural = _("planned publications")

    def __str__(self):
        return f"{self.product_id} {self.due_at:%Y-%m-%d %H:%M}"


class Counter(models.Model):
    """A number that rises in commit order: raising it is the last statement of a transaction."""

    name = models.CharField(max_length=50, primary_key=True)
    value = models.BigIntegerField(default=0)

    def __str__(self):
        return f"{self.name}={self.value}"


class LogEntry(models.Model):
    """One line of the publication log, numbered in commit order.

    kind: "published", "withdrawn" (product set), "structure" (`scope` says what changed,
    {"kind": "attribute|option|family|category|channel|locale|record|asset|…", "codes": […]}),
    "facts" (`scope` is {"products": […]} or {} for all).
    """

    seq = models.BigIntegerField(unique=True)
    kind = models.CharField(max_length=20)
    product = models.ForeignKey(
        Product,
        models.DO_NOTHING,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    scope = DocumentField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["seq"]
        verbose_name = _("publication log entry")
        verbose_name_plural = _("publication log")
        indexes = [models.Index(fields=["kind", "seq"], name="log_by_kind")]

    def __str__(self):
        return f"#{self.seq} {self.kind}"


class ImportMark(models.Model):
    """What a row of a file said when it was last imported, and the product's state after it.

    While the row is the same and the product's `row_version` still is this one, importing the
    row again would change nothing. `layout` is the digest of the columns, `digest` of the row.
    """

    # The unique constraint serves as its index; a mark of no product is never looked for.
    product = models.ForeignKey(
        Product, models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    layout = models.CharField(max_length=32)
    digest = models.CharField(max_length=32)
    row_version = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product", "layout"], name="one_mark_per_layout")
        ]

    def __str__(self):
        return f"{self.product_id}: {self.digest}"
