"""The small print of a label: the price by unit, and what is said of tax in every language."""

from .. import tokens as design
from ..fonts import set_width
from ..print.sheet import MM
from .content import Label
from .frame import Frame

WIDE, TALL, LINE = 26, 4.8, 2.3  # mm of its place above a code, and of a line of it
SIZES = (5.6, 3.4)  # points, as designed and the least
LEADING, RAGGED = 1.16, 1.15  # of its size; of its width, since lines end early


def small_print(label: Label, frame: Frame) -> dict[str, str]:
    """Return its text, and the size and leading in which its place holds it."""
    details = label.details
    text = " · ".join(filter(None, [details["unit_price"], details["tax"]]))
    fonts = design.merged(label.context.tokens)["fonts"]
    width = set_width(text, [*fonts["sans"], *fonts["last"]]) * RAGGED
    room = (frame.price[2] if frame.beside else WIDE) * MM
    size = SIZES[0]
    while size > SIZES[1] and width * size > room * _lines(size):
        size -= 0.2
    leading = LINE if size == SIZES[0] else size * LEADING / MM
    return {"text": text, "size": f"{size:.1f}", "leading": f"{leading:.2f}"}


def _lines(size: float) -> int:
    """Return how many lines of a size have room."""
    return max(1, int(TALL * MM / (size * LEADING)))
