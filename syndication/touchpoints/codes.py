"""Coded touchpoints `/q/{code}` and the QR codes of products."""

import logging

from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from syndication.actions.scans import count_scan
from syndication.models import LIVE, Touchpoint
from syndication.queries import pages as queries
from syndication.rendering.addresses import page_path
from syndication.rendering.landing_page import qr_target
from syndication.rendering.view import views

from . import refusals
from .responses import guard, redirect

log = logging.getLogger(__name__)
QR_TYPES = {"svg": "image/svg+xml", "png": "image/png", "pdf": "application/pdf"}
DAY = "public, max-age=86400"


@require_safe
def touchpoint(request: HttpRequest, code: str) -> HttpResponse:
    """Count the scan and lead to the product's page, in the language of what was scanned."""
    found = Touchpoint.objects.filter(code=code).first()
    if found is None:
        return refusals.not_found(request, "")
    if request.method == "GET":
        _count(found)
    for site in _sites(found):
        locale = site.locale(_language(found)) or ""
        product_id = _product(site, found)
        if product_id is None:
            continue
        paths = queries.paths_by_locale(site, product_id)
        if not paths:
            return refusals.gone(request, site, locale or site.locales[0], product_id)
        code = locale if locale in paths else next(iter(paths))
        return redirect(page_path(paths[code], locale=code))
    return refusals.not_found(request, "")


def _language(found: Touchpoint) -> str:
    """Return the language in which the code was met: a kiosk names it in its place."""
    kind, _, locale = found.place.partition(" ")
    return locale if kind == "kiosk" and locale else found.locale


def _count(found: Touchpoint) -> None:
    """Count, but never let counting keep a reader from the page."""
    try:
        count_scan(found, at=timezone.now())
    except DatabaseError:
        log.warning("A scan of %s could not be counted.", found.code, exc_info=True)


def _sites(found: Touchpoint) -> list[queries.Site]:
    """Return the landing sites, those of the touchpoint's channel first."""
    return sorted(queries.landing_sites(), key=lambda s: s.output.channel != found.channel)


def _product(site: queries.Site, found: Touchpoint) -> int | None:
    rows = site.rows(uuid=found.product_uuid)
    return rows.values_list("product_id", flat=True).first()


@require_safe
def product_code(request: HttpRequest, locale: str, slug: str, form: str) -> HttpResponse:
    """Return the QR code of a live product as SVG, PNG or PDF."""
    from syndication.rendering import qr

    for site in queries.landing_sites():
        code = site.locale(locale)
        row = code and site.rows(locale=code, slug=slug, state=LIVE).first()
        context = site.context(code) if row else None
        unit = queries.units(site, row.root_id, code) if context else None
        if unit is None:
            continue
        members = views(unit, context.labels[code], locale=code)
        view = next((m for m in members if m.body["slug"] == slug), members[0])
        drawn = {"svg": qr.qr_svg, "png": qr.qr_png, "pdf": qr.qr_pdf}[form](
            qr_target(view, base=context.public_url)
        )
        response = HttpResponse(drawn, content_type=QR_TYPES[form])
        response["Cache-Control"] = DAY
        return guard(response, policy="default-src 'none'; style-src 'unsafe-inline'; sandbox")
    raise Http404
