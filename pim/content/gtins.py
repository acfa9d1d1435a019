"""Global trade item numbers: length, check digit and the form in which they are compared.

GS1 General Specifications: 8, 12, 13 or 14 digits of which the last is a check digit (7.9); a
shorter one is the same number as its form with zeros in front (GTIN-14, 2.1).
"""

from .refusals import Refused, _

LENGTHS = (8, 12, 13, 14)


def is_gtin(text: str) -> bool:
    """Return whether the text is 8, 12, 13 or 14 digits with the right check digit."""
    if len(text) not in LENGTHS or not (text.isascii() and text.isdigit()):
        return False
    return check_digit(text[:-1]) == int(text[-1])


def check_digit(digits: str) -> int:
    """Return the check digit that belongs behind the digits: weights 3, 1 from the right."""
    backwards = digits.encode()[::-1]
    threefold, once = backwards[0::2], backwards[1::2]
    # The code of a digit is 48 more than the digit.
    return -(3 * (sum(threefold) - 48 * len(threefold)) + sum(once) - 48 * len(once)) % 10


def gtin14(text: str) -> str:
    """Return the 14 digits by which a GTIN is compared, "" for what is none."""
    plain = text if text.isdigit() else text.replace(" ", "").replace("-", "")
    return plain.zfill(14) if is_gtin(plain) and plain.strip("0") else ""


def gtin_doubt(text: str) -> Refused:
    """Return what is wrong with a text that stands where a GTIN belongs, and how to mend it."""
    plain = text.replace(" ", "").replace("-", "")
    if len(plain) in LENGTHS and plain.isascii() and plain.isdigit() and plain.strip("0"):
        right = check_digit(plain[:-1])
        return Refused(
            _(
                "The check digit of “%(value)s” is wrong: the digits before it ask for %(digit)s, "
                "so that it would be %(right)s. The value was taken; compare it with the packaging."
            ),
            code="bad_gtin",
            value=text,
            digit=right,
            right=f"{plain[:-1]}{right}",
        )
    return Refused(
        _(
            "“%(value)s” is no GTIN, which has 8, 12, 13 or 14 digits and ends with its check "
            "digit. The value was taken."
        ),
        code="no_gtin",
        value=text[:30],
    )
