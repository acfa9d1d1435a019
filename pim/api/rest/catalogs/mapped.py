"""Products in the form that a machine wants: each target filled from where people say it is."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from django.http import HttpRequest

from pim.content.kinds.scalars import convert
from pim.content.locales import to_bcp47, to_posix
from pim.content.structure import AttributeDef, Structure
from pim.content.targets import ASSOCIATIONS, PLACES, UUID_TARGET, Target, read_targets
from pim.models import Catalog

from ..answers import url_of

_NOTHING = (None, "", [])


class Mapper:
    """Fills the targets of one catalog from documents of the API; made once per request."""

    flags = ("with_attribute_options",)

    def __init__(self, request: HttpRequest, catalog: Catalog, structure: Structure):
        self.request, self.structure = request, structure
        self.targets: list[Target] = read_targets(catalog.targets)
        self.mapping: dict[str, dict] = catalog.mapping
        managed = catalog.managed
        self._locales = {to_bcp47(code) for code in managed.get("locales", ())}
        self._currencies = frozenset(managed.get("currencies", ()))

    def mapped(self, document: dict) -> dict | None:
        """Return what the targets are filled with; None where one that is required stays empty.

        What is empty is left out.
        """
        found = {}
        for target in self.targets:
            value = self._value(target, document)
            if value not in _NOTHING:
                found[target.code] = value
            elif target.required:
                return None
        return found

    def _value(self, target: Target, document: dict) -> Any:
        if target.form == ASSOCIATIONS:
            return list(_associations(document))
        source = self.mapping.get(target.code) or {}
        code = source.get("source") or ""
        if code in PLACES:
            found = self._of_place(code, target, source, document)
        else:
            found = self._of_attribute(code, target, source, document)
        empty = found in _NOTHING and target.form == "text" and not target.by_locale
        return source.get("default") if empty else found

    def _of_place(self, code: str, target: Target, source: dict, document: dict) -> Any:
        if code == UUID_TARGET:
            return document["uuid"]
        known = self.structure.families if code == "family" else self.structure.categories
        given = document[code]
        codes = given if isinstance(given, list) else [given] if given else []
        labels = [
            known[each].labels.get(source.get("label_locale"), each) if each in known else each
            for each in codes
        ]
        return labels if target.form == "texts" else ", ".join(labels)

    def _of_attribute(self, code: str, target: Target, source: dict, document: dict) -> Any:
        code = self.structure.current("attribute", code)
        attribute = self.structure.attributes.get(code)
        if attribute is None:
            return None
        scope = source.get("scope") if attribute.scopable else None
        entries = [e for e in document["values"].get(code, ()) if e["scope"] == scope]
        if not target.by_locale:
            locale = to_posix(source.get("locale") or "") if attribute.localizable else None
            filled = (self._fill(target, attribute, source, e) for e in entries
                      if e["locale"] == locale)  # fmt: skip
            return next(filled, None)
        return [
            {"locale": entry["locale"], "value": value}
            for entry in entries
            if not self._locales or to_bcp47(entry["locale"] or "") in self._locales
            if (value := self._fill(target, attribute, source, entry)) not in _NOTHING
        ]

    def _fill(self, target: Target, attribute: AttributeDef, source: dict, entry: dict) -> Any:
        fill: Callable[[AttributeDef, dict, dict], Any] = getattr(self, f"_as_{target.form}")
        return fill(attribute, source, entry)

    def _as_text(self, attribute: AttributeDef, source: dict, entry: dict) -> str:
        data = entry["data"]
        if attribute.kind == "boolean":
            return "true" if data else "false"
        if attribute.kind in ("select", "multiselect", "reference"):
            return ", ".join(sorted(self._as_texts(attribute, source, entry)))
        return str(data)

    def _as_texts(self, attribute: AttributeDef, source: dict, entry: dict) -> list[str]:
        codes = entry["data"] if isinstance(entry["data"], list) else [entry["data"]]
        locale = entry["locale"] or to_posix(source.get("label_locale") or "")
        linked = entry.get("linked_data") or {}
        if attribute.kind == "select":
            linked = {codes[0]: linked}
        labels = {code: linked.get(code, {}).get("labels", {}) for code in codes}
        return [labels[code].get(locale) or code for code in codes]

    def _as_number(self, attribute: AttributeDef, source: dict, entry: dict) -> Any:
        data = entry["data"]
        if attribute.kind == "measurement":
            return self._as_measurement(attribute, source, entry)["value"]
        if attribute.kind == "price":
            return (self._as_price(attribute, source, entry) or {}).get("amount")
        return _number(data)

    def _as_date(self, attribute: AttributeDef, source: dict, entry: dict) -> Any:
        return entry["data"]

    _as_boolean = _as_date

    def _as_uri(self, attribute: AttributeDef, source: dict, entry: dict) -> str:
        return next(iter(self._as_uris(attribute, source, entry)), "")

    def _as_uris(self, attribute: AttributeDef, source: dict, entry: dict) -> list[str]:
        data = entry["data"]
        codes = data if isinstance(data, list) else [data]
        return [url_of(self.request, "media-files", code, "download") for code in codes]

    def _as_measurement(self, attribute: AttributeDef, source: dict, entry: dict) -> dict:
        data, to = entry["data"], source.get("unit")
        family = self.structure.measurements.get(attribute.measurement_family)
        if family is None or to not in family.units or data["unit"] not in family.units:
            return {"value": _number(data["amount"]), "unit": data["unit"]}
        amount = convert(Decimal(str(data["amount"])), unit=data["unit"], to=to, family=family)
        return {"value": _number(amount), "unit": to}

    def _as_price(self, attribute: AttributeDef, source: dict, entry: dict) -> dict | None:
        wanted = source.get("currency")
        prices = self._as_prices(attribute, source, entry)
        return next((one for one in prices if one["currency"] == wanted), None)

    def _as_prices(self, attribute: AttributeDef, source: dict, entry: dict) -> list[dict]:
        return [
            {"amount": _number(one["amount"]), "currency": one["currency"]}
            for one in entry["data"]
            if not self._currencies or one["currency"] in self._currencies
        ]


def _number(given: Any) -> int | float:
    number = Decimal(str(given))
    return int(number) if number == number.to_integral_value() else float(number)


def _associations(document: dict) -> Iterator[dict]:
    """Yield what a product is tied to, by type of association."""
    everything = {**document["associations"], **document["quantified_associations"]}
    for code, ties in everything.items():
        objects = [
            {"type": kind, **_object(one, key)}
            for name, kind, key in (("products", "product", "uuid"),
                                    ("product_models", "model", "code"))
            for one in ties.get(name, ())
        ]  # fmt: skip
        if objects:
            yield {"code": code, "associated_objects": objects}


def _object(one: Any, key: str) -> dict:
    if not isinstance(one, dict):
        return {key: one}
    named = {key: one.get("uuid") or one.get("identifier")}
    return {**named, "quantity": one["quantity"]}
