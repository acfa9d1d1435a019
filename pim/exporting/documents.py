"""Products as JSON documents in the shape of the API's values, which the import reads back."""

from typing import Any

import orjson

from pim.content.address import Address
from pim.content.locales import to_posix
from pim.content.structure import Structure

from .columns import Row, wanted_address
from .settings import PLACES, ExportSettings


def document_of(row: Row, settings: ExportSettings, structure: Structure) -> bytes:
    """Return one line of JSON."""
    snapshot, models = row.snapshot, row.snapshot["role"] == "model"
    wanted = [p for p in PLACES if not settings.columns or p in settings.columns]
    document: dict[str, Any] = {
        "code" if models else "identifier": snapshot["identifier"],
        **{p: snapshot[p] for p in wanted if models or p != "family_variant"},
        "values": _values(row, settings, structure),
    }
    if models:
        # What tells a model from an article, wanted or not.
        document["family_variant"] = snapshot["family_variant"]
    if settings.associations:
        document["associations"] = _ties(snapshot, structure)
    return orjson.dumps(document)


def _values(row: Row, settings: ExportSettings, structure: Structure) -> dict[str, list]:
    found: dict[str, list] = {}
    for locale, held in row.snapshot["values"].items():
        for code, by_channel in held.items():
            for channel in by_channel:
                address = Address(code, channel, locale)
                if not wanted_address(address, settings, structure):
                    continue
                attribute = structure.attributes[code]
                data = row.data(attribute, address, inherited=False)
                if data is not None:
                    entry = {
                        "locale": to_posix(locale) if locale else None,
                        "scope": channel or None,
                        "data": data,
                    }
                    found.setdefault(code, []).append(entry)
    return found


def _ties(snapshot: dict, structure: Structure) -> dict[str, dict]:
    found = {}
    for code, ties in snapshot["associations"].items():
        definition = structure.association_types.get(code)
        quantified = bool(definition and definition.quantified)
        targets = [
            {"uuid": uuid, "quantity": quantity or 1} if quantified else uuid
            for uuid, quantity in ties["products"]
        ]
        found[code] = {"product_uuids": targets, "groups": ties["groups"]}
    return found
