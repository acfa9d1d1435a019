"""Colours of gradients: functions and meshes of RGB become those of ink (ISO 32000-1, 7.10, 8.7.4).

A function that comes to three amounts of light is rewritten to come to four of ink: a ramp by its
ends, stitched ones piece by piece, a table entry by entry. Three functions of one amount each are
sampled. Meshes hold colours in their stream, which is written anew.
"""

from collections.abc import Callable
from itertools import pairwise
from math import prod

import pikepdf

STEPS = 64  # ramps for functions that stand side by side
Turn = Callable[[tuple[int, int, int]], tuple[float, ...]]
LATTICE = 5
# Of each kind of mesh: points and colours of a record, by its flag (a lattice has none: 0).
MESHES = {
    4: ((1, 1),) * 4,
    LATTICE: ((1, 1),) * 4,
    6: ((12, 4), *((8, 2),) * 3),
    7: ((16, 4), *((12, 2),) * 3),
}


def turned(shading, turn: Turn) -> bool:
    """Turn the colours of a shading to ink in its place; say whether that could be done."""
    function = shading.get("/Function")
    if function is None:
        return int(shading["/ShadingType"]) in MESHES and _mesh(shading, turn)
    if isinstance(function, pikepdf.Array):
        made = _ramps(list(function), turn) if len(function) == 3 else None
        if made is not None:
            shading["/Function"] = made
        return made is not None
    return _function(function, turn)


def _function(function, turn: Turn) -> bool:
    kind = int(function["/FunctionType"])
    if kind == 3:
        return all([_function(inner, turn) for inner in function["/Functions"]])
    if kind == 0:
        return _table(function, turn)
    if kind != 2:
        return False  # calculators in PostScript: nothing that we set has them
    for name, default in (("/C0", (0, 0, 0)), ("/C1", (1, 1, 1))):
        amounts = [float(n) for n in function.get(name, default)]
        if len(amounts) == 3:
            function[name] = pikepdf.Array(list(turn(rgb_of(amounts))))
    if "/Range" in function:
        function["/Range"] = pikepdf.Array([0, 1] * 4)
    return True


def _table(function, turn: Turn) -> bool:
    """Turn the entries of a table; colours between two of them are worked out in ink."""
    reach = [float(n) for n in function["/Range"]]
    if len(reach) != 6:
        return len(reach) == 8  # turned already, as a part of another shading
    bits = int(function["/BitsPerSample"])
    count = 3 * prod(int(size) for size in function["/Size"])
    decode = [float(n) for n in function.get("/Decode", reach)]
    reader, most = _Bits(function.read_bytes()), (1 << bits) - 1
    amounts = [
        low + reader.take(bits) / most * (high - low)
        for _entry in range(count // 3)
        for low, high in zip(decode[0::2], decode[1::2], strict=True)
    ]
    inks = (turn(rgb_of(amounts[n : n + 3])) for n in range(0, count, 3))
    function.write(bytes(round(ink * 255) for entry in inks for ink in entry))
    function["/BitsPerSample"] = 8
    function["/Range"] = pikepdf.Array([0, 1] * 4)
    for name in ("/Decode", "/Order"):
        if name in function:
            del function[name]
    return True


def _ramps(functions: list, turn: Turn):
    """Return one function for three of a number each, None where one of them cannot be followed.

    It has a ramp of ink from each of its samples to the next.
    """
    try:
        low, high = (float(n) for n in functions[0]["/Domain"])
        places = [low + (high - low) * n / STEPS for n in range(STEPS + 1)]
        inks = [turn(rgb_of([_value(f, place) for f in functions])) for place in places]
    except (KeyError, ValueError, IndexError):
        return None
    return pikepdf.Dictionary(
        FunctionType=3,
        Domain=[low, high],
        Bounds=places[1:-1],
        Encode=[0, 1] * STEPS,
        Functions=[
            pikepdf.Dictionary(FunctionType=2, Domain=[0, 1], N=1, C0=list(one), C1=list(other))
            for one, other in pairwise(inks)
        ],
    )


def _value(function, at: float) -> float:
    """Return what a function of one number comes to (ISO 32000-1, 7.10.2 to 7.10.4)."""
    kind, (low, high) = int(function["/FunctionType"]), (float(n) for n in function["/Domain"])
    at = min(max(at, low), high)
    if kind == 2:
        (start,), (end,) = function.get("/C0", [0]), function.get("/C1", [1])
        return float(start) + at ** float(function["/N"]) * (float(end) - float(start))
    if kind == 3:
        ends = [low, *(float(n) for n in function["/Bounds"]), high]
        n = sum(at >= bound for bound in ends[1:-1])
        first, last = (float(e) for e in list(function["/Encode"])[2 * n : 2 * n + 2])
        wide = ends[n + 1] - ends[n]
        part = (at - ends[n]) / wide if wide else 0.0
        return _value(function["/Functions"][n], first + part * (last - first))
    if kind == 0:
        return _entry(function, (at - low) / (high - low))
    raise ValueError(f"functions of type {kind} are not followed")


def _entry(function, part: float) -> float:
    """Return the value so far along a table of one number each, between its entries in a line."""
    (size,), bits = function["/Size"], int(function["/BitsPerSample"])
    first, last = (float(n) for n in function.get("/Encode", [0, int(size) - 1]))
    at = first + part * (last - first)
    reader = _Bits(function.read_bytes())
    entries = [reader.take(bits) / ((1 << bits) - 1) for _n in range(int(size))]
    n = min(int(at), int(size) - 2)
    low, high = (float(e) for e in function.get("/Decode", function["/Range"]))
    return low + (entries[n] + (at - n) * (entries[n + 1] - entries[n])) * (high - low)


def _mesh(shading, turn: Turn) -> bool:
    """Write the stream of a mesh anew with four amounts of ink for every three of light."""
    kind, decode = int(shading["/ShadingType"]), [float(n) for n in shading["/Decode"]]
    place, bits = int(shading["/BitsPerCoordinate"]), int(shading["/BitsPerComponent"])
    mark = 0 if kind == LATTICE else int(shading["/BitsPerFlag"])
    if len(decode) != 10:
        return False
    source, made, most = _Bits(shading.read_bytes()), _Bits(), (1 << bits) - 1
    spans = list(zip(decode[4::2], decode[5::2], strict=True))
    while source.left() >= mark + 2 * place + 3 * bits:
        flag = source.take(mark)
        made.put(flag, mark)
        points, colours = MESHES[kind][flag & 3]
        for _coordinate in range(2 * points):
            made.put(source.take(place), place)
        for _colour in range(colours):
            light = [low + source.take(bits) / most * (high - low) for low, high in spans]
            for ink in turn(rgb_of(light)):
                made.put(round(ink * most), bits)
        source.even()
        made.even()
    shading.write(bytes(made.data))
    shading["/Decode"] = pikepdf.Array([*decode[:4], *[0, 1] * 4])
    return True


class _Bits:
    """Numbers of any width in bytes, the highest bit first: to be read, or to be written."""

    def __init__(self, data: bytes = b""):
        self.data, self.at = bytearray(data), 0

    def left(self) -> int:
        return len(self.data) * 8 - self.at

    def take(self, bits: int) -> int:
        first, last = self.at // 8, (self.at + bits + 7) // 8
        if last > len(self.data):
            raise ValueError("the data of a gradient end too soon")
        found = int.from_bytes(self.data[first:last], "big") >> (last * 8 - self.at - bits)
        self.at += bits
        return found & ((1 << bits) - 1)

    def put(self, value: int, bits: int) -> None:
        for n in reversed(range(bits)):
            if self.at % 8 == 0:
                self.data.append(0)
            self.data[-1] |= (value >> n & 1) << (7 - self.at % 8)
            self.at += 1

    def even(self) -> None:
        """Go on at the next whole byte, where the next record begins."""
        self.at = (self.at + 7) // 8 * 8


def rgb_of(amounts: list[float]) -> tuple[int, int, int]:
    """Return amounts of light, 0 to 1, as levels of sRGB."""
    return tuple(round(min(max(n, 0.0), 1.0) * 255) for n in amounts)
