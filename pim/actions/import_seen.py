"""Which identifiers a table has had already, in a few dozen bytes each: tables may be very long."""

from array import array

SMALLEST = 1024


class Seen:
    """Remembers the line at which each identifier stood first."""

    def __init__(self):
        self._count = 0
        self._make(SMALLEST)

    def first(self, identifier: str, line: int) -> int:
        """Return the line (from 1) at which the identifier stood first: this one, if never."""
        return self._put(hash(identifier), line)

    def _make(self, size: int) -> None:
        self._keys, self._lines = array("q", bytes(8 * size)), array("Q", bytes(8 * size))
        self._mask = size - 1

    def _put(self, key: int, line: int) -> int:
        keys, lines, mask = self._keys, self._lines, self._mask
        place = key & mask
        while held := lines[place]:
            if keys[place] == key:
                return held
            place = (place + 1) & mask
        keys[place], lines[place] = key, line
        self._count += 1
        if self._count * 2 > mask:
            self._grow()
        return line

    def _grow(self) -> None:
        keys, lines = self._keys, self._lines
        self._count = 0
        self._make(len(keys) * 2)
        for key, line in zip(keys, lines, strict=True):
            if line:
                self._put(key, line)
