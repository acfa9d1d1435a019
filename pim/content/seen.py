"""The structure as somebody sees it: without what their roles hide, as if it were not there."""

from collections.abc import Mapping
from dataclasses import replace

from .rights import Rights
from .structure import (
    AttributeDef,
    ChannelDef,
    FamilyDef,
    FamilyVariantDef,
    LocaleDef,
    Structure,
)

_MOST = 200  # kinds of readers whose sight of one structure is kept


def seen_structure(structure: Structure, rights: Rights) -> Structure:
    """Return the structure with the attributes, groups, channels, locales and categories seen.

    Families, variants and channels name only those. Who has no limits sees all of it.
    """
    if rights.unlimited:
        return structure
    kept = structure.__dict__.setdefault("_seen", {})
    if rights not in kept:
        if len(kept) > _MOST:
            kept.clear()
        kept[rights] = _masked(structure, rights)
    return kept[rights]


def hidden_codes(structure: Structure, rights: Rights) -> dict[str, frozenset[str]]:
    """Return {kind: the codes that are not there for somebody}; {} for who has no limits.

    Kinds are those of the publication log. A category on the way to one that is seen is there;
    a price list is hidden with all the channels that use it.
    """
    if rights.unlimited:
        return {}
    kept = seen_structure(structure, rights).__dict__
    if "_hidden" not in kept:
        kept["_hidden"] = _hidden(structure, rights)
    return kept["_hidden"]


def _hidden(structure: Structure, rights: Rights) -> dict[str, frozenset[str]]:
    seen = seen_structure(structure, rights)
    there = {
        "attribute": (structure.attributes, seen.attributes),
        "attribute_group": (structure.groups, seen.groups),
        "channel": (structure.channels, seen.channels),
        "locale": (structure.locales, seen.locales),
        "category": (structure.categories, shown_categories(structure, rights)),
        "price_list": (_price_lists(structure), _price_lists(seen)),
    }
    return {kind: frozenset(known) - frozenset(shown) for kind, (known, shown) in there.items()}


def shown_categories(structure: Structure, rights: Rights) -> frozenset[str]:
    """Return the categories that may be seen and those on the way to them."""
    kept = seen_structure(structure, rights).__dict__
    if "_ways" not in kept:
        seen = seen_structure(structure, rights).categories.values()
        kept["_ways"] = frozenset(code for category in seen for code in category.path)
    return kept["_ways"]


def _price_lists(structure: Structure) -> set[str]:
    return {code for channel in structure.channels.values() for code in channel.price_lists}


def _masked(structure: Structure, rights: Rights) -> Structure:
    attributes = {c: a for c, a in structure.attributes.items() if rights.attribute(a)}
    locales = {c: x for c, x in structure.locales.items() if rights.locale(c)}
    channels = {c: x for c, x in structure.channels.items() if rights.channel(c)}
    categories = {c: x for c, x in structure.categories.items() if rights.category(c, structure)}
    families = structure.families.items()
    variants = structure.family_variants.items()
    return replace(
        structure,
        locales={code: _locale(x, locales) for code, x in locales.items()},
        channels={code: _channel(x, locales, categories) for code, x in channels.items()},
        groups={code: g for code, g in structure.groups.items() if rights.group(code)},
        attributes={code: _attribute(a, locales) for code, a in attributes.items()},
        options={code: o for code, o in structure.options.items() if code in attributes},
        families={code: _family(f, attributes, channels) for code, f in families},
        family_variants={code: _variant(v, attributes) for code, v in variants},
        categories=categories,
        aliases=_aliases(structure, {"attribute": attributes, "category": categories}),
    )


def _locale(locale: LocaleDef, locales: Mapping) -> LocaleDef:
    fallback = locale.fallback if locale.fallback in locales else ""
    source = locale.source if locale.source in locales else ""
    return replace(locale, fallback=fallback, source=source)


def _channel(channel: ChannelDef, locales: Mapping, categories: Mapping) -> ChannelDef:
    ways = {code for category in categories.values() for code in category.path}
    tree = channel.tree if channel.tree in ways else ""
    return replace(channel, locales=tuple(c for c in channel.locales if c in locales), tree=tree)


def _attribute(attribute: AttributeDef, locales: Mapping) -> AttributeDef:
    return replace(attribute, available_locales=attribute.available_locales & locales.keys())


def _family(family: FamilyDef, attributes: Mapping, channels: Mapping) -> FamilyDef:
    return replace(
        family,
        attributes=tuple(code for code in family.attributes if code in attributes),
        label_attribute=family.label_attribute if family.label_attribute in attributes else "",
        image_attribute=family.image_attribute if family.image_attribute in attributes else "",
        requirements={
            channel: {code: how for code, how in needs.items() if code in attributes}
            for channel, needs in family.requirements.items()
            if channel in channels
        },
    )


def _variant(variant: FamilyVariantDef, attributes: Mapping) -> FamilyVariantDef:
    axes = {n: tuple(c for c in codes if c in attributes) for n, codes in variant.axes.items()}
    levels = {code: level for code, level in variant.levels.items() if code in attributes}
    return replace(variant, axes=axes, levels=levels)


def _aliases(structure: Structure, seen: Mapping[str, Mapping]) -> dict:
    """Return the old codes of what may be seen; those of options go by their attribute."""
    found = {}
    for (kind, owner), renamed in structure.aliases.items():
        if kind == "option" and owner not in seen["attribute"]:
            continue
        known = seen.get(kind)
        found[kind, owner] = {
            old: code for old, code in renamed.items() if known is None or code in known
        }
    return found
