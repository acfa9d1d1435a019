"""What a look comes to, live: a page of print, a landing page, the kiosk."""

import re
import secrets

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as translate

from pim.published import structure
from syndication.actions.previews import Wish, draw_preview, previewable
from syndication.actions.served import wake_for
from syndication.models import LIVE, Brand, Output
from syndication.queries.brands import look_of, outputs_with, spoken
from syndication.queries.pages import Site, render_context, units
from syndication.queries.reach import rights_of
from syndication.refusals import Refused
from syndication.registry import output_kind
from syndication.rendering.kiosk_sample import (
    inside_script,
    sample_parts,
    sample_script,
    sample_style,
)
from syndication.rendering.landing_page import fill
from syndication.rendering.pages import style_sheet

from .previews import picture_url

POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; font-src 'self';"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox"
)
KIOSK_PRODUCTS = 12
PLACE = re.compile(r"#/[A-Za-z0-9-]{2,35}/[a-z]{1,20}(/[\w%.~-]{0,200})?")
LINK = re.compile(r'<link rel="stylesheet"[^>]*>')


def sample_locales(brand: Brand) -> list[str]:
    """Return the locales that samples can be seen in."""
    codes = [code for output in _shown_with(brand) for code in output.locales]
    return list(dict.fromkeys(codes)) or [c for c, x in structure().locales.items() if x.enabled]


def _printed_with(brand: Brand, locale: str) -> Output | None:
    """Return the output whose pages show the brand, one in the locale if there is any."""
    found = [o for o in _shown_with(brand) if previewable(o)]
    return next((o for o in found if locale in o.locales), next(iter(found), None))


def wake_for_samples(brand: Brand, *, locale: str) -> None:
    """Have the service ready for the page of print that will be asked for soon."""
    if output := _printed_with(brand, locale):
        wake_for(output.kind, locale if locale in output.locales else output.locales[0])


def card_sample(brand: Brand, document: dict, *, locale: str, user, who: str = "") -> dict:
    """Return {"picture"} of a page of print with the look, or {"said"}: why there is none."""
    output = _printed_with(brand, locale)
    if output is None:
        return {"said": translate("No print output has this brand yet.")}
    chosen = locale if locale in output.locales else output.locales[0]
    wish = Wish(output, chosen, brand=document, width=760, who=who)
    try:
        drawn = draw_preview(wish, rights=rights_of(user), at=timezone.now())
    except Refused as refused:
        return {"said": refused.say(translate)}
    return {"picture": picture_url(drawn.pictures[0]), "of": output.name}


def page_sample(brand: Brand, document: dict | None, *, locale: str) -> HttpResponse:
    """Return a landing page with the look: the real template, its style sheet inside."""
    site, row, chosen = _subject(brand, "landing", locale)
    if document is None or row is None:
        return _nothing(document)
    context = _context(site, document, chosen)
    unit = units(site, row.root_id, chosen)
    text = next(iter(output_kind("landing").pages(unit, context).values()))
    text = fill(text, {chosen: "#"}, base=context.public_url, current=chosen)
    # Its links would lead out of the sample.
    style = f"<style>{style_sheet(context.tokens)} a {{ pointer-events: none; }}</style>"
    return _framed(LINK.sub(lambda _found: style, text, count=1))


def kiosk_sample(brand: Brand, document: dict | None, *, locale: str, place: str) -> HttpResponse:
    """Return the kiosk with the look: its real app, style sheet and some of its products.

    `place` is where its reader was before the look changed, as the app's address has it.
    """
    site, row, chosen = _subject(brand, "kiosk", locale)
    if document is None or row is None:
        return _nothing(document)
    context = _context(site, document, chosen)
    roots = site.rows(locale=chosen, state=LIVE, parent_id=None).exclude(image="")
    ids = list(roots.order_by("product_id").values_list("root_id", flat=True)[:KIOSK_PRODUCTS])
    shown = [unit for pk in ids or [row.root_id] if (unit := units(site, pk, chosen))]
    created = timezone.localdate().isoformat()
    nonce = secrets.token_urlsafe(16)
    values = {
        "style": sample_style(context.tokens),
        "script": sample_script(),
        "parts": inside_script(sample_parts(shown, context, created=created)),
        "name": brand.name,
        "locale": chosen,
        "direction": site.labels(chosen).body["direction"],
        "place": place if PLACE.fullmatch(place) else f"#/{chosen}/home",
        "nonce": nonce,
    }
    page = render_to_string("admin/syndication/brand_kiosk.html", values)
    return _framed(page, policy=f"{POLICY} allow-scripts; script-src 'nonce-{nonce}'")


def _context(site: Site, document: dict, locale: str):
    tokens = spoken(look_of(document, (site.output.options or {}).get("tokens")), [locale])
    labels = {locale: site.labels(locale)}
    return render_context(site.output, labels=labels, locales=(locale,), tokens=tokens)


def _subject(brand: Brand, kind: str, locale: str):
    """Return a site of the kind, a live product with a picture, and the locale it is shown in."""
    mine = [o for o in _shown_with(brand) if o.kind == kind]
    found = mine or list(Output.objects.filter(kind=kind, enabled=True).order_by("code")[:1])
    for output in found:
        site = Site(output)
        chosen = locale if locale in output.locales else next(iter(output.locales), "")
        rows = site.rows(locale=chosen, state=LIVE, parent_id=None).order_by("product_id")
        row = rows.exclude(image="").first() or rows.first()
        if row and site.labels(chosen):
            return site, row, chosen
    return None, None, ""


def _shown_with(brand: Brand) -> list[Output]:
    return list(outputs_with(brand).filter(enabled=True))


def _nothing(document: dict | None) -> HttpResponse:
    text = (
        translate("Correct what is marked first.")
        if document is None
        else translate("There is no product to show yet.")
    )
    return _framed(render_to_string("admin/syndication/brand_nothing.html", {"text": text}))


def _framed(text: str, *, policy: str = POLICY) -> HttpResponse:
    """Return a page for a frame: no form, nothing from elsewhere, no script but the kiosk's own."""
    response = HttpResponse(text)
    response["Content-Security-Policy"] = policy
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response
