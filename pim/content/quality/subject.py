"""The subject of a judgement, and what may be found wrong with it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pim.content.resolve import Chain
from pim.content.states import shown
from pim.content.structure import AttributeDef, ChannelDef, FamilyDef, Structure


@dataclass(frozen=True, slots=True)
class Picture:
    """What is known of an asset: size in pixels (None: no picture) and its texts by locale."""

    code: str
    kind: str
    width: int | None
    height: int | None
    alt: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: `rule` names the rule, `kind` what it is, at an address.

    `params` fill the sentence that doors say; `locale` is "" for what is common to all.
    """

    rule: str
    kind: str
    attribute: str = ""
    locale: str = ""
    params: tuple[tuple[str, Any], ...] = ()

    def row(self) -> list:
        """Return the stored form."""
        return [self.rule, self.kind, self.attribute, self.locale, dict(self.params)]


@dataclass(slots=True)
class Subject:
    """One product in one channel and locale, with what checks look at.

    `chain` is [(identifier, values)], itself first; `missing` what the channel lacks, as in
    completeness, of the `required` values of the locale and of all; `pictures` is {asset code:
    Picture}; `twins` {(attribute, channel, locale): identifiers of others with that text}.
    """

    chain: Chain
    structure: Structure
    family: FamilyDef | None
    channel: ChannelDef
    locale: str
    missing: Sequence[Sequence[str]] = ()
    required: int = 0
    pictures: Mapping[str, Picture] = field(default_factory=dict)
    twins: Mapping[tuple[str, str, str], Sequence[str]] = field(default_factory=dict)

    def attributes(self, names: Iterable[str], roles: Iterable[str]) -> list[AttributeDef]:
        """Return the family's attributes named by code or by semantic role."""
        names, roles = set(names), set(roles)
        codes = self.family.attributes if self.family else ()
        known = [self.structure.attributes[c] for c in codes if c in self.structure.attributes]
        return [a for a in known if a.code in names or (a.role and a.role in roles)]

    def data(self, attribute: AttributeDef) -> Any:
        """Return the value at the address of channel and locale, own or inherited, or None.

        Nothing falls back to another locale: a text is judged once, where it stands.
        """
        locale = self.locale if attribute.localizable else ""
        channel = self.channel.code if attribute.scopable else ""
        for _identifier, values in self.chain:
            data = values.get(locale, {}).get(attribute.code, {}).get(channel)
            if data is not None:
                return shown(data)
        return None
