"""Brands: sets of design tokens that outputs are rendered with, their drafts, their history."""

from django.db import models
from django.utils.translation import gettext_lazy as _

CREATED, EDITED, USED, DISCARDED = "created", "edited", "used", "discarded"
DEFAULT = "default"
ACTIONS = [
    (CREATED, _("created")),
    (EDITED, _("draft changed")),
    (USED, _("put into use")),
    (DISCARDED, _("draft discarded")),
    (DEFAULT, _("made the default")),
]


class Brand(models.Model):
    """One look. `tokens` is what outputs are rendered with, `draft` what people work on.

    Both are documents shaped like `rendering.tokens.TOKENS`, with each logo as {"code",
    "sha256"} of an ingested picture, or None. The draft is {} when it equals what is in use.
    """

    code = models.SlugField(_("code"), max_length=100, unique=True)
    name = models.CharField(_("name"), max_length=200)
    is_default = models.BooleanField(_("default"), default=False, editable=False)
    tokens = models.JSONField(default=dict, editable=False)
    draft = models.JSONField(default=dict, editable=False)
    number = models.PositiveIntegerField(_("version"), default=0, editable=False)
    row_version = models.PositiveIntegerField(default=1, editable=False)
    changed_at = models.DateTimeField(_("changed"), editable=False)
    used_at = models.DateTimeField(_("in use since"), null=True, editable=False)

    class Meta:
        ordering = ["name"]
        verbose_name = _("brand")
        verbose_name_plural = _("brands")
        permissions = [("use_brand", "Can put a brand into use")]
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"],
                condition=models.Q(is_default=True),
                name="one_default_brand",
            )
        ]

    def __str__(self):
        return self.name or self.code

    @property
    def edited(self) -> dict:
        """The document as people see it in the editor: the draft, else what is in use."""
        return self.draft or self.tokens


class BrandChange(models.Model):
    """Who did what to a brand: `detail` is {path: [before, after]}, `tokens` what it came to."""

    brand = models.ForeignKey(Brand, models.CASCADE, related_name="changes")
    action = models.CharField(_("action"), max_length=20, choices=ACTIONS)
    number = models.PositiveIntegerField(_("version"), default=0)
    actor = models.CharField(_("who"), max_length=150)
    at = models.DateTimeField(_("when"))
    detail = models.JSONField(default=dict)
    tokens = models.JSONField(default=dict)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("change of a brand")
        verbose_name_plural = _("changes of brands")

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor} {self.action}"
