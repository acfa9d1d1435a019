"""What was worked out ahead of a new product: all that storing it takes but its id."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from pim.content.address import Address
from pim.content.structure import Structure
from pim.queries.drafts import DraftState


class WorkedOut(NamedTuple):
    """One new product as rows of tables, in plain values that go from process to process.

    Rows come without the product's id in front. `drafts` are (locale, canonical text), `detail`
    is the text of the change log, `claims` are (attribute id, digest, attribute, value) of what
    it wants for itself alone, `gtins` (gtin, where); `categories` and `groups` are ids, and
    `defaults` the keys of values that nobody wished.
    """

    identifier: str
    uuid: str
    role: str
    family: int | None
    enabled: bool
    digest: str
    drafts: list[tuple[str, str]]
    detail: str
    index: list[tuple]
    claims: list[tuple]
    gtins: list[tuple]
    completeness: list[tuple]
    categories: list[int]
    groups: list[int]
    defaults: list[str]

    def own_claims(self) -> Iterator[tuple[int, str] | str]:
        """Yield what it wants for itself alone: (attribute id, digest), and GTINs."""
        for claim in self.claims:
            yield claim[:2]
        for gtin, _where in self.gtins:
            yield gtin


@dataclass(slots=True)
class Ready:
    """A new product worked out by a structure, as a plan of the write path takes it up."""

    structure: Structure
    state: DraftState
    differences: dict[str, list]
    attributes: set[str]
    drafts: list[tuple[str, str]]
    detail: str
    index: list[tuple]
    claims: dict[tuple, tuple]
    gtins: dict[str, tuple]
    completeness: list[tuple]
    defaults: list[str]

    def values(self) -> dict[Address, Any]:
        """Return the values as they are wished: for a product that turned out to be there."""
        return {
            Address(attribute, channel, locale): data
            for locale, held in self.state.values.items()
            for attribute, by_channel in held.items()
            for channel, data in by_channel.items()
            if not self.defaults or f"{attribute}|{channel}|{locale}" not in self.defaults
        }
