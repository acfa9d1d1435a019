"""Records of reference entities, their values in the list form of the original."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from pim.actions.rest_documents import records as theirs
from pim.actions.rest_documents.entities import LABEL
from pim.content.locales import to_posix
from pim.models import ReferenceEntity, ReferenceRecord

from .categories import moment
from .changed import Changed, last_changes
from .entities import find_entity
from .places import read_locales
from .resource import Owner, Resource, collection_view, item_view


def _rows(entity: ReferenceEntity) -> QuerySet:
    return ReferenceRecord.objects.filter(entity=entity).select_related("entity").order_by("code")


def _present(request: HttpRequest, rows: list[ReferenceRecord]) -> list[dict]:
    locales = read_locales(request)
    times = last_changes("record", [f"{row.entity.code}/{row.code}" for row in rows])
    return [
        {
            "code": row.code,
            "values": listed_values(
                {LABEL: row.labels, **dict(sorted(row.values.items()))}, locales
            ),
            "updated": moment(times.get(f"{row.entity.code}/{row.code}")),
        }
        for row in rows
    ]


def listed_values(values: dict[str, dict], locales: frozenset[str] | None) -> dict:
    """Return {name: {locale or "": data}} as lists of values in these locales; None is all."""
    return {
        name: found
        for name, by_locale in values.items()
        if (found := listed({k: v for k, v in by_locale.items() if shown(k, locales)}))
    }


def shown(locale: str, locales: frozenset[str] | None) -> bool:
    """Return whether a value of that locale is wanted; what has no locale always is."""
    return not locale or locales is None or locale in locales


def _complete(values: list) -> Q:
    """Return the condition of complete records: none of their attributes is required."""
    return Q() if values[0] else Q(pk__in=[])


def listed(by_locale: dict[str, Any]) -> list[dict]:
    """Return {locale or "": data} as a list of values."""
    return [
        {"locale": to_posix(locale) if locale else None, "channel": None, "data": data}
        for locale, data in sorted(by_locale.items())
    ]


RECORDS = Resource(
    address="records",
    kind="reference_records",
    renamed="record",
    parted=True,
    noun="referencerecord",
    what="record",
    types=theirs.TYPES,
    ignored=theirs.IGNORED,
    read=theirs.read,
    rows=_rows,
    present=_present,
    search={
        "code": ("code", str),
        "complete": (_complete, bool),
        "updated": ("record:entity__code", Changed),
    },
    owner=Owner("reference-entities", "entity", find_entity),
    write=theirs.write,
    by_cursor=True,
)
records = collection_view(RECORDS, "GET", "PATCH")
record = item_view(RECORDS, "GET", "PATCH")
