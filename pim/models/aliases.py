"""Aliases: what a code was called before, so that whoever still says the old one is understood."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CodeAlias(models.Model):
    """An old code and what it is called now.

    `kind` is what the publication log calls it (attribute, option, category, …) or "product"
    for identifiers; `owner` is the attribute of an option or the entity of a record, else "".
    A code that is in use again wins over an alias.
    """

    kind = models.CharField(_("kind"), max_length=30)
    owner = models.CharField(_("belongs to"), max_length=100, blank=True, default="")
    old = models.CharField(_("old code"), max_length=255)
    code = models.CharField(_("code"), max_length=255)
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("old code")
        verbose_name_plural = _("old codes")
        constraints = [
            models.UniqueConstraint(fields=["kind", "owner", "old"], name="old_code_once")
        ]
        indexes = [models.Index(fields=["kind", "owner", "code"], name="alias_by_code")]

    def __str__(self):
        return f"{self.old} → {self.code}"
