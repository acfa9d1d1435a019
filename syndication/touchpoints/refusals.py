"""Pages for what is not there: unknown, gone, or only in another language."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from syndication.queries import pages as queries
from syndication.queries.brands import house_tokens, spoken
from syndication.queries.pages import Site
from syndication.rendering.addresses import page_path
from syndication.rendering.landing_page import language_name
from syndication.rendering.listing_page import bare_frame, frame
from syndication.rendering.pages import render

from .cards import cards
from .negotiation import best_locale
from .responses import html

TEMPLATE = "touchpoints/message.html"


def _reader(request: HttpRequest) -> str:
    codes = [code for code, _ in settings.LANGUAGES] + ["ar", "sv", "fr"]
    return best_locale(request.headers.get("Accept-Language", ""), codes)


def not_found(request: HttpRequest, locale: str, *, vary: str = "") -> HttpResponse:
    """Answer 404 with a page in the reader's language."""
    code = locale or _reader(request)
    sites = queries.landing_sites()
    tokens = sites[0].tokens if sites else house_tokens()
    values = bare_frame(code, tokens=spoken(tokens, [code]))
    values["home"] = "/p/" if sites else "/"
    values["title"] = values["heading"] = values["say"]["not_found_title"]
    values["text"], values["number"] = values["say"]["not_found_text"], "404"
    vary = vary or ("" if locale else "Accept-Language")
    return html(request, render(TEMPLATE, values), locale=code, status=404, vary=vary)


def gone(
    request: HttpRequest, site: Site, locale: str, product_id: int, *, vary: str = ""
) -> HttpResponse:
    """Answer 410 with what is offered instead."""
    context = site.context(locale)
    values = frame(context) if context else bare_frame(locale, tokens=site.says(locale))
    values["home"] = f"/p/{locale}/"
    values["title"] = values["heading"] = values["say"]["gone_title"]
    values["text"], values["number"] = values["say"]["gone_text"], "410"
    values["cards"] = cards(queries.alternatives(site, product_id, locale), locale)
    return html(request, render(TEMPLATE, values), locale=locale, status=410, vary=vary)


def other_language(
    request: HttpRequest, site: Site, locale: str, slugs: dict[str, str]
) -> HttpResponse:
    """Answer 404 for this language, with links to those in which the product is live."""
    values = bare_frame(locale, tokens=site.says(locale))
    values["home"] = f"/p/{locale}/"
    values["title"] = values["heading"] = values["say"]["not_found_title"]
    values["number"], values["text"] = "404", ""
    values["links"] = [
        {"url": page_path(slug, locale=code), "label": language_name(code), "locale": code}
        for code, slug in slugs.items()
    ]
    return html(request, render(TEMPLATE, values), locale=locale, status=404)
