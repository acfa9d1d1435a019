"""Kinds that hold several data: prices, media, products and reference records."""

import uuid
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from ..refusals import InvalidValue, UnknownCode, _
from ..structure import AttributeDef, EntityDef, Structure
from .base import Kind, check_count, check_number, decimal_text, refuse, to_decimal, to_list


class Price(Kind):
    """{currency: decimal text}; the list form [{amount, currency}] is understood too."""

    code = "price"

    def clean(self, raw: Any, attribute: AttributeDef, structure: Structure) -> Any:
        pairs = self._pairs(raw, attribute)
        prices = {}
        for currency, amount in pairs:
            if amount in (None, ""):
                continue
            if currency not in structure.currencies:
                raise UnknownCode(what="currency", name=currency, field=attribute.code)
            try:
                prices[currency] = self._amount(amount, attribute)
            except InvalidValue as refusal:
                refusal.params["currency"] = currency
                raise
        return prices or None

    def _amount(self, amount: Any, attribute: AttributeDef) -> str:
        number = to_decimal(amount, attribute)
        if number < 0:
            raise refuse(attribute, _("“%(attribute)s” cannot be negative."), code="negative")
        check_number(number, attribute)
        return decimal_text(number)

    def _pairs(self, raw: Any, attribute: AttributeDef) -> list[tuple[str, Any]]:
        if isinstance(raw, dict):
            return [(str(c), a) for c, a in raw.items()]
        if isinstance(raw, list) and all(isinstance(p, dict) for p in raw):
            return [(str(p.get("currency", "")), p.get("amount")) for p in raw]
        raise refuse(
            attribute, _("“%(attribute)s” needs an amount per currency."), code="not_a_price"
        )

    def plain(self, data: Any) -> str:
        return ", ".join(f"{amount} {currency}" for currency, amount in sorted(data.items()))

    def index(self, data: Any) -> list[tuple[str, Decimal | None]]:
        return [(currency, Decimal(amount)) for currency, amount in sorted(data.items())]


class Media(Kind):
    """A list of asset codes in the order shown; one unless `max_items` says more."""

    code = "media"

    def clean(self, raw: Any, attribute: AttributeDef, structure: Structure) -> Any:
        codes = to_list(raw.split(",") if isinstance(raw, str) else raw, attribute)
        check_count(codes, attribute, default=1)
        return codes or None

    def plain(self, data: Any) -> str:
        return ", ".join(data)

    def index(self, data: Any) -> list[tuple[str, Decimal | None]]:
        return [(code, None) for code in data]

    def assets(self, data: Any) -> Iterable[str]:
        return data


class ProductReference(Kind):
    """A list of product uuids, which outlive a change of identifier."""

    code = "product"

    def clean(self, raw: Any, attribute: AttributeDef, structure: Structure) -> Any:
        codes = to_list(raw, attribute)
        check_count(codes, attribute, default=1)
        try:
            return [str(uuid.UUID(code)) for code in codes] or None
        except ValueError:
            raise refuse(
                attribute, _("“%(attribute)s” needs products by uuid."), code="not_a_uuid"
            ) from None

    def plain(self, data: Any) -> str:
        return ", ".join(data)

    def products(self, data: Any) -> Iterable[str]:
        return data


def _record(code: str, entity: EntityDef, structure: Structure) -> str:
    """Return what a record is called now, if it was called that before."""
    known = code in entity.records
    return code if known else structure.current("record", code, owner=entity.code)


class Reference(Kind):
    """A list of record codes of the attribute's reference entity."""

    code = "reference"

    def clean(self, raw: Any, attribute: AttributeDef, structure: Structure) -> Any:
        codes = to_list(raw.split(",") if isinstance(raw, str) else raw, attribute)
        check_count(codes, attribute, default=1)
        entity = structure.entities.get(attribute.reference_entity)
        if entity is not None and ("record", entity.code) in structure.aliases:
            codes = [_record(code, entity, structure) for code in codes]
        for code in codes:
            if entity is None or code not in entity.records:
                raise UnknownCode(
                    code="unknown_record",
                    what=attribute.reference_entity or "record",
                    name=code,
                    field=attribute.code,
                )
        return codes or None

    def plain(self, data: Any) -> str:
        return ", ".join(data)

    def index(self, data: Any) -> list[tuple[str, Decimal | None]]:
        return [(code, None) for code in data]
