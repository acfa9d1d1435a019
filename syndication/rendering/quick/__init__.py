"""Sets many small pages faster with the same result: what WeasyPrint does over again is kept.

Every card is a page, and every page costs WeasyPrint styles for sixteen margin boxes, every
element styles for six pseudo-elements, every line two layouts. What is replaced here gives the
same bytes, which a test compares; it belongs to the release that `pyproject.toml` names.
"""

from functools import cache

from . import boxes, lines, margins, streams, styles


@cache
def quicken() -> None:
    """Put the faster parts into WeasyPrint, for the life of this process."""
    for part in (styles, boxes, lines, margins, streams):
        part.install()
