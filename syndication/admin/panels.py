"""What the product pages show of listings and outputs; pim finds these by its settings."""

from django.db.models import Q
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from pim.published import structure
from syndication.models import ISSUED, Listing, Output, Pointer
from syndication.queries.reach import seen_listings, seen_outputs, visible_reasons

from .base import TONES, kind_label, label_of
from .listings import reason_texts, without_hidden


def listing_panel(product, *, context, request):
    """Return the panel of a product's page: where it is live, why not, and links to look."""
    rows = list(
        seen_listings(
            context.rights,
            Listing.objects.filter(product_id=product.pk, channel=context.channel),
        ).order_by("audience", "locale")
    )
    rows = without_hidden(rows, context.rights)
    here = next((row for row in rows if row.locale == context.locale), None)
    return render_to_string(
        "admin/syndication/listing_panel.html",
        {
            "audiences": _by_audience(rows),
            "links": _links(here, context) if here and here.state == "live" else [],
            "context": context,
        },
        request,
    )


def _by_audience(rows) -> list[dict]:
    """Return per audience its locales with their states, and the reasons of what is not live."""
    found: dict[str, dict] = {}
    audiences = structure().audiences
    for row in rows:
        label = label_of(audiences[row.audience]) if row.audience in audiences else row.audience
        held = found.setdefault(row.audience, {"label": label, "locales": [], "reasons": []})
        held["locales"].append((row.locale, TONES[row.state], row.get_state_display()))
        lines = [line for line in reason_texts(row.reasons) if line not in held["reasons"]]
        held["reasons"] += lines
    return list(found.values())


def _links(listing, context) -> list[dict]:
    """Return where the product can be seen now: its page, its feed document, served editions."""
    feed = f"/feeds/{listing.channel}/{listing.locale}/products/{listing.identifier}"
    links = [{"text": _("Landing page"), "href": f"/p/{listing.locale}/{listing.slug}"}]
    links.append({"text": _("Feed document"), "href": f"{feed}?audience={listing.audience}"})
    return [*links, *served_links(context)]


def served_links(context) -> list[dict]:
    """Return a link to what each output of the context's channel serves in its locale."""
    channel, locale = context.channel, context.locale
    outputs = seen_outputs(context.rights, Output.objects.filter(channel=channel, enabled=True))
    pointers = Pointer.objects.filter(output__in=outputs, edition__state__in=ISSUED)
    served = pointers.filter(Q(locale=locale) | Q(locale="")).select_related("output", "edition")
    links = []
    for pointer in served.prefetch_related("edition__artefacts"):
        names = [link.name for link in pointer.edition.artefacts.all()]
        if names:
            main = main_artefact(names)
            links.append(
                {
                    "text": f"{pointer.output.name} ({kind_label(pointer.output.kind)})",
                    "href": f"/out/{pointer.output.code}/{main}",
                }
            )
    return links


def main_artefact(names: list[str]) -> str:
    """Return the file that people want to open first."""
    order = (".pdf", ".html", ".xml", ".json", ".ndjson", ".zip")
    ranked = sorted(
        names, key=lambda n: (next((i for i, e in enumerate(order) if n.endswith(e)), 9), n)
    )
    return ranked[0]


def listing_chips(ids, context) -> dict[int, dict]:
    """Return {product id: chip} of a page of products in the working context, in one query."""
    rows = Listing.objects.filter(
        product_id__in=ids, channel=context.channel, locale=context.locale
    ).values_list("product_id", "state", "reasons")
    words = dict(Listing._meta.get_field("state").choices)
    how = {"channel": context.channel, "rights": context.rights}
    attributes = structure().attributes
    found: dict[int, dict] = {}
    for pk, state, reasons in rows:
        if pk in found and state != "live":
            continue
        seen = visible_reasons(reasons, attributes=attributes, **how)
        title = "; ".join(reason_texts(seen))
        found[pk] = {"text": words[state], "tone": TONES[state], "title": title}
    return found


def listing_states() -> list[tuple]:
    """Return the states that the product list can be filtered by."""

    def of(state):
        return lambda context: Listing.objects.filter(
            state=state, channel=context.channel, locale=context.locale
        ).values("product_id")

    return [
        ("live", _("Live in the working context"), of("live")),
        ("withheld", _("Withheld in the working context"), of("withheld")),
    ]


def output_choices() -> list[tuple[str, str]]:
    """Return [(code, name)] of the outputs, for the matrix of roles."""
    return list(Output.objects.order_by("name").values_list("code", "name"))
