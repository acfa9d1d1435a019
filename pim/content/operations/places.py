"""Places in documents: an attribute with one, several or all of its locales and channels."""

from typing import Any, NamedTuple

from ..address import Address, check_address
from ..refusals import InvalidValue, Refused, UnknownCode, _
from ..structure import AttributeDef, Structure

ALL = "*"


class Spot(NamedTuple):
    """A place for the graph of who reads what: "*" stands for every channel or locale.

    What is not a value is named "@categories" etc.
    """

    name: str
    channel: str = ""
    locale: str = ""


def overlap(one: Spot, other: Spot) -> bool:
    """Return whether the two spots have a place in common."""
    return one.name == other.name and all(
        ALL in (a, b) or a == b
        for a, b in ((one.channel, other.channel), (one.locale, other.locale))
    )


class Places(NamedTuple):
    """The addresses that a document means, and which parts it left to be all."""

    attribute: AttributeDef
    addresses: tuple[Address, ...]
    all_locales: bool = False
    all_channels: bool = False

    def spots(self) -> list[Spot]:
        """Return the addresses as spots."""
        return [Spot(*address) for address in self.addresses]

    def beside(self, target: Address, structure: Structure) -> Address | None:
        """Return the address to read for a target: "all" means the target's own."""
        first = self.addresses[0]
        address = Address(
            self.attribute.code,
            target.channel if self.all_channels else first.channel,
            target.locale if self.all_locales else first.locale,
        )
        return address if address in self.addresses else None


def read_places(document: Any, structure: Structure, *, single: bool = False) -> Places:
    """Return the places of {"attribute", "locale", "channel"}; raise `Refused`.

    `locale` and `channel` are a code, a list of codes or "*" for all that the attribute has;
    `single` refuses lists, for a place that is read.
    """
    if not isinstance(document, dict):
        raise _unreadable()
    code = document.get("attribute")
    attribute = structure.attributes.get(code) if isinstance(code, str) else None
    if attribute is None:
        raise UnknownCode(what="attribute", name=str(code or "")[:100], field="attribute")
    channel = document.get("channel", document.get("scope"))
    locales = _codes(document.get("locale"), attribute.localizable, structure.locales)
    channels = _codes(channel, attribute.scopable, structure.channels)
    every = (document.get("locale") == ALL, channel == ALL)
    if single and ((len(locales) > 1 and not every[0]) or (len(channels) > 1 and not every[1])):
        raise _unreadable()
    addresses = _existing(attribute, channels, locales, structure, lenient=any(every))
    return Places(attribute, tuple(addresses), *every)


def _codes(asked: Any, varies: bool, known) -> list[str]:
    if asked == ALL:
        return list(known) if varies else [""]
    codes = asked if isinstance(asked, list) else [asked or ""]
    if not codes or not all(isinstance(code, str) for code in codes):
        raise _unreadable()
    return codes


def _existing(attribute: AttributeDef, channels, locales, structure, *, lenient: bool) -> list:
    """Return the addresses that exist; where all were asked for, the others are left out."""
    found, last = [], None
    for channel in channels:
        for locale in locales:
            address = Address(attribute.code, channel, locale)
            try:
                check_address(address, structure)
            except Refused as refusal:
                if not lenient:
                    raise
                last = refusal
            else:
                found.append(address)
    if not found:
        raise last or _unreadable()
    return found


def _unreadable() -> InvalidValue:
    return InvalidValue(
        _("A place is {“attribute”, “locale”, “channel”} with codes, or “*” for all."),
        code="bad_place",
    )
