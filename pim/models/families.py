"""Which attributes a product has, what each channel requires, and what lives on which level."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .attributes import Attribute
from .base import Labelled
from .scopes import Channel


class Family(Labelled):
    """A kind of product: its attributes, its label attribute and its picture attribute."""

    attributes = models.ManyToManyField(
        Attribute, through="FamilyAttribute", related_name="families", verbose_name=_("attributes")
    )
    label_attribute = models.ForeignKey(
        Attribute,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("attribute as label"),
    )
    image_attribute = models.ForeignKey(
        Attribute,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("attribute as picture"),
    )

    class Meta(Labelled.Meta):
        verbose_name = _("family")
        verbose_name_plural = _("families")


class FamilyAttribute(models.Model):
    """An attribute of a family, in its place."""

    family = models.ForeignKey(Family, models.CASCADE, related_name="members")
    attribute = models.ForeignKey(Attribute, models.CASCADE, related_name="memberships")
    sort_order = models.IntegerField(_("order"), default=0)

    class Meta:
        ordering = ["sort_order", "attribute__sort_order"]
        verbose_name = _("family attribute")
        verbose_name_plural = _("family attributes")
        constraints = [
            models.UniqueConstraint(
                fields=["family", "attribute"], name="attribute_once_per_family"
            )
        ]

    def __str__(self):
        return f"{self.family_id}/{self.attribute_id}"


class Requirement(models.Model):
    """An attribute that a channel requires of a family's products."""

    family = models.ForeignKey(Family, models.CASCADE, related_name="requirements")
    attribute = models.ForeignKey(Attribute, models.CASCADE, related_name="requirements")
    channel = models.ForeignKey(Channel, models.CASCADE, related_name="requirements")
    fallback_counts = models.BooleanField(
        _("another language counts"),
        default=False,
        help_text=_("A value that falls back to another language counts as filled."),
    )

    class Meta:
        verbose_name = _("requirement")
        verbose_name_plural = _("requirements")
        constraints = [
            models.UniqueConstraint(
                fields=["family", "attribute", "channel"], name="requirement_once"
            )
        ]

    def __str__(self):
        return f"{self.family_id}/{self.attribute_id}/{self.channel_id}"


class FamilyVariant(Labelled):
    """How a family's models split into variants, on one or two levels."""

    family = models.ForeignKey(Family, models.PROTECT, related_name="variants")

    class Meta(Labelled.Meta):
        verbose_name = _("family variant")
        verbose_name_plural = _("family variants")


class FamilyVariantAttribute(models.Model):
    """An attribute that lives on level 1 or 2 (all others live on the root model, level 0)."""

    family_variant = models.ForeignKey(FamilyVariant, models.CASCADE, related_name="placements")
    attribute = models.ForeignKey(Attribute, models.CASCADE, related_name="placements")
    level = models.PositiveSmallIntegerField(_("level"), choices=[(1, "1"), (2, "2")])
    axis = models.BooleanField(_("variant axis"), default=False)
    sort_order = models.IntegerField(_("order"), default=0)

    class Meta:
        ordering = ["level", "-axis", "sort_order"]
        verbose_name = _("placement")
        verbose_name_plural = _("placements")
        constraints = [
            models.UniqueConstraint(
                fields=["family_variant", "attribute"], name="attribute_once_per_family_variant"
            )
        ]

    def __str__(self):
        return f"{self.family_variant_id}/{self.attribute_id}@{self.level}"
