"""Brands on the desk: one page to edit a look, see it live, put it into use, and go back."""

from django.contrib import admin, messages
from django.contrib.admin import display
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from syndication.actions import brands as actions
from syndication.models import Brand, BrandChange
from syndication.queries.brands import outputs_with
from syndication.refusals import BrandRefused, Conflict, Refused
from syndication.rendering.brand_rules import whole
from syndication.rendering.fonts import families

from .base import DeskAdmin, chip
from .brand_form import document_of, faces_shown, rows_of
from .brand_history import steps
from .brand_samples import (
    card_sample,
    kiosk_sample,
    page_sample,
    sample_locales,
    wake_for_samples,
)
from .limits import UnlimitedOnly
from .previews import who_of

CHANGES_SHOWN = 30


@admin.register(Brand)
class BrandAdmin(UnlimitedOnly, DeskAdmin):
    """The looks there are. Nothing is written but by actions; drafts reach no output."""

    list_display = ("title", "code", "uses", "state", "used_at")
    search_fields = ("code", "name")
    fields = ("code", "name")

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(named_by=Count("outputs"))

    def get_urls(self):
        wrap = self.admin_site.admin_view
        mine = [
            ("use", self.use), ("discard", self.discard), ("default", self.default),
            ("restore", self.restore), ("sample/card", self.card), ("sample/page", self.page),
            ("sample/kiosk", self.kiosk),
        ]  # fmt: skip
        routes = [
            path(
                f"<int:pk>/{name}/",
                wrap(require_POST(view)),
                name=f"syndication_brand_{name.split('/')[-1]}",
            )
            for name, view in mine
        ]
        return routes + super().get_urls()

    def save_model(self, request, obj, form, change):
        made = actions.create_brand(
            obj.code, name=obj.name, actor=request.user.get_username(), at=timezone.now(),
            document={"brand": obj.name[:80]},
        )  # fmt: skip
        obj.pk = made.pk

    def delete_model(self, request, obj):
        actions.delete_brand(obj)

    def delete_queryset(self, request, queryset):
        for brand in queryset:
            actions.delete_brand(brand)

    def delete_view(self, request, object_id, extra_context=None):
        try:
            return super().delete_view(request, object_id, extra_context)
        except Refused as refused:
            messages.error(request, refused.say(translate))
            return self._back(object_id)

    def response_action(self, request, queryset):
        try:
            return super().response_action(request, queryset)
        except Refused as refused:
            messages.error(request, refused.say(translate))
            return HttpResponseRedirect(request.get_full_path())

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Show the look in all its parts; save what was changed as the brand's draft."""
        writes = request.method == "POST"
        may = self.has_change_permission if writes else self.has_view_or_change_permission
        if not may(request):
            raise PermissionDenied
        brand = get_object_or_404(Brand, pk=object_id if str(object_id).isdigit() else 0)
        if writes:
            return self._save(request, brand)
        return self._show(request, brand, whole(brand.edited), name=brand.name)

    def _save(self, request, brand: Brand):
        document, name = document_of(request.POST), request.POST.get("name", "").strip()[:200]
        try:
            wrote = actions.edit_brand(
                brand,
                document,
                name=name,
                row_version=_version(request),
                actor=request.user.get_username(),
                at=timezone.now(),
            )
        except Conflict as conflict:
            return self._clash(request, conflict, document, name=name)
        except Refused as refused:
            messages.error(request, refused.say(translate))
            found = errors_of(refused)
            return self._show(request, brand, _shown(document), name=name, errors=found)
        said = translate("The draft is saved. Outputs show it when it is put into use.")
        nothing = translate("Nothing was changed, so nothing was written.")
        messages.success(request, said if wrote else nothing)
        return self._back(brand.pk)

    def _clash(self, request, conflict: Conflict, document, *, name: str):
        """Show what was typed beside what somebody else made of it; saving again writes it."""
        brand = get_object_or_404(Brand, pk=request.resolver_match.kwargs["object_id"])
        typed = _shown(document)
        messages.error(request, conflict.say(translate))
        found = actions.differences(brand.edited, {**brand.edited, **typed})
        there = translate("There now: %(value)s")
        errors = {at: [there % {"value": pair[0]}] for at, pair in found.items()}
        return self._show(request, brand, typed, name=name, errors=errors, status=409)

    def _show(self, request, brand: Brand, document, *, name: str, errors=None, status=None):
        changes = list(brand.changes.all()[:CHANGES_SHOWN])
        locales = sample_locales(brand)
        wake_for_samples(brand, locale=locales[0] if locales else "")
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": brand.name,
            "brand": brand,
            "name": name,
            "rows": rows_of(document, errors or {}),
            "errors": errors or {},
            "families": families(),
            "faces_in": faces_shown(document),
            "version": brand.row_version,
            "steps": steps(changes),
            "outputs": outputs_with(brand),
            "locales": locales,
            "may_change": self.has_change_permission(request, brand),
            "may_use": _may_use(request),
            "may_delete": self.has_delete_permission(request, brand),
        }
        status = status or (422 if errors else 200)
        return TemplateResponse(request, "admin/syndication/brand.html", context, status=status)

    def use(self, request, pk):
        """Put the draft into use."""
        brand = self._mine(request, pk, using=True)

        def act(**who):
            issued = actions.use_brand(brand, row_version=_version(request), **who)
            names = ", ".join(output.name for output in issued)
            text = translate("In use from now on.")
            issued_anew = translate("Issued anew:")  # within an f-string it would not be extracted
            return f"{text} {issued_anew} {names}" if names else text

        return self._do(request, pk, act)

    def discard(self, request, pk):
        """Drop the draft."""
        brand = self._mine(request, pk)

        def act(**who):
            actions.discard_draft(brand, row_version=_version(request), **who)
            return translate("The draft is gone.")

        return self._do(request, pk, act)

    def default(self, request, pk):
        """Make the brand that of outputs that name none."""
        brand = self._mine(request, pk, using=True)

        def act(**who):
            actions.make_default(brand, **who)
            return translate("Outputs that name no brand have this one now.")

        return self._do(request, pk, act)

    def restore(self, request, pk):
        """Make an earlier look the draft."""
        brand = self._mine(request, pk)
        asked = request.POST.get("change", "")
        known = BrandChange.objects.filter(brand=brand)
        change = get_object_or_404(known, pk=asked if asked.isdigit() else 0)

        def act(**who):
            actions.restore_brand(brand, change, row_version=_version(request), **who)
            return translate("The earlier look is the draft now.")

        return self._do(request, pk, act)

    def card(self, request, pk):
        """Answer a sample of print with the look as typed, and all that speaks against it."""
        brand, document, found = self._typed(request, pk)
        asked = request.POST.get("sample_locale", "")
        where = {"locale": asked, "user": request.user, "who": who_of(request)}
        answer = {} if found else card_sample(brand, document, **where)
        brought = {"faces": faces_shown(document)} if document else {}
        response = JsonResponse({"errors": found, **brought, **answer})
        response["Cache-Control"] = "no-store"
        return response

    def page(self, request, pk):
        """Answer a landing page with the look as typed."""
        brand, document, found = self._typed(request, pk)
        locale = request.POST.get("sample_locale", "")
        return page_sample(brand, None if found else document, locale=locale)

    def kiosk(self, request, pk):
        """Answer the kiosk with the look as typed."""
        brand, document, found = self._typed(request, pk)
        how = {"locale": request.POST.get("sample_locale", "")}
        how["place"] = request.POST.get("sample_place", "")
        return kiosk_sample(brand, None if found else document, **how)

    def _typed(self, request, pk) -> tuple[Brand, dict, dict[str, list[str]]]:
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        brand = get_object_or_404(Brand, pk=pk)
        try:
            return brand, actions.checked_document(document_of(request.POST)), {}
        except BrandRefused as refused:
            return brand, {}, errors_of(refused)

    def _mine(self, request, pk, *, using=False) -> Brand:
        if not self.has_change_permission(request) or (using and not _may_use(request)):
            raise PermissionDenied
        return get_object_or_404(Brand, pk=pk)

    def _do(self, request, pk, act):
        try:
            said = act(actor=request.user.get_username(), at=timezone.now())
            messages.success(request, said)
        except Refused as refused:
            messages.error(request, refused.say(translate))
            for sentence in [s for found in errors_of(refused).values() for s in found][:5]:
                messages.error(request, sentence)
        return self._back(pk)

    def _back(self, pk):
        return HttpResponseRedirect(reverse("admin:syndication_brand_change", args=[pk]))

    @display(description=_("brand"), ordering="name")
    def title(self, obj):
        return obj.name

    @display(description=_("outputs"))
    def uses(self, obj):
        return obj.named_by

    @display(description=_("state"))
    def state(self, obj):
        words = [chip(_("default"), "info")] if obj.is_default else []
        tone = (_("draft differs"), "warn") if obj.draft else (_("in use"), "good")
        return words[0] + " " + chip(*tone) if words else chip(*tone)


def errors_of(refused: Refused) -> dict[str, list[str]]:
    """Return {path of a field: what is wrong} of a refusal."""
    found: dict[str, list[str]] = {}
    for one in getattr(refused, "refusals", ()):
        found.setdefault(one.field, []).append(one.say(translate))
    return found


def _shown(document: dict) -> dict:
    """Return a document that was refused as the form can show it once more."""
    plain = {name: value for name, value in document.items() if name not in ("cmyk", "spots")}
    return {**whole({}), **plain, "cmyk": document["cmyk"], "spots": document["spots"]}


def _may_use(request) -> bool:
    return request.user.has_perm("syndication.use_brand")


def _version(request) -> int | None:
    text = request.POST.get("row_version", "")
    return int(text) if text.isascii() and text.isdigit() else None
