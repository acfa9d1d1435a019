"""Values as the PIM REST API shows them: `[{locale, scope, data}]`, by kind of attribute."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.http import HttpRequest

from pim.actions.rest_documents.attribute_types import type_of
from pim.content.kinds.base import decimal_text
from pim.content.kinds.scalars import convert
from pim.content.locales import to_posix
from pim.content.rights import Holding
from pim.content.states import STATE_KEY, state_of
from pim.content.structure import AttributeDef, Structure

from ..answers import url_of
from .parameters import Wanted

Names = dict[str, tuple[str, bool]]  # uuid → (identifier, is a model)


def holds_many(attribute: AttributeDef) -> bool:
    """Return whether a media, product or reference attribute may hold more than one."""
    return int(attribute.rules.get("max_items") or 1) > 1


class ValueShapes:
    """Turns the values of many products into the form of the API; made once per request.

    `names` are the products that values refer to; with `by_uuid` they are named by uuid.
    `files` are {asset: code of its file}.
    """

    def __init__(
        self, request: HttpRequest, structure: Structure, wanted: Wanted, *, by_uuid: bool
    ):
        self.request, self.structure, self.wanted = request, structure, wanted
        self.by_uuid = by_uuid
        self.names: Names = {}
        self.files: dict[str, str] = {}
        self._frames: dict[str, dict[str, tuple | None]] = {}
        self._all = wanted.attributes is None and wanted.channel is None and wanted.locales is None
        self._shown: dict[tuple[str, str, str], bool] = {}
        self._origins = "with_origin" in wanted.flags

    def values(
        self,
        chain: list[tuple[str, dict]],
        holding: Holding | None = None,
        *,
        identifier: str | None = None,
    ) -> dict:
        """Return {attribute: [{locale, scope, data, …}]}, the nearest value at each address.

        What `holding` does not show is left out. With `identifier` the attribute that holds it
        is among them.
        """
        found: dict[str, list[dict]] = {}
        if self._all and holding is None and not self._origins:
            self._add_all(found, chain[0][1] if len(chain) == 1 else _merged(chain))
        else:
            self._add_some(found, chain, holding)
        if identifier:
            self._put_identifier(found, identifier)
        return {
            code: sorted(entries, key=_place) if len(entries) > 1 else entries
            for code, entries in sorted(found.items())
        }

    def _add_all(self, found: dict[str, list[dict]], values: dict) -> None:
        """Add every value there is; this is the way of most pages, and made to be short."""
        for locale, held in values.items():
            frames = self._frames_of(locale)
            for attribute, by_channel in held.items():
                frame = frames[attribute] if attribute in frames else self._frame(locale, attribute)
                if frame is None:
                    continue
                posix, kind, shape, more = frame
                for channel, data in by_channel.items():
                    if type(data) is dict and STATE_KEY in data:
                        continue  # Empty on purpose is no data for clients of the original.
                    value = {
                        "locale": posix,
                        "scope": channel or None,
                        "data": data if shape is None else shape(data),
                        "attribute_type": kind,
                    }
                    if more is not None:
                        value |= more(data)
                    if attribute in found:
                        found[attribute].append(value)
                    else:
                        found[attribute] = [value]

    def _add_some(self, found: dict[str, list[dict]], chain: list, holding: Holding | None) -> None:
        """Add the wanted values that the reader may see, with their origins where asked for."""
        nearest: dict[tuple[str, str, str], tuple[Any, str]] = {}
        # Farthest first, so that what is nearer simply overwrites.
        for depth in range(len(chain) - 1, -1, -1):
            name, values = chain[depth]
            origin = f"inherited:{name}" if depth else "own"
            for locale, held in values.items():
                for attribute, by_channel in held.items():
                    for channel, data in by_channel.items():
                        nearest[attribute, channel, locale] = (data, origin)
        for place, (data, origin) in nearest.items():
            value = self._value(place, data) if self._shows(place, holding) else None
            if value is not None:
                if self._origins:
                    value["origin"] = origin
                found.setdefault(place[0], []).append(value)

    def _value(self, place: tuple[str, str, str], data: Any) -> dict | None:
        attribute, channel, locale = place
        posix, kind, shape, more = self._frames_of(locale)[attribute]
        value = {"locale": posix, "scope": channel or None, "data": None, "attribute_type": kind}
        if state := state_of(data):
            return {**value, "state": state} if self._origins else None
        value["data"] = data if shape is None else shape(data)
        value = value | more(data) if more else value
        # All that it refers to is hidden, or gone.
        return value if value["data"] != [] else None

    def _shows(self, place: tuple[str, str, str], holding: Holding | None) -> bool:
        shown = self._shown.get(place)
        if shown is None:
            attribute, _channel, locale = place
            frames = self._frames_of(locale)
            known = frames[attribute] if attribute in frames else self._frame(locale, attribute)
            shown = self._shown[place] = known is not None and self.wanted.shows(*place)
        if holding is None or not shown:
            return shown
        attribute, channel, locale = place
        return bool(holding.value(self.structure.attributes[attribute], channel, locale))

    def _frames_of(self, locale: str) -> dict[str, tuple | None]:
        return self._frames.setdefault(locale, {})

    def _frame(self, locale: str, code: str) -> tuple | None:
        """Return (locale, type, what shapes data, what adds to it) of an attribute's values."""
        attribute = self.structure.attributes.get(code)
        frame = None
        if attribute is not None:
            posix, kind = to_posix(locale) if locale else None, self._type(attribute)
            single = attribute.kind == "media" and not holds_many(attribute)
            shape = self._file if single else self._converting(attribute) or _shape(attribute)
            frame = (posix, kind, shape, self._more(attribute))
        self._frames_of(locale)[code] = frame
        return frame

    def _converting(self, attribute: AttributeDef) -> Callable[[dict], dict] | None:
        """Return what shows a measurement in the unit of the channel, None where it has none."""
        family = self.structure.measurements.get(attribute.measurement_family)
        to = self.wanted.units.get(attribute.code)
        if attribute.kind != "measurement" or family is None or to not in family.units:
            return None

        def converted(data: dict) -> dict:
            if data["unit"] not in family.units:
                return data
            amount = convert(Decimal(data["amount"]), unit=data["unit"], to=to, family=family)
            return {**data, "amount": decimal_text(amount), "unit": to}

        return converted

    def _type(self, attribute: AttributeDef) -> str:
        known = self.structure.__dict__.setdefault("_rest_types", {})
        if attribute.code not in known:
            known[attribute.code] = type_of(attribute.kind, attribute.rules)
        return known[attribute.code]

    def _put_identifier(self, found: dict, identifier: str) -> None:
        attribute = self.structure.identifier_attribute
        if attribute is None or not self.wanted.shows(attribute.code, "", ""):
            return
        made = {"locale": None, "scope": None, "data": identifier}
        found[attribute.code] = [{**made, "attribute_type": self._type(attribute)}]

    def _products(self, uuids: list[str]) -> dict:
        known = [other for other in uuids if other in self.names]
        return {"data": known if self.by_uuid else [self.names[other][0] for other in known]}

    def _more(self, attribute: AttributeDef) -> Callable[[Any], dict] | None:
        """Return what adds links, labels or names to a value of the attribute."""
        if attribute.kind == "product":
            return self._products
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

    def _file(self, codes: list[str]) -> str:
        return self.files.get(codes[0], codes[0])

    def _download(self, codes: list[str]) -> dict:
        href = url_of(self.request, "media-files", self._file(codes), "download")
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


def _merged(chain: list[tuple[str, dict]]) -> dict:
    """Return the values of a product and its ancestors, the nearest at each address."""
    found: dict[str, dict] = {}
    for _name, values in reversed(chain):
        for locale, held in values.items():
            into = found.setdefault(locale, {})
            for attribute, by_channel in held.items():
                farther = into.get(attribute)
                into[attribute] = {**farther, **by_channel} if farther else by_channel
    return found


def _place(value: dict) -> tuple[str, str]:
    return value["scope"] or "", value["locale"] or ""


def _shape(attribute: AttributeDef) -> Callable[[Any], Any] | None:
    """Return what turns data of the attribute into the form of the API, None where it has it."""
    kind, whole = attribute.kind, attribute.rules.get("decimals") is False
    if kind == "price":
        return _whole_prices if whole else _prices
    if kind == "reference" and not holds_many(attribute):
        return _first
    shapes = {"date": _date, "number": _whole, "measurement": _whole_measurement}
    return shapes.get(kind) if whole or kind == "date" else None


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
