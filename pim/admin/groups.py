"""Admin pages of association types, group types and product groups."""

from django.contrib import admin
from django.contrib.admin import display
from django.utils.translation import gettext_lazy as _

from pim.models import AssociationType, Group, GroupType

from .base import StructureAdmin, chip
from .limits import seen_count


@admin.register(AssociationType)
class AssociationTypeAdmin(StructureAdmin):
    """Named ties between products."""

    log_kind = "association_type"
    list_display = ("name", "code", "ways")
    list_filter = ("two_way", "quantified", "bundle")
    search_fields = ("code", "labels")

    @display(description=_("kind"))
    def ways(self, obj):
        words = {"two_way": _("two-way"), "quantified": _("quantities"), "bundle": _("bundle")}
        return chip(", ".join(str(w) for name, w in words.items() if getattr(obj, name)) or "→")


@admin.register(GroupType)
class GroupTypeAdmin(StructureAdmin):
    """Kinds of product groups."""

    log_kind = "group_type"
    list_display = ("name", "code")
    search_fields = ("code", "labels")


@admin.register(Group)
class GroupAdmin(StructureAdmin):
    """Sets of products that belong together."""

    log_kind = "group"
    list_display = ("name", "code", "type", "products_count")
    list_filter = ("type",)
    list_select_related = ("type",)
    search_fields = ("code", "labels")

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(size=seen_count(request, "products"))

    @display(description=_("products"), ordering="size")
    def products_count(self, obj):
        return obj.size
