"""A page that is filled shelf by shelf: a shelf is a row of stacks of cells."""

from dataclasses import dataclass, field

from .sheet import UNITS, Cell

Size = tuple[int, int]  # columns, rows
TITLED = 4  # columns that a title needs above them


@dataclass(slots=True)
class _Stack:
    """Cells of one width, one below another."""

    column: int
    columns: int
    filled: int


@dataclass(slots=True)
class _Shelf:
    row: int
    height: int
    stacks: list[_Stack] = field(default_factory=list)

    @property
    def used(self) -> int:
        return self.stacks[-1].column + self.stacks[-1].columns


@dataclass(slots=True)
class Shelves:
    """How far a page is filled: `top` is the first free row, `shelf` the one still open."""

    top: int = 0
    shelf: _Shelf | None = None

    def close(self) -> None:
        """Let what comes next begin in a row of its own."""
        self.shelf = None

    def join(self, size: Size) -> bool:
        """Let what comes next stand in the open shelf, apart from what is there, if a card of
        that size has a place beside it and does not make the shelf higher."""
        (columns, rows), shelf = size, self.shelf
        if shelf is None or columns < TITLED:
            return False
        if shelf.used + columns > UNITS or rows > shelf.height:
            return False
        shelf.stacks = [_Stack(0, shelf.used, UNITS)]
        return True

    def beside(self, size: Size) -> Cell | None:
        """Return a place in the open shelf: below cells as wide, else next to the last.

        A shelf grows for a higher cell, down to the foot of the page.
        """
        (columns, rows), shelf = size, self.shelf
        if shelf is None:
            return None
        for stack in shelf.stacks:
            if stack.columns == columns and stack.filled + rows <= shelf.height:
                return Cell(stack.column, shelf.row + stack.filled, columns, rows)
        if shelf.used + columns <= UNITS and shelf.row + rows <= UNITS:
            return Cell(shelf.used, shelf.row, columns, rows)
        return None

    def below(self, size: Size) -> Cell | None:
        """Return a place at the start of a new shelf."""
        columns, rows = size
        return Cell(0, self.top, columns, rows) if self.top + rows <= UNITS else None

    def fits(self, size: Size) -> Cell | None:
        """Return a place on this page, None where there is none."""
        return self.beside(size) or self.below(size)

    def place(self, size: Size) -> Cell | None:
        """Take a place on this page and return it; None where there is none."""
        cell = self.beside(size)
        if cell:
            self._take_beside(cell)
        elif cell := self.below(size):
            self.shelf = _Shelf(cell.row, cell.rows, [_Stack(0, cell.columns, cell.rows)])
        if cell:
            self.top = max(self.top, self.shelf.row + self.shelf.height)
        return cell

    def _take_beside(self, cell: Cell) -> None:
        shelf = self.shelf
        for stack in shelf.stacks:
            if stack.column == cell.column:
                stack.filled += cell.rows
                return
        shelf.height = max(shelf.height, cell.rows)
        shelf.stacks.append(_Stack(cell.column, cell.columns, cell.rows))
