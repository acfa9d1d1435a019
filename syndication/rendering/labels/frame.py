"""Where things stand on a label: the code at its GS1 size, the name, the price; millimetres."""

from dataclasses import dataclass

from ..barcodes import QR, Symbol, fitting_x

DIGITS = 2.6  # height of the line below bars
LEAST_BARS = 5.0
NAME_LEAST = 5.5  # height of the name's box
PRICE_LINE = 6.5
BESIDE = 20.0  # width that is worth setting a price in
QR_ACROSS = 41 + 8  # modules of a version 6 code, the largest that our addresses need
SKU_LINE = 2.8


@dataclass(frozen=True)
class Frame:
    """The boxes of a label, (x, y, width, height) from the bottom left, mirrored for Arabic.

    `code` is the box of the code with its quiet zones, `module` its X-dimension, `bars` the
    height of the bars. `beside` says that the price stands beside the code, not above it.
    """

    width: float
    height: float
    pad: float
    code: tuple[float, float, float, float] | None
    module: float
    bars: float
    beside: bool
    name: tuple[float, float, float, float]
    price: tuple[float, float, float, float]


class TooSmall(ValueError):
    """A label that the code does not go on; the message has the width it would need."""


def framed(
    symbol: Symbol | None,
    label: tuple[float, float],
    *,
    square: bool,
    priced: bool,
    scale: float,
    bars: float,
    rtl: bool,
) -> Frame:
    """Return the boxes of a label of `label` millimetres.

    `square` without a symbol leaves room for a QR code of the edition; `scale` is the
    magnification (1: the target size), `bars` the height wanted, 0 for that of the standard.
    """
    width, height = label
    pad = 2.2 if min(width, height) > 30 else 1.3
    if square:
        return _square(symbol, width, height, pad, scale=scale, priced=priced, rtl=rtl)
    if symbol is None:
        return _plain(width, height, pad, priced=priced)
    return _linear(symbol, width, height, pad, scale=scale, bars=bars, priced=priced, rtl=rtl)


def _plain(width: float, height: float, pad: float, *, priced: bool) -> Frame:
    below = PRICE_LINE + SKU_LINE if priced else SKU_LINE
    inner = width - 2 * pad
    name = (pad, pad + below, inner, height - 2 * pad - below)
    return Frame(width, height, pad, None, 0, 0, False, name, (pad, pad, inner, below))


def _square(symbol, width, height, pad, *, scale, priced, rtl) -> Frame:
    """The code at the end of the line in its full height, text before it."""
    size = symbol.size if symbol else QR
    modules = symbol.modules if symbol else QR_ACROSS
    most = min(height - 2 * pad, (width - 2 * pad) * 0.6)
    module = min(max(size.target * scale, size.least), size.most, most / modules)
    if module < size.least - 1e-9:
        raise TooSmall(f"{modules * size.least:.1f}")
    side, inner = module * modules, width - 2 * pad
    text = inner - side - 1.5
    code_x, text_x = (pad, pad + side + 1.5) if rtl else (width - pad - side, pad)
    below = PRICE_LINE + SKU_LINE if priced else SKU_LINE
    name = (text_x, pad + below, text, height - 2 * pad - below)
    code = (code_x, (height - side) / 2, side, side)
    return Frame(width, height, pad, code, module, 0, False, name, (text_x, pad, text, below))


def _linear(symbol, width, height, pad, *, scale, bars, priced, rtl) -> Frame:
    """Bars along the foot, the price beside them where there is room, else above."""
    inner = width - 2 * pad
    module = fitting_x(symbol, width=width, scale=scale)  # the quiet zone may reach into the pad
    if not module:
        raise TooSmall(f"{symbol.modules * symbol.size.least:.1f}")
    long = symbol.modules * module
    beside = priced and inner - long >= BESIDE
    above = NAME_LEAST + SKU_LINE + (PRICE_LINE if priced and not beside else 0)
    wanted = bars or symbol.size.bars * module / symbol.size.target
    tall = min(wanted, height - 2 * pad - DIGITS - above)
    if tall < LEAST_BARS:
        raise TooSmall(f"{long:.1f}")
    foot = tall + DIGITS
    start = max((width - long) / 2, 0) if not beside else pad
    code_x = width - start - long if rtl and beside else start
    price = _price_box(width, pad, long, foot, beside=beside, rtl=rtl)
    low = pad + foot + SKU_LINE + (PRICE_LINE if priced and not beside else 0)
    name = (pad, low, inner, height - pad - low)
    code = (code_x, pad, long, foot)
    return Frame(width, height, pad, code, module, tall, beside, name, price)


def _price_box(width, pad, long, foot, *, beside, rtl) -> tuple[float, float, float, float]:
    if not beside:
        return pad, pad + foot + 0.3, width - 2 * pad, PRICE_LINE
    wide = width - 2 * pad - long - 1
    return (pad if rtl else width - pad - wide), pad, wide, foot
