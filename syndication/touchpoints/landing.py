"""Landing pages: the live page of a product, and the way to it from older names."""

import hashlib
from collections import OrderedDict

import orjson
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from syndication.contract import RenderContext, Unit
from syndication.models import LIVE, REMOVED
from syndication.models import Listing as Row
from syndication.queries import pages as queries
from syndication.queries.pages import Site
from syndication.queries.sheets import served_sheet
from syndication.registry import output_kind
from syndication.rendering.addresses import page_path
from syndication.rendering.landing_page import fill, sheet_link

from . import refusals
from .negotiation import best_locale
from .responses import html, redirect

KEPT = 256
_kept: OrderedDict[str, dict[str, str]] = OrderedDict()


def sites_for(locale: str) -> list[tuple[Site, str]]:
    """Return the sites that have a locale, with what they call it."""
    pairs = [(site, site.locale(locale)) for site in queries.landing_sites()]
    return [(site, found) for site, found in pairs if found]


@require_safe
def page(request: HttpRequest, locale: str, slug: str) -> HttpResponse:
    """Serve the page of a live product; lead to it from older names; say what became of it."""
    sites = sites_for(locale)
    for site, code in sites:
        row = site.rows(locale=code, slug=slug, state=LIVE).first()
        if row is None:
            continue
        if code != locale:
            return redirect(page_path(slug, locale=code))
        return _serve(request, site, row)
    for site, code in sites:
        if answer := _elsewhere(request, site, code, slug):
            return answer
    return refusals.not_found(request, sites[0][1] if sites else "")


def _elsewhere(request: HttpRequest, site: Site, code: str, slug: str) -> HttpResponse | None:
    """Answer for a slug that no live listing of the locale has: moved, gone, or None."""
    product_id = queries.find_moved(site, slug)
    if product_id is None:
        return None
    row = site.rows(product_id=product_id, locale=code).first()
    if row is not None and row.state == LIVE:
        return redirect(page_path(row.slug, locale=code))
    if row is not None and row.state == REMOVED:
        return refusals.gone(request, site, code, product_id)
    if paths := queries.paths_by_locale(site, product_id):
        return refusals.other_language(request, site, code, paths)
    return None


def _serve(request: HttpRequest, site: Site, row: Row) -> HttpResponse:
    unit, context = queries.units(site, row.root_id, row.locale), site.context(row.locale)
    if unit is None or context is None:
        raise Http404
    rendered = live_pages(site, unit, context)
    if row.slug not in rendered:  # a sub-model: its variants are on the page of the root
        return redirect(page_path(next(iter(rendered)), locale=row.locale))
    slugs = queries.paths_by_locale(site, row.product_id)
    paths = {code: page_path(slug, locale=code) for code, slug in slugs.items()}
    known = {"base": context.public_url, "current": row.locale}
    text = fill(rendered[row.slug], paths, **known, sheet=_sheet(site, unit, row.locale))
    return html(request, text, locale=row.locale)


def _sheet(site: Site, unit: Unit, locale: str) -> str:
    """Return the link to the data sheet of the unit, "" where there is none to open."""
    found = served_sheet(site, unit.main(locale).identifier, locale=locale)
    return sheet_link(found.path, found.size, locale=locale) if found else ""


def live_pages(site: Site, unit: Unit, context: RenderContext) -> dict[str, str]:
    """Return {slug: HTML} of a live unit: the output's fragment."""
    kind = output_kind(site.output.kind)
    members = unit.listings[context.locale]
    facts = {identifier: [f.prices, f.availability] for identifier, f in unit.facts.items()}
    parts = [
        context.output,
        kind.version,
        kind.environment(context),
        context.options,
        context.tokens,
        context.labels[context.locale].digest,
        context.public_url,
        [member.digest for member in members],
        facts,
    ]
    key = hashlib.sha256(orjson.dumps(parts, option=orjson.OPT_SORT_KEYS, default=str)).hexdigest()
    if key not in _kept:
        _kept[key] = kind.pages(unit, context)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return _kept[key]


@require_safe
def negotiated(request: HttpRequest, slug: str) -> HttpResponse:
    """Lead to the page in the reader's language, by Accept-Language."""
    header = request.headers.get("Accept-Language", "")
    for site in queries.landing_sites():
        product_id = queries.find_moved(site, slug)
        paths = queries.paths_by_locale(site, product_id) if product_id is not None else {}
        if paths:
            code = best_locale(header, paths)
            return redirect(page_path(paths[code], locale=code), vary="Accept-Language")
        if product_id is not None:
            code = best_locale(header, site.locales)
            return refusals.gone(request, site, code, product_id, vary="Accept-Language")
    return refusals.not_found(request, "", vary="Accept-Language")
