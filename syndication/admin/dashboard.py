"""The figures of the overview that come from outputs and listings."""

from django.db.models import Count, Max, OuterRef, Q, Subquery
from django.urls import reverse

from syndication.models import Edition, Listing, Pointer
from syndication.queries.reach import seen_listings

from .base import TONES, kind_label
from .limits import outputs_of_request, rights_of_request
from .panels import main_artefact

TROUBLE = ("failed", "blocked")


def output_figures(request) -> dict:
    """Return what the overview shows of outputs, in a handful of queries."""
    rights = rights_of_request(request)
    listings = seen_listings(rights, Listing.objects.all()).aggregate(
        live=Count("pk", filter=Q(state="live")), withheld=Count("pk", filter=Q(state="withheld"))
    )
    rows = _outputs(outputs_of_request(request))
    trouble = sum(1 for row in rows if row["edition"] and row["edition"].state in TROUBLE)
    return {**listings, "outputs": rows, "trouble": trouble}


def _outputs(seen) -> list[dict]:
    newest = Edition.objects.filter(output=OuterRef("pk")).order_by("-id").values("pk")[:1]
    served = Max("pointers__moved_at")
    outputs = list(seen.filter(enabled=True).annotate(last=Subquery(newest), served_at=served))
    editions = Edition.objects.in_bulk([output.last for output in outputs if output.last])
    files = _served_files(outputs)
    return [_row(output, editions.get(output.last), files.get(output.pk, [])) for output in outputs]


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
        "links": links,
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
