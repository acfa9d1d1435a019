"""Working together: reviews, comments, tasks and the notices that tell people of them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .fields import DocumentField
from .products import Product

USER = settings.AUTH_USER_MODEL


class Review(models.Model):
    """Slices of a draft that somebody wants published; each is approved or sent back by itself.

    `slices` is [[attribute group or "@structure", locale or ""], …]; `decided` is
    {"group|locale": "approved" | "rejected"}. The review is over when every slice is decided.
    Several people may decide it, one after the other: `rounds` is
    [{"by": username, "at": moment, "answer": text, "decided": as above}, …].
    """

    OPEN, DONE, WITHDRAWN = "open", "done", "withdrawn"

    product = models.ForeignKey(Product, models.CASCADE, related_name="reviews")
    slices = DocumentField(_("slices"), default=list)
    decided = DocumentField(_("decisions"))
    rounds = DocumentField(default=list)
    note = models.TextField(_("note"), blank=True)
    answer = models.TextField(_("answer"), blank=True)
    asked_by = models.ForeignKey(
        USER, models.SET_NULL, null=True, related_name="+", verbose_name=_("asked by")
    )
    reviewer = models.ForeignKey(
        USER, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("reviewer")
    )
    decided_by = models.ForeignKey(
        USER, models.SET_NULL, null=True, related_name="+", verbose_name=_("decided by")
    )
    state = models.CharField(
        _("state"),
        max_length=10,
        default=OPEN,
        choices=[(OPEN, _("Open")), (DONE, _("Decided")), (WITHDRAWN, _("Withdrawn"))],
        db_index=True,
    )
    asked_at = models.DateTimeField(_("asked"))
    decided_at = models.DateTimeField(_("decided"), null=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("review")
        verbose_name_plural = _("reviews")

    def __str__(self):
        return f"{self.product_id}: {self.state}"

    @property
    def waiting(self) -> list[list[str]]:
        """Return the slices that are not decided yet."""
        return [s for s in self.slices if "|".join(s) not in self.decided]


class Comment(models.Model):
    """A remark on a product, or on one value of it: `key` is "attribute|channel|locale" or ""."""

    product = models.ForeignKey(Product, models.CASCADE, related_name="comments")
    key = models.CharField(_("value"), max_length=300, blank=True, default="")
    author = models.ForeignKey(
        USER, models.SET_NULL, null=True, related_name="+", verbose_name=_("who")
    )
    text = models.TextField(_("text"))
    mentions = models.ManyToManyField(USER, related_name="+", blank=True)
    at = models.DateTimeField(_("when"))
    resolved_at = models.DateTimeField(_("resolved"), null=True)
    resolved_by = models.ForeignKey(USER, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["id"]
        verbose_name = _("comment")
        verbose_name_plural = _("comments")

    def __str__(self):
        return self.text[:60]


class Task(models.Model):
    """Something that somebody is to do, about one product or by itself."""

    title = models.CharField(_("title"), max_length=200)
    note = models.TextField(_("note"), blank=True)
    product = models.ForeignKey(
        Product, models.CASCADE, null=True, blank=True, related_name="tasks"
    )
    locale = models.CharField(_("locale"), max_length=35, blank=True, default="")
    assignee = models.ForeignKey(
        USER, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("for")
    )
    created_by = models.ForeignKey(
        USER, models.SET_NULL, null=True, related_name="+", verbose_name=_("from")
    )
    due_on = models.DateField(_("due"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"))
    done_at = models.DateTimeField(_("done"), null=True)
    done_by = models.ForeignKey(USER, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["done_at", "due_on", "id"]
        verbose_name = _("task")
        verbose_name_plural = _("tasks")

    def __str__(self):
        return self.title


class Notice(models.Model):
    """Something that a person is told: a mention, a review to decide, a task."""

    KINDS = [
        ("mention", _("Mention")),
        ("review", _("Review to decide")),
        ("decision", _("Review decided")),
        ("task", _("Task")),
        ("done", _("Task done")),
    ]

    user = models.ForeignKey(USER, models.CASCADE, related_name="notices")
    kind = models.CharField(_("kind"), max_length=10, choices=KINDS)
    product = models.ForeignKey(Product, models.CASCADE, null=True, related_name="+")
    text = models.CharField(_("text"), max_length=300)
    sender = models.CharField(_("from"), max_length=150, blank=True)
    at = models.DateTimeField(_("when"))
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        indexes = [
            models.Index(fields=["user"], name="unread_notices", condition=models.Q(read_at=None))
        ]

    def __str__(self):
        return self.text
