"""The door: the only module through which syndication reads product content, always set-wise.

What comes out are plain values. Only published content is seen: drafts never.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.db.models import F, Max, Q, TextField
from django.db.models.functions import Cast

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
from pim.content.snapshot import canonical, digest, unpack
from pim.content.structure import AttributeDef, ChannelDef, FamilyDef, Structure
from pim.models import (
    Asset,
    AvailabilityFact,
    Draft,
    LogEntry,
    PriceFact,
    PriceList,
    Product,
    ReferenceRecord,
)
from pim.queries.structure import load_structure

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


def snapshots(ids: Iterable[int]) -> dict[int, Published]:
    """Return {id: Published} of the products and of all their ancestors."""
    found: dict[int, Published] = {}
    wanted = set(ids)
    while wanted:
        fresh = _published(wanted)
        found.update(fresh)
        wanted = {p.parent_id for p in fresh.values() if p.parent_id} - set(found)
    return found


def descendants(ids: Iterable[int]) -> set[int]:
    """Return the ids of everything below the products, themselves left out."""
    ids = list(ids)
    below = Product.objects.filter(Q(parent_id__in=ids) | Q(parent__parent_id__in=ids))
    return set(below.values_list("id", flat=True))


def products_in_families(codes: Iterable[str]) -> set[int]:
    """Return the ids of all products that may be published in one of the families."""
    return _ids(Product.objects.filter(Q(family__code__in=list(codes)) | _UNSURE))


def products_in_categories(codes: Iterable[str]) -> set[int]:
    """Return the ids of all products that may be published in one of the categories."""
    return _ids(Product.objects.filter(Q(categories__code__in=list(codes)) | _UNSURE))


def products_having_attribute(codes: Iterable[str]) -> set[int]:
    """Return the ids of all products that may have an own value of one of the attributes."""
    named = Q()
    for code in codes:
        named |= Q(text__contains=f'"{code}":')
    if not named:
        return set()
    drafts = Draft.objects.annotate(text=Cast("values", TextField())).filter(named)
    holders = set(drafts.values_list("product_id", flat=True))
    return holders | _ids(Product.objects.filter(_UNSURE))


def all_product_ids(after: int = 0, limit: int = 1000) -> list[int]:
    """Return the next ids after `after`: every product that was ever published."""
    rows = Product.objects.filter(id__gt=after, version__isnull=False).order_by("id")
    return list(rows.values_list("id", flat=True)[:limit])


def assets(codes: Iterable[str]) -> dict[str, PublishedAsset]:
    """Return {code: PublishedAsset} of those that exist."""
    columns = tuple(PublishedAsset.__slots__)
    rows = Asset.objects.filter(code__in=list(codes)).values_list(*columns)
    return {row[0]: PublishedAsset(*row) for row in rows}


def asset_path(sha256: str) -> Path:
    """Return where the bytes of that digest lie."""
    return Path(settings.ASSET_ROOT) / sha256[:2] / sha256[2:4] / sha256


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


def facts(ids: Iterable[int], channel: str, audience: str, at: datetime) -> dict[int, dict]:
    """Return {id: {"prices": […], "availability": … | None}} of those that have facts.

    The shapes are those of `syndication.contract.Facts`: prices valid at `at`, from the
    channel's price lists that the audience may see, best first per currency and quantity.
    """
    ids = list(ids)
    found: dict[int, dict] = {}
    for pk, price in _prices(ids, channel, audience, at):
        found.setdefault(pk, {"prices": [], "availability": None})["prices"].append(price)
    for pk, availability in _availabilities(ids):
        found.setdefault(pk, {"prices": [], "availability": None})["availability"] = availability
    return found


def fact_boundaries(after: datetime, until: datetime) -> set[int]:
    """Return the ids of products with a price that begins or ends in (after, until]."""
    begins = Q(valid_from__gt=after, valid_from__lte=until)
    ends = Q(valid_to__gt=after, valid_to__lte=until)
    return set(PriceFact.objects.filter(begins | ends).values_list("product_id", flat=True))


# A draft that differs from its version may have moved out of a family or category that the
# version is still in: such products are always among those that a change may touch.
_UNSURE = Q(version__isnull=False) & ~Q(version__digest=F("draft_digest"))


def _ids(queryset) -> set[int]:
    return set(queryset.order_by().values_list("id", flat=True))


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


def _by_identifier(names: Iterable[str]) -> dict[str, int]:
    names = list(names)
    if not names:
        return {}
    return dict(Product.objects.filter(identifier__in=names).values_list("identifier", "id"))


def _prices(ids: list[int], channel: str, audience: str, at: datetime):
    lists = PriceList.objects.filter(channels__code=channel)
    lists = lists.filter(Q(audiences__isnull=True) | Q(audiences__code=audience))
    rows = PriceFact.objects.filter(product_id__in=ids, price_list__in=lists.values("id"))
    rows = rows.filter(Q(valid_from__isnull=True) | Q(valid_from__lte=at))
    rows = rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=at))
    for pk, currency, amount, quantity, code, tax, until in rows.order_by(
        "product_id", "price_list__currency__code", "min_quantity", "amount", "price_list__code"
    ).values_list(
        "product_id", "price_list__currency__code", "amount", "min_quantity", "price_list__code",
        "price_list__tax_included", "valid_to",
    ):  # fmt: skip
        yield (
            pk,
            {
                "currency": currency,
                "amount": _plain(amount),
                "min_quantity": quantity,
                "price_list": code,
                "tax_included": tax,
                "valid_to": _iso(until),
            },
        )


def _availabilities(ids: list[int]):
    rows = AvailabilityFact.objects.filter(product_id__in=ids).order_by("product_id", "-place")
    for pk, state, quantity, day in rows.values_list(
        "product_id", "state", "quantity", "available_on"
    ):
        yield (
            pk,
            {
                "state": state,
                "quantity": None if quantity is None else _plain(quantity),
                "available_on": _iso(day),
            },
        )


def _plain(number: Decimal) -> str:
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _iso(moment: date | datetime | None) -> str | None:
    return moment.isoformat() if moment else None


__all__ = [
    "AttributeDef",
    "ChannelDef",
    "Completeness",
    "Conflict",
    "Entry",
    "FamilyDef",
    "InvalidValue",
    "NotFound",
    "NotUnique",
    "Published",
    "PublishedAsset",
    "PublishedRecord",
    "PublishedStructure",
    "Refused",
    "Resolved",
    "Resolver",
    "Structure",
    "UnknownCode",
    "all_product_ids",
    "asset_path",
    "assets",
    "canonical",
    "completeness",
    "descendants",
    "diff",
    "digest",
    "entries_after",
    "fact_boundaries",
    "facts",
    "head",
    "is_locale",
    "kinds",
    "products_having_attribute",
    "products_in_categories",
    "products_in_families",
    "records",
    "resolve",
    "snapshots",
    "states",
    "structure",
    "to_bcp47",
    "to_posix",
]
