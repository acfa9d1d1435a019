"""Pages by keyset: stable while rows come and go."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, inline_serializer
from rest_framework.fields import CharField
from rest_framework.response import Response

from .access import BadQuery

PAGE, MOST = 100, 1000
AFTER = OpenApiParameter("after", int, description="From `next` of the page before.")
LIMIT = OpenApiParameter("limit", int, description=f"At most {MOST}; {PAGE} unless named.")


def page_of(request, rows: QuerySet, show: Callable, *, newest_first: bool = False) -> Response:
    """Answer {"results", "next"}: `next` is the address of the next page, None on the last."""

    def show_all(found):
        return [show(row) for row in found]

    return page_of_many(request, rows, show_all, newest_first=newest_first)


def page_of_many(
    request, rows: QuerySet, show_all: Callable, *, newest_first: bool = False
) -> Response:
    """Answer as `page_of` does, where the rows of a page are shown together."""
    limit, after = min(whole(request, "limit") or PAGE, MOST), whole(request, "after")
    rows = rows.order_by("-pk" if newest_first else "pk")
    if after is not None:
        rows = rows.filter(**{f"pk__{'lt' if newest_first else 'gt'}": after})
    found = list(rows[: limit + 1])
    more = len(found) > limit
    return Response(
        {
            "results": show_all(found[:limit]),
            "next": next_page(request, found[limit - 1].pk) if more else None,
        }
    )


def page_shape(shape) -> type:
    """Return the description of a page of a shape."""
    return inline_serializer(
        f"{shape.__name__}List",
        {"results": shape(many=True), "next": CharField(allow_null=True)},
    )


def whole(request, name: str) -> int | None:
    """Return a whole number of the query, None where it is not named; raise 400."""
    text = request.query_params.get(name)
    if text is None:
        return None
    if not text.isascii() or not text.isdecimal() or len(text) > 18:
        raise BadQuery(_("“%(name)s” is a whole number.") % {"name": name})
    return int(text)


def next_page(request, after: int) -> str:
    """Return the address of the page after an id, with all else that was asked."""
    query = {**request.query_params.dict(), "after": after}
    return f"{request.path}?{urlencode(query)}"
