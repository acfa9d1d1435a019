"""What most nouns share: a code that never changes its meaning, and labels per locale."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from .fields import DocumentField

code_validator = RegexValidator(
    r"^[A-Za-z0-9_][A-Za-z0-9_.\-]*$",
    _("Use letters, digits, underscore, hyphen and full stop only."),
)


class Coded(models.Model):
    """A row that people and machines name by its code."""

    code = models.CharField(_("code"), max_length=100, unique=True, validators=[code_validator])

    class Meta:
        abstract = True
        ordering = ["code"]

    def __str__(self):
        return self.code


class Labelled(Coded):
    """A coded row with a label per locale; `labels` is {locale code: text}."""

    labels = DocumentField(_("labels"))

    class Meta(Coded.Meta):
        abstract = True

    def __str__(self):
        return self.label()

    def label(self, locale: str | None = None) -> str:
        """Return the label in `locale`, else in English, else any, else the code in brackets."""
        wanted = [locale, "en", "en-US", *self.labels]
        return next((self.labels[c] for c in wanted if self.labels.get(c)), f"[{self.code}]")
