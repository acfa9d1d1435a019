"""Records of reference entities, their values in the list form of the original."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from pim.actions.rest_documents import records as theirs
from pim.actions.rest_documents.entities import LABEL
from pim.content.locales import to_posix
from pim.models import Asset, ReferenceEntity, ReferenceRecord
from pim.queries.asset_media import media_code

from .categories import moment
from .changed import Changed, last_changes
from .entities import find_entity
from .handlers import collection_view, item_view
from .media_files import ENTITY_FILES
from .places import read_locales
from .resource import Owner, Resource


def _rows(entity: ReferenceEntity) -> QuerySet:
    return ReferenceRecord.objects.filter(entity=entity).select_related("entity").order_by("code")


def _present(request: HttpRequest, rows: list[ReferenceRecord]) -> list[dict]:
    locales = read_locales(request)
    times = last_changes("record", [f"{row.entity.code}/{row.code}" for row in rows])
    files = _files(rows)
    return [
        {
            "code": row.code,
            "values": _values(request, row, files, locales),
            "updated": moment(times.get(f"{row.entity.code}/{row.code}")),
        }
        for row in rows
    ]


def _values(
    request: HttpRequest,
    row: ReferenceRecord,
    files: Mapping[str, str],
    locales: frozenset[str] | None,
) -> dict:
    """Return the values as lists; media by the codes of their files, what is gone is left out."""
    held = {LABEL: row.labels, **dict(sorted(row.values.items()))}
    media = _media(row.entity) & held.keys()
    for name in media:
        codes = held[name].items()
        held[name] = {locale: files[code] for locale, code in codes if code in files}
    found = listed_values(held, locales)
    for name in media & found.keys():
        entries = found[name]
        found[name] = [one | ENTITY_FILES.download(request, one["data"]) for one in entries]
    return found


def _media(entity: ReferenceEntity) -> set[str]:
    return {field["code"] for field in entity.fields if field["kind"] == "media"}


def _files(rows: list[ReferenceRecord]) -> dict[str, str]:
    """Return {asset: code of its file} of all that the records name: one query."""
    named = {
        code
        for row in rows
        for name in _media(row.entity) & row.values.keys()
        for code in row.values[name].values()
    }
    assets = Asset.objects.filter(code__in=named) if named else Asset.objects.none()
    parts = assets.values_list("code", "original_sha256", "filename")
    return {code: media_code(digest, filename) for code, digest, filename in parts}


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
