"""Reading listings: pages and deltas of one context, bodies as the text they are stored in.

Plain SQL with stored text: what a feed sends is never parsed on the way.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

import orjson
from django.db import connection

from syndication.models import ChannelSequence, Listing, ListingBody

_LISTING, _BODY = Listing._meta.db_table, ListingBody._meta.db_table
_SEQUENCE = ChannelSequence._meta.db_table
_CONTEXT = "l.channel = %s AND l.audience = %s AND l.locale = %s"
_COLUMNS = "SELECT l.product_id, l.sequence, l.state, l.uuid, l.identifier, b.body, f.body "
_BODIES = (
    f"LEFT JOIN {_BODY} b ON b.digest = l.digest "
    f"LEFT JOIN {_BODY} f ON f.digest = l.facts_digest WHERE {_CONTEXT} "
)
_DOCUMENT = f"{_COLUMNS}FROM {_LISTING} l {_BODIES}"
# By the identifier first: without statistics a planner may read the whole context to find one.
_BY_IDENTIFIER = (
    f"WITH l AS MATERIALIZED (SELECT * FROM {_LISTING} WHERE identifier = %s) "
    f"{_COLUMNS}FROM l {_BODIES}"
)


class Context(NamedTuple):
    """What a listing is for."""

    channel: str
    audience: str
    locale: str


@dataclass(frozen=True, slots=True)
class ChannelState:
    """Where a channel's sequence is, and which contexts may be read of it."""

    channel: str
    epoch: int
    value: int
    horizon: int
    token: str
    locales: tuple[str, ...] = ()
    audiences: dict[str, bool] = field(default_factory=dict)  # code: public


class Document(NamedTuple):
    """One listing as stored; `body` is None unless it is live, `facts` where there are none."""

    product_id: int
    sequence: int
    state: str
    uuid: str
    identifier: str
    body: str | None
    facts: str | None


def channel_state(channel: str) -> ChannelState | None:
    """Return the state of a channel, None when there is none of that code."""
    row = _first(
        f"SELECT epoch, value, horizon, token, contexts FROM {_SEQUENCE} WHERE channel = %s",
        [channel],
    )
    if row is None:
        return None
    contexts = orjson.loads(row[4])
    return ChannelState(
        channel,
        *row[:4],
        tuple(contexts.get("locales", ())),
        {code: public for code, public in contexts.get("audiences", ())},
    )


def last_change(context: Context) -> int:
    """Return the number of the context's last visible change, 0 when there was none."""
    # Not MAX(): a planner without statistics would read the whole context to find it.
    row = _first(
        f"SELECT l.sequence FROM {_LISTING} l WHERE {_CONTEXT} ORDER BY l.sequence DESC LIMIT 1",
        list(context),
    )
    return row[0] if row else 0


def live_page(context: Context, *, after: int, limit: int) -> list[Document]:
    """Return the next live listings after a product id, in the order of product ids."""
    return _documents(
        _DOCUMENT + "AND l.product_id > %s AND l.state = 'live' ORDER BY l.product_id LIMIT %s",
        [*context, after, limit],
    )


def changes_page(context: Context, *, after: int, limit: int) -> list[Document]:
    """Return what changed visibly after a number, in the order of numbers."""
    where = "AND l.sequence > %s ORDER BY l.sequence LIMIT %s"
    return _documents(_DOCUMENT + where, [*context, after, limit])


def one_listing(context: Context, *, identifier: str) -> Document | None:
    """Return the listing of one product, whatever its state."""
    found = _documents(_BY_IDENTIFIER, [identifier, *context])
    return max(found, key=lambda document: document.sequence, default=None)


def _documents(sql: str, params: list) -> list[Document]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [Document(*row) for row in cursor.fetchall()]


def _first(sql: str, params: list) -> tuple | None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchone()
