"""QR codes for a book, drawn by a helper process while the pages are being bound.

Working out a code takes longer than placing it. The helper is forked before binding begins and
writes the codes to a pipe in the order they are needed; where there is no second processor it
costs nothing. It shares the process group, so that it is killed with its parent.
"""

import os
import struct
import zlib
from collections.abc import Sequence

from ..qr import qr_runs

HEAD = struct.Struct("<II")


def code_form(url: str) -> tuple[int, bytes]:
    """Return the modules across and the deflated operators of a code, one unit a module."""
    across, runs = qr_runs(url)
    parts = [f"1 g 0 0 {across} {across} re f 0 g"]
    parts += [f"{x} {y} {length} 1 re" for x, y, length in runs]
    return across, zlib.compress(("\n".join(parts) + "\nf").encode(), 6)


class Codes:
    """Hands out the codes of `urls`, in this order; leaving the `with` block ends the helper."""

    def __init__(self, urls: Sequence[str]):
        self.urls = urls

    def __enter__(self) -> "Codes":
        reader, writer = os.pipe()
        self.helper = os.fork()
        if self.helper == 0:
            os.close(reader)
            _draw(self.urls, writer)
        os.close(writer)
        self.stream = os.fdopen(reader, "rb", buffering=1 << 16)
        return self

    def take(self) -> tuple[int, bytes]:
        """Return the next code as `code_form` does; EOFError when the helper was lost."""
        head = self.stream.read(HEAD.size)
        if len(head) < HEAD.size:
            raise EOFError("the helper that draws codes ended early")
        across, size = HEAD.unpack(head)
        return across, self.stream.read(size)

    def __exit__(self, *_):
        self.stream.close()
        os.waitpid(self.helper, 0)


def _draw(urls: Sequence[str], writer: int):
    """Write all codes and leave the process at once: nothing of the parent's is cleaned up."""
    try:
        with os.fdopen(writer, "wb", buffering=1 << 16) as stream:
            for url in urls:
                across, payload = code_form(url)
                stream.write(HEAD.pack(across, len(payload)) + payload)
    finally:
        os._exit(0)
