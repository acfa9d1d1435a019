"""Many QR codes at once: addresses of one length cost an addition instead of an encoding.

With version, error level and mask fixed, every module of a code (ISO/IEC 18004) is a sum modulo
2 of bits of its text: data and Reed-Solomon words are linear in it, the mask and the function
patterns are constant. So the code of a text is the code of another one plus what each differing
bit adds. What the bits add is found once, by drawing the codes of texts that differ in one bit,
and depends on nothing but the length.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import groupby

import segno

from .qr import PRINT_MASK, QUIET

LEAST = 100  # fewer addresses are drawn one by one sooner,
SHARE = 4  # and so are those of which more than one byte in `SHARE` addresses moves
ERROR = "m"
Remember = Callable[[str, Callable[[], bytes]], bytes]


def code_operators(urls: Sequence[str], *, remember: Remember) -> Iterator[tuple[int, bytes]]:
    """Yield, for each address in order, the modules across and the PDF path of its dark modules.

    One unit a module, quiet zone included, y counts from the top; the caller fills the path.
    The codes are those of `qr.qr_runs`. `remember(key, make)` keeps bytes from run to run.
    """
    for _, group in groupby(urls, key=len):
        same = list(group)
        series = _series(same, remember)
        for url in same:
            yield _drawn(*(series.code(url.encode()) if series else _encoded(url)))


def _series(urls: list[str], remember: Remember) -> "_Series | None":
    # Of digits or capitals alone an encoder makes a denser code, in another mode.
    if len(urls) < LEAST or not all(url.isascii() and url.upper() != url for url in urls):
        return None
    moving = _moving([url.encode() for url in urls])
    few = len(moving) - moving.count(0) <= len(urls) // SHARE
    return _Series(urls[0], moving, remember) if few else None


def _moving(texts: list[bytes]) -> bytes:
    """Return, byte by byte, the bits in which texts of one length differ."""
    first = int.from_bytes(texts[0], "big")
    found = 0
    for text in texts:
        found |= int.from_bytes(text, "big") ^ first
    return found.to_bytes(len(texts[0]), "big")


class _Series:
    """Codes of texts that differ from the first in the bits set in `moving`, byte by byte."""

    def __init__(self, first: str, moving: bytes, remember: Remember):
        self.first = first.encode()
        self.base, self.side = _encoded(first)
        self.tables = self._tables(moving, remember)

    def code(self, text: bytes) -> tuple[int, int]:
        """Return the code of a text as `_encoded` does."""
        found = self.base
        for n, table in self.tables:
            found ^= table[text[n] ^ self.first[n]]
        return found, self.side

    def _tables(self, moving: bytes, remember: Remember) -> list[tuple[int, dict[int, int]]]:
        """Return, for each byte that moves, what each of its differences adds."""
        size = _bytes(self.side)
        key = f"qr|{segno.__version__}|{ERROR}|{PRINT_MASK}|{moving.hex()}"
        bits = [
            (n, 1 << bit) for n, mask in enumerate(moving) for bit in range(7) if mask >> bit & 1
        ]
        stored = remember(key, lambda: b"".join(self._added(n, bit, size) for n, bit in bits))
        tables: dict[int, dict[int, int]] = {}
        for at, (n, bit) in enumerate(bits):
            added = int.from_bytes(stored[at * size : (at + 1) * size], "big")
            table = tables.setdefault(n, {0: 0})
            table |= {value | bit: other ^ added for value, other in table.items()}
        return list(tables.items())

    def _added(self, n: int, bit: int, size: int) -> bytes:
        other = bytearray(self.first)
        other[n] ^= bit
        return (self.base ^ _encoded(bytes(other))[0]).to_bytes(size, "big")


def _made(content: str | bytes) -> segno.QRCode:
    mode = "byte" if isinstance(content, bytes) else None
    return segno.make_qr(content, error=ERROR, boost_error=False, mask=PRINT_MASK, mode=mode)


def _encoded(content: str | bytes) -> tuple[int, int]:
    """Return a code as one number, a bit a module, rows padded to whole bytes; and its side."""
    matrix = _made(content).matrix
    padding = "0" * (-len(matrix) % 8)
    rows = ("".join("1" if module else "0" for module in row) + padding for row in matrix)
    return int("".join(rows), 2), len(matrix)


def _bytes(side: int) -> int:
    return side * -(-side // 8)


def _drawn(modules: int, side: int) -> tuple[int, bytes]:
    found = modules.to_bytes(_bytes(side), "big")
    path = b"".join([strokes[value] for strokes, value in zip(_places(side), found, strict=True)])
    return side + 2 * QUIET, path


@cache
def _places(side: int) -> list["_Strokes"]:
    """Return the bytes of a code of that side, each with its place."""
    across = -(-side // 8)
    return [_Strokes(y, x * 8) for y in range(side) for x in range(across)]


class _Strokes(dict):
    """The rectangles of eight modules by their value, for one place in a code."""

    def __init__(self, y: int, x: int):
        super().__init__()
        self.y, self.x = y + QUIET, x + QUIET

    def __missing__(self, value: int) -> bytes:
        runs = (b"%d %d %d 1 re\n" % (self.x + at, self.y, length) for at, length in _runs(value))
        self[value] = found = b"".join(runs)
        return found


@cache
def _runs(value: int) -> list[tuple[int, int]]:
    """Return the runs of dark modules in a byte: where each begins and how long it is."""
    return [(run.start(), len(run[0])) for run in re.finditer("1+", f"{value:08b}")]
