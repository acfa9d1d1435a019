"""The product page: shows the generated form, saves it, and settles conflicts."""

import json

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as translate
from django.utils.translation import ngettext

from pim.content.refusals import Refused
from pim.content.rights import Level
from pim.models import Product
from pim.queries.rights import visible_products
from pim.queries.structure import load_structure

from ..context import WorkingContext, context_locales, label_of, say_named, working_context
from ..limits import actor_of, rights_of_request, seen_channels, seen_price_lists
from ..prose import prose_config, prose_media
from . import sections
from .form import Typed, build_tabs, completeness_panel
from .publishing import publish_now
from .quality import quality_panel
from .save import opened_document, read_edit, save_edit
from .state import face, load_states, pictures
from .talk import open_talk


class ProductPage:
    """One request to a product's page."""

    def __init__(self, model_admin, request, object_id):
        self.admin, self.request = model_admin, request
        rows = Product.objects.select_related("version", "family", "parent", "quality_state")
        rights = rights_of_request(request)
        self.product = get_object_or_404(visible_products(rows, rights), pk=object_id)
        self.structure = load_structure()
        self.state = load_states([self.product.pk], self.structure, rights)[self.product.pk]
        self.context = self._context()
        self.may_change = model_admin.has_change_permission(request, self.product)
        self.may_change &= self.state.holding.level >= Level.EDIT

    def _context(self) -> WorkingContext:
        """The page saves where it was opened, whatever another tab has switched to."""
        if self.request.method != "POST":
            return working_context(self.request, self.structure)
        post = self.request.POST
        held = working_context(self.request, self.structure)
        channel, locale = post.get("channel", held.channel), post.get("locale", held.locale)
        seen = seen_channels(self.structure, held.rights)
        if (channel and channel not in seen) or not held.rights.locale(locale):
            raise PermissionDenied
        return WorkingContext(channel, locale, held.reference, held.rights)

    def answer(self):
        if self.request.method == "POST":
            if not self.may_change:
                raise PermissionDenied
            return self.save()
        if not self.admin.has_view_or_change_permission(self.request, self.product):
            raise PermissionDenied
        return self.show()

    def save(self):
        parts = sections.structure_parts(self.state, self.context.rights)
        post = self._settled(self.request.POST)
        edit = read_edit(post, self.state, self.context)
        if edit.errors:
            messages.error(self.request, translate("Please correct the fields marked below."))
            return self.show(edit)
        publishing = "_publish" in self.request.POST
        if edit.is_empty() and not publishing:
            messages.info(self.request, translate("Nothing was changed, so nothing was written."))
            return self.back()
        if not edit.is_empty() and (refusal := self._write(edit, parts)):
            return refusal
        if publishing:
            publish_now(self.request, self.product.pk, slices=None)
        return self.back()

    def _write(self, edit, parts):
        """Write the edit; return a page where it could not be."""
        try:
            result, found = save_edit(
                edit, self.state, self.context, parts, actor=actor_of(self.request)
            )
        except Refused as refused:
            for one in getattr(refused, "refusals", [refused]):
                words = say_named(one, self.state.structure, self.context.locale)
                edit.errors[one.field or "@"] = words
                messages.error(self.request, words)
            return self.show(edit)
        if found:
            return self.show_conflict(found)
        count = len(result.differences)
        words = ngettext("%d value was saved.", "%d values were saved.", count) % count
        messages.success(self.request, words)
        return None

    def _settled(self, post):
        """Return the posted data with the choices of a conflict screen applied."""
        if "_settled" not in post:
            return post
        post = post.copy()
        opened = json.loads(post.get("opened") or "{}")
        now = {
            a.code: self.state.own_data(a, self.context) for a in self.state.attributes()
        } | sections.structure_parts(self.state, self.context.rights)
        for key in post.getlist("clash"):
            if post.get(f"choice-{key}") == "theirs":
                post.pop(f"v-{key}-on", None)
                post.pop(key, None)
            opened[key] = now.get(key)
        post["opened"] = json.dumps({k: v for k, v in opened.items() if v is not None})
        post["version"] = str(self.state.own.row_version)
        return post

    def back(self):
        """Return to the same place of the page, or to the list."""
        if "_list" in self.request.POST:
            return HttpResponseRedirect(reverse("admin:pim_product_changelist"))
        tab = self.request.POST.get("tab", "")
        query = f"?channel={self.context.channel}&locale={self.context.locale}"
        return HttpResponseRedirect(f"{self.request.path}{query}#{tab}")

    def show_conflict(self, found):
        names = {clash.name for clash in found}
        kept = [
            (key, value)
            for key in self.request.POST
            for value in self.request.POST.getlist(key)
            if key not in ("csrfmiddlewaretoken", "clash") and not key.startswith("choice-")
        ]
        last = self.product.changes.first()
        return self._render(
            "admin/pim/product/conflict.html",
            {"clashes": found, "kept": kept, "last": last, "names": names},
            status=409,
        )

    def show(self, edit=None):
        """Show the page, with what was typed where it came back unsaved."""
        differences = sections.unpublished_differences(self.product, self.state)
        parts = sections.structure_parts(self.state, self.context.rights)
        typed = edit.typed() if edit else Typed()
        state, context = self.state, self.context
        talk = open_talk(self.product, state)
        marks = {"changed": frozenset(differences), "remarks": talk["about"]}
        return self._render(
            "admin/pim/product/page.html",
            {
                "tabs": build_tabs(state, context, typed=typed, **marks),
                "completeness": completeness_panel(state, context),
                "parts": {k[1:]: json.dumps(value) for k, value in self._shown(parts).items()},
                "enabled": parts["@enabled"],
                "opened": opened_document(state, context, self._shown(parts))
                if not edit
                else json.dumps(edit.opened),
                "version": edit.version if edit else state.own.row_version,
                "associations": sections.association_sections(state, context, parts),
                "categories": sections.category_trees(state, context),
                "variants": sections.variants(state, context),
                "facts": sections.facts(self.product.pk, state, seen_price_lists(self.request)),
                "slices": sections.changed_slices(differences, state, context),
                "differences": len(differences),
                "open_talk": talk,
                "history": sections.history(self.product, state, context),
                "quality": quality_panel(self.product, state, context),
                "panels": sections.outside_panels(self.product, context, self.request),
                "prose_config": prose_config(),
                "media": prose_media(self.request),
            },
        )

    def _render(self, template, extra, *, status=200):
        look = face(self.state, self.context)
        picture = pictures([look.image]).get(look.image)
        channel = self.structure.channels.get(self.context.channel)
        return TemplateResponse(
            self.request,
            template,
            {
                **self.admin.admin_site.each_context(self.request),
                "opts": self.admin.opts,
                "title": look.name or self.product.identifier,
                "product": self.product,
                "state": self.state,
                "family": self.state.family,
                "family_label": label_of(self.state.family, self.context.locale)
                if self.state.family
                else "",
                "face": look,
                "picture": picture,
                "context": self.context,
                "channels": [
                    (c, label_of(d, self.context.locale))
                    for c, d in seen_channels(self.structure, self.context.rights).items()
                ],
                "channel_label": label_of(channel, self.context.locale) if channel else "",
                "locales": context_locales(
                    self.structure, self.context.channel, self.context.rights
                ),
                "parents": self.state.shown_above,
                **self._allowed(),
                **extra,
            },
            status=status,
        )

    def _shown(self, parts: dict) -> dict:
        """Return the structure as far as the person may see it: else what names the product."""
        if self.state.holding.structure >= Level.VIEW:
            return parts
        return {key: parts[key] for key in ("@identifier", "@family")}

    def _allowed(self) -> dict:
        """Return which of the page's buttons and inputs are live for this person."""
        holding, structure = self.state.holding, self.state.holding.structure
        publishes = self.request.user.has_perm("pim.publish_product")
        deletes = self.admin.has_delete_permission(self.request, self.product)
        return {
            "may_change": self.may_change,
            "may_arrange": self.may_change and structure >= Level.EDIT,
            "may_move": self.may_change and structure >= Level.OWN,
            "sees_structure": structure >= Level.VIEW,
            "may_publish": publishes and holding.level >= Level.PUBLISH,
            "may_withdraw": publishes and structure >= Level.PUBLISH,
            "may_delete": deletes and structure >= Level.OWN,
        }
