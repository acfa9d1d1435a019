"""The welcome page, robots.txt and the site map."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from syndication.queries import pages as queries
from syndication.queries.brands import house_tokens, spoken, tokens_of
from syndication.queries.showcase import showcase
from syndication.registry import output_kind, targets
from syndication.rendering.addresses import page_path
from syndication.rendering.landing_page import language_name
from syndication.rendering.listing_page import bare_frame
from syndication.rendering.pages import render
from syndication.rendering.xml import escape

from .responses import guard, html

MAX_FILES, SITEMAP_LIMIT = 8, 50_000
MAP = "http://www.sitemaps.org/schemas/sitemap/0.9"


@require_safe
def welcome(request: HttpRequest) -> HttpResponse:
    """Show what is published here: every public output, its pages and files."""
    shown = showcase()
    tokens = tokens_of(shown[0][0]) if shown else house_tokens()
    values = bare_frame("en", tokens=spoken(tokens, ["en"]))
    values["brand"] = values["brand"] or "Open PIM"
    values["title"] = "What is published here"
    values["cards"] = [_card(output, pointers) for output, pointers in shown]
    return html(request, render("touchpoints/welcome.html", values), locale="en")


def _card(output, pointers) -> dict:
    kind = str(output_kind(output.kind).label) if output.kind in targets() else output.kind
    issued = [pointer.edition for pointer, _ in pointers]
    newest = max(issued, key=lambda e: e.number, default=None)
    state = "Not issued yet"
    if newest:
        day = newest.finished_at or newest.created_at
        state = f"Edition {newest.number} of {day:%Y-%m-%d %H:%M} UTC"
    return {
        "name": output.name or output.code,
        "kind": kind,
        "state": state,
        "pages": _pages(output),
        "files": _files(output, pointers),
    }


def _pages(output) -> list[dict]:
    if output.kind == "kiosk":
        return [{"url": f"/kiosk/{output.code}/", "label": "Open the kiosk"}]
    if output.kind != "landing":
        return []
    return [{"url": f"/p/{code}/", "label": language_name(code)} for code in output.locales]


def _files(output, pointers) -> list[dict]:
    if output.kind == "kiosk":
        return []
    links = [link for _, files in pointers for link in files][:MAX_FILES]
    return [{"url": f"/out/{output.code}/{link.name}", "label": link.name} for link in links]


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Let search engines read the landing pages and nothing else."""
    lines = ["User-agent: *", "Disallow: /admin/", "Disallow: /api/", "Disallow: /q/"]
    lines += ["Disallow: /out/", f"Sitemap: {settings.PUBLIC_URL}/sitemap.xml", ""]
    return guard(HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8"))


def _xml(text: str) -> HttpResponse:
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    response = HttpResponse(head + text, content_type="application/xml")
    response["Cache-Control"] = "public, max-age=3600"
    return guard(response)


@require_safe
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """List the site maps: one per locale."""
    codes = dict.fromkeys(code for site in queries.landing_sites() for code in site.locales)
    entries = "".join(
        f"<sitemap><loc>{escape(f'{settings.PUBLIC_URL}/sitemap-{code}.xml')}</loc></sitemap>\n"
        for code in codes
    )
    return _xml(f'<sitemapindex xmlns="{MAP}">\n{entries}</sitemapindex>\n')


@require_safe
def sitemap(request: HttpRequest, locale: str) -> HttpResponse:
    """List the landing pages of a locale."""
    sites = [site for site in queries.landing_sites() if site.locale(locale) == locale]
    if not sites:
        raise Http404
    slugs = queries.live_slugs(sites[0], locale)[:SITEMAP_LIMIT]
    entries = "".join(
        f"<url><loc>{escape(settings.PUBLIC_URL + page_path(slug, locale=locale))}</loc></url>\n"
        for slug in slugs
    )
    return _xml(f'<urlset xmlns="{MAP}">\n{entries}</urlset>\n')
