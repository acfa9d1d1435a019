"""Admin pages of price lists, prices and availability; prices are written by the facts action."""

from django.contrib import admin, messages
from django.contrib.admin import display
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from pim.actions.facts import AvailabilityRow, PriceRow, set_availability, set_prices
from pim.content.rights import COMMON
from pim.models import AvailabilityFact, PriceFact, PriceList

from .base import PimModelAdmin, StructureAdmin, chip
from .limits import actor_of, rights_of_request, seen_by_product, seen_price_lists
from .shown import ShownFilter

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
    """Facts are written by their action only, so that the log and the outputs follow."""

    list_select_related = ("product",)
    autocomplete_fields = ("product",)
    search_fields = ("product__identifier",)

    def get_queryset(self, request):
        """Facts of products that may be seen, to who may see what is common to all locales."""
        rows = seen_by_product(request, super().get_queryset(request))
        return rows if rights_of_request(request).locale(COMMON) else rows.none()

    def rows(self, obj, *, gone: str = "") -> list:
        """Return the rows that make the fact so, or take it away."""
        raise NotImplementedError

    def write(self, request, rows) -> list:
        raise NotImplementedError

    def save_model(self, request, obj, form, change):
        before = type(obj).objects.select_related().get(pk=obj.pk) if change else None
        rows = self.rows(obj)
        if before and self.rows(before, gone="yes") != self.rows(obj, gone="yes"):
            rows = [*self.rows(before, gone="yes"), *rows]
        refused = [r.refusal for r in self.write(request, rows) if r.refusal]
        for refusal in refused:
            messages.error(request, refusal.say(translate))
        obj.pk = self.find(obj) or obj.pk

    def find(self, obj):
        """Return the id of the row that the action wrote."""
        held = {name: getattr(obj, name) for name in self.key}
        return type(obj).objects.filter(**held).values_list("pk", flat=True).first()

    def delete_model(self, request, obj):
        self.write(request, self.rows(obj, gone="yes"))

    def delete_queryset(self, request, queryset):
        self.write(request, [row for obj in queryset for row in self.rows(obj, gone="yes")])


@admin.register(PriceFact)
class PriceAdmin(FactAdmin):
    """Prices of products in their lists."""

    key = ("product_id", "price_list_id", "min_quantity", "valid_from")
    list_display = (
        "product", "price_list", "amount_text", "min_quantity", "valid_from", "valid_to",
    )  # fmt: skip
    list_filter = (("price_list", ShownFilter),)
    list_select_related = ("product", "price_list__currency")
    autocomplete_fields = ("product", "price_list")

    def get_queryset(self, request):
        rows, lists = super().get_queryset(request), seen_price_lists(request)
        return rows if lists is None else rows.filter(price_list__in=lists)

    def rows(self, obj, *, gone=""):
        key = {"min_quantity": obj.min_quantity, "valid_from": obj.valid_from}
        names = (obj.product.identifier, obj.price_list.code)
        if gone:
            return [PriceRow(*names, None, **key)]
        return [PriceRow(*names, obj.amount, valid_to=obj.valid_to, **key)]

    def write(self, request, rows):
        return set_prices(rows, actor=actor_of(request), at=timezone.now())

    @display(description=_("amount"), ordering="amount")
    def amount_text(self, obj):
        return f"{obj.amount.normalize():f} {obj.price_list.currency.code}"


@admin.register(AvailabilityFact)
class AvailabilityAdmin(FactAdmin):
    """Whether and how many of a product are to be had."""

    key = ("product_id", "place")
    list_display = ("product", "place", "state_chip", "quantity", "available_on", "updated_at")
    list_filter = ("state",)

    def rows(self, obj, *, gone=""):
        if gone:
            return [AvailabilityRow(obj.product.identifier, "", obj.place)]
        return [
            AvailabilityRow(
                obj.product.identifier, obj.state, obj.place, obj.quantity, obj.available_on
            )
        ]

    def write(self, request, rows):
        return set_availability(rows, actor=actor_of(request), at=timezone.now())

    @display(description=_("state"), ordering="state")
    def state_chip(self, obj):
        return chip(obj.get_state_display(), STATE_TONES.get(obj.state, "info"))
