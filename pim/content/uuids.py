"""UUIDs in the order of time: keys made one after the other lie beside one another in an index."""

import os
import time

_RANDOM = (1 << 62) - 1


def ordered_uuid() -> str:
    """Return a new UUID, version 7 (RFC 9562, 5.7), as lower-case text.

    Its first 48 bits are the milliseconds since 1970, 74 others are random.
    """
    moment = time.time_ns() // 1_000_000 & (1 << 48) - 1
    noise = int.from_bytes(os.urandom(10), "big")
    number = moment << 80 | 0x7 << 76 | (noise >> 64 & 0xFFF) << 64 | 0b10 << 62 | noise & _RANDOM
    text = f"{number:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
