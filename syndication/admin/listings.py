"""Read-only pages of listings, touchpoints and the audit."""

from collections.abc import Iterable

from django.contrib import admin
from django.contrib.admin import display
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _
from unfold.views import ChangeList

from pim.published import structure
from syndication.models import AuditEntry, Listing, Touchpoint
from syndication.queries.reach import seen_listings, visible_reasons

from .base import TONES, DeskAdmin, ReadOnly, chip
from .limits import OutputFilter, outputs_of_request, rights_of_request

REASONS = {
    "incomplete": _("below the completeness gate"),
    "missing": _("missing"),
    "disabled": _("disabled"),
    "withdrawn": _("withdrawn"),
    "unpublished": _("never published"),
    "no_variants": _("a model without live variants"),
    "no_live_variants": _("a model without live variants"),
    "not_in_tree": _("not in the channel's category tree"),
    "selection": _("not in the selection of the output"),
    "not_in_every_locale": _("not live in every locale"),
    "root_not_listed": _("a variant whose model is not live"),
    "withheld": _("withheld"),
}


def reason_texts(reasons) -> list[str]:
    """Return the reasons for being withheld in plain words, one line per code and attribute."""
    places: dict[tuple[str, str], list[str]] = {}
    for reason in reasons or []:
        what = str(reason.get("attribute") or reason.get("detail") or "")
        places.setdefault((reason.get("code", ""), what), []).append(reason.get("locale") or "")
    return [_line(code, what, locales) for (code, what), locales in places.items()]


def _line(code: str, what: str, locales: list[str]) -> str:
    words = str(REASONS.get(code, code.replace("_", " ")))
    where = ", ".join(locale for locale in locales if locale)
    return f"{words}{': ' if what else ''}{what}{f' ({where})' if where else ''}"


def without_hidden(listings: Iterable[Listing], rights) -> list[Listing]:
    """Return the listings with the reasons that name nothing hidden, in one query at most."""
    found, attributes = list(listings), structure().attributes
    for row in found:
        how = {"channel": row.channel, "rights": rights, "attributes": attributes}
        row.reasons = visible_reasons(row.reasons, **how)
    return found


class ListingChangeList(ChangeList):
    """A list whose reasons name nothing that the person may not see."""

    def get_results(self, request):
        super().get_results(request)
        rights = rights_of_request(request)
        self.result_list = without_hidden(self.result_list, rights)


@admin.register(Listing)
class ListingAdmin(ReadOnly, DeskAdmin):
    """Each product as it appears in each context, and why it does not."""

    list_display = (
        "product", "channel", "audience", "locale", "state_chip", "why", "sequence", "page",
        "updated_at",
    )  # fmt: skip
    list_filter = ("state", "channel", "audience", "locale", "role")
    search_fields = ("identifier", "slug", "gtin")
    fields = (
        "identifier", "channel", "audience", "locale", "state", "why", "slug", "gtin", "version",
        "sequence", "digest", "updated_at",
    )  # fmt: skip
    readonly_fields = ("why",)

    def get_queryset(self, request):
        return seen_listings(rights_of_request(request), super().get_queryset(request))

    def get_changelist(self, request, **kwargs):
        return ListingChangeList

    def get_object(self, request, object_id, from_field=None):
        """The listing, its reasons without what the person may not see."""
        listing = super().get_object(request, object_id, from_field)
        return listing and without_hidden([listing], rights_of_request(request))[0]

    @display(description=_("product"), ordering="identifier")
    def product(self, obj):
        url = reverse("admin:pim_product_change", args=[obj.product_id])
        return format_html(
            '<a class="pm-link" href="{}?channel={}&locale={}">{}</a>',
            url,
            obj.channel,
            obj.locale,
            obj.identifier,
        )

    @display(description=_("state"), ordering="state")
    def state_chip(self, obj):
        return chip(obj.get_state_display(), TONES[obj.state])

    @display(description=_("why"))
    def why(self, obj):
        lines = [(line,) for line in reason_texts(obj.reasons)]
        return format_html_join(SafeString("<br>"), "{}", lines) or "–"

    @display(description=_("page"))
    def page(self, obj):
        if obj.state != "live" or not obj.slug:
            return "–"
        return format_html(
            '<a class="pm-link" target="_blank" href="/p/{}/{}">{}</a>',
            obj.locale,
            obj.slug,
            translate("open"),
        )


@admin.register(Touchpoint)
class TouchpointAdmin(ReadOnly, DeskAdmin):
    """Coded places where a person meets an edition."""

    list_display = ("code", "output", "edition", "locale", "place", "product_uuid")
    list_filter = ("output", "locale")
    list_select_related = ("edition__output",)
    search_fields = ("code", "product_uuid")

    def get_queryset(self, request):
        codes = outputs_of_request(request).values("code")
        return super().get_queryset(request).filter(output__in=codes)


@admin.register(AuditEntry)
class AuditAdmin(ReadOnly, DeskAdmin):
    """Who decided what about outputs and editions."""

    list_display = ("at", "actor", "action", "output", "edition", "note")
    list_filter = (("output", OutputFilter), "action")
    list_select_related = ("output", "edition__output")
    search_fields = ("actor", "note")

    def get_queryset(self, request):
        return super().get_queryset(request).filter(output__in=outputs_of_request(request))
