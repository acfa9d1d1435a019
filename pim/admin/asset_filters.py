"""Filters of the list of assets."""

from datetime import timedelta

from django.contrib import admin
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pim.queries.media_uses import used_media


class UsesFilter(admin.SimpleListFilter):
    """Assets by whether products, categories or records show them."""

    title = _("use")
    parameter_name = "use"

    def lookups(self, request, model_admin):
        return [("used", _("used")), ("unused", _("used by nothing"))]

    def queryset(self, request, queryset):
        if self.value() not in ("used", "unused"):
            return queryset
        return used_media(queryset, used=self.value() == "used")


class RightsFilter(admin.SimpleListFilter):
    """Assets by whether they may be shown."""

    title = _("rights")
    parameter_name = "rights"

    def lookups(self, request, model_admin):
        return [
            ("expired", _("expired")),
            ("soon", _("expire within 30 days")),
            ("later", _("not to be shown yet")),
            ("free", _("may be shown")),
        ]

    def queryset(self, request, queryset):
        now = timezone.now()
        found = {
            "expired": Q(valid_to__lte=now),
            "soon": Q(valid_to__gt=now, valid_to__lte=now + timedelta(days=30)),
            "later": Q(valid_from__gt=now),
            "free": (Q(valid_to=None) | Q(valid_to__gt=now))
            & (Q(valid_from=None) | Q(valid_from__lte=now)),
        }.get(self.value())
        return queryset if found is None else queryset.filter(found)
