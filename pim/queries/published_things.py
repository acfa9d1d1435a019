"""Files and reference records as outputs show them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q

from pim.models import Asset, ReferenceRecord


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
