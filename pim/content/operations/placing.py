"""Operations on where products stand: categories, groups, ties, family, parent, switched on."""

from dataclasses import dataclass
from typing import Any, ClassVar

from ..refusals import UnknownCode, _
from .base import Operation, Reading, bad
from .places import Spot
from .sheet import Sheet
from .values import read_truth

ADD, REMOVE, REPLACE = "add", "remove", "replace"
MODES = (ADD, REMOVE, REPLACE)


def _mode(document: dict) -> str:
    mode = document.get("mode", ADD)
    if mode not in MODES:
        raise bad(_("“mode” is one of: add, remove, replace."), "bad_mode", about="mode")
    return mode


def _list(document: dict, name: str) -> list:
    items = document.get(name) or []
    if not isinstance(items, list):
        raise bad(_("“%(name)s” is a list of codes."), "not_a_list", about=name, name=name)
    return items


@dataclass(frozen=True, slots=True)
class Categorise(Operation):
    """Put products into categories, take them out, or leave them in these alone."""

    code = "categories"
    own = True
    name: ClassVar[str] = "categories"
    noun: ClassVar[str] = "category"
    mode: str
    codes: tuple[str, ...]

    @classmethod
    def read(cls, document: dict, reading: Reading) -> "Categorise":
        codes, mode = _list(document, "codes"), _mode(document)
        known = cls.known(reading)
        for code in codes:
            if not isinstance(code, str) or code not in known:
                raise UnknownCode(what=cls.noun, name=str(code)[:100], field="codes")
        if not codes and mode != REPLACE:
            raise bad(_("Name what to add or remove."), "no_codes", about="codes")
        return cls(mode, tuple(codes))

    @classmethod
    def known(cls, reading: Reading):
        """Return the codes that exist."""
        return reading.structure.categories

    def apply(self, sheet: Sheet) -> None:
        held = set(sheet.place(self.name))
        wanted = {
            ADD: held | set(self.codes),
            REMOVE: held - set(self.codes),
            REPLACE: set(self.codes),
        }[self.mode]
        if wanted != held:
            sheet.places[self.name] = sorted(wanted)

    def writes(self) -> list[Spot]:
        return [Spot(f"@{self.name}")]


class Group(Categorise):
    """The same with product groups."""

    __slots__ = ()
    code = "groups"
    name = "groups"
    noun = "group"

    @classmethod
    def known(cls, reading: Reading):
        return reading.structure.product_groups


@dataclass(frozen=True, slots=True)
class Associate(Operation):
    """Tie products of an association type to others, or untie them; `products` by uuid."""

    code = "associations"
    own = True
    type: str
    mode: str
    products: tuple[tuple[str, int | None], ...]
    groups: tuple[str, ...]

    @classmethod
    def read(cls, document: dict, reading: Reading) -> "Associate":
        name = document.get("type")
        definition = reading.structure.association_types.get(name) if name else None
        if definition is None:
            raise UnknownCode(what="association type", name=str(name)[:100], field="type")
        products = [_tie(item, reading) for item in _list(document, "products")]
        groups = _list(document, "groups")
        for group in groups:
            if group not in reading.structure.product_groups:
                raise UnknownCode(what="group", name=str(group)[:100], field="groups")
        mode = _mode(document)
        if not products and not groups and mode != REPLACE:
            raise bad(_("Name what to add or remove."), "no_codes", about="products")
        return cls(name, mode, tuple(products), tuple(groups))

    def apply(self, sheet: Sheet) -> None:
        held = sheet.place("associations").get(self.type, {"products": [], "groups": []})
        mine = [tie for tie in self.products if tie[0] != sheet.state.uuid]
        products, groups = dict(held["products"]), dict.fromkeys(held["groups"])
        if self.mode == REPLACE:
            products, groups = dict(mine), dict.fromkeys(self.groups)
        elif self.mode == ADD:
            products, groups = products | dict(mine), groups | dict.fromkeys(self.groups)
        else:
            products = {uuid: n for uuid, n in products.items() if uuid not in dict(mine)}
            groups = {group: None for group in groups if group not in self.groups}
        ties = {"products": [list(tie) for tie in products.items()], "groups": list(groups)}
        sheet.places["associations"] = {**sheet.places.get("associations", {}), self.type: ties}

    def writes(self) -> list[Spot]:
        return [Spot("@associations")]


def _tie(item: Any, reading: Reading) -> tuple[str, int | None]:
    name, quantity = item if isinstance(item, list) and len(item) == 2 else (item, None)
    if quantity is not None and type(quantity) is not int:
        raise bad(_("A quantity is a whole number."), "bad_quantity", about="products")
    return reading.uuid(name), quantity


@dataclass(frozen=True, slots=True)
class Move(Operation):
    """Give products another family, and a family variant of it."""

    code = "family"
    family: str
    variant: str

    @classmethod
    def read(cls, document: dict, reading: Reading) -> "Move":
        family, variant = document.get("family") or "", document.get("family_variant") or ""
        if family and family not in reading.structure.families:
            raise UnknownCode(what="family", name=str(family)[:100], field="family")
        if variant and variant not in reading.structure.family_variants:
            raise UnknownCode(what="family variant", name=str(variant)[:100], field="family")
        return cls(family, variant)

    def apply(self, sheet: Sheet) -> None:
        if sheet.place("family") != self.family or (
            self.variant and sheet.place("family_variant") != self.variant
        ):
            sheet.places |= {"family": self.family, "family_variant": self.variant}

    def writes(self) -> list[Spot]:
        return [Spot("@family")]


@dataclass(frozen=True, slots=True)
class Reparent(Operation):
    """Put products under a model, or "" to let them stand alone."""

    code = "parent"
    parent: str

    @classmethod
    def read(cls, document: dict, reading: Reading) -> "Reparent":
        parent = document.get("parent") or ""
        return cls(reading.uuid(parent) if parent else "")

    def apply(self, sheet: Sheet) -> None:
        sheet.places["parent"] = self.parent

    def writes(self) -> list[Spot]:
        return [Spot("@parent")]


@dataclass(frozen=True, slots=True)
class Enable(Operation):
    """Switch products on or off."""

    code = "enabled"
    on: bool

    @classmethod
    def read(cls, document: dict, reading: Reading) -> "Enable":
        if "value" not in document:
            raise bad(_("“value” is true or false."), "needs_boolean", about="value")
        return cls(read_truth(document, "value"))

    def apply(self, sheet: Sheet) -> None:
        if sheet.place("enabled") != self.on:
            sheet.places["enabled"] = self.on

    def writes(self) -> list[Spot]:
        return [Spot("@enabled")]
