"""Facts: prices and availability, fast-moving and kept apart from content."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .base import Labelled
from .products import Product
from .scopes import Audience, Currency

AVAILABILITIES = [
    ("in_stock", _("In stock")),
    ("out_of_stock", _("Out of stock")),
    ("preorder", _("Pre-order")),
    ("backorder", _("Back-order")),
    ("discontinued", _("Discontinued")),
]


class PriceList(Labelled):
    """A named set of prices; limited to audiences where any are given."""

    currency = models.ForeignKey(Currency, models.PROTECT, verbose_name=_("currency"))
    audiences = models.ManyToManyField(Audience, blank=True, verbose_name=_("audiences"))
    tax_included = models.BooleanField(_("tax included"), default=True)

    class Meta(Labelled.Meta):
        verbose_name = _("price list")
        verbose_name_plural = _("price lists")


class PriceFact(models.Model):
    """A product's price in a list, from a quantity on, within a time."""

    price_list = models.ForeignKey(PriceList, models.CASCADE, related_name="prices")
    product = models.ForeignKey(Product, models.CASCADE, related_name="prices")
    min_quantity = models.PositiveIntegerField(_("from quantity"), default=1)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=4)
    valid_from = models.DateTimeField(_("valid from"), null=True, blank=True)
    valid_to = models.DateTimeField(_("valid to"), null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["price_list", "product", "min_quantity"]
        verbose_name = _("price")
        verbose_name_plural = _("prices")
        constraints = [
            models.UniqueConstraint(
                fields=["price_list", "product", "min_quantity", "valid_from"], name="price_once"
            )
        ]

    def __str__(self):
        return f"{self.product_id}: {self.amount}"


class AvailabilityFact(models.Model):
    """Whether and how many of a product are to be had at a place."""

    product = models.ForeignKey(Product, models.CASCADE, related_name="availabilities")
    place = models.CharField(_("place"), max_length=100, default="", blank=True)
    state = models.CharField(_("state"), max_length=20, choices=AVAILABILITIES)
    quantity = models.DecimalField(
        _("quantity"), max_digits=14, decimal_places=3, null=True, blank=True
    )
    available_on = models.DateField(_("available on"), null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("availability")
        verbose_name_plural = _("availabilities")
        constraints = [
            models.UniqueConstraint(fields=["product", "place"], name="availability_once")
        ]

    def __str__(self):
        return f"{self.product_id}: {self.state}"
