"""What an editor placed by hand in a book."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple


class Move(NamedTuple):
    """Products that stand right before or `behind` another one of their chapter, in this order."""

    names: tuple[str, ...]
    anchor: str
    behind: bool


@dataclass(frozen=True)
class Hand:
    """What an editor placed by hand, by identifiers.

    `breaks` begin a page; each of `together` shares a page; `order` comes first in its section,
    lowest number first; `pins` name the page of products in the chapter, counted from 1; `moves`
    are made one after another.
    """

    breaks: frozenset[str] = frozenset()
    together: tuple[tuple[str, ...], ...] = ()
    order: dict[str, int] = field(default_factory=dict)
    pins: dict[str, int] = field(default_factory=dict)
    moves: tuple[Move, ...] = ()

    @cached_property
    def settled(self) -> frozenset[str]:
        """Products whose place in the order was chosen: no other is pulled ahead of them."""
        beside = {name for move in self.moves for name in (*move.names, move.anchor)}
        return frozenset(self.order) | beside


NOTHING = Hand()
