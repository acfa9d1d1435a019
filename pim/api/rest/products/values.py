"""Values as the PIM REST API shows them: `[{locale, scope, data}]`, by kind of attribute."""

from collections.abc import Callable, Iterable
from typing import Any

from django.http import HttpRequest

from pim.content.locales import to_posix
from pim.content.rights import Holding
from pim.content.states import state_of
from pim.content.structure import AttributeDef, Structure

from ..answers import url_of
from ..structure.attribute_types import type_of
from .parameters import Wanted

Names = dict[str, tuple[str, bool]]  # uuid → (identifier, is a model)


def holds_many(attribute: AttributeDef) -> bool:
    """Return whether a media, product or reference attribute may hold more than one."""
    return int(attribute.rules.get("max_items") or 1) > 1


class ValueShapes:
    """Turns the values of many products into the form of the API; made once per request.

    `names` are the products that values refer to; with `by_uuid` they are named by uuid.
    """

    def __init__(
        self, request: HttpRequest, structure: Structure, wanted: Wanted, *, by_uuid: bool
    ):
        self.request, self.structure, self.wanted = request, structure, wanted
        self.by_uuid = by_uuid
        self.names: Names = {}
        self._made: dict[str, Callable | None] = {}
        self._places: dict[tuple[str, str, str], bool] = {}
        self._posix = {code: to_posix(code) for code in structure.locales}
        self._origins = "with_origin" in wanted.flags

    def values(
        self,
        chain: list[tuple[str, dict]],
        holding: Holding | None = None,
        *,
        identifier: str = "",
    ) -> dict:
        """Return {attribute: [{locale, scope, data, …}]}, the nearest value at each address.

        What `holding` does not show is left out. With `identifier` the attribute that holds it
        is among them.
        """
        found: dict[str, list[dict]] = {}
        for (attribute, channel, locale), (data, origin) in self._nearest(chain):
            if holding and not holding.value(self.structure.attributes[attribute], channel, locale):
                continue
            made = self._made.get(attribute) or self._make(attribute)
            value = self._value(made, channel, locale, data)
            if value is None:
                continue
            if self._origins:
                value["origin"] = origin or "own"
            found.setdefault(attribute, []).append(value)
        if identifier:
            self._put_identifier(found, identifier)
        return dict(sorted(found.items()))

    def _put_identifier(self, found: dict, identifier: str) -> None:
        attribute = self.structure.identifier_attribute
        if attribute is None or not self.wanted.shows(attribute.code, "", ""):
            return
        made = {"locale": None, "scope": None, "data": identifier}
        found[attribute.code] = [
            {**made, "attribute_type": type_of(attribute.kind, attribute.rules)}
        ]

    def _nearest(self, chain: list[tuple[str, dict]]) -> Iterable[tuple[tuple, tuple]]:
        """Return the wanted addresses with the nearest (data, origin), in a fixed order."""
        merged: dict[tuple, tuple] = {}
        places, shown = self._places, self._shown
        # Farthest first, so that what is nearer simply overwrites.
        for depth in range(len(chain) - 1, -1, -1):
            name, values = chain[depth]
            origin = f"inherited:{name}" if depth else ""
            for locale, held in values.items():
                for attribute, by_channel in held.items():
                    for channel, data in by_channel.items():
                        place = (attribute, channel, locale)
                        if places[place] if place in places else shown(place):
                            merged[place] = (data, origin)
        return sorted(merged.items(), key=_by_place)

    def _shown(self, place: tuple[str, str, str]) -> bool:
        known = place[0] in self.structure.attributes
        shown = self._places[place] = known and self.wanted.shows(*place)
        return shown

    def _value(self, made: tuple, channel: str, locale: str, data: Any) -> dict | None:
        shape, kind, more = made
        value = {
            "locale": self._posix.get(locale) if locale else None,
            "scope": channel or None,
            "data": None,
            "attribute_type": kind,
        }
        if state := state_of(data):
            # Empty on purpose is no data for clients of the original.
            return {**value, "state": state} if self._origins else None
        value["data"] = shape(data)
        if more is not None:
            value.update(more(data))
        return value

    def _make(self, code: str) -> tuple:
        attribute = self.structure.attributes[code]
        made = (
            self._shape(attribute),
            type_of(attribute.kind, attribute.rules),
            self._more(attribute),
        )
        self._made[code] = made
        return made

    def _shape(self, attribute: AttributeDef) -> Callable[[Any], Any]:
        kind, whole = attribute.kind, attribute.rules.get("decimals") is False
        if kind == "number":
            return _whole if whole else _same
        if kind == "measurement":
            return _whole_measurement if whole else _same
        if kind == "price":
            return _whole_prices if whole else _prices
        if kind == "date":
            return _date
        if kind == "product":
            return self._products
        if kind in ("media", "reference") and not holds_many(attribute):
            return _first
        return _same

    def _products(self, uuids: list[str]) -> list[str]:
        if self.by_uuid:
            return [other for other in uuids if other in self.names]
        return [self.names[other][0] for other in uuids if other in self.names]

    def _more(self, attribute: AttributeDef) -> Callable[[Any], dict] | None:
        """Return what adds links, labels or the name of an entity to a value of the attribute."""
        if attribute.kind == "media" and not holds_many(attribute):
            return self._download
        if attribute.kind == "reference":
            return lambda data: {"reference_data_name": attribute.reference_entity}
        if attribute.kind in ("select", "multiselect"):
            if "with_attribute_options" in self.wanted.flags:
                return self._option_labels(attribute)
        elif attribute.kind == "table" and "with_table_select_options" in self.wanted.flags:
            return self._cell_labels(attribute)
        return None

    def _download(self, codes: list[str]) -> dict:
        href = url_of(self.request, "media-files", codes[0], "download")
        return {"_links": {"download": {"href": href}}}

    def _option_labels(self, attribute: AttributeDef) -> Callable[[Any], dict]:
        options = self.structure.options.get(attribute.code, {})

        def linked(code: str) -> dict:
            labels = options[code].labels if code in options else {}
            return {"attribute": attribute.code, "code": code, "labels": self._labels(labels)}

        if attribute.kind == "select":
            return lambda code: {"linked_data": linked(code)}
        return lambda codes: {"linked_data": {code: linked(code) for code in codes}}

    def _cell_labels(self, attribute: AttributeDef) -> Callable[[Any], dict]:
        columns = {
            column["code"]: {
                option["code"]: {"labels": self._labels(option.get("labels") or {})}
                for option in column.get("options", [])
            }
            for column in attribute.rules.get("columns", [])
            if column.get("kind") == "select"
        }
        return lambda rows: {"linked_data": columns}

    def _labels(self, labels: dict) -> dict:
        return {to_posix(locale): text for locale, text in labels.items()}


def _by_place(entry: tuple) -> tuple[str, str, str]:
    return entry[0]


def _same(data: Any) -> Any:
    return data


def _first(codes: list) -> str:
    return codes[0]


def _whole(data: str) -> int | str:
    return int(data) if len(data) < 16 and "." not in data else data


def _whole_measurement(data: dict) -> dict:
    return {**data, "amount": _whole(data["amount"])}


def _prices(data: dict) -> list[dict]:
    return [{"amount": amount, "currency": code} for code, amount in sorted(data.items())]


def _whole_prices(data: dict) -> list[dict]:
    return [{**price, "amount": _whole(price["amount"])} for price in _prices(data)]


def _date(day: str) -> str:
    return f"{day}T00:00:00+00:00"
