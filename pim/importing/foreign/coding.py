"""Codes that stand for the labels of foreign options and records."""

from collections.abc import Iterator

from .words import code_of, digest


def coded(held: dict[str, str], label: str) -> str:
    """Return the code that stands for a label, made where there is none; labels fold case."""
    key = label.casefold()
    if key not in held:
        code = code_of(label)
        taken = code in held.values()
        held[key] = f"{code}_{digest(key)}" if taken else code
        held[f"\0{held[key]}"] = label
    return held[key]


def new_codes(held: dict[str, str], known: dict) -> Iterator[tuple[str, str]]:
    """Yield (label as it was written, code) of what is not there yet."""
    for key, label in held.items():
        if key.startswith("\0") and key[1:] not in known:
            yield label, key[1:]
