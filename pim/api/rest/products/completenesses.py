"""Completeness of products per channel and locale, in whole per cent."""

from collections import Counter
from collections.abc import Sequence

from pim.content.completeness import completeness, needs_of
from pim.content.locales import to_posix
from pim.content.rights import Rights
from pim.content.structure import ChannelDef, FamilyDef, Structure

from .contents import Content


def completenesses_of(
    contents: Sequence[Content], structure: Structure, rights: Rights
) -> dict[int, list]:
    """Return {id: [{scope, locale, data}]} of the channels and locales that the rights show.

    A product without a family has none.
    """
    return {
        content.state.id: [
            entry
            for channel in structure.channels.values()
            if rights.channel(channel.code)
            for entry in _entries(content, family, channel, structure, rights)
        ]
        for content in contents
        if (family := structure.families.get(content.state.family))
    }


def _entries(
    content: Content, family: FamilyDef, channel: ChannelDef, structure: Structure, rights: Rights
) -> list[dict]:
    needs = Counter(n.locale for n in needs_of(family, channel, structure=structure))
    found = completeness(content.chain, family=family, channel=channel, structure=structure)
    missing = Counter(locale for _attribute, locale in found.missing)
    entries = []
    for locale in (code for code in channel.locales if rights.locale(code)):
        required = needs[""] + needs[locale]
        lacking = missing[""] + missing[locale]
        percent = (required - lacking) * 100 // required if required else 100
        entries.append({"scope": channel.code, "locale": to_posix(locale), "data": percent})
    return entries
