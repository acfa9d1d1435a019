"""The flat plan of an edition: all pages side by side, products and pages put elsewhere on it."""

from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from syndication.actions.arranging import Arranger, pins_of, places_by_hand
from syndication.models import Edition, EditionPage
from syndication.queries.proof import comment_counts, marks_of, placed_on
from syndication.queries.reach import Level
from syndication.registry import output_kind

from .base import perform
from .limits import holds

TONES = {"added": "good", "changed": "warn", "removed": "bad", "moved": "info"}
DONE = _("Kept: the next edition has it so.")
SENTENCES = {
    "before": _("%(products)s before %(anchor)s"),
    "after": _("%(products)s behind %(anchor)s"),
    "pin": _("%(products)s on page %(page)d of the chapter"),
    "first": _("%(products)s in front, in this order"),
}


class FlatPlanPages:
    """The flat plan and what is done on it, for the admin of editions."""

    def flat_plan(self, request, pk):
        """Show all pages side by side, with what stands on them."""
        edition, proof = self._proof(request, pk)
        pages, marks, counts = proof.pages(), marks_of(proof), comment_counts(edition)
        file = request.GET.get("file") or (pages[0].file if pages else "")
        shown = [page for page in pages if page.file == file]
        pins = pins_of(edition.output)
        rows = [_plan_row(page, marks, counts, pins) for page in shown]
        context = {
            "spreads": _spreads(rows) if _bound(edition) else [[row] for row in rows],
            "bound": _bound(edition),
            "file": file,
            "removed": proof.counts()["removed"],
            "files": sorted({page.file for page in pages}),
            "may_arrange": self._may_arrange(edition, request),
            "may_pin": _kind(edition).arranged_by == "placing",
            "by_hand": [_told(row) for row in places_by_hand(edition.output, seen=proof.seen)],
            "waits": _waits(edition),
            "rtl": _rtl(edition),
            "address": reverse("admin:syndication_edition_arrange", args=[pk]),
        }
        return self._show(request, edition, "plan", translate("Flat plan"), context)

    def arrange(self, request, pk):
        """Put a product or a page elsewhere in the next edition, or let products go."""
        edition, sent = self._edition(request, pk), request.POST
        if not self._may_arrange(edition, request):
            raise PermissionDenied
        file = sent.get("file", "")
        back = f"{reverse('admin:syndication_edition_plan', args=[pk])}?{urlencode({'file': file})}"
        if page := _number(sent.get("page")):
            back += f"#page-{page}"
        how = {"file": file, "actor": request.user.get_username(), "at": timezone.now()}
        act = lambda: _arranged(Arranger(edition, **how), sent)  # noqa: E731
        return perform(request, act, done=str(DONE), back=back)

    def _may_arrange(self, edition: Edition, request) -> bool:
        may = request.user.has_perm("syndication.change_output")
        return (
            may and bool(_kind(edition).arranged_by) and holds(request, edition.output, Level.OWN)
        )


def _arranged(arranger: Arranger, sent):
    names, to = sent.getlist("identifier"), _number(sent.get("to"))
    if sent.get("move") == "beside":
        behind = sent.get("behind") == "1"
        return arranger.beside(names, anchor=sent.get("anchor", ""), behind=behind)
    if sent.get("move") == "page":
        return arranger.page(_number(sent.get("page")), to=to)
    if sent.get("move") == "pin":
        return arranger.pin(names[0] if names else "", page=to)
    return arranger.let_go(names)


def _number(text) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 8 else 0


def _kind(edition: Edition):
    return output_kind(edition.output.kind)


def _bound(edition: Edition) -> bool:
    """Say whether the pages lie open two by two; those of labels, sheets and lists lie single."""
    return edition.output.kind in ("catalogue", "leaflet")


def _waits(edition: Edition) -> bool:
    """Say whether something was put elsewhere since the edition was made."""
    by = _kind(edition).arranged_by
    made = edition.settings.get("options") or {}
    return bool(by) and (made.get(by) or None) != ((edition.output.options or {}).get(by) or None)


def _told(row: dict) -> dict:
    """Return a place by hand as a sentence."""
    names = row["identifiers"]
    words = {"products": ", ".join(names), "anchor": row["anchor"], "page": row["page"]}
    return {"text": str(SENTENCES[row["then"]]) % words, "identifiers": names}


def _plan_row(page: EditionPage, marks: dict, counts: dict, pins: dict) -> dict:
    products = [
        {
            "identifier": identifier,
            "tone": TONES.get(marks.get(identifier, ""), ""),
            "pin": pins.get(identifier),
        }
        for identifier in dict(placed_on(page))
    ]
    return {
        "page": page,
        "products": products,
        "marked": sum(1 for product in products if product["tone"]),
        "comments": counts.get((page.file, page.number), 0),
    }


def _spreads(rows: list[dict]) -> list[list[dict | None]]:
    """Return facing pages: the first stands alone on its side."""
    if not rows:
        return []
    sides = [None, *rows]
    sides += [None] * (len(sides) % 2)
    return [sides[n : n + 2] for n in range(0, len(sides), 2)]


def _rtl(edition: Edition) -> bool:
    first = (edition.settings.get("locales") or [""])[0]
    return first.split("-")[0] in ("ar", "he", "fa", "ur")
