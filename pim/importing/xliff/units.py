"""Units of text on their way to translators and back."""

from dataclasses import dataclass

from pim.content.protecting import Part

NS2 = "urn:oasis:names:tc:xliff:document:2.0"
NS1 = "urn:oasis:names:tc:xliff:document:1.2"


@dataclass(frozen=True, slots=True)
class Row:
    """A unit on its way out; `note` is for the translator."""

    product: str
    name: str
    key: str
    source: list[Part]
    target: list[Part]
    state: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Returned:
    """A unit that came back: parts whose codes have ids but no literals."""

    product: str
    key: str
    source: list[Part]
    target: list[Part]
