"""GS1 Digital Link: `/01/{gtin}` and its qualifiers (GS1-Conformant Resolver 1.2.0).

Redirects lead to landing pages only. A request for the linkset is answered with all links.
"""

import re
from urllib.parse import unquote, urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from syndication.models import LIVE
from syndication.queries import pages as queries
from syndication.rendering.addresses import page_path
from syndication.rendering.gtins import gtin14, is_gtin

from .negotiation import best_locale
from .responses import guard, redirect

LINKSET = "application/linkset+json"
PIP = "https://ref.gs1.org/voc/pip"
DEFAULT = "https://ref.gs1.org/voc/defaultLink"
VARY = "Accept, Accept-Language"
# Qualifiers of a GTIN in their order: consumer product variant, lot, serial; or 235 alone.
ORDER = ("22", "10", "21")
X20 = re.compile(r"[!-\"%-?A-Z_a-z]{1,20}")
X28 = re.compile(r"[!-\"%-?A-Z_a-z]{1,28}")
ALLOW = "GET, HEAD, OPTIONS"
LINK_TYPES = ("gs1:pip", "pip", "gs1:defaultLink", "defaultLink", PIP, DEFAULT)


@csrf_exempt
def resolve(request: HttpRequest, gtin: str, rest: str = "") -> HttpResponse:
    """Answer for one GTIN: redirect, linkset, 400 for a wrong syntax, 404 when unknown."""
    if request.method == "OPTIONS":
        return _open(HttpResponse(status=204))
    if request.method not in ("GET", "HEAD"):
        response = HttpResponse(status=405)
        response["Allow"] = ALLOW
        return _open(response)
    if problem := _wrong(gtin, rest):
        return _open(_problem(400, problem))
    for site in queries.landing_sites():
        product_id = queries.find_gtin(site, gtin14(gtin))
        if product_id is not None:
            return _open(_answer(request, site, product_id, gtin14(gtin), rest))
    return _open(_problem(404, "No product with this GTIN is published here."))


def _wrong(gtin: str, rest: str) -> str:
    """Return what is wrong with the path, or ""."""
    if not is_gtin(gtin):
        return "The GTIN must have 8, 12, 13 or 14 digits and a correct check digit."
    parts = [unquote(part) for part in rest.strip("/").split("/")] if rest.strip("/") else []
    if len(parts) % 2:
        return "Every qualifier needs a value."
    keys, values = parts[::2], parts[1::2]
    if keys == ["235"]:
        return "" if X28.fullmatch(values[0]) else "The value of 235 is not allowed."
    places = [ORDER.index(key) if key in ORDER else -1 for key in keys]
    if -1 in places or places != sorted(set(places)):
        return "Qualifiers of a GTIN are 22, 10 and 21, in this order, or 235."
    if not all(X20.fullmatch(value) for value in values):
        return "A qualifier has a value that is not allowed."
    return ""


def _answer(request, site, product_id: int, gtin: str, rest: str) -> HttpResponse:
    link_type = request.GET.get("linkType", "")
    if link_type in ("linkset", "all") or _wants_linkset(request):
        return _linkset(site, product_id, gtin)
    if link_type and link_type not in LINK_TYPES:
        return _problem(404, f"There is no link of type {link_type[:60]}.")
    paths = queries.paths_by_locale(site, product_id)
    code = best_locale(request.headers.get("Accept-Language", ""), paths)
    kept = [(k, v) for k, v in request.GET.lists() if k != "linkType"]
    query = urlencode(kept, doseq=True)
    path = page_path(paths[code], locale=code) + (f"?{query}" if query else "")
    response = redirect(path, vary=VARY)
    anchor = f"{settings.PUBLIC_URL}/01/{gtin}?linkType=linkset"
    response["Link"] = f'<{anchor}>; rel="linkset"; type="{LINKSET}"'
    return response


def _wants_linkset(request: HttpRequest) -> bool:
    """Tell whether Accept names a linkset and prefers it to HTML."""
    weights = {"text/html": 0.0, LINKSET: 0.0}
    for part in request.headers.get("Accept", "").split(","):
        name, _, parameters = part.strip().partition(";")
        found = re.search(r"q=([\d.]+)", parameters)
        if name.strip().lower() in weights:
            weights[name.strip().lower()] = float(found.group(1)) if found else 1.0
    return weights[LINKSET] > 0 and weights[LINKSET] >= weights["text/html"]


def _linkset(site, product_id: int, gtin: str) -> HttpResponse:
    """Return every link of the product as a linkset (RFC 9264, GS1's published schema)."""
    rows = site.rows(product_id=product_id, state=LIVE, locale__in=site.locales)
    names = dict(rows.values_list("locale", "name"))
    paths = queries.paths_by_locale(site, product_id)
    links = [
        {
            "href": settings.PUBLIC_URL + page_path(slug, locale=code),
            "title": names[code],
            "type": "text/html",
            "hreflang": [code],
        }
        for code, slug in paths.items()
    ]
    first = next(iter(paths))
    document = {
        "linkset": [
            {
                "anchor": f"{settings.PUBLIC_URL}/01/{gtin}",
                "itemDescription": names[first],
                DEFAULT: [{"href": links[0]["href"], "title": names[first]}],
                PIP: links,
            }
        ]
    }
    response = JsonResponse(document, content_type=LINKSET)
    response["Link"] = (
        "<https://ref.gs1.org/standards/resolver/linkset-context>;"
        ' rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"'
    )
    response["Cache-Control"] = "no-cache"
    return response


def _problem(status: int, detail: str) -> HttpResponse:
    title = {400: "Not a GS1 Digital Link", 404: "Unknown"}[status]
    document = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    response = JsonResponse(document, status=status, content_type="application/problem+json")
    response["Cache-Control"] = "no-store"
    return response


def _open(response: HttpResponse) -> HttpResponse:
    """Let pages of any origin read the answer; `Link` must be readable too."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Allow-Methods"] = ALLOW
    response["Access-Control-Allow-Headers"] = "Accept, Accept-Language"
    response["Access-Control-Expose-Headers"] = "Link, Content-Length, Location"
    response["Vary"] = VARY
    return guard(response)


@csrf_exempt
def description(request: HttpRequest) -> HttpResponse:
    """Describe the resolver: `/.well-known/gs1resolver`."""
    document = {
        "name": "Product information resolver",
        "resolverRoot": settings.PUBLIC_URL,
        "supportedPrimaryKeys": ["01"],
        "supportedLinkType": [
            {"namespace": "https://ref.gs1.org/voc/", "prefix": "gs1:", "profile": PIP}
        ],
        "linkTypeDefaultCanBeLinkset": False,
    }
    response = JsonResponse(document) if request.method != "OPTIONS" else HttpResponse(status=204)
    response["Cache-Control"] = "public, max-age=3600"
    return _open(response)
