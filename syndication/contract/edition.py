"""The edition being assembled: its plan, its pages, the files it writes."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

# Pages of a file beyond these are not noted: nobody looks at so many side by side.
MOST_NOTED = 3000


class PageNote(NamedTuple):
    """What stands on a page of a file bound in pages, for people who proof it.

    `page` is counted from 1, `folio` is the number readers are told ("" without one), `title`
    names the chapter or part. `products` are (identifier, (x, y, width, height)) in points from
    the lower left corner of the trimmed page.
    """

    file: str
    page: int
    folio: str
    title: str
    products: list[tuple[str, tuple[float, float, float, float]]]


@dataclass(frozen=True, slots=True)
class EditionPlan:
    """The edition being assembled; the only things about it that a file may show.

    An assembly that binds pages notes them in `pages`.
    """

    number: int
    issued_on: str  # ISO date, the frozen clock of the edition
    data_version: int
    items: int
    touchpoint: Any = None  # (identifier, place) -> URL
    window: "Window | None" = None  # a preview wants a few of its pages only
    pages: list[PageNote] = field(default_factory=list, hash=False)


class Window(Protocol):
    """What a preview tells an assembly that is bound in pages; an edition has none.

    An assembly that knows windows says before it binds where every product stands, and may
    leave pages blank that are not shown; the numbers and texts of the others are as in the whole.
    """

    def places(self, pages: dict[int, list[str]]) -> None:
        """Learn the identifiers on every page, counted from 1; it may raise to end the assembly."""

    def shows(self, page: int) -> bool:
        """Say whether the page will be looked at."""


class FileSink(Protocol):
    """Where `assemble` writes: opens a named file for binary writing inside the scratch."""

    def open(self, name: str, *, media_type: str): ...
