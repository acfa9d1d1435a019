"""How large a file is, for its readers."""

from .formats import format_amount


def format_size(size: int, *, locale: str) -> str:
    """Return a number of bytes in kilobytes or megabytes as the language has them; "" for none."""
    if not size:
        return ""
    if size >= 1_000_000:
        return format_amount(f"{size / 1_000_000:.1f}", "megabyte", "MB", "", locale=locale)
    return format_amount(str(max(1, round(size / 1000))), "kilobyte", "kB", "", locale=locale)
