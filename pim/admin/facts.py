"""Admin pages of price lists, prices and availability; prices are written by the facts action."""

from django.contrib import admin
from django.contrib.admin import display
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RelatedDropdownFilter

from pim.models import AvailabilityFact, PriceFact, PriceList

from .base import PimModelAdmin, StructureAdmin, actor_of, chip

STATE_TONES = {"in_stock": "good", "out_of_stock": "bad", "discontinued": "quiet"}


@admin.register(PriceList)
class PriceListAdmin(StructureAdmin):
    """Named sets of prices."""

    log_kind = "price_list"
    list_display = ("name", "code", "currency", "tax_included", "prices_count")
    list_filter = ("currency", "tax_included")
    list_select_related = ("currency",)
    search_fields = ("code", "labels")
    autocomplete_fields = ("currency", "audiences")

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(size=Count("prices"))

    @display(description=_("prices"), ordering="size")
    def prices_count(self, obj):
        return obj.size


class FactAdmin(PimModelAdmin):
    """Facts are logged, so that listings follow."""

    list_select_related = ("product",)
    autocomplete_fields = ("product",)
    search_fields = ("product__identifier",)

    def log(self, request, products):
        from pim.actions.facts import record_facts

        record_facts(sorted(products), actor=actor_of(request), at=timezone.now())

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if form.has_changed():
            self.log(request, {form.instance.product_id})

    def delete_model(self, request, obj):
        product = obj.product_id
        super().delete_model(request, obj)
        self.log(request, {product})

    def delete_queryset(self, request, queryset):
        products = set(queryset.values_list("product_id", flat=True))
        super().delete_queryset(request, queryset)
        self.log(request, products)


@admin.register(PriceFact)
class PriceAdmin(FactAdmin):
    """Prices of products in their lists."""

    list_display = ("product", "price_list", "amount_text", "min_quantity", "valid_from", "valid_to")
    list_filter = (("price_list", RelatedDropdownFilter),)
    list_select_related = ("product", "price_list__currency")
    autocomplete_fields = ("product", "price_list")

    @display(description=_("amount"), ordering="amount")
    def amount_text(self, obj):
        return f"{obj.amount.normalize():f} {obj.price_list.currency.code}"


@admin.register(AvailabilityFact)
class AvailabilityAdmin(FactAdmin):
    """Whether and how many of a product are to be had."""

    list_display = ("product", "place", "state_chip", "quantity", "available_on", "updated_at")
    list_filter = ("state",)

    @display(description=_("state"), ordering="state")
    def state_chip(self, obj):
        return chip(obj.get_state_display(), STATE_TONES.get(obj.state, "info"))
