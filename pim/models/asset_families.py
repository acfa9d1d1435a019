"""Asset families: assets of one sort, attached to products by the names of their files."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .attributes import Attribute
from .base import Labelled
from .fields import DocumentField


class AssetFamily(Labelled):
    """A sort of asset; `pattern` says how a file's name names a product.

    Places of the pattern: {identifier}, {attribute}, {locale}, {channel}, {position}, and {any}
    for what means nothing. `attribute` is where assets go whose name names none. `fields` is
    what its assets hold beside file, alternative text and caption, as in `ReferenceEntity`; none
    of them is a medium.
    """

    pattern = models.CharField(
        _("naming rule"),
        max_length=200,
        blank=True,
        help_text=_("How files are named, without the ending: {identifier}_{position}"),
    )
    attribute = models.ForeignKey(
        Attribute,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        limit_choices_to={"kind": "media"},
        verbose_name=_("goes into"),
    )
    licence = models.CharField(_("licence"), max_length=200, blank=True)
    author = models.CharField(_("author"), max_length=200, blank=True)
    days_valid = models.PositiveIntegerField(
        _("days valid"), null=True, blank=True, help_text=_("Empty: without end.")
    )
    sort_order = models.IntegerField(_("order"), default=0)
    fields = DocumentField(_("fields"), default=list)

    class Meta(Labelled.Meta):
        ordering = ["sort_order", "code"]
        verbose_name = _("asset family")
        verbose_name_plural = _("asset families")
