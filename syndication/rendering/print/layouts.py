"""The layouts of product cards: how large a cell each takes, and where its code stands."""

from dataclasses import dataclass

from .sheet import CodePlace


@dataclass(frozen=True)
class Layout:
    """One layout; `cells` are the sizes (columns, rows) that its card may take, in order."""

    code: str
    cells: tuple[tuple[int, int], ...]
    place: CodePlace


LAYOUTS = {
    "six": Layout("six", ((6, 4),), CodePlace(15, -1.6, 64.6, (18, 10))),
    "four": Layout("four", ((6, 6),), CodePlace(18, 56.2, 48.2, (25, 8), above=True)),
    "two": Layout("two", ((12, 6),), CodePlace(19, -2, 104.5, (45, 10))),
}
BY_NUMBER = {6: "six", 4: "four", 2: "two"}
