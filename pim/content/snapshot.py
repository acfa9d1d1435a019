"""The snapshot of a product: its whole content as one canonical document, at a schema number.

Shape (schema 1): {"schema", "identifier", "uuid", "role", "family", "family_variant",
"parent", "level", "enabled", "categories": [codes], "groups": [codes],
"associations": {type: {"products": [[uuid, quantity | None], …], "groups": [codes]}},
"values": {locale or "": {attribute: {channel or "": data}}}}; "" and None stand for none.
"""

import hashlib
import zlib
from typing import Any

import orjson

from .structure import Structure

SCHEMA = 1
STRUCTURE_SLICE = "@structure"
# What belongs to the structure slice: everything but the values and the document's own marks.
STRUCTURE_KEYS = (
    "identifier", "role", "family", "family_variant", "parent", "level", "enabled",
    "categories", "groups", "associations",
)  # fmt: skip


def compose(
    *,
    identifier: str,
    uuid: str,
    role: str,
    values: dict,
    family: str = "",
    family_variant: str = "",
    parent: str | None = None,
    level: int = 0,
    enabled: bool = True,
    categories: list[str] | tuple = (),
    groups: list[str] | tuple = (),
    associations: dict | None = None,
) -> dict:
    """Return the snapshot document; lists without an order of their own are sorted."""
    return {
        "schema": SCHEMA,
        "identifier": identifier,
        "uuid": str(uuid),
        "role": role,
        "family": family,
        "family_variant": family_variant,
        "parent": parent,
        "level": level,
        "enabled": enabled,
        "categories": sorted(categories),
        "groups": sorted(groups),
        "associations": {
            code: ties for code, ties in (associations or {}).items() if any_tie(ties)
        },
        "values": {locale: held for locale, held in values.items() if held},
    }


def any_tie(ties: dict) -> bool:
    """Return whether an association type holds any target."""
    return bool(ties.get("products") or ties.get("groups"))


def canonical(snapshot: Any) -> bytes:
    """Return the one byte form: sorted keys, no spaces, UTF-8."""
    return orjson.dumps(snapshot, option=orjson.OPT_SORT_KEYS)


def digest(snapshot: dict) -> str:
    """Return the sha256 of the canonical form, in hexadecimal."""
    return hashlib.sha256(canonical(snapshot)).hexdigest()


def pack(snapshot: dict) -> bytes:
    """Return the stored form: canonical JSON, deflated."""
    return zlib.compress(canonical(snapshot), 6)


def unpack(stored: bytes) -> dict:
    """Return the snapshot in today's schema, whatever number it was stored with."""
    return upgrade(orjson.loads(zlib.decompress(bytes(stored))))


def upgrade(snapshot: dict) -> dict:
    """Return the snapshot at SCHEMA; a number from the future is refused."""
    number = snapshot.get("schema", 0)
    if number > SCHEMA:
        raise ValueError(f"Snapshot schema {number} is newer than this software ({SCHEMA}).")
    for step in range(number, SCHEMA):
        snapshot = _UPGRADES[step](snapshot)
    return snapshot


# {schema number: function that lifts a snapshot to the next number}
_UPGRADES: dict = {}


def slices_of(snapshot: dict, structure: Structure) -> list[list[str]]:
    """Return every slice that the snapshot has content in, the structure slice first."""
    found = {
        (_group(attribute, structure), locale)
        for locale, held in snapshot["values"].items()
        for attribute in held
    }
    return [[STRUCTURE_SLICE, ""], *map(list, sorted(found))]


def merge_slices(base: dict | None, draft: dict, slices: list | None, structure: Structure) -> dict:
    """Return `base` with the approved slices replaced from `draft`.

    `slices` is [[attribute group | "@structure", locale or ""], …]; None approves all. A
    product that has no base yet takes its structure from the draft in any case.
    """
    if slices is None:
        return draft
    approved = {tuple(s) for s in slices}
    merged = dict(base or {**draft, "values": {}})
    if (STRUCTURE_SLICE, "") in approved:
        merged.update({key: draft[key] for key in STRUCTURE_KEYS})
    merged["values"] = _merge_values(merged["values"], draft["values"], approved, structure)
    return merged


def _merge_values(base: dict, draft: dict, approved: set, structure: Structure) -> dict:
    merged = {}
    for locale in {*base, *draft}:
        kept = {
            code: data
            for code, data in base.get(locale, {}).items()
            if (_group(code, structure), locale) not in approved
        }
        taken = {
            code: data
            for code, data in draft.get(locale, {}).items()
            if (_group(code, structure), locale) in approved
        }
        if kept or taken:
            merged[locale] = {**kept, **taken}
    return merged


def _group(attribute: str, structure: Structure) -> str:
    known = structure.attributes.get(attribute)
    return known.group if known else ""
