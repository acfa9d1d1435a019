"""The door: the only module through which syndication reads product content, always set-wise.

What comes out are plain values. Only published content is seen: drafts never.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple

from django.db.models import Max, Q, QuerySet

from pim.content import kinds, states
from pim.content.completeness import Completeness, completeness
from pim.content.diff import diff
from pim.content.locales import is_locale, to_bcp47, to_posix
from pim.content.masks import masked_snapshot
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
from pim.content.snapshot import canonical, digest, unpack
from pim.content.structure import AttributeDef, ChannelDef, FamilyDef, Structure
from pim.models import (
    Asset,
    Change,
    CodeAlias,
    Edit,
    LogEntry,
    Product,
    ReferenceRecord,
)
from pim.queries.facts import fact_boundaries, facts
from pim.queries.rights import rights_of, rights_on, visible_products
from pim.queries.structure import load_structure
from pim.queries.timetravel import versions_as_of
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


@dataclass(frozen=True, slots=True)
class Published:
    """A product's latest version; `snapshot` is None when it was never published.

    `parent_id` is the parent that the version names, not the draft's.
    """

    id: int
    uuid: str
    identifier: str
    role: str
    parent_id: int | None
    level: int
    version: int
    withdrawn: bool
    snapshot: dict | None
    digest: str = ""

    @property
    def live(self) -> bool:
        """Return whether there is something to be shown."""
        return self.snapshot is not None and not self.withdrawn


@dataclass(frozen=True, slots=True)
class PublishedAsset:
    """An ingested file as listings show it; `alt` and `caption` are {locale: text}."""

    code: str
    sha256: str
    filename: str
    kind: str
    media_type: str
    size: int
    width: int | None
    height: int | None
    alt: dict = field(default_factory=dict)
    caption: dict = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PublishedRecord:
    """A reference record; `values` is {field: {locale or "": data}}."""

    entity: str
    code: str
    labels: dict
    values: dict


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


def named(ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Return {id: (uuid, identifier)}, also of products that were deleted since."""
    wanted = set(ids)
    rows = Product.objects.filter(id__in=wanted).values_list("id", "uuid", "identifier")
    found = {pk: (str(uuid), identifier) for pk, uuid, identifier in rows}
    if gone := wanted - set(found):
        deleted = Change.objects.filter(product_id__in=gone, action="delete")
        for pk, name, detail in deleted.values_list("product_id", "subject", "detail"):
            found[pk] = (detail["@deleted"][0]["uuid"], name)
    return found


def snapshots(ids: Iterable[int]) -> dict[int, Published]:
    """Return {id: Published} of the products and of all their ancestors."""
    found: dict[int, Published] = {}
    wanted = set(ids)
    while wanted:
        fresh = _published(wanted)
        found.update(fresh)
        wanted = {p.parent_id for p in fresh.values() if p.parent_id} - set(found)
    return found


def snapshots_as_of(ids: Iterable[int], moment: datetime) -> dict[int, Published]:
    """Return {id: Published} of the products and all their ancestors, as they were then.

    Raises a `Refused` of code "not_kept" where a version has been let go since.
    """
    found: dict[int, Published] = {}
    wanted = set(ids)
    while wanted:
        past = versions_as_of(wanted, moment)
        parents = _by_identifier(p.snapshot["parent"] for p in past.values() if p.snapshot)
        known = named(past)
        for pk, then in past.items():
            shot = then.snapshot
            parent = parents.get(shot["parent"]) if shot and shot["parent"] else None
            uuid, identifier = known.get(pk, ("", ""))
            what = (
                (shot["identifier"], shot["role"], parent, shot["level"])
                if shot
                else (identifier, "item", None, 0)
            )
            name, role, parent_id, level = what
            found[pk] = Published(
                pk, uuid, name, role, parent_id, level, then.number, then.withdrawn, shot
            )
        wanted = {p.parent_id for p in found.values() if p.parent_id} - set(found)
    return found


def snapshots_seen(identifier: str, rights: Rights) -> dict[int, Published]:
    """Return {id: Published} of a product's family without what the rights hide.

    Empty where the product is not there or may not be seen. Variants that may not be seen are
    left out, and so is what names other products.
    """
    rows = visible_products(Product.objects.filter(identifier=identifier), rights)
    row = rows.values_list("id", "parent_id", "parent__parent_id").first()
    if row is None:
        return {}
    root = row[2] or row[1] or row[0]
    found = snapshots([root, *descendants([root])])
    known, held = load_structure(), rights_on(list(found), rights)
    above = {pk for pk in row if pk}
    return {
        pk: replace(one, snapshot=masked_snapshot(one.snapshot, held[pk], known))
        for pk, one in found.items()
        if one.snapshot is not None and (pk in above or held[pk].level >= Level.VIEW)
    }


def descendants(ids: Iterable[int]) -> set[int]:
    """Return the ids of everything below the products, themselves left out."""
    ids = list(ids)
    products = Product.objects.order_by().values_list("id", flat=True)
    # Two searches of an index: as one condition with OR, every product would be read.
    below = products.filter(parent_id__in=ids), products.filter(parent__parent_id__in=ids)
    return set(below[0].union(below[1], all=True))


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


def assets(codes: Iterable[str], *, at: datetime | None = None) -> dict[str, PublishedAsset]:
    """Return {code: PublishedAsset} of those that exist and, with `at`, may be shown then."""
    columns = tuple(PublishedAsset.__slots__)
    rows = Asset.objects.filter(code__in=list(codes)).values_list(*columns)
    if at is not None:
        rows = rows.filter(Q(valid_from=None) | Q(valid_from__lte=at))
        rows = rows.filter(Q(valid_to=None) | Q(valid_to__gt=at))
    return {row[0]: PublishedAsset(*row) for row in rows}


def asset_boundaries(after: datetime, until: datetime) -> set[str]:
    """Return the codes of assets whose time begins or ends within (after, until]."""
    begins = Q(valid_from__gt=after, valid_from__lte=until)
    ends = Q(valid_to__gt=after, valid_to__lte=until)
    return set(Asset.objects.filter(begins | ends).values_list("code", flat=True))


def assets_from(prefix: str) -> dict[str, PublishedAsset]:
    """Return {code: PublishedAsset} of those whose code begins with `prefix`."""
    return assets(Asset.objects.filter(code__startswith=prefix).values_list("code", flat=True))


def records(codes: dict[str, Iterable[str]]) -> dict[tuple[str, str], PublishedRecord]:
    """Return {(entity, code): PublishedRecord} of {entity: codes}."""
    wanted = Q()
    for entity, names in codes.items():
        wanted |= Q(entity__code=entity, code__in=list(names))
    if not wanted:
        return {}
    rows = ReferenceRecord.objects.filter(wanted)
    return {
        (entity, code): PublishedRecord(entity, code, labels, values)
        for entity, code, labels, values in rows.values_list(
            "entity__code", "code", "labels", "values"
        )
    }


def visible_product_ids(rights: Rights) -> QuerySet:
    """Return the ids of the products that somebody may see, as a subquery."""
    return visible_products(Product.objects.order_by(), rights).values("pk")


def visible_identifiers(rights: Rights) -> QuerySet:
    """Return the identifiers of the products that somebody may see, as a subquery."""
    return visible_products(Product.objects.order_by(), rights).values("identifier")


def _published(ids: set[int]) -> dict[int, Published]:
    rows = list(
        Product.objects.filter(id__in=ids).values_list(
            "id", "uuid", "identifier", "role", "level", "withdrawn", "parent_id",
            "parent__identifier", "version__number", "version__digest", "version__snapshot",
        )
    )  # fmt: skip
    found, moved = {}, {}
    for pk, uuid, name, role, level, withdrawn, parent_id, parent, number, text, stored in rows:
        snapshot = unpack(stored) if stored is not None else None
        if snapshot is not None:
            name, role, level = snapshot["identifier"], snapshot["role"], snapshot["level"]
            if snapshot["parent"] is None:
                parent_id = None
            elif snapshot["parent"] != parent:
                moved[pk] = snapshot["parent"]
        found[pk] = (pk, str(uuid), name, role, parent_id, level, number or 0, withdrawn,
                     snapshot, text or "")  # fmt: skip
    elsewhere = _by_identifier(moved.values())
    for pk, parent in moved.items():
        row = found[pk]
        found[pk] = (*row[:4], elsewhere.get(parent, row[4]), *row[5:])
    return {pk: Published(*row) for pk, row in found.items()}


def _by_identifier(names: Iterable[str | None]) -> dict[str, int]:
    names = [name for name in names if name]
    if not names:
        return {}
    return dict(Product.objects.filter(identifier__in=names).values_list("identifier", "id"))


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
