"""Category trees, association types and product groups: how products are ordered and tied."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .assets import Asset
from .base import Labelled
from .fields import DocumentField


class Category(Labelled):
    """A node of a category tree; a root is a tree.

    `path` holds the ids from the root, "/3/17/40/": a subtree is one prefix filter. `intro` is
    {locale: rich text}, sanitised when written; it and `image` open chapters and overviews.
    """

    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("parent"),
    )
    intro = DocumentField(_("introduction"))
    image = models.ForeignKey(
        Asset,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("picture"),
    )
    path = models.CharField(max_length=500, db_index=True, editable=False, default="")
    sort_order = models.IntegerField(_("order"), default=0)

    class Meta(Labelled.Meta):
        ordering = ["path", "sort_order"]
        verbose_name = _("category")
        verbose_name_plural = _("categories")


class AssociationType(Labelled):
    """A named tie between products: one-way, two-way or with quantities."""

    two_way = models.BooleanField(_("two-way"), default=False)
    quantified = models.BooleanField(_("with quantities"), default=False)
    bundle = models.BooleanField(
        _("bundle"), default=False, help_text=_("The targets are the parts of the product.")
    )

    class Meta(Labelled.Meta):
        verbose_name = _("association type")
        verbose_name_plural = _("association types")


class GroupType(Labelled):
    """A kind of product group."""

    class Meta(Labelled.Meta):
        verbose_name = _("group type")
        verbose_name_plural = _("group types")


class Group(Labelled):
    """A set of products that belong together."""

    type = models.ForeignKey(GroupType, models.PROTECT, related_name="groups")

    class Meta(Labelled.Meta):
        verbose_name = _("product group")
        verbose_name_plural = _("product groups")
