"""Registers the product pages."""

from django.contrib import admin, messages
from django.contrib.admin import display
from django.http import HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.timesince import timesince
from django.utils.timezone import localtime
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from pim.actions.products import delete_product
from pim.content.refusals import Refused
from pim.content.rights import Level
from pim.content.seen import shown_categories
from pim.content.snapshot import STRUCTURE_SLICE
from pim.models import Product
from pim.queries.rights import visible_products
from pim.queries.structure import load_structure

from ..assets import thumb_url
from ..base import PimModelAdmin, chip
from ..context import context_locales, label_of, working_context
from ..limits import actor_of, rights_of_request, seen_channels
from . import bulk, family, packaging_check, past, pick, publishing, talk, wizard
from . import translate as translators
from .filters import (
    CategoryFilter,
    CompletenessFilter,
    FamilyFilter,
    StateFilter,
    attribute_filters,
)
from .listing import ProductChangeList
from .page import ProductPage
from .pick import matching
from .previewing import preview_view

# The level on the structure of products that an action on many of them needs.
NEEDED = {
    "enable": Level.EDIT,
    "disable": Level.EDIT,
    "assign_category": Level.OWN,
    "withdraw": Level.PUBLISH,
}


@admin.register(Product)
class ProductAdmin(PimModelAdmin):
    """Products: list, page, creation, publishing. Nothing is written but by actions."""

    change_list_template = "admin/pim/product/list.html"
    list_display = (
        "thumb",
        "title_cell",
        "family_name",
        "completeness_bars",
        "state_chips",
        "age",
    )
    list_display_links = None
    list_select_related = ("version", "parent")
    search_fields = ("identifier",)
    search_help_text = _("Identifier or any text")
    list_fullwidth = True
    list_filter_submit = True
    list_per_page = 50
    actions = ("edit_in_bulk", "publish", "withdraw")

    def get_changelist(self, request, **kwargs):
        return ProductChangeList

    def get_queryset(self, request):
        rows = super().get_queryset(request).select_related("version", "parent")
        return visible_products(rows, rights_of_request(request))

    def get_list_filter(self, request):
        own = [FamilyFilter, CompletenessFilter, StateFilter, CategoryFilter, "role", "enabled"]
        return [*own, *attribute_filters(request)]

    def get_search_results(self, request, queryset, search_term):
        if not search_term:
            return queryset, False
        return queryset.filter(matching(search_term, rights_of_request(request))), False

    def get_actions(self, request):
        found = super().get_actions(request)
        found.pop("delete_selected", None)
        if not publishing.may_publish(request):
            found.pop("publish", None)
            found.pop("withdraw", None)
        if not self.has_change_permission(request):
            found = {k: v for k, v in found.items() if k in ("publish", "withdraw")}
        held = rights_of_request(request).group(STRUCTURE_SLICE)
        return {k: v for k, v in found.items() if held >= NEEDED.get(k, Level.NONE)}

    def has_add_permission(self, request):
        """Whoever may create somewhere may begin; the action decides where."""
        owns = rights_of_request(request).group(STRUCTURE_SLICE) >= Level.OWN
        return super().has_add_permission(request) and owns

    def has_delete_permission(self, request, obj=None):
        owns = rights_of_request(request).group(STRUCTURE_SLICE) >= Level.OWN
        return super().has_delete_permission(request, obj) and owns

    def get_urls(self):
        wrap = self.admin_site.admin_view

        def version(request, pk, number):
            return publishing.version_view(self, request, pk, number)

        @require_POST
        def preview(request, pk):
            return preview_view(self, request, pk)

        def bulk_page(request):
            return bulk.bulk_view(self, request)

        mine = [
            ("<int:pk>/publish/", publishing.publish_view, "publish"),
            ("<int:pk>/withdraw/", publishing.withdraw_view, "withdraw"),
            ("<int:pk>/cancel-plan/", publishing.cancel_plan_view, "cancel_plan"),
            ("<int:pk>/versions/<int:number>/", version, "version"),
            ("<int:pk>/past/", lambda request, pk: past.past_view(self, request, pk), "past"),
            (
                "<int:pk>/family/",
                lambda request, pk: family.family_view(self, request, pk),
                "family",
            ),
            ("<int:pk>/preview/", preview, "preview"),
            ("<int:pk>/talk/", lambda request, pk: talk.talk_view(self, request, pk), "talk"),
            ("bulk/", bulk_page, "bulk"),
            ("translate/", lambda request: translators.translate_view(self, request), "translate"),
            ("pick/", pick.pick_products, "pick"),
            ("pick/records/", pick.pick_records, None),
            ("pick/options/", pick.pick_options, "pick_options"),
            ("pick/groups/", pick.pick_groups, "pick_groups"),
            ("pick/branch/", pick.pick_branch, "pick_branch"),
            ("packaging/check/", packaging_check.check_packaging, "packaging"),
        ]
        urls = [
            path(route, wrap(view), name=f"pim_product_{name}" if name else "pim_record_pick")
            for route, view, name in mine
        ]
        return urls + super().get_urls()

    def changelist_view(self, request, extra_context=None):
        structure = load_structure()
        context = working_context(request, structure)
        request.GET = _without_context(request.GET)
        extra = {
            "working": context,
            "channels": [
                (code, label_of(c, context.locale))
                for code, c in seen_channels(structure, context.rights).items()
            ],
            "locales": context_locales(structure, context.channel, context.rights),
            "has_categories": bool(shown_categories(structure, context.rights)),
            "chosen_category": request.GET.get("category", ""),
        }
        return super().changelist_view(request, {**(extra_context or {}), **extra})

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if object_id is None:
            return wizard.create_view(self, request)
        return ProductPage(self, request, object_id).answer()

    def history_view(self, request, object_id, extra_context=None):
        """The page itself shows versions and changes."""
        return ProductPage(self, request, object_id).answer()

    def delete_view(self, request, object_id, extra_context=None):
        try:
            return super().delete_view(request, object_id, extra_context)
        except Refused as refused:
            messages.error(request, refused.say(translate))
            page = reverse("admin:pim_product_change", args=[object_id])
            return HttpResponseRedirect(page)

    def delete_model(self, request, obj):
        delete_product(obj.pk, actor=actor_of(request), at=timezone.now())

    @admin.action(description=_("Edit in bulk…"))
    def edit_in_bulk(self, request, queryset):
        return bulk.ask_bulk_edit(self, request, queryset, start="edit")

    @admin.action(description=_("Publish…"))
    def publish(self, request, queryset):
        return bulk.ask_bulk_edit(self, request, queryset, start="publish")

    @admin.action(description=_("Withdraw…"))
    def withdraw(self, request, queryset):
        return bulk.ask_bulk_edit(self, request, queryset, start="withdraw")

    @display(description="")
    def thumb(self, obj):
        if not obj.dress.thumb:
            letter = (obj.dress.face.name or obj.identifier)[:1].upper()
            return format_html('<span class="pm-thumb pm-thumb--none">{}</span>', letter)
        url = thumb_url(*obj.dress.thumb)
        return format_html('<img class="pm-thumb" src="{}" alt="" loading="lazy">', url)

    @display(description=_("product"), ordering="identifier")
    def title_cell(self, obj):
        name = obj.dress.face.name or obj.identifier
        above = obj.dress.face.parent
        under = f"{obj.identifier} · {above}" if above else obj.identifier
        return format_html(
            '<a class="pm-title" href="{}/change/"><strong dir="auto">{}</strong>'
            "<small>{}</small></a>",
            obj.pk,
            name,
            under,
        )

    @display(description=_("family"), ordering="family__code")
    def family_name(self, obj):
        return obj.dress.family or "–"

    @display(description=_("completeness"))
    def completeness_bars(self, obj):
        bars = (
            (
                b["channel"],
                b["filled"],
                b["required"],
                _tone(b["percent"]),
                b["percent"],
                b["percent"],
            )
            for b in obj.dress.bars
        )
        template = (
            '<span class="pm-bar" title="{}: {} / {}">'
            '<progress class="pm-progress pm-progress--{}" max="100" value="{}"></progress>'
            "<b>{} %</b></span>"
        )
        return format_html('<span class="pm-bars">{}</span>', format_html_join("", template, bars))

    @display(description=_("changed"), ordering="updated_at")
    def age(self, obj):
        return format_html(
            '<time title="{}">{}</time>',
            date_format(localtime(obj.updated_at), "DATETIME_FORMAT"),
            timesince(obj.updated_at, depth=1),
        )

    @display(description=_("state"))
    def state_chips(self, obj):
        chips = [chip(text, tone) for text, tone in _states(obj)]
        if obj.dress.listing:
            chips.append(chip(**obj.dress.listing))
        return format_html_join(" ", "{}", ((one,) for one in chips))


def _tone(percent: int) -> str:
    return "good" if percent >= 100 else "warn" if percent >= 50 else "bad"


def _states(product) -> list[tuple]:
    found = [(_("model"), "quiet")] if product.role == "model" else []
    if not product.enabled:
        found.append((_("disabled"), "quiet"))
    if product.withdrawn:
        found.append((_("withdrawn"), "bad"))
    elif product.version is None:
        found.append((_("never published"), "warn"))
    elif product.version.digest != product.draft_digest:
        found.append((_("draft differs"), "warn"))
    elif not product.dress.listing:
        found.append((_("published"), "good"))
    return found


def _without_context(query):
    """Return the query without what only switches the working context."""
    query = query.copy()
    for name in ("channel", "locale", "reference"):
        query.pop(name, None)
    return query
