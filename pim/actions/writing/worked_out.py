"""What was worked out ahead of a new product: all that storing it takes but its id."""

from dataclasses import dataclass
from typing import Any

from pim.content.address import Address
from pim.content.structure import Structure
from pim.queries.drafts import DraftState


@dataclass(slots=True)
class Ready:
    """One new product worked out by a structure; rows come without the product's id in front.

    `drafts` are (locale, canonical text), `detail` is the text of the change log, `index` and
    `completeness` are rows of their tables, `claims` and `gtins` what it wants for itself alone,
    `defaults` the keys of values that nobody wished.
    """

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
