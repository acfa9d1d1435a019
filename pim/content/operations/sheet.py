"""A sheet: one product on which operations write what they want, one after the other."""

from collections.abc import Sequence
from typing import Any

from ..address import Address
from ..refusals import InvalidValue, Refused, _
from ..states import shown
from ..structure import AttributeDef, Structure


class Sheet:
    """A product as operations see it, and what they want of it.

    `state` is its draft (a `DraftState`), `above` the value trees of its ancestors, nearest
    first. `careful` leaves attributes to the level where they live: rules do not fill variants
    with what belongs to their model. `left` are the operations that do not apply, with why;
    `hits` counts the places where texts were replaced.
    """

    def __init__(
        self, state: Any, above: Sequence[dict], structure: Structure, *, careful: bool = False
    ):
        self.state, self.structure = state, structure
        self.values: dict[Address, Any] = {}
        self.places: dict[str, Any] = {}
        self.left: dict[str, Refused] = {}
        self.hits = 0
        self._trees, self._careful = (state.values, *above), careful

    def read(self, address: Address) -> Any:
        """Return the data as it shall be, own or inherited: None for nothing and for states."""
        return shown(self.held(address))

    def held(self, address: Address) -> Any:
        """Return what stands at the address, states included."""
        if self.values.get(address) is not None:
            return self.values[address]
        for tree in self._trees[1:] if address in self.values else self._trees:
            data = tree.get(address.locale, {}).get(address.attribute, {}).get(address.channel)
            if data is not None:
                return data
        return None

    def put(self, address: Address, data: Any) -> None:
        """Ask for `data` at the address, None to take it away."""
        self.values[address] = data

    def place(self, name: str) -> Any:
        """Return a thing beside the values as it shall be: "categories", "enabled", …"""
        held = getattr(self.state, name)
        if name == "associations":
            return {**held, **self.places.get(name, {})}
        return self.places.get(name, held)

    def takes(self, attribute: AttributeDef) -> bool:
        """Return whether the product can hold the attribute; else note why not."""
        refusal = self._unfit(attribute)
        if refusal is not None:
            self.left.setdefault(attribute.code, refusal)
        return refusal is None

    def differing(self) -> dict:
        """Return what is asked for and is not there already."""
        tree = self.state.values
        return {
            **{
                address: data
                for address, data in self.values.items()
                if tree.get(address.locale, {}).get(address.attribute, {}).get(address.channel)
                != data
            },
            **{name: wish for name, wish in self.places.items() if self._new(name, wish)},
        }

    def _new(self, name: str, wish: Any) -> bool:
        held = getattr(self.state, name)
        if name == "associations":
            return any(held.get(code) != ties for code, ties in wish.items())
        return held != wish

    def wishes(self) -> dict[str, Any]:
        """Return what is asked for, by the names of the fields of a write."""
        return {"values": self.values, **self.places}

    def _unfit(self, attribute: AttributeDef) -> Refused | None:
        family = self.structure.families.get(self.place("family"))
        if family is not None and attribute.code not in family.attributes:
            return _left(
                _("The family %(family)s does not have “%(attribute)s”."),
                "not_in_family",
                attribute,
                family=family.code,
            )
        variant = self.structure.family_variants.get(self.state.family_variant)
        level = variant.levels.get(attribute.code, 0) if variant else self.state.level
        if level > self.state.level or (self._careful and level < self.state.level):
            return _left(
                _("“%(attribute)s” belongs on level %(level)s of the product tree."),
                "wrong_level",
                attribute,
                level=level,
            )
        return None


def _left(sentence: str, code: str, attribute: AttributeDef, **params) -> Refused:
    return InvalidValue(
        sentence, code=code, field=attribute.code, attribute=attribute.code, **params
    )
