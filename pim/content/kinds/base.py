"""What every attribute kind can do."""

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

from ..refusals import InvalidValue, _
from ..structure import AttributeDef, Structure

# Beyond this no catalogue figure makes sense, and arithmetic on it would be an attack.
_MAX_DIGITS = 30


class Kind:
    """One kind of attribute; stateless, one instance serves all."""

    code: ClassVar[str]

    def clean(self, raw: Any, attribute: AttributeDef, structure: Structure) -> Any:
        """Return the canonical data; raise `InvalidValue` or `UnknownCode`."""
        raise NotImplementedError

    def plain(self, data: Any) -> str:
        """Return the data as one line of locale-free text, for search and differences."""
        return str(data)

    def index(self, data: Any) -> list[tuple[str, Decimal | None]]:
        """Return the (text, number) pairs by which the value can be filtered."""
        return [(self.plain(data)[:255], None)]

    def assets(self, data: Any) -> Iterable[str]:
        """Return the codes of the assets that the value names."""
        return ()

    def products(self, data: Any) -> Iterable[str]:
        """Return the uuids of the products that the value names."""
        return ()


def refuse(attribute: AttributeDef, sentence: str, *, code: str, **params) -> InvalidValue:
    """Return the refusal of a value of `attribute`, its code among the parameters."""
    return InvalidValue(
        sentence, code=code, field=attribute.code, attribute=attribute.code, **params
    )


def to_decimal(raw: Any, attribute: AttributeDef) -> Decimal:
    """Return `raw` as a finite decimal of at most 30 digits; a comma is not a point."""
    if isinstance(raw, bool) or not isinstance(raw, int | float | str | Decimal):
        raise refuse(attribute, _("“%(attribute)s” needs a number."), code="not_a_number")
    try:
        number = Decimal(str(raw).strip())
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number.adjusted()) > _MAX_DIGITS:
        raise refuse(
            attribute,
            _("“%(attribute)s” needs a number such as 12.5, not “%(value)s”."),
            code="not_a_number",
            value=str(raw)[:50],
        )
    return number


def decimal_text(number: Decimal) -> str:
    """Return the canonical decimal: no exponent, no trailing zeros, no minus zero."""
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def check_number(number: Decimal, attribute: AttributeDef) -> None:
    """Raise unless the number obeys the attribute's rules (min, max, decimals, negative)."""
    rules = attribute.rules
    if rules.get("negative") is False and number < 0:
        raise refuse(attribute, _("“%(attribute)s” cannot be negative."), code="negative")
    if rules.get("decimals") is False and number != number.to_integral_value():
        raise refuse(attribute, _("“%(attribute)s” takes whole numbers."), code="decimals")
    low, high = rules.get("min"), rules.get("max")
    if low not in (None, "") and number < Decimal(str(low)):
        raise refuse(
            attribute, _("“%(attribute)s” is at least %(limit)s."), code="too_small", limit=low
        )
    if high not in (None, "") and number > Decimal(str(high)):
        raise refuse(
            attribute, _("“%(attribute)s” is at most %(limit)s."), code="too_large", limit=high
        )


def to_list(raw: Any, attribute: AttributeDef) -> list[str]:
    """Return a list of texts from a list or one text, blanks and repeats left out."""
    items = raw if isinstance(raw, list | tuple) else [raw]
    if not all(isinstance(i, str) for i in items):
        raise refuse(attribute, _("“%(attribute)s” needs a list of codes."), code="not_a_list")
    return list(dict.fromkeys(i.strip() for i in items if i.strip()))


def check_count(items: list, attribute: AttributeDef, *, default: int | None) -> None:
    """Raise when there are more items than the rule `max_items` (or the default) allows."""
    limit = attribute.rules.get("max_items") or default
    if limit and len(items) > int(limit):
        raise refuse(
            attribute, _("“%(attribute)s” takes at most %(limit)s."), code="too_many", limit=limit
        )
