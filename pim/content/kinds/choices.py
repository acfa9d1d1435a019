"""Kinds that choose among options."""

from decimal import Decimal
from typing import Any

from ..refusals import UnknownCode, _
from ..structure import AttributeDef, Structure
from .base import Kind, refuse, to_list


class Select(Kind):
    """The code of one option."""

    code = "select"

    def clean(self, raw: Any, attribute: AttributeDef, structure: Structure) -> Any:
        if not isinstance(raw, str | int):
            raise refuse(attribute, _("“%(attribute)s” needs one option."), code="not_an_option")
        return _option(str(raw).strip(), attribute, structure)


class MultiSelect(Kind):
    """A list of option codes, sorted, so that the same choice has the same form."""

    code = "multiselect"

    def clean(self, raw: Any, attribute: AttributeDef, structure: Structure) -> Any:
        if isinstance(raw, str):
            raw = raw.split(",")
        codes = {_option(c, attribute, structure) for c in to_list(raw, attribute)}
        return sorted(codes) or None

    def plain(self, data: Any) -> str:
        return ", ".join(data)

    def index(self, data: Any) -> list[tuple[str, Decimal | None]]:
        return [(code, None) for code in data]


def _option(code: str, attribute: AttributeDef, structure: Structure) -> str:
    options = structure.options.get(attribute.code, {})
    if code not in options:
        code = structure.current("option", code, owner=attribute.code)
    if code not in options:
        raise UnknownCode(
            _("“%(attribute)s” has no option “%(name)s”."),
            code="unknown_option",
            what="option",
            name=code,
            attribute=attribute.code,
            field=attribute.code,
        )
    return code
