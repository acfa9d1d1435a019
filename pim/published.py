"""The door: the only module through which syndication reads product content, always set-wise.

What comes out are plain values. Only published content is seen: drafts never.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.db.models import Max, QuerySet

from pim.content import kinds, states
from pim.content.completeness import Completeness, completeness
from pim.content.diff import diff
from pim.content.locales import is_locale, to_bcp47, to_posix
from pim.content.refusals import (
    Conflict,
    InvalidValue,
    NotFound,
    NotUnique,
    Refused,
    UnknownCode,
)
from pim.content.resolve import Resolved, Resolver, resolve
from pim.content.rights import EVERYTHING, Level, NotAllowed, Rights
from pim.content.seen import seen_structure
from pim.content.snapshot import canonical, digest
from pim.content.structure import AttributeDef, ChannelDef, FamilyDef, Structure
from pim.models import CodeAlias, Edit, LogEntry, Product
from pim.queries.facts import fact_boundaries, facts
from pim.queries.published import (
    Published,
    descendants,
    named,
    snapshots,
    snapshots_as_of,
    snapshots_seen,
)
from pim.queries.published_things import (
    PublishedAsset,
    PublishedRecord,
    asset_boundaries,
    assets,
    assets_from,
    records,
)
from pim.queries.rights import rights_of, visible_products
from pim.queries.structure import load_structure
from pim.queries.touched import (
    products_having_attribute,
    products_in_categories,
    products_in_families,
)

PublishedStructure = Structure
structure = load_structure


class Entry(NamedTuple):
    """One line of the publication log; see `pim.models.LogEntry` for kinds and scopes."""

    seq: int
    kind: str
    product_id: int | None
    scope: dict
    at: datetime


def head() -> int:
    """Return the last number of the publication log."""
    return LogEntry.objects.aggregate(last=Max("seq"))["last"] or 0


def entries_after(seq: int, limit: int = 1000) -> list[Entry]:
    """Return the log after `seq`, in commit order; none can appear below one seen here."""
    rows = LogEntry.objects.filter(seq__gt=seq).order_by("seq")[:limit]
    columns = ("seq", "kind", "product_id", "scope", "at")
    return [Entry(*row) for row in rows.values_list(*columns)]


class Edited(NamedTuple):
    """One write of drafts; `products` is [[uuid, identifier, what happened], …]."""

    seq: int
    products: list
    actor: str
    source: str
    job_id: int | None
    at: datetime


def edits_after(seq: int, limit: int = 200) -> list[Edited]:
    """Return the writes of drafts after `seq`, in commit order: who edited what, never values."""
    rows = Edit.objects.filter(seq__gt=seq).order_by("seq")[:limit]
    return [Edited(*row) for row in rows.values_list(*Edited._fields)]


def all_product_ids(after: int = 0, limit: int = 1000) -> list[int]:
    """Return the next ids after `after`: every product that was ever published."""
    rows = Product.objects.filter(id__gt=after, version__isnull=False).order_by("id")
    return list(rows.values_list("id", flat=True)[:limit])


def current_codes(kind: str, codes: Iterable[str]) -> list[str]:
    """Return what the codes (of kind "product": identifiers) are called now, old names followed.

    A code that is in use stays as it is.
    """
    codes = list(codes)
    aliases = CodeAlias.objects.filter(kind=kind, owner="", old__in=codes)
    renamed = dict(aliases.values_list("old", "code"))
    if renamed and kind == "product":
        used = Product.objects.filter(identifier__in=list(renamed))
        for code in used.values_list("identifier", flat=True):
            del renamed[code]
    return [renamed.get(code, code) for code in codes]


def visible_product_ids(rights: Rights) -> QuerySet:
    """Return the ids of the products that somebody may see, as a subquery."""
    return visible_products(Product.objects.order_by(), rights).values("pk")


def visible_identifiers(rights: Rights) -> QuerySet:
    """Return the identifiers of the products that somebody may see, as a subquery."""
    return visible_products(Product.objects.order_by(), rights).values("identifier")


__all__ = [
    "EVERYTHING",
    "AttributeDef",
    "ChannelDef",
    "Completeness",
    "Conflict",
    "Edited",
    "Entry",
    "FamilyDef",
    "InvalidValue",
    "Level",
    "NotAllowed",
    "NotFound",
    "NotUnique",
    "Published",
    "PublishedAsset",
    "PublishedRecord",
    "PublishedStructure",
    "Refused",
    "Resolved",
    "Resolver",
    "Rights",
    "Structure",
    "UnknownCode",
    "all_product_ids",
    "asset_boundaries",
    "assets",
    "assets_from",
    "canonical",
    "completeness",
    "current_codes",
    "descendants",
    "diff",
    "digest",
    "edits_after",
    "entries_after",
    "fact_boundaries",
    "facts",
    "head",
    "is_locale",
    "kinds",
    "named",
    "products_having_attribute",
    "products_in_categories",
    "products_in_families",
    "records",
    "resolve",
    "rights_of",
    "seen_structure",
    "snapshots",
    "snapshots_as_of",
    "snapshots_seen",
    "states",
    "structure",
    "to_bcp47",
    "to_posix",
    "visible_identifiers",
    "visible_product_ids",
]
