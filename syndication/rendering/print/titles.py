"""Titles of sections above the cards of a page: where one stands, and how wide it may be."""

from typing import NamedTuple


class Title(NamedTuple):
    """A title above the card at a row and a column.

    It is there `again` where its section began beside another and goes on in a row of its own.
    """

    row: int
    column: int
    text: str
    again: bool = False
