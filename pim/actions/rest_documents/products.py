"""Documents of clients turned into wishes: what is said of a product, and what is wrong with it.

Values are merged by address, null erases; a map of associations names types, a list in it is
the whole list; what a variant inherits may be sent along and is not taken for its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pim.actions.products import ProductWrite
from pim.content.address import Address
from pim.content.locales import to_bcp47
from pim.content.structure import Structure
from pim.models import ITEM, MODEL

from .errors import DocumentError, format_error

READ_ONLY = frozenset(
    {"_links", "created", "updated", "metadata", "completenesses", "quality_scores"}
)
_LISTS = ("categories", "groups", "add_categories", "remove_categories")
_ALIASES = {"add-categories": "add_categories", "remove-categories": "remove_categories"}
_MAPS = ("values", "associations", "quantified_associations")
_COMMON = frozenset({"family", "parent", *_MAPS, *_LISTS[:1], *_LISTS[2:]})
ALLOWED = {
    False: _COMMON | {"identifier", "uuid", "enabled", "groups"},
    True: _COMMON | {"code", "family_variant"},
}
_GIVEN = {
    type(None): "NULL",
    bool: "boolean",
    int: "integer",
    float: "double",
    str: "string",
    list: "array",
    dict: "array",
}


@dataclass(frozen=True)
class Noun:
    """One of the three ways to speak of products: its address, and how it names one."""

    address: str
    key: str
    what: str
    models: bool = False
    by_uuid: bool = False


PRODUCTS = Noun("products", "identifier", "Product")
BY_UUID = Noun("products-uuid", "uuid", "Product", by_uuid=True)
PUBLISHED = Noun("published-products", "identifier", "Published product")
MODELS = Noun("product-models", "code", "Product model", models=True)


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads documents of one noun; `addresses` remembers what places have been named."""

    noun: Noun
    structure: Structure
    addresses: dict

    def read(self, document: Mapping[str, Any], *, identifier: str, uuid: str = "") -> ProductWrite:
        """Return the wish; raises 422 naming everything whose form is wrong.

        `identifier` is what the product is called, or shall be called; `uuid` finds it where
        that is to change.
        """
        wrong: list[str] = []
        found = self._properties(document, wrong)
        write = ProductWrite(
            identifier,
            role=MODEL if self.noun.models else ITEM,
            family=_link(found, "family"),
            family_variant=_link(found, "family_variant"),
            parent=_link(found, "parent"),
            enabled=found.get("enabled"),
            categories=found.get("categories"),
            groups=found.get("groups"),
            add_categories=found.get("add_categories") or [],
            remove_categories=found.get("remove_categories") or [],
            values=self._values(found.get("values") or {}, wrong),
            associations=_associations(found, wrong),
            uuid=uuid or None,
            inherits=True,
            sheds=True,
        )
        if wrong:
            raise format_error(wrong)
        return write

    def _properties(self, document: Mapping[str, Any], wrong: list[str]) -> dict:
        allowed, found = ALLOWED[self.noun.models], {}
        for name, value in document.items():
            name = _ALIASES.get(name, name)
            if name in READ_ONLY:
                continue
            if name not in allowed:
                wrong.append(f'Property "{name[:100]}" does not exist.')
            elif message := _mismatch(name, value):
                wrong.append(message)
            else:
                found[name] = value
        if "categories" in found and ("add_categories" in found or "remove_categories" in found):
            wrong.append(
                'Property "categories" cannot be used together with "add_categories" or '
                '"remove_categories".'
            )
        return found

    def _values(self, values: Mapping[str, Any], wrong: list[str]) -> dict[Address, Any]:
        found: dict[Address, Any] = {}
        own = getattr(self.structure.identifier_attribute, "code", "")
        known = self.addresses
        for attribute, entries in values.items():
            if attribute == own:
                continue
            if not isinstance(entries, list):
                wrong.append(_expects(attribute, "an array", entries))
                continue
            for entry in entries:
                try:
                    scope, locale = entry.get("scope"), entry.get("locale")
                    address = known.get((attribute, scope, locale))
                    data = entry["data"]
                except (AttributeError, KeyError, TypeError):
                    wrong.append(_no_value(attribute, entry))
                    continue
                if address is None:
                    address = self._address(attribute, scope, locale, wrong)
                if address in found:
                    wrong.append(
                        f'You cannot update the same product value on the "{attribute[:100]}" '
                        "attribute twice, with the same scope and locale."
                    )
                elif address is not None:
                    found[address] = data
        return found

    def _address(self, attribute: str, scope: Any, locale: Any, wrong: list[str]) -> Address | None:
        for name, given in (("scope", scope), ("locale", locale)):
            if given is not None and not isinstance(given, str):
                wrong.append(_expects(f"{attribute}.{name}", "a string", given))
                return None
        code = locale or ""
        if code and code not in self.structure.locales:
            code = to_bcp47(code)
        address = Address(attribute, scope or "", code)
        if attribute in self.structure.attributes:
            # Places that do not exist are not remembered: there is no end of them.
            self.addresses[attribute, scope, locale] = address
        return address


def identifier_in(document: Mapping[str, Any], structure: Structure) -> str | None:
    """Return the identifier that a document's values name, "" where they take it away.

    None is for a document that says nothing of it.
    """
    own = getattr(structure.identifier_attribute, "code", "")
    values = document.get("values")
    entries = values.get(own) if isinstance(values, dict) else None
    first = entries[0] if isinstance(entries, list) and entries else None
    data = first.get("data", 0) if isinstance(first, dict) else 0
    return (data or "").strip() if isinstance(data, str | None) else None


def name_by_uuid(document: Mapping[str, Any], structure: Structure, *, uuid: str, held: str) -> str:
    """Return what a product shall be called: a product without identifier is called by its uuid.

    `held` is what it is called now, "" for a new one.
    """
    wish = identifier_in(document, structure)
    return (held if wish is None else wish) or uuid


def text_in(document: Mapping[str, Any], name: str) -> str | None:
    """Return a text of a document, None if it is not there; raises 422 for anything else."""
    value = document.get(name)
    if value is not None and not isinstance(value, str):
        raise format_error([_expects(name, "a string", value)])
    return value


def required_text(document: Mapping[str, Any], name: str) -> str:
    """Return a text that must be there; raises 422."""
    value = text_in(document, name)
    if not value:
        raise DocumentError(422, f'Property "{name}" is missing.', documented=True)
    return value


def _mismatch(name: str, value: Any) -> str:
    if name in _LISTS:
        return _wrong_list(name, value)
    if name in _MAPS:
        fits = isinstance(value, dict) or value == []
        return "" if fits else _expects(name, "an array", value)
    if name == "enabled":
        return "" if isinstance(value, bool) else _expects(name, "a boolean", value)
    fits = value is None or isinstance(value, str)
    return "" if fits else _expects(name, "a string", value)


def _wrong_list(name: str, value: Any) -> str:
    if not isinstance(value, list):
        return _expects(name, "an array", value)
    wrong = next((one for one in value if not isinstance(one, str)), None)
    if wrong is None and None not in value:
        return ""
    return (
        f'Property "{name}" expects an array with valid data, one of the "{name}" array '
        f'values is not a string, "{_GIVEN[type(wrong)]}" given.'
    )


def _expects(name: str, wanted: str, given: Any) -> str:
    return f'Property "{name[:100]}" expects {wanted} as data, "{_GIVEN[type(given)]}" given.'


def _no_value(attribute: str, entry: Any) -> str:
    if not isinstance(entry, dict):
        return (
            f'Property "{attribute[:100]}" expects an array of objects as data, '
            f'"{_GIVEN[type(entry)]}" given.'
        )
    if "data" not in entry:
        return f'Property "{attribute[:100]}" expects an array with the key "data".'
    return f'Property "{attribute[:100]}" expects codes as "scope" and "locale".'


def _link(found: dict, name: str) -> str | None:
    """Return the wish for a link: None leaves it, "" takes it away."""
    return (found[name] or "") if name in found else None


def _associations(found: dict, wrong: list[str]) -> dict[str, dict] | None:
    wished: dict[str, dict] = {}
    for member in ("associations", "quantified_associations"):
        for code, ties in (found.get(member) or {}).items():
            if not isinstance(ties, dict):
                wrong.append(_expects(f"{member}.{code}", "an array", ties))
                continue
            wish = wished.setdefault(code, {"partly": True})
            for name, targets in ties.items():
                _read_ties(wish, f"{member}.{code}", name, targets, wrong)
    return wished or None


_TIES = {"products": "products", "product_models": "models", "groups": "groups"}


def _read_ties(wish: dict, place: str, name: str, targets: Any, wrong: list[str]) -> None:
    if name not in _TIES:
        wrong.append(f'Property "{place[:150]}" has no "{name[:100]}".')
        return
    if not isinstance(targets, list):
        wrong.append(_expects(f"{place}.{name}", "an array", targets))
        return
    read = _code if name == "groups" else _target
    found = [read(target) for target in targets]
    if None in found:
        wrong.append(f'Property "{place[:150]}" expects codes, or objects with a quantity.')
        return
    wish[_TIES[name]] = found


def _code(target: Any) -> str | None:
    return target if isinstance(target, str) else None


def _target(target: Any) -> tuple | None:
    """Return (name, quantity) of a target: a code, or {identifier | uuid | code, quantity}."""
    if isinstance(target, str):
        return (target, None)
    if not isinstance(target, dict):
        return None
    name = target.get("uuid") or target.get("identifier") or target.get("code")
    return (name, target.get("quantity")) if isinstance(name, str) else None
