"""Records of reference entities as documents: read, and written with every value cleaned."""

from typing import Any

from django.db.models import Q

from pim.actions.files_named import FilesNamed
from pim.actions.upserts import StructureResult, upsert_structure
from pim.content.record_fields import clean_field, clean_place
from pim.content.refusals import Refused, UnknownCode
from pim.models import ReferenceEntity, ReferenceRecord

from .entities import LABEL
from .errors import format_error
from .forms import renamed

TYPES = {"code": "string", "values": "map"}
IGNORED = ("created", "updated")


def read(document: dict) -> dict:
    """Return our document of theirs; its values are read where they are written."""
    ours = renamed(document, {"code": "code"})
    values = document.get("values") or {}
    wrong = [name for name, entries in values.items() if not is_list(entries)]
    if wrong:
        raise format_error(f'Property "{name}" expects a list of values.' for name in wrong)
    return {**ours, "@values": values}


def is_list(entries: Any) -> bool:
    """Return whether something is a list of values, each with its data."""
    return isinstance(entries, list) and all(
        isinstance(entry, dict) and "data" in entry for entry in entries
    )


def write(kind: str, documents: list[dict], *, actor, at, mode: str) -> list[StructureResult]:
    """Write records; every value is cleaned as its field says, all refusals at once."""
    names = {document["entity"] for document in documents}
    fields = {e.code: e.fields for e in ReferenceEntity.objects.filter(code__in=names)}
    for document in documents:
        document["@refusals"] = []
        values = document.pop("@values")
        _read_values(document, values, {f["code"]: f for f in fields[document["entity"]]})
    _name_assets(documents, fields, actor=actor, at=at)
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
    place = f"values.{name}"
    locale = clean_place(field, entry.get("locale"), entry.get("channel"), place=place)
    data = clean_field(field, entry["data"])
    return locale, "" if data is None else data


def _name_assets(documents: list[dict], fields: dict[str, list], *, actor, at) -> None:
    """Put the codes of assets where the documents name files; raises nothing."""
    places = [
        (document, name, locale)
        for document in documents
        for name, by_locale in document.get("values", {}).items()
        for locale, named in by_locale.items()
        if named and _is_media(name, fields[document["entity"]])
    ]
    if not places:
        return
    named = {document["values"][name][locale] for document, name, locale in places}
    files = FilesNamed(named, rights=actor.rights, held=_held(documents, fields))
    for document, name, locale in places:
        _note(document, files.medium, document["values"][name][locale], place=f"values.{name}")
    how = {"actor": actor, "at": at}
    for document, name, locale in places:
        if document["@refusals"]:
            continue
        values = document["values"][name]
        code = _note(document, files.asset, values[locale], place=f"values.{name}", **how)
        values[locale] = code or values[locale]


def _note(document: dict, step, *arguments, **how) -> Any:
    """Return what a step comes to; what refuses it is noted."""
    try:
        return step(*arguments, **how)
    except Refused as refusal:
        document["@refusals"].append(refusal)
        return None


def _held(documents: list[dict], fields: dict[str, list]) -> set[str]:
    """Return the codes of assets that the records name already."""
    wanted = Q()
    for entity in fields:
        codes = [d["code"] for d in documents if d["entity"] == entity]
        wanted |= Q(entity__code=entity, code__in=codes)
    rows = ReferenceRecord.objects.filter(wanted).values_list("entity__code", "values")
    return {
        code
        for entity, values in rows
        for name, by_locale in values.items()
        if _is_media(name, fields[entity])
        for code in by_locale.values()
        if isinstance(code, str)
    }


def _is_media(name: str, fields: list[dict]) -> bool:
    return any(field["code"] == name and field["kind"] == "media" for field in fields)
