"""Lines of a collection in turns, so that a code that comes twice is written twice, in order."""

from collections.abc import Mapping, Sequence

from ..collections import Line


def turns(batch: Sequence[Line], today: Mapping[str, str]) -> list[list[Line]]:
    """Return the lines in turns, so that no turn names a row twice."""
    turns: list[list[Line]] = []
    seen: dict[str, int] = {}
    for line in batch:
        code = today.get(line.document["code"], line.document["code"]).casefold()
        seen[code] = place = seen.get(code, -1) + 1
        if place == len(turns):
            turns.append([])
        turns[place].append(line)
    return turns
