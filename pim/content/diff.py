"""The difference between two snapshots, address by address."""

from typing import Any

from .address import Address
from .snapshot import STRUCTURE_KEYS


def diff(before: dict | None, after: dict | None) -> dict[str, list]:
    """Return {key: [before, after]}; keys are "attribute|channel|locale" and "@categories" etc."""
    before, after = before or {}, after or {}
    found = {
        f"@{key}": [before.get(key), after.get(key)]
        for key in STRUCTURE_KEYS
        if before.get(key) != after.get(key)
    }
    return {**found, **diff_values(before.get("values", {}), after.get("values", {}))}


def diff_values(before: dict, after: dict) -> dict[str, list]:
    """Return the differences of two value trees, sorted by key."""
    if before == after:
        return {}
    old, new = flatten(before), flatten(after)
    return {
        key: [old.get(key), new.get(key)]
        for key in sorted({*old, *new})
        if old.get(key) != new.get(key)
    }


def flatten(values: dict) -> dict[str, Any]:
    """Return a value tree as {"attribute|channel|locale": data}."""
    return {
        Address(attribute, channel, locale).key(): data
        for locale, held in values.items()
        for attribute, by_channel in held.items()
        for channel, data in by_channel.items()
    }
