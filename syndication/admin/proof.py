"""The proof of an edition at the desk: its change list, its pages with comments, its files."""

import textwrap
from pathlib import Path

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from syndication.actions.marked import marked_file
from syndication.actions.proof import comment_page, settle_comment
from syndication.actions.thumbnails import SIZES, page_picture
from syndication.models import Edition, EditionPage
from syndication.queries.proof import Proof, comment_counts, placed_on
from syndication.queries.reach import Level
from syndication.refusals import NotDrawn

from .base import perform
from .flat_plan import TONES, FlatPlanPages
from .limits import holds, rights_of_request

PAGE = 50
LABELS = {
    "added": _("Added"),
    "changed": _("Changed"),
    "removed": _("Removed"),
    "moved": _("On another page"),
}


class ProofPages(FlatPlanPages):
    """The pages of the proof, for the admin of editions."""

    def proof_urls(self) -> list:
        """Return the addresses of the proof, below that of the edition."""
        wrap = self.admin_site.admin_view
        views = {
            "changes": ("changes/", self.changes),
            "marked": ("marked/<path:file>", self.marked),
            "plan": ("plan/", self.flat_plan),
            "page": ("page/<int:page>/<path:file>", self.page),
            "picture": ("picture/<str:size>/<int:page>/<path:file>", self.picture),
            "comment": ("comment/<int:page>/<path:file>", self.comment),
            "settle": ("settle/<int:comment>/", self.settle),
            "arrange": ("arrange/", self.arrange),
        }
        return [
            path(f"<int:pk>/{route}", wrap(view), name=f"syndication_edition_{name}")
            for name, (route, view) in views.items()
        ]

    def proof_context(self, request, edition: Edition) -> dict:
        """Return what the page of an edition says of its proof."""
        proof = Proof(edition, rights=rights_of_request(request))
        return {
            "proof": proof.before is not None,
            "change_counts": _counted(proof) if proof.before else [],
            "has_pages": edition.pages.exists(),
            "open_comments": sum(comment_counts(edition).values()),
        }

    def changes(self, request, pk):
        """List what changed against the edition before."""
        edition, proof = self._proof(request, pk)
        kind, words = request.GET.get("kind", ""), request.GET.get("q", "")
        if kind not in LABELS:
            kind = ""
        where = _where(proof)
        if kind == "moved":
            found = [m for m in proof.moved if words.lower() in m.identifier.lower()]
            rows = Paginator(found, PAGE).get_page(request.GET.get("p"))
        else:
            rows = Paginator(proof.changes(kind=kind, words=words), PAGE).get_page(
                request.GET.get("p")
            )
            for row in rows:
                row.rows, row.page = proof.rows_of(row), where.get(row.identifier, "")
                row.tone = TONES[row.kind]
        context = {
            "rows": rows,
            "kind": kind,
            "q": words,
            "counts": _counted(proof),
            "before": proof.before,
            "moved": kind == "moved",
        }
        return self._show(request, edition, "changes", translate("What changed"), context)

    def marked(self, request, pk, file):
        """Give the file with what changed marked on its pages."""
        edition, proof = self._proof(request, pk)
        try:
            made = marked_file(edition, proof, file=file, sha256=_artefact(edition, file))
        except (NotDrawn, FileNotFoundError) as error:
            messages.error(request, _said(error))
            plan = reverse("admin:syndication_edition_plan", args=[pk])
            return HttpResponseRedirect(f"{plan}?{urlencode({'file': file})}")
        name = f"proof-{edition.number}-{Path(file).name}"
        return FileResponse(made.open("rb"), filename=name, content_type="application/pdf")

    def page(self, request, pk, page, file):
        """Show one page, what stands on it, what changed there, and its comments."""
        edition, proof = self._proof(request, pk)
        pages = [one for one in proof.pages() if one.file == file]
        shown = next((one for one in pages if one.number == page), None)
        if shown is None:
            raise Http404
        names = [identifier for identifier, _box in placed_on(shown)]
        size = _size(_artefact(edition, file), page=page)  # drawn now: its picture comes next
        changed = {c.identifier: c for c in proof.changes().filter(identifier__in=names)}
        products = [
            {
                "identifier": identifier,
                "box": _percent(box, page=size),
                "change": changed.get(identifier),
                "tone": TONES.get(getattr(changed.get(identifier), "kind", ""), ""),
                "rows": proof.rows_of(changed[identifier]) if identifier in changed else [],
            }
            for identifier, box in placed_on(shown)
        ]
        context = {
            "page": shown,
            "products": products,
            "last": pages[-1].number,
            "comments": edition.comments.filter(file=file, page=page),
            "may_comment": self._may_comment(edition, request),
        }
        label = shown.folio or shown.number
        return self._show(
            request, edition, "page", translate("Page %(page)s") % {"page": label}, context
        )

    def picture(self, request, pk, size, page, file):
        """Give the picture of a page."""
        edition = self._edition(request, pk)
        if size not in SIZES or not edition.pages.filter(file=file, number=page).exists():
            raise Http404
        try:
            drawn = page_picture(_artefact(edition, file), page=page, size=size).path
        except (NotDrawn, FileNotFoundError) as error:
            return _in_its_place(_said(error))
        response = FileResponse(drawn.open("rb"), content_type="image/png")
        response["Cache-Control"] = "private, max-age=86400"
        return response

    def comment(self, request, pk, page, file):
        """Write a comment on a page."""
        edition = self._edition(request, pk)
        if not self._may_comment(edition, request):
            raise PermissionDenied
        said = {"text": request.POST.get("text", ""), "actor": request.user.get_username()}
        return perform(
            request,
            lambda: comment_page(edition, file=file, page=page, at=timezone.now(), **said),
            done=translate("The comment is kept."),
            back=reverse("admin:syndication_edition_page", args=[pk, page, file]),
        )

    def settle(self, request, pk, comment):
        """Mark a comment as settled."""
        edition = self._edition(request, pk)
        found = get_object_or_404(edition.comments, pk=comment)
        if not self._may_comment(edition, request):
            raise PermissionDenied
        how = {"actor": request.user.get_username(), "at": timezone.now()}
        return perform(
            request,
            lambda: settle_comment(found, **how),
            done=translate("The comment is settled."),
            back=reverse("admin:syndication_edition_page", args=[pk, found.page, found.file]),
        )

    def _edition(self, request, pk) -> Edition:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return get_object_or_404(self.get_queryset(request).select_related("output"), pk=pk)

    def _proof(self, request, pk) -> tuple[Edition, Proof]:
        edition = self._edition(request, pk)
        return edition, Proof(edition, rights=rights_of_request(request))

    def _may_comment(self, edition: Edition, request) -> bool:
        return holds(request, edition.output, Level.EDIT)

    def _show(self, request, edition, name, title, context):
        shared = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"{edition.output} #{edition.number}: {title}",
            "edition": edition,
            **context,
        }
        return TemplateResponse(request, f"admin/syndication/proof_{name}.html", shared)


def _counted(proof: Proof) -> list[tuple[str, str, str, int]]:
    return [(k, str(LABELS[k]), TONES[k], n) for k, n in proof.counts().items()]


def _where(proof: Proof) -> dict[str, EditionPage]:
    return {
        identifier: page for page in reversed(proof.pages()) for identifier, _box in placed_on(page)
    }


def _artefact(edition: Edition, file: str) -> str:
    link = edition.artefacts.filter(name=file).first()
    if link is None:
        raise Http404
    return link.artefact_id


def _size(sha256: str, *, page: int) -> tuple[float, float] | None:
    """Return width and height of a trimmed page in points, None where it cannot be drawn."""
    try:
        found = page_picture(sha256, page=page, size="large")
    except (NotDrawn, FileNotFoundError):
        return None
    return found.width, found.height


def _said(error: Exception) -> str:
    if isinstance(error, NotDrawn):
        return error.say(translate)
    return translate("The file of this edition is not kept any more.")


def _in_its_place(text: str) -> HttpResponse:
    """Return a picture that says why there is none."""
    lines = list(enumerate(textwrap.wrap(text, 26)[:8]))
    picture = render_to_string("admin/syndication/proof_no_picture.svg", {"lines": lines})
    response = HttpResponse(picture, content_type="image/svg+xml", status=503)
    response["Cache-Control"] = "no-store"
    return response


def _percent(box: list[float], *, page: tuple[float, float] | None) -> dict[str, str]:
    """Return a box as CSS percentages of the page, from its top left corner."""
    if page is None:
        return {}
    x, y, width, height = box
    across, down = page
    parts = {"left": x / across, "top": 1 - (y + height) / down}
    parts |= {"width": width / across, "height": height / down}
    return {name: f"{100 * part:.2f}%" for name, part in parts.items()}
