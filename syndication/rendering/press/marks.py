"""Crop and registration marks around a page, on the plates of all inks, outside the bleed."""

from ..print.sheet import MM

LENGTH, OFFSET = 5 * MM, 1 * MM  # of crop marks; how far from the bleed they begin
AROUND = LENGTH + OFFSET + 1 * MM  # what marks need beyond the bleed on each side
CROSS = 2 * MM  # half of a registration mark
# The colorant All is every plate there is, those of spot inks too (ISO 32000-1, 8.6.6.4).
RESOURCES = (
    b"/ColorSpace<</All[/Separation/All/DeviceCMYK"
    b"<</FunctionType 2/Domain[0 1]/C0[0 0 0 0]/C1[1 1 1 1]/N 1>>]>>"
)
ALL_INKS = b"/All CS 1 SCN "
CIRCLE = 0.5523  # handles of the four curves that make a circle of radius 1


def marks(size: tuple[float, float], *, bleed: float) -> bytes:
    """Return operators for a page of `size` points with its lower left trimmed corner at 0, 0."""
    width, height = size
    near = bleed + OFFSET
    lines = [_line(x, y, dx, 0) for x, dx in _ends(width, near) for y in (0, height)]
    lines += [_line(x, y, 0, dy) for y, dy in _ends(height, near) for x in (0, width)]
    middle = near + LENGTH / 2
    places = ((width / 2, -middle), (width / 2, height + middle))
    places += ((-middle, height / 2), (width + middle, height / 2))
    lines += [register(x, y) for x, y in places]
    return b"q " + ALL_INKS + b"0.25 w\n" + b"".join(lines) + b"Q\n"


def _ends(length: float, near: float) -> tuple:
    return ((-near, -LENGTH), (length + near, LENGTH))


def _line(x: float, y: float, dx: float, dy: float) -> bytes:
    return b"%.3f %.3f m %.3f %.3f l S\n" % (x, y, x + dx, y + dy)


def register(x: float, y: float) -> bytes:
    """Return a cross in a circle: where the inks lie exactly, it is one."""
    lines = _line(x - CROSS, y, 2 * CROSS, 0) + _line(x, y - CROSS, 0, 2 * CROSS)
    return lines + _circle(x, y, CROSS * 0.6)


def _circle(x: float, y: float, r: float) -> bytes:
    c = r * CIRCLE
    points = [(x + r, y)]
    points += [(x + r, y + c), (x + c, y + r), (x, y + r)]
    points += [(x - c, y + r), (x - r, y + c), (x - r, y)]
    points += [(x - r, y - c), (x - c, y - r), (x, y - r)]
    points += [(x + c, y - r), (x + r, y - c), (x + r, y)]
    pairs = [b"%.3f %.3f" % point for point in points]
    curves = [b"%b %b %b c" % tuple(pairs[n : n + 3]) for n in (1, 4, 7, 10)]
    return pairs[0] + b" m " + b" ".join(curves) + b" S\n"
