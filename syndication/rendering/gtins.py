"""GTINs: check digits, restricted prefixes and the padded form (GS1 General Specifications)."""

LENGTHS = (8, 12, 13, 14)
# In-store numbers, coupons: they mean nothing outside the shop that made them.
RESTRICTED = ("02", "04", "2", "98", "99")


def check_digit(digits: str) -> int:
    """Return the modulo-10 check digit of `digits` (without it), weights 3, 1 from the right."""
    return -(3 * sum(map(int, digits[::-2])) + sum(map(int, digits[-2::-2]))) % 10


def is_gtin(text: str) -> bool:
    """Tell whether `text` has the length and the check digit of a GTIN."""
    if len(text) not in LENGTHS or not (text.isascii() and text.isdigit()):
        return False
    return check_digit(text[:-1]) == int(text[-1])


def gtin14(text: str) -> str:
    """Return the 14-digit form of a GTIN."""
    return text.zfill(14)


def is_restricted(text: str) -> bool:
    """Tell whether a GTIN is of a range for use inside one company (02, 04, 2, 98, 99)."""
    as_gtin13 = gtin14(text)[1:]
    if len(text) == 8:
        return text.startswith(("0", "2"))
    return as_gtin13.startswith(RESTRICTED)
