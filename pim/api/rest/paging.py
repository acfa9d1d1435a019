"""Pages of lists in HAL: by number or by cursor, with absolute links and every parameter kept."""

import base64
import binascii
from collections.abc import Callable, Sequence
from urllib.parse import urlencode

import orjson
from django.db import models
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse

from .answers import json_answer
from .errors import RestError

DEFAULT_LIMIT = 10
DEEPEST = 10_000

Present = Callable[[list], Sequence[dict]]


def list_answer(
    request: HttpRequest,
    rows: QuerySet,
    *,
    present: Present,
    href: Callable[[dict], str],
    shallow: bool = False,
    default_limit: int = DEFAULT_LIMIT,
) -> HttpResponse:
    """Return the page of `rows` that the request asks for by number.

    `present` turns the page's rows into documents, all at once; `href` names the address of
    one. `shallow` lists end at the 10,000th item, as those of products do in the original.
    """
    limit, page = limit_of(request, default=default_limit), _page(request)
    if shallow and page * limit > DEEPEST:
        raise RestError(
            422,
            "You have reached the maximum number of pages you can retrieve with the "
            '"page" pagination type. Please use the search after pagination type instead',
        )
    counted = count_wanted(request)
    found = list(rows[(page - 1) * limit : page * limit])
    kept = {"page": page, "with_count": "true" if counted else "false", "limit": limit}
    links = {"self": link_to(request, kept), "first": link_to(request, {**kept, "page": 1})}
    if page > 1:
        links["previous"] = link_to(request, {**kept, "page": page - 1})
    if len(found) == limit:
        links["next"] = link_to(request, {**kept, "page": page + 1})
    count = {"items_count": rows.order_by().count()} if counted else {}
    return _envelope(links, {"current_page": page, **count}, present(found), href)


def cursor_answer(
    request: HttpRequest,
    rows: QuerySet,
    *,
    present: Present,
    href: Callable[[dict], str],
    key: tuple[str, ...] = ("pk",),
    default_limit: int = DEFAULT_LIMIT,
) -> HttpResponse:
    """Return the page of `rows` after the request's cursor, in the order of `key`.

    `key` are columns that never change and together are unique: then a reader who follows
    the links meets every row that was there all the time exactly once, whatever is written
    meanwhile.
    """
    limit = limit_of(request, default=default_limit)
    after = read_cursor(request, kinds=[_kind(rows, name) for name in key])
    if after:
        rows = rows.filter(_after(key, after))
    found = list(rows.order_by(*key)[: limit + 1])
    more, found = len(found) > limit, found[:limit]
    kept = {"limit": limit}
    here = request.GET.get("search_after")
    links = {
        "self": link_to(request, {**kept, **({"search_after": here} if here else {})}),
        "first": link_to(request, kept, drop="search_after"),
    }
    if more:
        cursor = make_cursor([_value(found[-1], name) for name in key])
        links["next"] = link_to(request, {**kept, "search_after": cursor})
    return _envelope(links, {}, present(found), href)


def paged_by_cursor(request: HttpRequest) -> bool:
    """Return whether the request asks for a cursor; raises 422 for an unknown kind of paging."""
    kind = request.GET.get("pagination_type", "page")
    if kind not in ("page", "search_after"):
        raise RestError(422, "Pagination type does not exist.", documented=True)
    return kind == "search_after"


def limit_of(request: HttpRequest, *, default: int = DEFAULT_LIMIT, most: int = 0) -> int:
    """Return the number of items of a page; raises 422 above `most` or the connection's limit."""
    given = request.GET.get("limit", str(default))
    most = most or request.connection.page_limit
    if not (given.isascii() and given.isdigit() and len(given) < 9) or int(given) < 1:
        raise RestError(422, f'"{given}" is not a valid limit number.')
    if int(given) > most:
        raise RestError(422, f"You cannot request more than {most} items.")
    return int(given)


def make_cursor(values: Sequence) -> str:
    """Return the opaque text of a place in a list."""
    return base64.urlsafe_b64encode(orjson.dumps(values, default=str)).decode().rstrip("=")


def read_cursor(request: HttpRequest, *, kinds: Sequence[type]) -> list | None:
    """Return the values of the request's cursor, None without one; raises 422.

    `kinds` are the types of the values, texts or numbers.
    """
    text = request.GET.get("search_after")
    if not text:
        return None
    try:
        values = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (binascii.Error, ValueError):
        values = None
    good = isinstance(values, list) and [type(value) for value in values] == list(kinds)
    if not good or not all(_storable(value) for value in values):
        raise RestError(422, f'"{text[:100]}" is not a valid cursor: follow the links.')
    return values


def _storable(value: str | int) -> bool:
    """Return whether a database can compare with the value."""
    return "\0" not in value if isinstance(value, str) else -(2**63) <= value < 2**63


def _kind(rows: QuerySet, name: str) -> type:
    numbers = (models.AutoField, models.IntegerField)
    field = rows.model._meta.pk if name == "pk" else rows.model._meta.get_field(name)
    return int if isinstance(field, numbers) else str


def _after(key: tuple[str, ...], values: list) -> Q:
    """Return the condition of the rows behind (values) in the order of (key)."""
    condition = Q()
    for place, (name, value) in enumerate(zip(key, values, strict=True)):
        same = Q(**dict(zip(key[:place], values[:place], strict=True)))
        condition |= same & Q(**{f"{name}__gt": value})
    return condition


def _value(row, name: str):
    for part in name.split("__"):
        row = row[part] if isinstance(row, dict) else getattr(row, part)
    return row


def _page(request: HttpRequest) -> int:
    given = request.GET.get("page", "1")
    if not (given.isascii() and given.isdigit() and len(given) < 9) or int(given) < 1:
        raise RestError(422, f'"{given}" is not a valid page number.')
    return int(given)


def count_wanted(request: HttpRequest) -> bool:
    """Return whether the items are to be counted; raises 422 for what is no boolean."""
    given = request.GET.get("with_count", "false")
    if given not in ("true", "false", "1", "0"):
        raise RestError(
            422,
            'Parameter "with_count" has to be a boolean. Only "true" or "false" allowed, '
            f'"{given}" given.',
        )
    return given in ("true", "1")


def link_to(request: HttpRequest, changed: dict, *, drop: str = "") -> dict:
    """Return the address of this list with some parameters changed and all others kept."""
    kept = [
        (name, value)
        for name, values in request.GET.lists()
        if name not in changed and name != drop
        for value in values
    ]
    query = urlencode([*changed.items(), *kept])
    return {"href": f"{request.scheme}://{request.get_host()}{request.path}?{query}"}


def _envelope(links: dict, numbers: dict, documents: Sequence[dict], href) -> HttpResponse:
    items = [{**d, "_links": {"self": {"href": href(d)}, **d.get("_links", {})}} for d in documents]
    return json_answer({"_links": links, **numbers, "_embedded": {"items": items}})
