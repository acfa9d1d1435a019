"""Catalogs of connections on the desk: which products and values a machine is given, and how."""

import json
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import display
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from pim.actions.catalogs import delete_catalog, set_catalog
from pim.content.refusals import Refused
from pim.content.targets import ASSOCIATIONS, DETAILS, UUID_TARGET, Target, read_targets, sources_of
from pim.models import Catalog
from pim.queries.structure import load_structure

from .base import PimModelAdmin, chip
from .building import vocabulary
from .context import label_of
from .limits import UnlimitedOnly, actor_of

SHOWN = ("channels", "locales", "currencies")
# {detail of a source: the forms of targets that it is asked for}
_ASKED = {
    "label_locale": ("text", "texts"),
    "currency": ("number", "price"),
    "unit": ("number", "measurement"),
    "default": ("text",),
}


@admin.register(Catalog)
class CatalogAdmin(UnlimitedOnly, PimModelAdmin):
    """Catalogs of connections; machines make them, people fill them."""

    list_display = ("title_cell", "connection", "state", "created_at")
    list_display_links = None
    list_filter = ("enabled", "connection")
    list_select_related = ("connection",)
    search_fields = ("name", "uuid", "connection__code")

    def has_add_permission(self, request):
        return False

    def get_actions(self, request):
        return {}

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if not (self.has_view_permission(request) or self.has_change_permission(request)):
            raise PermissionDenied
        rows = Catalog.objects.select_related("connection__user")
        catalog = get_object_or_404(rows, pk=object_id)
        return (
            self._save(request, catalog)
            if request.method == "POST"
            else self._page(request, catalog)
        )

    def delete_model(self, request, obj):
        delete_catalog(obj, actor=actor_of(request), at=timezone.now())

    def _save(self, request, catalog: Catalog):
        if not self.has_change_permission(request):
            raise PermissionDenied
        fields = _fields(request, catalog)
        try:
            set_catalog(catalog, fields, actor=actor_of(request), at=timezone.now())
        except Refused as refusal:
            for name, value in fields.items():
                setattr(catalog, name, value)
            return self._page(request, catalog, error=refusal.say(translate))
        messages.success(request, translate("The catalog is saved."))
        return HttpResponseRedirect(reverse("admin:pim_catalog_change", args=[catalog.pk]))

    def _page(self, request, catalog: Catalog, *, error: str = ""):
        known, structure = vocabulary(request), load_structure()
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": catalog.name,
            "catalog": catalog,
            "selection": json.dumps(catalog.selection),
            "channels": known["channels"],
            "locales": [code for code, _label in known["locales"]],
            "currencies": known["currencies"],
            "rows": [
                _row(number, target, catalog.mapping.get(target.code) or {}, structure, known)
                for number, target in enumerate(_targets(catalog))
            ],
            "vocabulary": known,
            "error": error,
            "may_save": self.has_change_permission(request),
            "may_delete": self.has_delete_permission(request),
        }
        return TemplateResponse(request, "admin/pim/catalog.html", context)

    @display(description=_("name"), ordering="name")
    def title_cell(self, obj):
        return format_html(
            '<a class="pm-title" href="{}/change/"><strong dir="auto">{}</strong>'
            "<small>{}</small></a>",
            obj.pk,
            obj.name,
            obj.uuid,
        )

    @display(description=_("state"), ordering="enabled")
    def state(self, obj):
        return chip(_("enabled"), "good") if obj.enabled else chip(_("disabled"))


def _targets(catalog: Catalog) -> list[Target]:
    return read_targets(catalog.targets) if catalog.targets is not None else []


def _row(number: int, target: Target, source: dict, structure, known: dict) -> dict[str, Any]:
    """Return what the page shows of one target; `by_itself` ones are filled without a choice."""
    words = _place_words()
    choices = [
        (
            code,
            words[code] if code in words else label_of(structure.attributes[code], known["locale"]),
        )
        for code in sources_of(target, structure.attributes)
        if code != UUID_TARGET
    ]
    return {
        "name": f"target-{number}",
        "target": target,
        "source": source,
        "by_itself": target.code == UUID_TARGET or target.form == ASSOCIATIONS,
        "choices": choices,
        "asked": {name for name, forms in _ASKED.items() if target.form in forms},
    }


def _place_words() -> dict[str, str]:
    return {"family": translate("Family"), "categories": translate("Categories")}


def _fields(request, catalog: Catalog) -> dict[str, Any]:
    post, mapping = request.POST, {}
    for number, target in enumerate(_targets(catalog)):
        given = {name: post.get(f"target-{number}-{name}", "").strip() for name in DETAILS}
        source = post.get(f"target-{number}-source", "")
        if source or given["default"]:
            mapping[target.code] = {"source": source, **{n: v for n, v in given.items() if v}}
    try:
        selection = json.loads(post.get("selection", ""))
    except ValueError:
        selection = None
    return {
        "enabled": "enabled" in post,
        "selection": selection,
        "shown": {name: post.getlist(name) for name in SHOWN if post.getlist(name)},
        "mapping": mapping,
    }
