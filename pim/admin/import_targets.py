"""Where a column of somebody's table can go: every column of our own layout, with its label."""

from pim.content.address import Address, check_address
from pim.content.locales import to_posix
from pim.content.packaging import COLUMNS
from pim.content.refusals import Refused
from pim.content.structure import AttributeDef, Structure

FIELDS = ("family", "parent", "family_variant", "categories", "groups", "enabled", "uuid")


def target_columns(structure: Structure) -> list[tuple[str, str]]:
    """Return [(column, what it holds)], fields first, then attributes in their order."""
    main = structure.identifier_attribute
    found = [(main.code if main else "sku", "SKU")]
    found += [(name, name.replace("_", " ")) for name in FIELDS]
    found.append(("#delete", "1 = delete"))
    for attribute in sorted(structure.attributes.values(), key=lambda a: (a.sort, a.code)):
        if attribute != main:
            found += _columns(attribute, structure)
    found += [(f"{code}-products", code) for code in structure.association_types]
    return found


def _columns(attribute: AttributeDef, structure: Structure) -> list[tuple[str, str]]:
    label = next(iter(attribute.labels.values()), attribute.code)
    channels = structure.channels if attribute.scopable else [""]
    used = {code: None for channel in structure.channels.values() for code in channel.locales}
    locales = used if attribute.localizable else [""]
    places = []
    for channel in channels:
        for locale in locales:
            try:
                check_address(Address(attribute.code, channel, locale), structure)
            except Refused:
                continue
            parts = (attribute.code, to_posix(locale) if locale else "", channel)
            words = " · ".join(filter(None, (label, locale, channel)))
            places.append(("-".join(filter(None, parts)), words))
    return [column for place in places for column in _parts(attribute, *place, structure)]


def _parts(attribute: AttributeDef, column: str, label: str, structure: Structure):
    if attribute.kind == "price":
        used = {c: None for channel in structure.channels.values() for c in channel.currencies}
        for currency in used or sorted(structure.currencies):
            yield f"{column}-{currency}", f"{label} · {currency}"
        return
    yield column, label
    if attribute.kind == "measurement":
        yield f"{column}-unit", f"{label} · unit"
    if attribute.kind == "packaging":
        for part in COLUMNS:
            yield f"{column}-{part}", f"{label} · {part.replace('-', ' · ').replace('_', ' ')}"
