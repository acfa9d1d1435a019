"""Passages of a text: its beginning in whole sentences, its parts in rows of a table."""

import re

from ..printable import shortened

SENTENCE = re.compile(r"(?<=[.!?。؟])\s+")


def opening(text: str, *, room: int) -> str:
    """Return the first sentences of a description that have room, at least a part of one."""
    sentences, taken = SENTENCE.split(" ".join(text[: room * 4].split())), ""
    for sentence in sentences:
        longer = f"{taken} {sentence}".strip()
        if len(longer) > room:
            break
        taken = longer
    return taken or shortened(sentences[0], room=room)


def parted(text: str, *, room: int) -> list[str]:
    """Return a text in parts of at most `room` characters, cut at words where there are any."""
    parts = []
    while len(text) > room:
        at = text.rfind(" ", room // 2, room) + 1 or room
        parts.append(text[:at].rstrip())
        text = text[at:].lstrip()
    return [*parts, text]
