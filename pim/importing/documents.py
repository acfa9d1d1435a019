"""Rows that are documents: products and models in the shape of the API's values."""

import hashlib
from collections.abc import Callable, Iterator
from typing import Any

import orjson

from pim.content.address import Address
from pim.content.locales import to_bcp47
from pim.content.nul import ESCAPED, nul_at, places_of_nul
from pim.content.refusals import InvalidValue, Refused, _
from pim.content.states import state_of
from pim.content.structure import AttributeDef, Structure

from .columns import Layout
from .jsonlines import is_model
from .rows import MediaFinder, RowContent, no_identifier
from .values import Choices

PLACES = ("family", "family_variant", "parent")
TARGETS = ("products", "product_models", "product_uuids")
_ESCAPED_NUL = ESCAPED.encode()


class DocumentReader:
    """Reads documents; what a document does not name stays as it is, null takes away."""

    partial: dict = {}
    keeps_blank = False

    def __init__(
        self,
        *,
        structure: Structure,
        find_media: MediaFinder,
        stamp_media: Callable[[str], str],
    ):
        self.layout = Layout()
        self._structure = structure
        self._find_media, self._stamp_media = find_media, stamp_media
        self._choices = Choices(structure)
        main = structure.identifier_attribute
        self._main = main.code if main else "sku"
        self._media = {a.code for a in structure.attributes.values() if a.kind == "media"}
        self._salt = f"{structure.seq}".encode()
        self.digest = hashlib.blake2b(b"documents", digest_size=16).hexdigest()

    def identify(self, line: int, document: dict | None) -> RowContent:
        """Return the document's identifier and digest, without reading its values."""
        row = RowContent(line)
        if document is None:
            row.refusal = ("", Refused(_("The line is no JSON object."), code="not_json"))
            return row
        names = ("code", "identifier") if is_model(document) else ("identifier", self._main)
        named = next((document[name] for name in names if document.get(name)), "")
        row.write["identifier"] = str(named or self._identifier_value(document)).strip()
        row.uuid = str(document.get("uuid") or "").strip().lower()
        row.delete = document.get("#delete") is True
        if not row.identifier and not row.uuid:
            row.refusal = ("", no_identifier())
            return row
        text = orjson.dumps(document, option=orjson.OPT_SORT_KEYS)
        if _ESCAPED_NUL in text and (place := next(places_of_nul(document), "")):
            row.refusal = (place, nul_at(place))
            return row
        sha = hashlib.blake2b(self._salt, digest_size=16)
        sha.update(text)
        for cell in self.media_cells(document):
            sha.update(self._stamp_media(cell).encode())
        row.digest = sha.hexdigest()
        return row

    def _identifier_value(self, document: dict) -> Any:
        values = document.get("values")
        entries = values.get(self._main) if isinstance(values, dict) else None
        first = entries[0] if isinstance(entries, list) and entries else None
        return first.get("data") if isinstance(first, dict) else ""

    def read(self, row: RowContent, document: dict) -> None:
        """Fill the row with everything that the document says."""
        row.write["role"] = "model" if is_model(document) else None
        row.write["uuid"] = row.uuid or None
        row.write["values"] = {}
        for part in (self._read_fields, self._read_values, self._read_ties):
            try:
                part(row, document)
            except (Refused, TypeError, AttributeError, ValueError) as fault:
                refusal = fault if isinstance(fault, Refused) else _misshapen(part.__name__)
                row.refusal = (refusal.field, refusal)

    def media_cells(self, document: dict | None) -> list[str]:
        """Return the codes and paths in media values."""
        found = []
        values = (document or {}).get("values")
        for code in self._media & set(values) if isinstance(values, dict) else ():
            for entry in values[code] if isinstance(values[code], list) else ():
                data = entry.get("data") if isinstance(entry, dict) else None
                found += [data] if isinstance(data, str) else data or []
        return [cell for cell in found if isinstance(cell, str)]

    def _read_fields(self, row: RowContent, document: dict) -> None:
        write = row.write
        for name in PLACES:
            if name in document:
                code = str(document[name] or "")
                blank = "" if name == "parent" and not is_model(document) else None
                write[name] = self._choices.known(name, code) if code else blank
        for name in ("categories", "groups"):
            if document.get(name) is not None:
                write[name] = [self._choices.known(name, code) for code in _codes(document[name])]
        if isinstance(document.get("enabled"), bool):
            write["enabled"] = document["enabled"]

    def _read_values(self, row: RowContent, document: dict) -> None:
        for code, entries in (document.get("values") or {}).items():
            attribute = self._structure.attributes.get(code)
            if attribute is None:
                row.problems.append((code, _unknown_attribute(code)))
                continue
            for entry in entries:
                try:
                    self._read_value(row, attribute, entry)
                except Refused as refusal:
                    row.problems.append((code, refusal))

    def _read_value(self, row: RowContent, attribute: AttributeDef, entry: dict) -> None:
        locale = to_bcp47(entry["locale"]) if entry.get("locale") else ""
        address = Address(attribute.code, entry.get("scope") or "", locale)
        row.write["values"][address] = self._data(attribute, entry.get("data"))

    def _data(self, attribute: AttributeDef, data: Any) -> Any:
        if state_of(data):
            return data
        if attribute.kind == "media" and data:
            return self._find_media([data] if isinstance(data, str) else data, attribute)
        if attribute.kind == "select" and isinstance(data, str):
            return self._choices.option(attribute, data)
        if attribute.kind in ("multiselect", "reference") and data:
            codes = [data] if isinstance(data, str) else data
            return [self._choices.option(attribute, code) for code in codes]
        if attribute.kind == "product" and isinstance(data, dict):
            return [str(data.get("id") or data.get("identifier") or "")]
        return None if data in ("", [], {}) else data

    def _read_ties(self, row: RowContent, document: dict) -> None:
        found: dict[str, dict] = {}
        for name in ("associations", "quantified_associations"):
            for code, targets in (document.get(name) or {}).items():
                held = found.setdefault(code, {"products": [], "groups": []})
                held["groups"] += _codes(targets.get("groups") or [])
                held["products"] += _targets(targets)
        if found:
            row.write["associations"] = found


def _targets(targets: dict) -> Iterator[tuple[str, int | None]]:
    for name in TARGETS:
        for target in targets.get(name) or []:
            if isinstance(target, dict):
                called = target.get("identifier") or target.get("uuid") or target.get("code")
                yield str(called or ""), target.get("quantity")
            else:
                yield str(target), None


def _codes(listed: Any) -> list[str]:
    if not isinstance(listed, list) or not all(isinstance(code, str) for code in listed):
        raise TypeError
    return listed


def _misshapen(part: str) -> Refused:
    what = part.removeprefix("_read_")
    return InvalidValue(
        _("The %(what)s are not of the shape of the API."), code="misshapen", what=what
    )


def _unknown_attribute(code: str) -> Refused:
    return Refused(
        _("There is no attribute “%(name)s”; its value was left out."),
        code="unknown_attribute",
        name=code,
    )
