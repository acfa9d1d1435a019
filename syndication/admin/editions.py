"""The pages of editions: state, timeline, counts, item errors, artefacts, and decisions."""

from django.contrib import admin
from django.contrib.admin import display
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from pim.published import visible_identifiers
from syndication.actions.editions import (
    approve_edition,
    cancel_edition,
    reject_edition,
    retry_edition,
)
from syndication.models import FINAL, ISSUED, Edition, Listing
from syndication.queries.reach import Level

from .base import TONES, DeskAdmin, ReadOnly, chip, perform
from .limits import OutputFilter, holds, outputs_of_request, rights_of_request
from .proof import ProofPages
from .reasons import exclusions, reasons

PAGE = 50
FEW = 25  # item errors that are listed without being asked for
COUNTS = (
    ("issued", _("issued")),
    ("item_errors", _("left out with errors")),
    ("excluded", _("excluded")),
    ("warnings", _("warnings")),
    ("rendered", _("rendered")),
    ("reused", _("reused")),
    ("added", _("added")),
    ("changed", _("changed")),
    ("removed", _("removed")),
    ("unchanged", _("unchanged")),
)
DECISIONS = {
    "approve": (approve_edition, _("Approved.")),
    "reject": (reject_edition, _("Rejected; what was served stays.")),
    "cancel": (cancel_edition, _("Cancelled.")),
    "retry": (retry_edition, _("Queued again.")),
}
STEPS = (("created_at", _("asked for")), ("started_at", _("started")), ("finished_at", _("ended")))


TRIGGERS = {"manual": _("by hand"), "sched": _("on schedule"), "dirty": _("on change")}


def trigger_text(edition) -> str:
    """Return in words what asked for an edition; a slot with its moment."""
    kind, _colon, rest = edition.trigger_key.partition(":")
    words = str(TRIGGERS.get(kind, kind))
    return f"{words} ({rest.replace('T', ' ').removesuffix('Z')} UTC)" if kind == "sched" else words


def allowed_decisions(edition) -> list[str]:
    """Return what may be decided about an edition as it stands."""
    if edition.state == "blocked":
        return ["approve", "reject"]
    if edition.state in ("failed", "cancelled"):
        return ["retry"]
    if edition.state == "retry_wait":
        return ["retry", "cancel"]
    return [] if edition.state in FINAL else ["cancel"]


@admin.register(Edition)
class EditionAdmin(ProofPages, ReadOnly, DeskAdmin):
    """Editions: immutable; people only decide about them."""

    list_display = (
        "title", "locale", "state_chip", "issued", "errors", "delta", "created_by", "created_at",
    )  # fmt: skip
    list_filter = (("output", OutputFilter), "state", "locale")
    list_select_related = ("output",)
    search_fields = ("output__code", "output__name")
    list_display_links = None

    def get_queryset(self, request):
        return super().get_queryset(request).filter(output__in=outputs_of_request(request))

    def get_urls(self):
        wrap = self.admin_site.admin_view
        mine = [
            path("<int:pk>/decide/", wrap(self.decide), name="syndication_edition_decide"),
            path("<int:pk>/item/", wrap(self.item), name="syndication_edition_item"),
        ]
        return mine + self.proof_urls() + super().get_urls()

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Show one edition."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        edition = get_object_or_404(
            self.get_queryset(request).select_related("output"), pk=object_id
        )
        return TemplateResponse(
            request,
            "admin/syndication/edition.html",
            {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "title": f"{edition.output} #{edition.number}",
                "edition": edition,
                "tone": TONES[edition.state],
                "trigger": trigger_text(edition),
                "left_out": edition.counts.get("item_errors", 0),
                "running": edition.state not in FINAL and edition.state != "blocked",
                "counts": [(label, edition.counts.get(code, 0)) for code, label in COUNTS],
                "excluded": exclusions(edition),
                "steps": [(label, getattr(edition, name)) for name, label in STEPS],
                "parts": _parts(edition),
                "artefacts": _artefacts(edition),
                "audit": list(edition.audit.all()),
                "decisions": self._decisions(request, edition),
                **self.proof_context(request, edition),
                **_errors(request, edition),
            },
        )

    def _decisions(self, request, edition):
        may = request.user.has_perm("syndication.change_output")
        may &= holds(request, edition.output, Level.PUBLISH)
        return allowed_decisions(edition) if may else []

    def decide(self, request, pk):
        """Approve, reject, cancel or retry."""
        if not request.user.has_perm("syndication.change_output"):
            raise PermissionDenied
        edition = get_object_or_404(self.get_queryset(request).select_related("output"), pk=pk)
        if not holds(request, edition.output, Level.PUBLISH):
            raise PermissionDenied
        chosen = DECISIONS.get(request.POST.get("decision", ""))
        if chosen is None:
            raise PermissionDenied
        act, done = chosen
        return perform(
            request,
            lambda: act(
                edition,
                actor=request.user.get_username(),
                at=timezone.now(),
                note=request.POST.get("note", ""),
            ),
            done=done,
            back=reverse("admin:syndication_edition_change", args=[pk]),
        )

    def item(self, request, pk):
        """Go to the product of an item error, at the field it is about."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        edition = get_object_or_404(self.get_queryset(request).select_related("output"), pk=pk)
        identifier, field = request.GET.get("identifier", ""), request.GET.get("field", "")
        rows = Listing.objects.filter(identifier=identifier, channel=edition.output.channel)
        product = rows.values_list("product_id", flat=True).first()
        if product is None:
            products = reverse("admin:pim_product_changelist")
            return HttpResponseRedirect(f"{products}?{urlencode({'q': identifier})}")
        query = {"channel": edition.output.channel}
        if edition.locale:
            query["locale"] = edition.locale
        page = reverse("admin:pim_product_change", args=[product])
        return HttpResponseRedirect(f"{page}?{urlencode(query)}#field-{field}")

    @display(description=_("edition"), ordering="id")
    def title(self, obj):
        return format_html(
            '<a class="pm-title" href="{}"><strong>{} #{}</strong><small>{}</small></a>',
            reverse("admin:syndication_edition_change", args=[obj.pk]),
            obj.output.name,
            obj.number,
            TRIGGERS.get(obj.trigger_key.split(":")[0], ""),
        )

    @display(description=_("state"), ordering="state")
    def state_chip(self, obj):
        return chip(obj.get_state_display(), TONES[obj.state], title=obj.why())

    @display(description=_("issued"))
    def issued(self, obj):
        return obj.counts.get("issued", "–")

    @display(description=_("errors"))
    def errors(self, obj):
        count = obj.counts.get("item_errors", 0)
        return chip(count, "bad") if count else "–"

    @display(description=_("+ / ~ / −"))
    def delta(self, obj):
        parts = [obj.counts.get(name, 0) for name in ("added", "changed", "removed")]
        return " / ".join(str(part) for part in parts)


def _parts(edition) -> dict:
    states = list(edition.parts.values_list("state", flat=True))
    done = sum(1 for state in states if state == "done")
    return {"total": len(states), "done": done}


def _artefacts(edition) -> list[dict]:
    links = edition.artefacts.select_related("artefact")
    base = f"/out/{edition.output.code}/editions/{edition.number}/"
    return [
        {"link": link, "href": f"{base}{link.name}" if edition.state in ISSUED else ""}
        for link in links
    ]


def _errors(request, edition) -> dict:
    """Return the page of item errors that the filters ask for."""
    seen, rights = edition.item_errors.all(), rights_of_request(request)
    if not rights.unlimited:
        seen = seen.filter(identifier__in=visible_identifiers(rights))
    rows = seen
    severity, code = request.GET.get("severity", ""), request.GET.get("code", "")
    words = request.GET.get("q", "")
    if severity:
        rows = rows.filter(severity=severity)
    if code:
        rows = rows.filter(code=code)
    if words:
        rows = rows.filter(identifier__icontains=words)
    found = reasons(edition, seen)
    pages = Paginator(rows, PAGE)
    return {
        "errors": pages.get_page(request.GET.get("p")),
        # Many are told by their reasons, until somebody asks for some of them.
        "listed": bool(severity or code or words) or pages.count <= FEW,
        "reasons": found,
        "error_codes": sorted({row["code"] for row in found}),
        "severity": severity,
        "code": code,
        "q": words,
        "product_search": reverse("admin:pim_product_changelist"),
        "note_label": translate("Note"),
    }
