"""What a remodelling does to values and codes, said once for drafts, versions and plans alike."""

from typing import Any, NamedTuple

Values = dict[str, dict[str, dict[str, Any]]]  # locale or "" → attribute → channel or "" → data


class Node(NamedTuple):
    """A product as a change sees it: its place in the tree and its own values."""

    id: int
    parent_id: int | None
    level: int
    family_variant: str
    values: Values


class Change:
    """One change of values; `attributes` are those whose index and claims are kept anew.

    `loses` says that what it takes away is gone, not kept at another place.
    """

    attributes: frozenset[str] = frozenset()
    loses = False

    def move(self, nodes: dict[int, Node]) -> dict[int, Values]:
        """Return {id: new values} of the products whose values change.

        Unchanged locales keep their very dictionaries: so the writer sees what to write.
        """
        moved = {}
        for pk, node in nodes.items():
            values = self.values(node)
            if values is not node.values:
                moved[pk] = values
        return moved

    def values(self, node: Node) -> Values:
        """Return the values of one product, the same object where nothing changes."""
        return node.values

    def codes(self, snapshot: dict) -> dict:
        """Return the snapshot with the codes beside its values renamed."""
        return snapshot


class EachDatum(Change):
    """A change that looks at every datum of one attribute by itself."""

    def __init__(self, attribute: str):
        self.attribute = attribute
        self.attributes = frozenset({attribute})

    def datum(self, data: Any, *, locale: str, node: Node) -> Any:
        """Return the new datum, None to take it away."""
        raise NotImplementedError

    def values(self, node: Node) -> Values:
        changed = {}
        for locale, held in node.values.items():
            by_channel = held.get(self.attribute)
            if not by_channel:
                continue
            found = {c: self.datum(d, locale=locale, node=node) for c, d in by_channel.items()}
            if found != by_channel:
                changed[locale] = put(held, self.attribute, found)
        return {**node.values, **changed} if changed else node.values


def put(held: dict, attribute: str, by_channel: dict[str, Any]) -> dict:
    """Return the values of one locale with those of one attribute replaced."""
    kept = {channel: data for channel, data in by_channel.items() if data is not None}
    others = {code: data for code, data in held.items() if code != attribute}
    return {**others, attribute: kept} if kept else others
