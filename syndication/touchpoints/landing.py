"""Landing pages: `/p/{locale}/{slug}`, negotiated `/p/-/{slug}`, and the overview of a locale."""

import hashlib
from collections import OrderedDict
from urllib.parse import urlencode

import orjson
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from syndication.models import LIVE, REMOVED
from syndication.models import Listing as Row
from syndication.queries import pages as queries
from syndication.queries.pages import Site
from syndication.registry import output_kind
from syndication.rendering.addresses import page_path
from syndication.rendering.landing_page import CARD, alternates, fill, languages, picture
from syndication.rendering.listing_page import frame
from syndication.rendering.pages import render
from syndication.rendering.phrases import phrases

from . import refusals
from .negotiation import best_locale
from .responses import html, redirect

PAGE_SIZE, KEPT = 48, 256
_kept: OrderedDict[str, dict[str, str]] = OrderedDict()


def _sites_for(locale: str) -> list[tuple[Site, str]]:
    pairs = [(site, site.locale(locale)) for site in queries.landing_sites()]
    return [(site, found) for site, found in pairs if found]


@require_safe
def page(request: HttpRequest, locale: str, slug: str) -> HttpResponse:
    """Serve the page of a live product; lead to it from older names; say what became of it."""
    sites = _sites_for(locale)
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
    rendered = live_pages(site, row)
    if row.slug not in rendered:  # a sub-model: its variants are on the page of the root
        return redirect(page_path(next(iter(rendered)), locale=row.locale))
    slugs = queries.paths_by_locale(site, row.product_id)
    paths = {code: page_path(slug, locale=code) for code, slug in slugs.items()}
    context = site.context(row.locale)
    text = fill(rendered[row.slug], paths, base=context.public_url, current=row.locale)
    return html(request, text, locale=row.locale)


def live_pages(site: Site, row: Row) -> dict[str, str]:
    """Return {slug: HTML} of the live unit that a listing belongs to: the output's fragment."""
    unit = queries.units(site, row.root_id, row.locale)
    context = site.context(row.locale)
    if unit is None or context is None:
        raise Http404
    kind = output_kind(site.output.kind)
    members = unit.listings[row.locale]
    facts = {identifier: [f.prices, f.availability] for identifier, f in unit.facts.items()}
    parts = [
        context.output,
        kind.version,
        kind.environment(context),
        context.options,
        context.tokens,
        context.labels[row.locale].digest,
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


@require_safe
def negotiated_overview(request: HttpRequest) -> HttpResponse:
    """Lead to the overview in the reader's language."""
    sites = queries.landing_sites()
    if not sites:
        return refusals.not_found(request, "", vary="Accept-Language")
    code = best_locale(request.headers.get("Accept-Language", ""), sites[0].locales)
    return redirect(f"/p/{code}/", vary="Accept-Language")


@require_safe
def overview(request: HttpRequest, locale: str) -> HttpResponse:
    """Show the live products of a locale, by category, page by page."""
    sites = _sites_for(locale)
    context = sites[0][0].context(sites[0][1]) if sites else None
    if context is None:
        return _slug_alone(request, locale) if not sites else refusals.not_found(request, locale)
    site, code = sites[0]
    if code != locale:
        return redirect(f"/p/{code}/")
    category = request.GET.get("category", "")
    known = context.labels[code].body["categories"]
    if category and category not in known:
        return refusals.not_found(request, code)
    rows = queries.overview(site, code, category=category)
    values = {**frame(context), **_cards(rows, _number(request), code, category=category)}
    values["heading"] = known[category]["label"] if category else ""
    values["categories"] = _categories(known, context, category)
    paths = {other: f"/p/{other}/" for other in site.locales}
    values["languages"] = languages(paths, current=code)
    values["alternates"] = "" if category else alternates(paths, base=context.public_url)
    return html(request, render("outputs/landing/list.html", _safe(values)), locale=code)


def _slug_alone(request: HttpRequest, slug: str) -> HttpResponse:
    """`/p/{slug}`: no locale of that name, so it is a slug to negotiate for."""
    return negotiated(request, slug)


def _safe(values: dict) -> dict:
    from django.utils.safestring import mark_safe

    return {**values, **{k: mark_safe(values[k]) for k in ("languages", "alternates")}}


def _number(request: HttpRequest) -> int:
    text = request.GET.get("page", "1")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 7 else 1


def _cards(rows, number: int, locale: str, *, category: str) -> dict:
    count = rows.count()
    pages = max(1, -(-count // PAGE_SIZE))
    number = min(number, pages)
    shown = list(rows[(number - 1) * PAGE_SIZE : number * PAGE_SIZE])
    values = {
        "cards": cards(shown, locale),
        "pictured": True,
        "count": phrases(locale)["products_count"].format(count=count),
    }
    if pages > 1:
        values["pager"] = {
            "page": str(number),
            "pages": str(pages),
            "previous": _address(number - 1, category) if number > 1 else "",
            "next": _address(number + 1, category) if number < pages else "",
        }
    return values


def cards(rows: list[Row], locale: str) -> list[dict]:
    """Return listings as cards with picture, name and article number."""
    pictured = queries.pictured(rows)
    bodies = queries.load_bodies({row.digest for row in pictured.values()})
    found = []
    for row in rows:
        shown = pictured[row.product_id]
        asset = bodies.get(shown.digest, {}).get("assets", {}).get(shown.image)
        found.append(
            {
                "url": page_path(row.slug, locale=locale),
                "name": row.name,
                "identifier": row.identifier,
                "picture": picture(asset, widths=CARD)
                if asset and asset["kind"] == "image"
                else None,
            }
        )
    return found


def _address(number: int, category: str) -> str:
    pairs = {"category": category} if category else {}
    return "?" + urlencode({**pairs, "page": number})


def _categories(known: dict, context, category: str) -> list[dict]:
    """Return the way back, the chosen category's children, or the tree's first level."""
    root = context.labels[context.locale].body["channel"].get("tree") or ""
    above = known[category]["parent"] if category else ""
    children = [c for c, held in known.items() if held["parent"] == (category or root)]
    siblings = [c for c, held in known.items() if category and held["parent"] == above]
    shown = sorted(children or siblings, key=lambda c: (known[c]["sort"], known[c]["label"]))
    say = phrases(context.locale)
    rows = [{"url": f"/p/{context.locale}/", "label": say["all_products"], "current": not category}]
    trail = [c for c in known.get(category, {}).get("path", []) if c not in (root, category)]
    for code in [*trail, *([category] if children and category else []), *shown]:
        url = f"/p/{context.locale}/?" + urlencode({"category": code})
        rows.append({"url": url, "label": known[code]["label"], "current": code == category})
    return rows
