"""What is published, laid out to be searched: the tables of drafts once more, from versions.

They are made from the latest versions by `pim.actions.published_index`, and only for connections
that read published content; a version itself is one compressed document. Names of fields are
those of the drafts' tables, so that one search reads either.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .attributes import Attribute
from .categories import Category, Group
from .families import Family, FamilyVariant
from .fields import DocumentField
from .products import Product
from .scopes import Channel


class PublishedProduct(models.Model):
    """What a product's version says of its place; `updated_at` is when that came to readers.

    `parent` is the one that the version names; it may be withdrawn or gone.
    """

    product = models.OneToOneField(
        Product, models.CASCADE, primary_key=True, related_name="published"
    )
    uuid = models.UUIDField(db_index=True)
    identifier = models.CharField(max_length=255, db_index=True)
    role = models.CharField(max_length=5)
    family = models.ForeignKey(Family, models.SET_NULL, null=True, related_name="+")
    family_variant = models.ForeignKey(FamilyVariant, models.SET_NULL, null=True, related_name="+")
    parent = models.ForeignKey(
        "self", models.DO_NOTHING, null=True, related_name="children", db_constraint=False
    )
    level = models.PositiveSmallIntegerField(default=0)
    enabled = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("published product")
        verbose_name_plural = _("published products")

    def __str__(self):
        return self.identifier


class _Part(models.Model):
    product = models.ForeignKey(PublishedProduct, models.CASCADE, related_name="+")

    class Meta:
        abstract = True


class PublishedValues(_Part):
    """The published values in one locale, as `Draft` has those of the draft."""

    product = models.ForeignKey(PublishedProduct, models.CASCADE, related_name="+", db_index=False)
    locale = models.CharField(max_length=35, default="", blank=True)
    values = DocumentField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product", "locale"], name="published_values_once")
        ]

    def __str__(self):
        return f"{self.product_id}@{self.locale}"


class PublishedFilterValue(models.Model):
    """The narrow index of published values, as `FilterValue` is that of the drafts."""

    # Checked once a batch by whoever writes: decision 24.
    product = models.ForeignKey(
        PublishedProduct, models.CASCADE, related_name="+", db_constraint=False
    )
    attribute = models.ForeignKey(
        Attribute, models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    locale = models.CharField(max_length=35, default="", blank=True)
    channel = models.CharField(max_length=100, default="", blank=True)
    text = models.CharField(max_length=255, default="", blank=True)
    number = models.DecimalField(max_digits=30, decimal_places=10, null=True)
    folded = models.TextField(default="", blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["attribute", "text"], name="published_by_text"),
            models.Index(
                fields=["attribute", "number"],
                name="published_by_number",
                condition=models.Q(number__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.attribute_id}={self.text}"


class PublishedCategory(_Part):
    """A published product in a category."""

    category = models.ForeignKey(Category, models.CASCADE, related_name="+")

    def __str__(self):
        return f"{self.product_id} in {self.category_id}"


class PublishedGroup(_Part):
    """A published product in a product group."""

    group = models.ForeignKey(Group, models.CASCADE, related_name="+")

    def __str__(self):
        return f"{self.product_id} in {self.group_id}"


class PublishedCompleteness(models.Model):
    """How complete what is published is for a channel, as `Completeness` says of the draft."""

    product = models.ForeignKey(
        PublishedProduct, models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    channel = models.ForeignKey(
        Channel, models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    required = models.PositiveIntegerField()
    filled = models.PositiveIntegerField()
    missing = DocumentField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["product", "channel"], name="published_completeness_once"
            )
        ]

    def __str__(self):
        return f"{self.product_id}/{self.channel_id}: {self.filled}/{self.required}"
