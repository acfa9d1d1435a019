"""What a rule's condition settles to few values, so that two rules can be told never to meet."""

from collections.abc import Mapping
from typing import Any

from .structure import Structure

# {what is asked (field, channel, locale): every value that it may have}
Picks = Mapping[tuple[str, str, str], frozenset]
_LINKS = ("family", "family_variant")


def picks(search: Mapping[str, Any], structure: Structure) -> Picks:
    """Return what the tests of a search leave open, of things that have one value at a time.

    The family is the same for a model and its variants, so that nothing is inherited across it.
    """
    found: dict[tuple[str, str, str], frozenset] = {}
    for name, tests in search.items():
        name = structure.renamed("attribute").get(name, name)
        for test in tests if isinstance(tests, list) else [tests]:
            wanted = _wanted(name, test, structure) if isinstance(test, dict) else None
            if wanted is None:
                continue
            channel = test.get("scope") or test.get("channel") or ""
            key = (name, channel, test.get("locale") or "")
            found[key] = found[key] & wanted if key in found else wanted
    return found


def never_meet(one: Picks, other: Picks, *, written: frozenset[str]) -> bool:
    """Return whether no product can pass both conditions; `written` fields settle nothing."""
    shared = (key for key in one.keys() & other.keys() if key[0] not in written)
    return any(not one[key] & other[key] for key in shared)


def _wanted(name: str, test: Mapping[str, Any], structure: Structure) -> frozenset | None:
    operator, value = test.get("operator"), test.get("value")
    attribute = structure.attributes.get(name)
    if operator == "=" and isinstance(value, bool) and attribute and attribute.kind == "boolean":
        return frozenset({value})
    if operator != "IN" or not isinstance(value, list):
        return None
    if name in _LINKS:
        renamed = structure.renamed(name)
    elif attribute and attribute.kind == "select":
        renamed = structure.renamed("option", owner=name)
    else:
        return None
    return frozenset(renamed.get(code, code) for code in value if isinstance(code, str))
