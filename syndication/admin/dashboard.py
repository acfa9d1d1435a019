"""The figures of the overview that come from outputs and listings."""

from django.db.models import Count, Max, OuterRef, Q, Subquery
from django.urls import reverse

from syndication.models import Edition, Listing, Pointer
from syndication.queries.reach import seen_listings

from .base import TONES, kind_label
from .limits import outputs_of_request, rights_of_request
from .panels import main_artefact

TROUBLE = ("failed", "blocked")
MOST_OUTPUTS = 12  # of more, those in trouble are shown, then those that were issued last
MOST_LINKS = 6


def output_figures(request) -> dict:
    """Return what the overview shows of outputs, in a handful of queries."""
    rights = rights_of_request(request)
    listings = seen_listings(rights, Listing.objects.all()).aggregate(
        live=Count("pk", filter=Q(state="live")), withheld=Count("pk", filter=Q(state="withheld"))
    )
    outputs = _outputs(outputs_of_request(request))
    trouble = [one for one in outputs if one.newest and one.newest.state in TROUBLE]
    shown = _foremost(outputs)
    files = _served_files(shown)
    return {
        **listings,
        "outputs": [_row(output, output.newest, files.get(output.pk, [])) for output in shown],
        "more_outputs": len(outputs) - len(shown),
        "trouble": len(trouble),
    }


def _outputs(seen) -> list:
    """Return the outputs that are on, each with its `newest` edition and its `served_at`."""
    newest = Edition.objects.filter(output=OuterRef("pk")).order_by("-id").values("pk")[:1]
    served = Max("pointers__moved_at")
    outputs = list(seen.filter(enabled=True).annotate(last=Subquery(newest), served_at=served))
    editions = Edition.objects.in_bulk([output.last for output in outputs if output.last])
    for output in outputs:
        output.newest = editions.get(output.last)
    return outputs


def _foremost(outputs: list) -> list:
    """Return the outputs that fit on the page, in their order where that is all of them."""
    if len(outputs) <= MOST_OUTPUTS:
        return outputs

    def urgency(output):
        bad = output.newest is not None and output.newest.state in TROUBLE
        return not bad, -(output.last or 0)

    return sorted(outputs, key=urgency)[:MOST_OUTPUTS]


def _row(output, edition, links) -> dict:
    return {
        "output": output,
        "kind": kind_label(output.kind),
        "href": reverse("admin:syndication_output_change", args=[output.pk]),
        "served_at": output.served_at,
        "edition": edition,
        "edition_href": reverse("admin:syndication_edition_change", args=[edition.pk])
        if edition
        else "",
        "tone": TONES[edition.state] if edition else "",
        "links": links[:MOST_LINKS],
        "more_links": len(links[MOST_LINKS:]),
    }


def _served_files(outputs) -> dict[int, list[dict]]:
    pointers = Pointer.objects.filter(output__in=outputs).order_by("locale")
    found: dict[int, list[dict]] = {}
    for pointer in pointers.select_related("output").prefetch_related("edition__artefacts"):
        names = [link.name for link in pointer.edition.artefacts.all()]
        if names:
            href = f"/out/{pointer.output.code}/{main_artefact(names)}"
            link = {"href": href, "text": pointer.locale or "★"}
            found.setdefault(pointer.output_id, []).append(link)
    return found
