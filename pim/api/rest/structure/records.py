"""Records of reference entities, their values in the list form of the original."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from pim.actions.upserts import StructureResult, upsert_structure
from pim.content.kinds import clean
from pim.content.locales import is_locale, to_bcp47, to_posix
from pim.content.refusals import InvalidValue, Refused, UnknownCode, _
from pim.content.structure import AttributeDef, Structure
from pim.models import Asset, ReferenceEntity, ReferenceRecord

from ..errors import format_error
from .categories import moment
from .changed import Changed, last_changes
from .entities import LABEL, find_entity
from .forms import renamed
from .resource import Owner, Resource, collection_view, item_view


def _read(document: dict) -> dict:
    ours = renamed(document, {"code": "code"})
    values = document.get("values") or {}
    wrong = [name for name, entries in values.items() if not _is_list(entries)]
    if wrong:
        raise format_error(f'Property "{name}" expects a list of values.' for name in wrong)
    return {**ours, "@values": values}


def _is_list(entries: Any) -> bool:
    return isinstance(entries, list) and all(
        isinstance(entry, dict) and "data" in entry for entry in entries
    )


def _write(kind: str, documents: list[dict], *, actor, at, mode: str) -> list[StructureResult]:
    """Write records; every value is cleaned as its field says, all refusals at once."""
    names = {document["entity"] for document in documents}
    fields = {e.code: e.fields for e in ReferenceEntity.objects.filter(code__in=names)}
    for document in documents:
        document["@refusals"] = []
        values = document.pop("@values")
        _read_values(document, values, {f["code"]: f for f in fields[document["entity"]]})
    _refuse_unknown_assets(documents, fields)
    return upsert_structure(kind, documents, actor=actor, at=at, mode=mode)


def _read_values(document: dict, values: dict, fields: dict[str, dict]) -> None:
    labels, found = {}, {}
    for name, entries in values.items():
        for entry in entries:
            try:
                locale, data = _value(name, entry, fields)
            except Refused as refusal:
                document["@refusals"].append(refusal)
                continue
            if name == LABEL:
                labels[locale] = data
            else:
                found.setdefault(name, {})[locale] = data
    document |= {"labels": labels} if labels else {}
    document |= {"values": found} if found else {}


def _value(name: str, entry: dict, fields: dict[str, dict]) -> tuple[str, Any]:
    """Return (locale or "", data) of one value; "" as data takes it away."""
    field = {"code": name, "kind": "text", "localizable": True}
    field = field if name == LABEL else fields.get(name)
    if field is None:
        raise UnknownCode(what="attribute", name=name, field=f"values.{name}")
    given = entry.get("locale")
    if bool(given) != bool(field.get("localizable")) or entry.get("channel"):
        sentence = _("“%(name)s” has a value per locale, or one for all: see its attribute.")
        raise InvalidValue(sentence, code="wrong_locale", field=f"values.{name}", name=name)
    if given and not (isinstance(given, str) and is_locale(given)):
        raise UnknownCode(what="locale", name=str(given)[:50], field=f"values.{name}")
    data = entry["data"]
    if data is not None:
        data = clean(AttributeDef(name, field["kind"]), data, Structure())
    return to_bcp47(given) if given else "", "" if data is None else _stored(field["kind"], data)


def _stored(kind: str, data: Any) -> Any:
    # A record's media is one asset.
    return data[0] if kind == "media" else data


def _refuse_unknown_assets(documents: list[dict], fields: dict[str, list]) -> None:
    wanted = [
        (document, name, code)
        for document in documents
        for name, by_locale in document.get("values", {}).items()
        for code in by_locale.values()
        if code and _is_media(name, fields[document["entity"]])
    ]
    codes = {code for _document, _name, code in wanted}
    known = set(Asset.objects.filter(code__in=codes).values_list("code", flat=True))
    for document, name, code in wanted:
        if code not in known:
            refusal = UnknownCode(what="asset", name=str(code), field=f"values.{name}")
            document["@refusals"].append(refusal)


def _is_media(name: str, fields: list[dict]) -> bool:
    return any(field["code"] == name and field["kind"] == "media" for field in fields)


def _rows(entity: ReferenceEntity) -> QuerySet:
    return ReferenceRecord.objects.filter(entity=entity).select_related("entity").order_by("code")


def _present(_request: HttpRequest, rows: list[ReferenceRecord]) -> list[dict]:
    times = last_changes("record", [f"{row.entity.code}/{row.code}" for row in rows])
    return [
        {
            "code": row.code,
            "values": {
                **({LABEL: listed(row.labels)} if row.labels else {}),
                **{name: listed(by_locale) for name, by_locale in sorted(row.values.items())},
            },
            "updated": moment(times.get(f"{row.entity.code}/{row.code}")),
        }
        for row in rows
    ]


def listed(by_locale: dict[str, Any]) -> list[dict]:
    """Return {locale or "": data} as a list of values."""
    return [
        {"locale": to_posix(locale) if locale else None, "channel": None, "data": data}
        for locale, data in sorted(by_locale.items())
    ]


RECORDS = Resource(
    address="records",
    kind="reference_records",
    noun="referencerecord",
    what="record",
    types={"code": "string", "values": "map"},
    ignored=("created", "updated"),
    read=_read,
    rows=_rows,
    present=_present,
    search={"code": ("code", str), "updated": ("record:entity__code", Changed)},
    owner=Owner("reference-entities", "entity", find_entity),
    write=_write,
    by_cursor=True,
)
records = collection_view(RECORDS, "GET", "PATCH")
record = item_view(RECORDS, "GET", "PATCH")
