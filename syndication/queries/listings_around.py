"""What listing bodies show of records and assets around a product, in the listing's language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from pim.published import Structure

from .listings_reads import codes_in


class Link(NamedTuple):
    """What other listings show of a live listing."""

    identifier: str
    slug: str
    name: str
    image: str


@dataclass(frozen=True)
class Surroundings:
    """What a batch has read besides its products, for any context."""

    assets: Mapping[str, Any] = field(default_factory=dict)
    records: Mapping[tuple[str, str], Any] = field(default_factory=dict)
    links: Mapping[tuple[str, str, str], Mapping[str, Link]] = field(default_factory=dict)


def records_in(
    values: dict, around: Surroundings, *, structure: Structure, chain: tuple[str, ...]
) -> dict:
    """Return {entity: {code: record}} of the records that the values name."""
    found: dict[str, dict] = {}
    for code, entry in values.items():
        attribute = structure.attributes[code]
        if attribute.kind != "reference":
            continue
        for record in codes_in(entry[0]):
            held = around.records.get((attribute.reference_entity, record))
            if held is not None:
                shown = found.setdefault(attribute.reference_entity, {})
                shown[record] = _record(held, record, chain)
    return found


def _record(held: Any, code: str, chain: tuple[str, ...]) -> dict:
    fields = {
        field: data
        for field, by_locale in held.values.items()
        if (data := _nearest(by_locale, (*chain[:-1], ""))) not in (None, "")
    }
    return {"label": _nearest(held.labels, chain) or f"[{code}]", "fields": fields}


def _nearest(by_locale: dict, chain: tuple[str, ...]) -> Any:
    return next((by_locale[code] for code in chain if by_locale.get(code)), None)


def assets_in(
    body: Mapping[str, Any],
    around: Surroundings,
    *,
    structure: Structure,
    chain: tuple[str, ...],
) -> dict:
    """Return {code: asset} of the media in a body's values, records and associations."""
    codes = _codes_in_values(body["values"], structure)
    codes += _codes_in_records(body["records"], structure)
    tied = (tie["image"] for ties in body["associations"].values() for tie in ties)
    codes += [image for image in tied if image]
    return {c: _asset(around.assets[c], chain) for c in codes if c in around.assets}


def with_rights(values: dict, around: Surroundings, structure: Structure) -> dict:
    """Return the values without media that may not be shown, or are not there."""
    for code, (data, *origin) in list(values.items()):
        if structure.attributes[code].kind != "media":
            continue
        shown = [asset for asset in codes_in(data) if asset in around.assets]
        if not shown:
            del values[code]
        elif len(shown) < len(codes_in(data)):
            values[code] = [shown, *origin]
    return values


def _codes_in_values(values: dict, structure: Structure) -> list[str]:
    attributes = structure.attributes
    return [
        asset
        for code, entry in values.items()
        if attributes[code].kind == "media"
        for asset in codes_in(entry[0])
    ]


def _codes_in_records(records: dict, structure: Structure) -> list[str]:
    return [
        asset
        for entity, held in records.items()
        for record in held.values()
        for asset in media_in_fields(record["fields"], entity, structure)
    ]


def media_in_fields(fields: Mapping[str, Any], entity: str, structure: Structure) -> list[str]:
    """Return the asset codes that the fields of a record hold."""
    kinds = structure.entities[entity].fields if entity in structure.entities else {}
    return [
        code
        for name, data in fields.items()
        if kinds.get(name, {}).get("kind") == "media"
        for code in codes_in(data)
    ]


def _asset(asset: Any, chain: tuple[str, ...]) -> dict:
    return {
        "sha256": asset.sha256,
        "filename": asset.filename,
        "kind": asset.kind,
        "media_type": asset.media_type,
        "size": asset.size,
        "width": asset.width,
        "height": asset.height,
        "alt": _nearest(asset.alt, chain) or "",
        "caption": _nearest(asset.caption, chain[:-1]) or "",
    }
