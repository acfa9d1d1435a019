"""Codes out of words, numbers out of figures, units out of signs."""

import hashlib
import re
from decimal import Decimal, InvalidOperation
from functools import cache

from anyascii import anyascii

from ..measurements import usual_families

# UN/ECE recommendation 20 codes and other ways to write the units of the usual families.
OTHER_SIGNS = {
    "MMT": "mm", "CMT": "cm", "DMT": "dm", "MTR": "m", "KMT": "km", "INH": "in", "FOT": "ft",
    "MGM": "mg", "GRM": "g", "KGM": "kg", "TNE": "t", "LBR": "lb", "ONZ": "oz", "LTR": "l",
    "MLT": "ml", "CLT": "cl", "MTQ": "m³", "MTK": "m²", "MMK": "mm²", "CMK": "cm²", "WTT": "W",
    "KWT": "kW", "MAW": "MW", "VLT": "V", "KVT": "kV", "AMP": "A", "4K": "mA", "OHM": "Ω",
    "HTZ": "Hz", "KHZ": "kHz", "MHZ": "MHz", "A86": "GHz", "CEL": "°C", "KEL": "K", "FAH": "°F",
    "SEC": "s", "MIN": "min", "HUR": "h", "DAY": "d", "ANN": "year", "MON": "month", "BAR": "bar",
    "PAL": "Pa", "KPA": "kPa", "MPA": "MPa", "NEW": "N", "NU": "Nm", "2N": "dB", "LUM": "lm",
    "LUX": "lx", "DD": "°", "P1": "%", "AD": "B", "4L": "MB", "E34": "GB", "E35": "TB",
    "KWH": "kWh", "WHR": "Wh", "JOU": "J", "AMH": "Ah", "gr": "g", "Kg": "kg", "KG": "kg",
    "G": "g", "ltr": "l", "L": "l", "mL": "ml", "lbs": "lb", "Ltr": "l", "sec": "s", "Std": "h",
    "qm": "m²", "cbm": "m³", "Grad": "°", "MM": "mm", "CM": "cm", "M": "m", "inch": "in", '"': "in",
}  # fmt: skip
NUMBER = re.compile(r"[-+]?\d+([.,]\d+)?")
THOUSANDS = re.compile(r"[-+]?\d{1,3}(\.\d{3})+,\d+")
TRUE = {"y", "yes", "true", "ja", "j", "oui", "si", "kyllä", "tak"}
FALSE = {"n", "no", "false", "nein", "non", "ei", "nie", "nej"}


def code_of(words: str, *, longest: int = 90) -> str:
    """Return a code made of words: lower case letters, digits and underscores."""
    plain = re.sub(r"[^a-z0-9]+", "_", anyascii(words).lower()).strip("_")
    if not plain:
        return f"x_{digest(words)}"
    if len(plain) > longest:
        return f"{plain[: longest - 9]}_{digest(words)}"
    return plain


def digest(words: str) -> str:
    """Return a short mark of a text."""
    return hashlib.blake2b(words.encode(), digest_size=4).hexdigest()


def number_of(text: str) -> str | None:
    """Return a figure with a decimal point, None for what is none; 1.234,5 and 12,5 are read."""
    text = text.strip().replace("\u00a0", "").replace(" ", "")
    if THOUSANDS.fullmatch(text):
        text = text.replace(".", "")
    if not NUMBER.fullmatch(text):
        return None
    try:
        return format(Decimal(text.replace(",", ".")), "f")
    except InvalidOperation:
        return None


def flag_of(text: str) -> str | None:
    """Return "1" or "0" for a yes or no of the usual languages, else None."""
    word = text.strip().lower()
    return "1" if word in TRUE else "0" if word in FALSE else None


def unit_of(sign: str) -> tuple[str, str] | None:
    """Return (measurement family, unit) of a unit's sign or code, None for an unknown one."""
    sign = sign.strip()
    return _signs().get(OTHER_SIGNS.get(sign, sign))


@cache
def _signs() -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for family in usual_families().values():
        for unit in family["units"]:
            for sign in (unit["symbol"], unit["code"]):
                found.setdefault(sign, (family["code"], unit["code"]))
    return found


def address_cell(url: str) -> str:
    """Return a web address as it may stand in a list of media: commas and bars are coded."""
    return url.strip().replace(",", "%2C").replace("|", "%7C").replace(" ", "%20")
