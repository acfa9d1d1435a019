"""Products and their drafts: what people edit."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from .attributes import Attribute
from .categories import AssociationType, Category, Group
from .families import Family, FamilyVariant
from .fields import DocumentField
from .scopes import Channel

ITEM, MODEL = "item", "model"


class Product(models.Model):
    """One article or model; products form a tree of at most three levels.

    `row_version` rises with every write to the product or any of its drafts.
    `draft_digest` is the digest of the whole draft content, kept by every write: the draft
    differs from the latest version exactly where the two digests differ.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    identifier = models.CharField(_("identifier"), max_length=255, unique=True)
    role = models.CharField(
        _("role"), max_length=5, choices=[(ITEM, _("Item")), (MODEL, _("Model"))], default=ITEM
    )
    family = models.ForeignKey(
        Family,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="products",
        verbose_name=_("family"),
    )
    family_variant = models.ForeignKey(
        FamilyVariant,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="products",
        verbose_name=_("family variant"),
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("parent"),
    )
    level = models.PositiveSmallIntegerField(default=0, editable=False)
    enabled = models.BooleanField(_("enabled"), default=True)
    categories = models.ManyToManyField(
        Category, blank=True, related_name="products", verbose_name=_("categories")
    )
    groups = models.ManyToManyField(
        Group, blank=True, related_name="products", verbose_name=_("groups")
    )
    row_version = models.PositiveIntegerField(default=1, editable=False)
    draft_digest = models.CharField(max_length=64, default="", editable=False)
    version = models.ForeignKey(
        "pim.Version",
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("latest version"),
    )
    withdrawn = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), db_index=True)

    class Meta:
        ordering = ["identifier"]
        verbose_name = _("product")
        verbose_name_plural = _("products")
        permissions = [("publish_product", _("Can publish and withdraw products"))]
        indexes = [models.Index(fields=["family", "identifier"])]

    def __str__(self):
        return self.identifier


class Draft(models.Model):
    """The editable values of one product in one locale; `locale` is "" for the common ones.

    `values` is {attribute code: {channel code or "": data}}.
    """

    # The unique constraint serves as its index.
    product = models.ForeignKey(Product, models.CASCADE, related_name="drafts", db_index=False)
    locale = models.CharField(max_length=35, default="", blank=True)
    values = DocumentField()
    row_version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product", "locale"], name="one_draft_per_locale")
        ]

    def __str__(self):
        return f"{self.product_id}@{self.locale or 'common'}"


class Association(models.Model):
    """A tie from a product to another product or to a group."""

    type = models.ForeignKey(AssociationType, models.PROTECT, related_name="associations")
    source = models.ForeignKey(Product, models.CASCADE, related_name="associations")
    target = models.ForeignKey(
        Product, models.CASCADE, null=True, blank=True, related_name="associated_from"
    )
    group = models.ForeignKey(Group, models.CASCADE, null=True, blank=True, related_name="+")
    quantity = models.PositiveIntegerField(_("quantity"), null=True, blank=True)
    sort_order = models.IntegerField(_("order"), default=0)

    class Meta:
        ordering = ["type__code", "sort_order", "id"]
        verbose_name = _("association")
        verbose_name_plural = _("associations")
        constraints = [
            models.UniqueConstraint(fields=["type", "source", "target"], name="association_once"),
            models.CheckConstraint(
                condition=models.Q(target__isnull=False) ^ models.Q(group__isnull=False),
                name="association_has_one_target",
            ),
        ]

    def __str__(self):
        return f"{self.source_id} -{self.type_id}-> {self.target_id or self.group_id}"


class FilterValue(models.Model):
    """The narrow index of values of filterable (and unique) attributes, kept by every write.

    A row without text stands for a state, such as *empty on purpose*. `folded` is the text of
    names as free search compares it (`pim.content.folding`), "" for all others.
    """

    # Checked by the database, row by row, these were a quarter of what an import costs it: whoever
    # writes here holds both instead (`pim.actions.locking.hold`).
    attribute = models.ForeignKey(
        Attribute, models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    product = models.ForeignKey(
        Product, models.CASCADE, related_name="filter_values", db_constraint=False
    )
    locale = models.CharField(max_length=35, default="", blank=True)
    channel = models.CharField(max_length=100, default="", blank=True)
    text = models.CharField(max_length=255, default="", blank=True)
    number = models.DecimalField(max_digits=30, decimal_places=10, null=True)
    folded = models.TextField(default="", blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["attribute", "text"], name="filter_by_text"),
            models.Index(
                fields=["attribute", "number"],
                name="filter_by_number",
                condition=models.Q(number__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.attribute_id}={self.text}"


class UniqueValue(models.Model):
    """The claim of one product on one value of a unique attribute; the database holds it."""

    attribute = models.ForeignKey(Attribute, models.CASCADE, related_name="+", db_index=False)
    digest = models.CharField(max_length=64)
    product = models.ForeignKey(Product, models.CASCADE, related_name="unique_values")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["attribute", "digest"], name="unique_value_once")
        ]

    def __str__(self):
        return f"{self.attribute_id}:{self.digest[:8]}"


class GtinClaim(models.Model):
    """The claim of one product on a GTIN, in 14 digits, whatever holds it.

    Levels of packaging and unique attributes with the role GTIN number trade items alike, so
    none of them may have the number of another product's (GS1 General Specifications 2.1).
    """

    gtin = models.CharField("GTIN", max_length=14, unique=True)
    product = models.ForeignKey(Product, models.CASCADE, related_name="gtin_claims")

    def __str__(self):
        return f"{self.gtin}: {self.product_id}"


class Completeness(models.Model):
    """How complete a draft is for a channel; `missing` is [[attribute, locale or ""], …]."""

    # Held by whoever writes here, like those of `FilterValue`.
    product = models.ForeignKey(
        Product, models.CASCADE, related_name="completeness", db_index=False, db_constraint=False
    )
    channel = models.ForeignKey(
        Channel, models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    required = models.PositiveIntegerField()
    filled = models.PositiveIntegerField()
    missing = DocumentField(default=list)

    class Meta:
        indexes = [models.Index(fields=["channel", "filled"])]
        constraints = [
            models.UniqueConstraint(fields=["product", "channel"], name="completeness_once")
        ]

    def __str__(self):
        return f"{self.product_id}/{self.channel_id}: {self.filled}/{self.required}"


__all__ = [
    "ITEM",
    "MODEL",
    "Association",
    "Completeness",
    "Draft",
    "FilterValue",
    "GtinClaim",
    "Product",
    "UniqueValue",
]
