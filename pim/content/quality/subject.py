"""The subject of a judgement, and what may be found wrong with it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pim.content.resolve import Chain
from pim.content.states import shown
from pim.content.structure import AttributeDef, ChannelDef, FamilyDef, Structure

from .sight import WHOLE_SIGHT, Sight


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
    Picture}; `twins` {(attribute, channel, locale): identifiers of others with that text};
    `outdated` the translations whose source has changed, {(identifier, attribute, channel,
    locale)}; `sight` what is hidden from whom the judgement is for.
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
    outdated: Collection[tuple[str, str, str, str]] = frozenset()
    sight: Sight = WHOLE_SIGHT

    def all_attributes(self) -> list[AttributeDef]:
        """Return the attributes of the family that are in sight."""
        codes, known = self.family.attributes if self.family else (), self.structure.attributes
        return [known[c] for c in codes if c in known and c not in self.sight.attributes]

    def attributes(self, names: Iterable[str], roles: Iterable[str]) -> list[AttributeDef]:
        """Return the family's attributes named by code or by semantic role."""
        names, roles = set(names), set(roles)
        return [a for a in self.all_attributes() if a.code in names or (a.role and a.role in roles)]

    def channel_of(self, attribute: AttributeDef) -> str:
        """Return where values of the attribute stand for this channel."""
        return self.channel.code if attribute.scopable else ""

    def holder(self, attribute: AttributeDef) -> "Holder | None":
        """Return who holds the value at the address of channel and locale: itself or a model.

        Nothing falls back to another locale: a text is judged once, where it stands.
        """
        locale = self.locale if attribute.localizable else ""
        for identifier, values in self.chain:
            holder = Holder(identifier, values)
            if holder.at(attribute, locale, self.channel) is not None:
                return holder
        return None

    def data(self, attribute: AttributeDef) -> Any:
        """Return the value that `holder` has, None where there is none, or none is wanted."""
        holder = self.holder(attribute)
        locale = self.locale if attribute.localizable else ""
        return holder and shown(holder.at(attribute, locale, self.channel))


@dataclass(frozen=True, slots=True)
class Holder:
    """One product of a chain with its own values."""

    identifier: str
    values: Mapping[str, Mapping[str, Mapping[str, Any]]]

    def at(self, attribute: AttributeDef, locale: str, channel: ChannelDef) -> Any:
        """Return its own value in a locale, for a channel, as it is stored."""
        place = channel.code if attribute.scopable else ""
        return self.values.get(locale, {}).get(attribute.code, {}).get(place)

    def has(self, attribute: AttributeDef, locale: str, channel: ChannelDef) -> bool:
        """Return whether there is a value in a locale that says something."""
        return bool(shown(self.at(attribute, locale, channel)))
