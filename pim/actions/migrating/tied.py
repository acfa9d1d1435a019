"""What ties a document of a product to others: associations, and values that name products."""

from pim.content.structure import Structure

TIES = ("associations", "quantified_associations")


def is_tied(item: dict, structure: Structure) -> bool:
    """Return whether a document names other products or groups as its ties."""
    plain = any(
        targets
        for member in TIES
        for ties in (item.get(member) or {}).values()
        if isinstance(ties, dict)
        for targets in ties.values()
    )
    return plain or bool(links_of(item, structure))


def links_of(item: dict, structure: Structure) -> dict:
    """Return the values that name other products."""
    return {
        code: entries
        for code, entries in (item.get("values") or {}).items()
        if (attribute := structure.attributes.get(code)) and attribute.kind == "product"
    }
