"""Reference entities: records with fields of their own, such as brands and designers."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .assets import Asset
from .base import Labelled, code_validator
from .fields import DocumentField


class ReferenceEntity(Labelled):
    """A kind of record; `fields` is [{code, kind, localizable, labels, rules, options}].

    Field kinds are text, textarea, richtext, number, boolean, date, select, multiselect and
    media; `options` of those that choose are [{code, labels}].
    """

    fields = DocumentField(_("fields"), default=list)
    image = models.ForeignKey(
        Asset,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("picture"),
    )

    class Meta(Labelled.Meta):
        verbose_name = _("reference entity")
        verbose_name_plural = _("reference entities")


class ReferenceRecord(models.Model):
    """One record; `values` is {field: {locale code or "": data}}."""

    entity = models.ForeignKey(ReferenceEntity, models.CASCADE, related_name="records")
    code = models.CharField(_("code"), max_length=100, validators=[code_validator])
    labels = DocumentField(_("labels"))
    values = DocumentField(_("values"))
    row_version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["code"]
        verbose_name = _("reference record")
        verbose_name_plural = _("reference records")
        constraints = [
            models.UniqueConstraint(fields=["entity", "code"], name="record_once_per_entity")
        ]

    def __str__(self):
        return Labelled.label(self)

    label = Labelled.label
