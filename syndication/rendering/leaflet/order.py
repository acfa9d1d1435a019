"""The option that names what comes first of all in a leaflet: identifiers, one behind another."""

import re

PARTED = re.compile(r"[,;\n]")


def listed(text: str) -> list[str]:
    """Return the identifiers of a list by comma, semicolon or line; without any of these, spaces
    part them."""
    parts = PARTED.split(text) if PARTED.search(text) else text.split()
    return [name for part in parts if (name := part.strip())]


def written(names: list[str]) -> str:
    """Return the list as a text that `listed` reads back."""
    text = ", ".join(names)
    return f"{text}," if len(names) == 1 and " " in text else text
