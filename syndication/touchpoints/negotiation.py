"""Which language a reader wants: Accept-Language by RFC 9110 §12.5.4 and RFC 4647 §3.4 lookup."""

from collections.abc import Iterable, Sequence

MAX_RANGES = 30


def ranges(header: str) -> list[tuple[str, float]]:
    """Return the (language range, weight) of a header, best first; nonsense is passed over."""
    found = []
    for part in header.split(",")[:MAX_RANGES]:
        name, _, parameters = part.strip().partition(";")
        weight = _weight(parameters)
        if name and weight is not None:
            found.append((name.strip().lower(), weight))
    return sorted(found, key=lambda pair: -pair[1])


def _weight(parameters: str) -> float | None:
    text = parameters.replace(" ", "").lower()
    if not text:
        return 1.0
    try:
        weight = float(text.removeprefix("q=")) if text.startswith("q=") else 1.0
    except ValueError:
        return None
    return weight if 0 <= weight <= 1 else None


def _lookup(wanted: str, available: Sequence[str], refused: set[str]) -> str | None:
    """Return the locale for one range: exact, then shorter ranges, then a region of the range."""
    while wanted:
        for locale in available:
            if locale.lower() == wanted and wanted not in refused:
                return locale
        for locale in available:
            if locale.lower().startswith(wanted + "-") and locale.lower() not in refused:
                return locale
        wanted = wanted.rpartition("-")[0]
    return None


def best_locale(header: str, available: Iterable[str]) -> str:
    """Return the locale of `available` (its first one counts as the default) for a reader."""
    locales = list(available)
    asked = ranges(header)
    refused = {name for name, weight in asked if weight == 0}
    for name, weight in asked:
        if weight == 0:
            break
        if name == "*":
            return next((c for c in locales if c.lower() not in refused), locales[0])
        if found := _lookup(name, locales, refused):
            return found
    return locales[0]
