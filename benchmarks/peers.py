"""The catalogue that users of other systems measure by: its structure, and products in its shape.

3 channels with 9 locales between them, 550 attributes of which 12 % are localizable, 3 %
scopable and 6 % both, 100 families of 120 attributes with 30 required ones.
"""

import random
from collections.abc import Iterator

CHANNELS = {
    "web": ("en-US", "fr-FR", "de-DE"),
    "print": ("fi", "sv-SE", "da"),
    "mobile": ("pl", "es-ES", "it"),
}
ATTRIBUTES, FAMILIES, MEMBERS, REQUIRED, OPTIONS = 550, 100, 120, 30, 20
KINDS = ("text",) * 8 + ("select",) * 5 + ("number",) * 2 + ("boolean",) * 2 + (
    "multiselect", "measurement", "price", "textarea", "date",
)  # fmt: skip
WORDS = "oak steel night fog lamp chair table sea moss rust snow birch soft round deep".split()


def make_structure() -> None:
    """Store the structure."""
    from pim.models import (
        Attribute,
        AttributeGroup,
        AttributeOption,
        Category,
        Channel,
        Currency,
        Family,
        FamilyAttribute,
        Locale,
        MeasurementFamily,
        Requirement,
    )

    locales = {c: Locale.objects.create(code=c) for held in CHANNELS.values() for c in held}
    euro = Currency.objects.create(code="EUR")
    root = Category.objects.create(code="master")
    root.path = f"/{root.id}/"
    root.save()
    leaves = []
    for n in range(50):
        leaf = Category.objects.create(code=f"category_{n}", parent=root)
        leaf.path = f"{root.path}{leaf.id}/"
        leaf.save()
        leaves.append(leaf)
    channels = []
    for code, held in CHANNELS.items():
        channel = Channel.objects.create(code=code, category_tree=root)
        channel.locales.set([locales[c] for c in held])
        channel.currencies.set([euro])
        channels.append(channel)
    groups = [AttributeGroup.objects.create(code=f"group_{n}") for n in range(10)]
    units = [{"code": "GRAM", "factor": "0.001"}, {"code": "KILOGRAM", "factor": "1"}]
    weight = MeasurementFamily.objects.create(code="Weight", standard_unit="KILOGRAM", units=units)
    Attribute.objects.create(code="sku", kind="identifier", group=groups[0])
    made = Attribute.objects.bulk_create(
        Attribute(
            code=code,
            kind=kind,
            group=groups[n % len(groups)],
            localizable=localizable,
            scopable=scopable,
            role="name" if n == 0 else "",
            filterable=n % 50 == 7,
            measurement_family=weight if kind == "measurement" else None,
            default_unit="GRAM" if kind == "measurement" else "",
        )
        for n, (code, kind, localizable, scopable) in enumerate(attributes())
    )
    AttributeOption.objects.bulk_create(
        AttributeOption(attribute=attribute, code=f"option_{n}")
        for attribute in made
        if attribute.kind in ("select", "multiselect")
        for n in range(OPTIONS)
    )
    by_code = {attribute.code: attribute for attribute in made}
    families = Family.objects.bulk_create(
        Family(code=f"family_{n}", label_attribute=made[0]) for n in range(FAMILIES)
    )
    members = {family: members_of(n) for n, family in enumerate(families)}
    FamilyAttribute.objects.bulk_create(
        FamilyAttribute(family=family, attribute=by_code[code])
        for family, codes in members.items()
        for code in codes
    )
    Requirement.objects.bulk_create(
        Requirement(family=family, attribute=by_code[code], channel=channel)
        for family, codes in members.items()
        for code in codes[:REQUIRED]
        for channel in channels
    )


def attributes() -> list[tuple[str, str, bool, bool]]:
    """Return (code, kind, localizable, scopable) of every attribute."""
    found = []
    for n in range(ATTRIBUTES):
        share = (n * 37) % 100  # spread evenly over the families
        localizable, scopable = share < 12 or 15 <= share < 21, 12 <= share < 21
        found.append((f"attribute_{n}", KINDS[n % len(KINDS)], localizable, scopable))
    return found


def members_of(family: int) -> list[str]:
    """Return the codes of the attributes of a family: attribute 0 and 119 others."""
    drawn = random.Random(family).sample(range(1, ATTRIBUTES), MEMBERS - 1)
    return [f"attribute_{n}" for n in (0, *sorted(drawn))]


def documents(first: int, count: int, *, everywhere: bool, version: int = 0) -> Iterator[dict]:
    """Yield products as clients send them: every attribute of the family has a value.

    Not `everywhere`, it has one at one address (120 values); else in all channels and locales
    that it can have one (about 250 values). `version` changes five values of each.
    """
    known = {code: rest for code, *rest in attributes()}
    members = [members_of(n) for n in range(FAMILIES)]
    for n in range(first, first + count):
        rng = random.Random(n)
        codes = members[n % FAMILIES]
        values = {
            code: [
                {"locale": locale, "scope": scope, "data": _data(known[code][0], rng)}
                for locale, scope in _places(*known[code][1:], everywhere=everywhere)
            ]
            for code in codes
        }
        for code in codes[1:6] if version else ():
            values[code][0]["data"] = _data(known[code][0], random.Random(f"{n}{version}"))
        yield {
            "identifier": f"product-{n}",
            "family": f"family_{n % FAMILIES}",
            "categories": [f"category_{n % 50}"],
            "enabled": True,
            "values": values,
        }


def _places(localizable: bool, scopable: bool, *, everywhere: bool) -> list[tuple]:
    channels = CHANNELS if everywhere else {"web": ("en-US",)}
    if localizable and scopable:
        return [(c.replace("-", "_"), s) for s, held in channels.items() for c in held]
    if localizable:
        return [(c.replace("-", "_"), None) for held in channels.values() for c in held]
    return [(None, scope) for scope in channels] if scopable else [(None, None)]


def _data(kind: str, rng: random.Random):
    if kind == "text":
        return " ".join(rng.choices(WORDS, k=4))
    if kind == "textarea":
        return ". ".join(" ".join(rng.choices(WORDS, k=8)) for _line in range(3))
    if kind == "select":
        return f"option_{rng.randrange(OPTIONS)}"
    if kind == "multiselect":
        return sorted({f"option_{rng.randrange(OPTIONS)}" for _n in range(3)})
    if kind == "number":
        return str(rng.randrange(10_000))
    if kind == "measurement":
        return {"amount": str(rng.randrange(5_000)), "unit": "GRAM"}
    if kind == "price":
        return [{"amount": f"{rng.randrange(500)}.90", "currency": "EUR"}]
    if kind == "date":
        return f"2026-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}"
    return rng.random() < 0.5
