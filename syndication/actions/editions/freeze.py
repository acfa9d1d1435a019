"""The freeze: which listings and facts an edition is made of, read in one statement.

The frozen set is a file of lines `[unit, identifier, {locale: [[product, digest, facts]]}]` in
order of units: names of immutable bodies, so that a line says exactly what a unit shows.
"""

import hashlib
import json
from array import array
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from django.db import connection

from pim import published
from syndication import store
from syndication.contract import OutputKind
from syndication.models import ChannelSequence, Edition, Listing, ListingCategory

from .compare import Difference

BATCH = 2000


class Row(NamedTuple):
    """A listing as the freeze reads it."""

    unit: int
    product_id: int
    identifier: str
    locale: str
    role: str
    state: str
    family: str
    digest: str
    facts: str
    reasons: str
    chosen: int
    sequence: int


@dataclass
class Frozen:
    """What was frozen: the file's digest, the channel's number, and who stayed out why.

    `products` is the digest of the file of `product_ids`. `news` is how the set differs from that
    of the served edition, where that is known already.
    """

    sha256: str = ""
    data_version: int = 0
    items: int = 0
    excluded: Counter = field(default_factory=Counter)
    product_ids: array = field(default_factory=lambda: array("q"))
    products: str = ""
    news: Difference | None = None

    @property
    def items_in(self) -> int:
        return self.items + sum(self.excluded.values())


def freeze(edition: Edition, *, kind: OutputKind, folder: Path, beat: Callable) -> Frozen:
    """Write the frozen set into the artefact store and return what it is."""
    frozen = Frozen(data_version=_sequence(edition))
    digest, path = hashlib.sha256(), folder / "frozen"
    with path.open("wb", buffering=1 << 18) as stream:
        for line in frozen_lines(edition, kind, frozen, beat):
            digest.update(line)
            stream.write(line)
    frozen.sha256 = digest.hexdigest()
    store.adopt(path, sha256=frozen.sha256)
    frozen.products = keep_products(frozen.product_ids, folder / "products")
    return frozen


def keep_products(ids: array, path: Path) -> str:
    """Take a file of product ids into the store; return its digest."""
    path.write_bytes(ids.tobytes())
    sha256 = store.digest_of(path)
    store.adopt(path, sha256=sha256)
    return sha256


def _sequence(edition: Edition) -> int:
    channel = edition.settings["channel"]
    known = ChannelSequence.objects.filter(channel=channel).values_list("value", flat=True)
    return known.first() or 0


def frozen_lines(
    edition: Edition, kind: OutputKind, frozen: Frozen, beat: Callable
) -> Iterator[bytes]:
    locales = edition.settings["locales"]
    rows = _rows(edition, kind, frozen, beat)
    if kind.unit == "listing" and len(locales) == 1:
        yield from _single_lines(rows, locales[0], frozen)
        return
    choose = _choose_model if kind.unit == "model" else _choose_listing
    for unit, group in groupby(rows, key=lambda row: row[0]):
        members = [Row._make(row) for row in group]
        reason = choose(members, locales)
        if reason:
            frozen.excluded[reason] += 1
        else:
            frozen.items += 1
            frozen.product_ids.extend(sorted({row.product_id for row in members}))
            yield _line(unit, members, locales)


def _single_lines(rows: Iterator[tuple], locale: str, frozen: Frozen) -> Iterator[bytes]:
    """Yield lines where every row is a unit of its own: by far the most common case, so quick."""
    note = frozen.product_ids.append
    for row in rows:
        unit, _, identifier, _, _, state, _, digest, facts, _, chosen, _ = row
        if state == "live" and chosen:
            frozen.items += 1
            note(unit)
            yield single_line(unit, identifier, locale, digest, facts)
        else:
            frozen.excluded[why_withheld(row[9]) if chosen else "selection"] += 1


def single_line(unit: int, identifier: str, locale: str, digest: str, facts: str) -> bytes:
    """Return the line of a unit that is one listing."""
    name = json.dumps(identifier)
    return f'[{unit},{name},{{"{locale}":[[{unit},"{digest}","{facts}"]]}}]\n'.encode()


def _rows(edition: Edition, kind: OutputKind, frozen: Frozen, beat: Callable) -> Iterator[tuple]:
    sql, params = _query(edition.settings, kind)
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, params)
        while batch := cursor.fetchmany(BATCH):
            frozen.data_version = batch[0][-1] or 0
            yield from batch
            beat()


def _query(settings: dict, kind: OutputKind) -> tuple[str, list]:
    """Return the one statement; the channel's number is part of it, hence of its snapshot."""
    locales = settings["locales"]
    unit = "l.root_id" if kind.unit == "model" else "l.product_id"
    chosen, chosen_params = _selection(settings["selection"] or {})
    roles = () if kind.unit == "model" else tuple(kind.roles)
    role_sql = f"AND l.role IN ({_places(roles)})" if roles else ""
    sql = f"""
        SELECT {unit}, l.product_id, l.identifier, l.locale, l.role, l.state, l.family, l.digest,
            l.facts_digest,
            CASE WHEN l.state = 'withheld' THEN CAST(l.reasons AS text) ELSE '' END,
            CASE WHEN {chosen} THEN 1 ELSE 0 END,
            (SELECT s.value FROM {ChannelSequence._meta.db_table} s WHERE s.channel = %s)
        FROM {Listing._meta.db_table} l
        WHERE l.channel = %s AND l.audience = %s AND l.locale IN ({_places(locales)})
            AND l.state <> 'removed' {role_sql}
        ORDER BY {unit}, l.product_id"""
    channel = settings["channel"]
    params = [*chosen_params, channel, channel, settings["audience"], *locales, *roles]
    return sql, params


def _places(values) -> str:
    return ", ".join(["%s"] * len(values))


def _selection(selection: dict) -> tuple[str, list]:
    """Return the condition that a listing is selected: all of the rules, any of a rule's codes."""
    tests, params = ["1 = 1"], []
    for rule, column in (
        ("families", "l.family"),
        ("identifiers", "l.identifier"),
        ("roles", "l.role"),
    ):
        if codes := _today(selection, rule):
            tests.append(f"{column} IN ({_places(codes)})")
            params += codes
    if codes := _today(selection, "categories"):
        tests.append(
            f"EXISTS (SELECT 1 FROM {ListingCategory._meta.db_table} c WHERE c.channel = l.channel"
            f" AND c.product_id = l.product_id AND c.category IN ({_places(codes)}))"
        )
        params += codes
    return " AND ".join(tests), params


_KINDS = {"families": "family", "categories": "category", "identifiers": "product"}


def _today(selection: dict, rule: str) -> list[str]:
    """Return the codes of a rule, those that were renamed since by what they are called now."""
    codes = selection.get(rule) or []
    return published.current_codes(_KINDS[rule], codes) if codes and rule in _KINDS else codes


def _choose_listing(members: list[Row], locales: list[str]) -> str:
    """Return why the unit stays out, or ""; what is not live in every locale does."""
    first = members[0]
    if not first.chosen:
        return "selection"
    for row in members:
        if row.state != "live":
            return why_withheld(row.reasons)
    return "" if len(members) == len(locales) else "not_in_every_locale"


def _choose_model(members: list[Row], locales: list[str]) -> str:
    """Return why a root and its variants stay out, or ""; drops what does not belong to it."""
    roots = [row for row in members if row.product_id == row.unit]
    if not roots:
        return "root_not_listed"
    if not any(row.chosen for row in members):
        return "selection"
    for row in roots:
        if row.state != "live":
            return why_withheld(row.reasons)
    if len(roots) != len(locales):
        return "not_in_every_locale"
    sold = [r for r in members if r.role == "item" and r.state == "live" and r not in roots]
    if roots[0].role == "model" and not sold:
        return "no_variants"
    members[:] = roots + sold
    return ""


def why_withheld(reasons: str) -> str:
    """Return under what a withheld listing is counted: the first of its reasons (JSON)."""
    reasons = json.loads(reasons or "[]")
    code = reasons[0].get("code", "") if reasons else ""
    return f"withheld:{code}" if code else "withheld"


def _line(unit: int, members: list[Row], locales: list[str]) -> bytes:
    first = members[0]
    if len(members) == 1:
        entry = f'[{first.product_id},"{first.digest}","{first.facts}"]'
        listings = f'{{"{first.locale}":[{entry}]}}'
    else:
        listings = json.dumps(
            {
                locale: [[r.product_id, r.digest, r.facts] for r in members if r.locale == locale]
                for locale in locales
            },
            separators=(",", ":"),
        )
    return f"[{unit},{json.dumps(first.identifier)},{listings}]\n".encode()
