"""Admin pages of locales, currencies, audiences and channels."""

from django import forms
from django.contrib import admin
from django.contrib.admin import display
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget

from pim.models import Audience, Channel, Currency, Locale

from .base import StructureAdmin, chip
from .localized import enabled_locales
from .shown import hides, shown

MANY_LOCALES = 8


def _locales(request) -> list[str]:
    hidden = hides(request, "locale")
    return [code for code in enabled_locales() if code not in hidden]


@admin.register(Locale)
class LocaleAdmin(StructureAdmin):
    """Locales with the one they fall back to."""

    log_kind = "locale"
    list_display = ("code", "chain", "source", "enabled")
    list_filter = ("enabled",)
    list_select_related = ("fallback__fallback__fallback",)
    search_fields = ("code",)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name != "source":
            return super().formfield_for_dbfield(db_field, request, **kwargs)
        return forms.ChoiceField(
            label=capfirst(db_field.verbose_name),
            help_text=_("Empty: its texts are written, not translated."),
            choices=[("", "–"), *((code, code) for code in _locales(request))],
            widget=UnfoldAdminSelectWidget,
            required=False,
        )

    def save_model(self, request, obj, form, change):
        """A source that the person does not see is not taken away."""
        held = form.initial.get("source", "")
        obj.source = obj.source or (held if held in hides(request, "locale") else "")
        super().save_model(request, obj, form, change)

    @display(description=_("falls back to"))
    def chain(self, obj):
        steps, here = [], obj.fallback
        while here and here.code not in steps and len(steps) < 3:
            steps.append(here.code)
            here = here.fallback
        steps = [code for code in steps if shown(obj, "locale", code)]
        return " → ".join(steps) or "–"


@admin.register(Currency)
class CurrencyAdmin(StructureAdmin):
    """ISO 4217 currencies."""

    log_kind = "currency"
    list_display = ("code", "enabled")
    list_filter = ("enabled",)
    search_fields = ("code",)


@admin.register(Audience)
class AudienceAdmin(StructureAdmin):
    """Who reads."""

    log_kind = "audience"
    list_display = ("name", "code", "reach")
    search_fields = ("code", "labels")

    @display(description=_("feeds"), ordering="public")
    def reach(self, obj):
        return chip(_("public"), "good") if obj.public else chip(_("by key"), "warn")


@admin.register(Channel)
class ChannelAdmin(StructureAdmin):
    """What content is written for."""

    log_kind = "channel"
    list_display = ("name", "code", "locale_codes", "audience_codes", "tree", "gate_text")
    search_fields = ("code", "labels")
    list_select_related = ("category_tree",)
    autocomplete_fields = ("locales", "currencies", "audiences", "price_lists")
    fields = (
        "code",
        "labels",
        "locales",
        "currencies",
        "audiences",
        "category_tree",
        "gate",
        "price_lists",
    )

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("locales", "audiences")

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "category_tree":
            kwargs["queryset"] = db_field.related_model.objects.filter(parent=None)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @display(description=_("locales"))
    def locale_codes(self, obj):
        codes = [one.code for one in obj.locales.all() if shown(obj, "locale", one.code)]
        words, rest = ", ".join(codes[:MANY_LOCALES]), codes[MANY_LOCALES:]
        if not rest:
            return words
        return format_html('{} <span title="{}">+{}</span>', words, ", ".join(rest), len(rest))

    @display(description=_("audiences"))
    def audience_codes(self, obj):
        return ", ".join(audience.code for audience in obj.audiences.all())

    @display(description=_("category tree"))
    def tree(self, obj):
        tree = obj.category_tree
        return tree.label() if tree and shown(obj, "category", tree.code) else "–"

    @display(description=_("gate"), ordering="gate")
    def gate_text(self, obj):
        return f"{obj.gate} %" if obj.gate else _("none")
