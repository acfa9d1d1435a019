"""What every operation can do, and how its document is read."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, ClassVar

from ..kinds import clean
from ..refusals import InvalidValue, UnknownCode
from ..structure import AttributeDef, Structure
from .places import Spot
from .sheet import Sheet


@dataclass(frozen=True, slots=True)
class Reading:
    """What documents are read against; `products` is {identifier or uuid: uuid} of those named."""

    structure: Structure
    products: dict[str, str] = field(default_factory=dict)

    def uuid(self, name: Any) -> str:
        """Return the uuid of the product of that name; raise `UnknownCode`."""
        if not isinstance(name, str) or name not in self.products:
            raise UnknownCode(code="unknown_product", what="product", name=str(name)[:100])
        return self.products[name]

    def value(self, attribute: AttributeDef, raw: Any) -> Any:
        """Return the canonical data of a value in a document; products by any of their names."""
        if attribute.kind == "product" and isinstance(raw, str | list):
            names = raw.split(",") if isinstance(raw, str) else raw
            raw = [self.uuid(str(name).strip()) for name in names]
        return clean(attribute, raw, self.structure)


class Operation:
    """One operation, read and checked; stateless, so that one serves every product.

    `own` says that reading what it writes itself does no harm: doing it twice is doing it once.
    """

    code: ClassVar[str]
    own: ClassVar[bool] = False

    @classmethod
    def read(cls, document: dict, reading: Reading) -> "Operation":
        """Return the operation of a document; raise `Refused` naming what is wrong."""
        raise NotImplementedError

    def apply(self, sheet: Sheet) -> None:
        """Write on the sheet what the operation wants of its product."""
        raise NotImplementedError

    def reads(self) -> Iterable[Spot]:
        """Return the spots whose content decides what is written."""
        return ()

    def writes(self) -> Iterable[Spot]:
        """Return the spots that may be written."""
        raise NotImplementedError


def bad(sentence: str, code: str, *, about: str = "", **params) -> InvalidValue:
    """Return the refusal of a document."""
    return InvalidValue(sentence, code=code, field=about, **params)
