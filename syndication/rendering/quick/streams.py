"""Streams of a PDF: the usual effort of compression in place of the greatest.

The greatest makes cards a thousandth smaller, and takes twice the time.
"""

import zlib
from types import SimpleNamespace

LEVEL = 6


def install() -> None:
    import pydyf

    usual = {"compressobj": lambda level: zlib.compressobj(level=LEVEL)}
    pydyf.zlib = SimpleNamespace(**{**vars(zlib), **usual})
