"""The asset page: a grid of thumbnails, upload by dropping files, texts per locale."""

from collections import Counter

from django.contrib import admin, messages
from django.contrib.admin import action, display
from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.defaultfilters import filesizeformat
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from pim import files
from pim.actions.asset_bytes import thumbnail_name
from pim.actions.asset_values import fill_asset
from pim.actions.assets import RIGHTS, describe_asset, ingest_asset
from pim.actions.attaching import Attached, attach_assets, put_in_family
from pim.content.refusals import Refused
from pim.content.rights import NOTHING
from pim.files.serving import file_response
from pim.models import Asset
from pim.queries.media_rights import rights_over
from pim.queries.media_uses import uses_of

from .asset_filters import RightsFilter, UsesFilter
from .asset_uses import shown_uses, told_uses
from .base import StructureAdmin
from .limits import actor_of, rights_of_request
from .record_fields import ValuesForm, as_seen, value_inputs

YEAR = 31_536_000
PICK_SIZE = 60
INLINE_TYPES = (
    "image/jpeg",
    "image/png",
    "image/webp",
    "image/gif",
    "image/avif",
    "image/svg+xml",
)
SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


def asset_card(asset) -> dict:
    """Return what a picker or a grid shows of an asset."""
    return {
        "code": asset.code,
        "label": asset.filename,
        "kind": asset.kind,
        "thumb": thumb_url(asset.pk, asset.kind),
        "href": reverse("admin:pim_asset_change", args=[asset.pk]),
    }


def thumb_url(pk, kind) -> str:
    """Return the address of an asset's small picture, "" for what has none."""
    return reverse("admin:pim_asset_thumb", args=[pk]) if kind == "image" else ""


class AssetForm(ValuesForm):
    """An asset with the fields of its family; they are kept by an action."""

    class Meta:
        model = Asset
        fields = RIGHTS

    def record_fields(self):
        return self.instance.family.fields if self.instance.family_id else []


@admin.register(Asset)
class AssetAdmin(StructureAdmin):
    """Media: browse, upload, describe."""

    log_kind = "asset"
    form = AssetForm
    change_list_template = "admin/pim/asset_list.html"
    list_display = ("thumb", "filename", "code", "kind", "dimensions", "file_size", "created_at")
    list_display_links = ("thumb", "filename")
    list_filter = ("kind", UsesFilter, RightsFilter, "family", "created_at")
    search_fields = ("code", "filename", "alt")
    list_per_page = 60
    actions = ("attach",)
    fields = (
        "preview",
        "code",
        "filename",
        "alt",
        "caption",
        "author",
        "licence",
        "valid_from",
        "valid_to",
        "family",
        "used_by",
        "media_type",
        "dimensions",
        "file_size",
        "sha256",
    )
    readonly_fields = (
        "preview filename code used_by media_type dimensions file_size sha256"
    ).split()

    def _owned(self, request, obj) -> bool:
        """Media are written by who may change what uses them."""
        if not super()._owned(request, obj):
            return False
        return obj is None or rights_over(obj, rights_of_request(request)) != NOTHING

    def get_object(self, request, object_id, from_field=None):
        """The asset, and what uses it as far as the person may see."""
        asset = super().get_object(request, object_id, from_field)
        if asset is not None:
            asset.uses = shown_uses(uses_of(asset.code, rights_of_request(request)), request.user)
        return asset

    def get_deleted_objects(self, objs, request):
        """Who deletes media is told what shows them."""
        found, counts, lacking, protected = super().get_deleted_objects(objs, request)
        told = told_uses(objs, request.user)
        return [*found, *told], counts, lacking, protected

    def get_urls(self):
        wrap = self.admin_site.admin_view
        mine = [
            path("upload/", wrap(self.upload), name="pim_asset_upload"),
            path("pick/", wrap(self.pick), name="pim_asset_pick"),
            path("<int:pk>/thumb/", wrap(self.serve_thumb), name="pim_asset_thumb"),
            path("<int:pk>/file/", wrap(self.serve_file), name="pim_asset_file"),
        ]
        return mine + super().get_urls()

    def get_fields(self, request, obj=None):
        names = as_seen(AssetForm, request)(instance=obj).addresses() if obj else []
        return (*self.fields, *(name for name, _field, _locale in names))

    def get_form(self, request, obj=None, change=False, **kwargs):
        kwargs["fields"] = (*RIGHTS, "family")
        if obj is not None:
            form = as_seen(AssetForm, request)
            kwargs["form"] = type("AssetForm", (form,), value_inputs(form(instance=obj)))
        return super().get_form(request, obj, change=change, **kwargs)

    def save_model(self, request, obj, form, change):
        """Texts, rights and the family are written by actions, which tell the log."""
        held, how = Asset.objects.get(pk=obj.pk), {"actor": actor_of(request), "at": timezone.now()}
        given = {
            name: _with_blanks(getattr(held, name), form.cleaned_data[name])
            for name in RIGHTS
            if name in form.changed_data
        }
        held = describe_asset(held, **how, **given)
        fill_asset(held, form.changed_values(), **how)
        if "family" in form.changed_data:
            attached = put_in_family(held, form.cleaned_data["family"], **how)
            if attached and (told := _told(attached)):
                messages.info(request, told)

    @action(description=_("Attach to products by file name"))
    def attach(self, request, queryset):
        """Attach the chosen assets where the rules of their families say."""
        done = attach_assets(list(queryset), actor=actor_of(request), at=timezone.now())
        counts = Counter(a.outcome for a in done)
        words = translate(
            "%(attached)d attached, %(there)d there already, %(refused)d refused, "
            "%(unnamed)d without a rule that fits."
        )
        totals = {name: counts[name] for name in ("attached", "there", "refused", "unnamed")}
        messages.success(request, words % totals)
        for attached in [a for a in done if a.refusal][:10]:
            messages.warning(request, f"{attached.asset}: {attached.refusal.say(translate)}")

    def record(self, request, obj, *, detail):
        """The actions on assets tell the log themselves; only deleting is told here."""
        if "@deleted" in detail:
            super().record(request, obj, detail=detail)

    def add_view(self, request, form_url="", extra_context=None):
        """Files come in by upload only; the add page is the grid with its drop zone."""
        return self.changelist_view(request, extra_context)

    def changelist_view(self, request, extra_context=None):
        context = {"may_upload": self.has_add_permission(request)}
        return super().changelist_view(request, {**(extra_context or {}), **context})

    def upload(self, request):
        """Ingest one file; answers its card, or 400 with the reason."""
        if request.method != "POST" or not self.has_add_permission(request):
            raise PermissionDenied
        handed = request.FILES.get("file")
        if handed is None:
            return JsonResponse({"message": translate("No file came.")}, status=400)
        how = {"actor": actor_of(request), "at": timezone.now()}
        try:
            asset = ingest_asset(handed, filename=handed.name, **how)
            (attached,) = attach_assets([asset], **how)
        except Refused as refused:
            return JsonResponse({"message": refused.say(translate)}, status=400)
        return JsonResponse({**asset_card(asset), "attached": _told(attached)})

    def pick(self, request):
        """Answer assets for a picker: ?q=, ?kind=a,b, or ?codes=a,b for those named."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        found = self.get_queryset(request)
        if kinds := [kind for kind in request.GET.get("kind", "").split(",") if kind]:
            found = found.filter(kind__in=kinds)
        found, _distinct = self.get_search_results(request, found, request.GET.get("q", ""))
        page = found.order_by("-pk")[:PICK_SIZE]
        return JsonResponse({"results": [asset_card(asset) for asset in page]})

    def serve_thumb(self, request, pk):
        """Serve the small picture, or the file itself where it has none."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        asset = get_object_or_404(self.get_queryset(request), pk=pk)
        small = thumbnail_name(asset.sha256)
        if files.assets().glance(small):
            return _file(small, media_type="image/webp")
        if asset.kind != "image":
            raise Http404
        return self.serve_file(request, pk)

    def serve_file(self, request, pk):
        """Serve the file; only pictures are shown in the browser, and those in a sandbox."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        asset = get_object_or_404(self.get_queryset(request), pk=pk)
        try:
            response = _file(files.name_of(asset.sha256), media_type=asset.media_type)
        except FileNotFoundError as missing:
            raise Http404 from missing
        response["Content-Security-Policy"] = SANDBOX
        if asset.media_type not in INLINE_TYPES:
            name = content_disposition_header(True, asset.filename)
            response["Content-Disposition"] = name
        return response

    @display(description="")
    def thumb(self, obj):
        url = thumb_url(obj.pk, obj.kind)
        if not url:
            return format_html('<span class="pm-thumb pm-thumb--none">{}</span>', obj.kind)
        return format_html('<img class="pm-thumb" src="{}" alt="" loading="lazy">', url)

    @display(description=_("preview"))
    def preview(self, obj):
        url = reverse("admin:pim_asset_file", args=[obj.pk])
        if obj.kind != "image":
            return format_html('<a class="pm-btn" href="{}">{}</a>', url, translate("Download"))
        return format_html(
            '<a href="{}" target="_blank"><img class="pm-preview" src="{}" alt=""></a>',
            url,
            url,
        )

    @display(description=_("where used"))
    def used_by(self, obj):
        return obj.uses

    @display(description=_("size"))
    def dimensions(self, obj):
        return f"{obj.width} × {obj.height}" if obj.width else "–"

    @display(description=_("bytes"), ordering="size")
    def file_size(self, obj):
        return filesizeformat(obj.size)


def _told(attached: Attached) -> str:
    """Return what became of an upload by its name, in words; "" where no rule fits."""
    if attached.refusal:
        return attached.refusal.say(translate)
    if attached.outcome == "unnamed":
        return ""
    return f"{attached.product} · {attached.attribute}"


def _with_blanks(before, after):
    """Return the texts typed, with "" for every locale that was emptied."""
    return dict.fromkeys(before, "") | after if isinstance(after, dict) else after


def _file(name, *, media_type):
    response = file_response(files.assets(), name, content_type=media_type)
    response["Cache-Control"] = f"private, max-age={YEAR}, immutable"
    return response
