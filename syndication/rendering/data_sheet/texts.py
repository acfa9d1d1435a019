"""Texts of printed sheets: what languages share."""


def spread(found: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return the texts that there are, each once however many languages say the same."""
    shown = {entry["text"]: entry for entry in reversed(found) if entry["text"]}
    return [entry for entry in found if shown.get(entry["text"]) is entry]
