"""Overviews of landing pages: the live products of a locale, by category, page by page."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from syndication.queries import pages as queries
from syndication.rendering.landing_page import MAIN, alternates, languages, picture
from syndication.rendering.listing_page import frame
from syndication.rendering.pages import render
from syndication.rendering.phrases import phrases
from syndication.rendering.richtext import clean_html

from . import landing, refusals
from .cards import cards
from .landing import sites_for
from .negotiation import best_locale
from .responses import html, redirect

PAGE_SIZE = 48


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
    sites = sites_for(locale)
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
    values = {**frame(context), **_page_of(rows, _number(request), code, category=category)}
    if category:
        values["heading"] = values["title"] = known[category]["label"]
    values |= _told(known.get(category, {}))
    values["categories"] = _categories(known, context, category)
    paths = {other: f"/p/{other}/" for other in site.locales}
    values["languages"] = languages(paths, current=code)
    values["alternates"] = "" if category else alternates(paths, base=context.public_url)
    return html(request, render("outputs/landing/list.html", _safe(values)), locale=code)


def _told(category: dict) -> dict:
    """Return the introduction and the picture of the chosen category, as far as there are any."""
    image, intro = category.get("image"), clean_html(category.get("intro") or "", links="keep")
    return {
        "intro": mark_safe(intro),
        "picture": picture(image, widths=MAIN) if image else None,
    }


def _slug_alone(request: HttpRequest, slug: str) -> HttpResponse:
    """`/p/{slug}`: no locale of that name, so it is a slug to negotiate for."""
    return landing.negotiated(request, slug)


def _safe(values: dict) -> dict:
    return {**values, **{k: mark_safe(values[k]) for k in ("languages", "alternates")}}


def _number(request: HttpRequest) -> int:
    text = request.GET.get("page", "1")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 7 else 1


def _page_of(rows, number: int, locale: str, *, category: str) -> dict:
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
