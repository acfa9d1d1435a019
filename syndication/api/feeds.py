"""The feeds: live listings of one context, page by page, one by one, or what changed since."""

from collections.abc import Callable
from functools import wraps
from urllib.parse import quote, urlencode

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from pim import published
from syndication.queries.labels import context_labels
from syndication.queries.listings import (
    Document,
    changes_page,
    last_change,
    live_page,
    one_listing,
)

from .feeds_access import Admission, admit, allows, existing, key_of
from .feeds_pages import PAGES, Page, document_bytes, many, page_tag
from .negotiation import FORMATS, IDENTITY, JSON, NDJSON, coding, matches, media_type, tag
from .problems import Problem, problem

LIMIT, MOST = 100, 1000
METHODS = "GET, HEAD, OPTIONS"


def feed(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let a view be read only, and turn its problems into problem documents."""

    @wraps(view)
    def read(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if request.method == "OPTIONS":
            return HttpResponse(status=204, headers={"Allow": METHODS})
        if request.method not in ("GET", "HEAD"):
            return problem(405, "method_not_allowed", headers={"Allow": METHODS})
        try:
            return view(request, *args, **kwargs)
        except Problem as found:
            return found.response()

    return read


@feed
def channel_feeds(request: HttpRequest, channel: str) -> HttpResponse:
    """Answer which contexts of a channel there are for this reader, with their addresses."""
    key, state = key_of(request), existing(channel)
    audiences = [a for a, public in state.audiences.items() if public or allows(key, channel, a)]
    document = {
        "channel": channel,
        "epoch": state.epoch,
        "sequence": state.value,
        "contexts": [
            {
                "locale": locale,
                "audience": audience,
                "products": _url(channel, locale, "products", audience=audience),
                "changes": _url(channel, locale, "changes", audience=audience, after=0),
                "labels": _url(channel, locale, "labels", audience=audience),
            }
            for locale in state.locales
            for audience in audiences
        ],
    }
    base = page_tag(state.token, state.epoch, state.value, audiences, state.locales)
    headers = _headers("private" if key else "public", JSON)
    return _answer(request, base, lambda: Page(orjson.dumps(document)), headers)


@feed
def products(request: HttpRequest, channel: str, locale: str) -> HttpResponse:
    """Answer one page of the live listings; `next` leads through all of them."""
    admission = admit(request, channel, locale)
    kind, limit = _format(request), _limit(request)
    start, after = _cursor(request, admission)
    last = last_change(admission.context)
    base = _tag(admission, "products", last, kind, limit, start, after)

    def make() -> Page:
        found = live_page(admission.context, after=after, limit=limit + 1)
        sequence = last if start is None else start
        following = None
        if len(found) > limit:
            cursor = f"{admission.state.epoch}.{sequence}.{found[limit - 1].product_id}"
            following = _next(admission, "products", request, cursor=cursor, limit=limit)
        head = {**_head(admission), "sequence": sequence, "next": following}
        return Page(many(head, found[:limit], kind), following, sequence)

    return _answer(request, base, make, _context_headers(admission, kind))


@feed
def changes(request: HttpRequest, channel: str, locale: str) -> HttpResponse:
    """Answer what changed after a number: documents and tombstones, in the order of numbers.

    `sequence` is the number to ask after next time; `next` is there while there is more now.
    """
    admission = admit(request, channel, locale)
    kind, limit = _format(request), _limit(request)
    after = _after(request, admission)
    last = last_change(admission.context)
    base = _tag(admission, "changes", last, kind, limit, after)

    def make() -> Page:
        found = changes_page(admission.context, after=after, limit=limit + 1)
        more = len(found) > limit
        found = found[:limit]
        sequence = found[-1].sequence if found else max(after, last)
        following = None
        if more:
            epoch = admission.state.epoch
            following = _next(
                admission, "changes", request, after=sequence, epoch=epoch, limit=limit
            )
        head = {**_head(admission), "after": after, "sequence": sequence, "next": following}
        return Page(many(head, found, kind), following, sequence)

    return _answer(request, base, make, _context_headers(admission, kind))


@feed
def product(request: HttpRequest, channel: str, locale: str, identifier: str) -> HttpResponse:
    """Answer one live listing; 410 when it was live once, 404 when it never was."""
    admission = admit(request, channel, locale)
    found = one_listing(admission.context, identifier=identifier) or _renamed(admission, identifier)
    if found is None or not found.sequence:
        raise Problem(404, "unknown_product", _("There is no such product in this context."))
    if found.state != "live":
        raise Problem(410, "removed", _("The product is no longer shown in this context."))
    base = _tag(admission, "product", found.sequence, identifier)
    page = Page(document_bytes(found), None, found.sequence)
    return _answer(request, base, lambda: page, _context_headers(admission, JSON))


def _renamed(admission: Admission, identifier: str) -> Document | None:
    """Return the listing of a product that was called so before."""
    now = published.current_codes("product", [identifier])[0]
    return None if now == identifier else one_listing(admission.context, identifier=now)


@feed
def labels(request: HttpRequest, channel: str, locale: str) -> HttpResponse:
    """Answer the context document: labels of attributes, options, units and categories."""
    admission = admit(request, channel, locale)
    found = context_labels(admission.context)
    if found is None:
        raise Problem(404, "unknown_locale", _("The channel has no such locale."))
    digest, body = found
    return _answer(request, digest[:40], lambda: Page(body), _context_headers(admission, JSON))


def _answer(
    request: HttpRequest, base: str, make: Callable[[], Page], headers: dict[str, str]
) -> HttpResponse:
    """Answer 304, or the page, kept or made; in the coding that the reader prefers."""
    wanted = coding(request.META.get("HTTP_ACCEPT_ENCODING", ""))
    given = request.META.get("HTTP_IF_NONE_MATCH", "")
    for name in (wanted, IDENTITY):
        if matches(given, tag(base, name)):
            return HttpResponse(status=304, headers={**headers, "ETag": tag(base, name)})
    page = PAGES.get(base)
    if page is None:
        page = make()
        PAGES.put(base, page)
    data = page.coded(wanted)
    headers = {**headers, "ETag": tag(base, wanted), "Content-Length": str(len(data))}
    if wanted != IDENTITY:
        headers["Content-Encoding"] = wanted
    if page.next:
        headers["Link"] = f'<{page.next}>; rel="next"'
    if page.sequence:
        headers["Feed-Sequence"] = str(page.sequence)
    return HttpResponse(b"" if request.method == "HEAD" else data, headers=headers)


def _headers(scope: str, kind: str) -> dict[str, str]:
    vary = "Accept, Accept-Encoding"
    return {
        "Content-Type": kind if kind == JSON else f"{NDJSON}; charset=utf-8",
        "Cache-Control": f"{scope}, no-cache",
        "Vary": f"{vary}, Authorization" if scope == "private" else vary,
    }


def _context_headers(admission: Admission, kind: str) -> dict[str, str]:
    return {
        **_headers("private" if admission.private else "public", kind),
        "Content-Language": admission.context.locale,
        "Feed-Epoch": str(admission.state.epoch),
    }


def _head(admission: Admission) -> dict:
    return {**admission.context._asdict(), "epoch": admission.state.epoch}


def _tag(admission: Admission, *parts) -> str:
    return page_tag(admission.state.token, admission.state.epoch, *admission.context, *parts)


def _format(request: HttpRequest) -> str:
    asked = request.GET.get("format")
    if asked:
        if asked not in FORMATS:
            raise Problem(400, "unknown_format", _("The format is json or ndjson."))
        return FORMATS[asked]
    kind = media_type(request.META.get("HTTP_ACCEPT", ""))
    if kind is None:
        raise Problem(406, "not_acceptable", _("The feed comes as JSON or NDJSON."))
    return kind


def _limit(request: HttpRequest) -> int:
    limit = _number(request, "limit", LIMIT)
    if limit < 1:
        raise Problem(400, "invalid_limit", _("The limit is a number from 1 to 1000."))
    return min(limit, MOST)


def _number(request: HttpRequest, name: str, default: int | None) -> int:
    text = request.GET.get(name)
    if text is None and default is not None:
        return default
    if text is None or not text.isascii() or not text.isdigit() or len(text) > 18:
        raise Problem(400, f"invalid_{name}", _("“%(name)s” needs a number.") % {"name": name})
    return int(text)


def _cursor(request: HttpRequest, admission: Admission) -> tuple[int | None, int]:
    """Return the sequence at which the full read began (None: now) and the last product id."""
    text = request.GET.get("cursor")
    if not text:
        return None, 0
    parts = text.split(".")
    if len(parts) != 3 or not all(p.isascii() and p.isdigit() and len(p) < 19 for p in parts):
        raise Problem(400, "invalid_cursor", _("The cursor is one that “next” gave."))
    epoch, start, after = map(int, parts)
    if epoch != admission.state.epoch:
        raise _gone(admission, "other_epoch")
    return start, after


def _after(request: HttpRequest, admission: Admission) -> int:
    after, state = _number(request, "after", None), admission.state
    if "epoch" in request.GET and _number(request, "epoch", None) != state.epoch:
        raise _gone(admission, "other_epoch")
    if after < state.horizon:
        raise _gone(admission, "below_horizon")
    if after > state.value:
        raise _gone(admission, "beyond_sequence")
    return after


def _gone(admission: Admission, code: str) -> Problem:
    """Return the way back for a reader whose number says nothing any more: a full read."""
    full = _url(*admission.context[::2], "products", audience=admission.context.audience)
    return Problem(
        410,
        code,
        _("What changed since then is not known any more; read the feed in full."),
        headers={"Link": f'<{full}>; rel="start"'},
        full_read=full,
        epoch=admission.state.epoch,
    )


def _url(channel: str, locale: str, *tail: str, **query) -> str:
    path = "/".join(["/feeds", *(quote(p, safe="") for p in (channel, locale, *tail))])
    return f"{path}?{urlencode(query)}" if query else path


def _next(admission: Admission, name: str, request: HttpRequest, **query) -> str:
    kept = {k: request.GET[k] for k in ("audience", "format") if k in request.GET}
    return _url(*admission.context[::2], name, **kept, **query)
