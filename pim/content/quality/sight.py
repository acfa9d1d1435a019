"""What a role shows of a product in a channel and a locale, as far as a judgement is concerned."""

import hashlib
from dataclasses import dataclass

from pim.content.rights import Grants
from pim.content.structure import AttributeDef, Structure


@dataclass(frozen=True, slots=True)
class Sight:
    """What is out of sight: attributes, and locales that texts come from or fall back to."""

    attributes: frozenset[str] = frozenset()
    locales: frozenset[str] = frozenset()

    @property
    def key(self) -> str:
        """What scores of this sight are stored under; "" where nothing is hidden."""
        if not self.attributes and not self.locales:
            return ""
        text = "\n".join([*sorted(self.attributes), "", *sorted(self.locales)])
        return hashlib.sha256(text.encode()).hexdigest()[:16]


WHOLE_SIGHT = Sight()


def sight_of(grants: Grants, channel: str, locale: str, structure: Structure) -> Sight | None:
    """Return what one role shows in a context, None where it does not show the context."""
    known = structure.__dict__.setdefault("_sights", {})
    place = (grants, channel, locale)
    if place not in known:
        known[place] = _sight(grants, channel, locale, structure)
    return known[place]


def _sight(grants: Grants, channel: str, locale: str, structure: Structure) -> Sight | None:
    if not grants.channel.of(channel) or not grants.locale.of(locale):
        return None
    hidden = {
        attribute.code
        for attribute in structure.attributes.values()
        if not _shows(grants, attribute, channel, locale)
    }
    known = structure.locales.get(locale)
    used = {*structure.chain(locale), known.source if known else ""} - {"", locale}
    return Sight(frozenset(hidden), frozenset(c for c in used if not grants.locale.of(c)))


def _shows(grants: Grants, attribute: AttributeDef, channel: str, locale: str) -> bool:
    at_channel = channel if attribute.scopable else ""
    return bool(grants.value(attribute.group, at_channel, locale if attribute.localizable else ""))
