"""Translations: which ones are outdated, and what was translated before."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .attributes import Attribute
from .products import Product


class OutdatedTranslation(models.Model):
    """A value whose source text has changed since it was translated.

    `before` is the source text that it was translated from. Every write of drafts keeps these
    rows: changing the source makes them, changing or confirming the translation takes them
    away, and so does a source that is again what it was.
    """

    product = models.ForeignKey(
        Product, models.CASCADE, related_name="outdated_translations", db_index=False
    )
    attribute = models.ForeignKey(Attribute, models.CASCADE, related_name="+")
    channel = models.CharField(max_length=100, default="", blank=True)
    locale = models.CharField(max_length=35)
    before = models.TextField()
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["product", "locale", "attribute", "channel"], name="outdated_once"
            )
        ]
        indexes = [models.Index(fields=["locale", "product"], name="outdated_by_locale")]

    def __str__(self):
        return f"{self.product_id}: {self.attribute_id} {self.locale}"


class TranslationMemory(models.Model):
    """A text and its translation, as somebody has written them; `digest` is of the source text."""

    source = models.CharField(_("from"), max_length=35)
    target = models.CharField(_("to"), max_length=35)
    digest = models.CharField(max_length=32)
    source_text = models.TextField(_("source text"))
    target_text = models.TextField(_("translation"))
    words = models.PositiveIntegerField(default=0)
    uses = models.PositiveIntegerField(_("uses"), default=1)
    at = models.DateTimeField(_("last used"))

    class Meta:
        ordering = ["-at"]
        verbose_name = _("remembered translation")
        verbose_name_plural = _("translation memory")
        constraints = [
            models.UniqueConstraint(fields=["source", "target", "digest"], name="remembered_once")
        ]
        indexes = [models.Index(fields=["source", "target", "words"], name="memory_by_length")]

    def __str__(self):
        return f"{self.source}→{self.target}: {self.source_text[:40]}"
