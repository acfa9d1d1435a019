"""What somebody may do with the content: levels by attribute group, locale, channel, category
branch and output, per role; a person with several roles may what any one of them allows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property

from .refusals import Refused, _
from .snapshot import STRUCTURE_SLICE
from .structure import AttributeDef, Structure

AREAS = ("group", "locale", "channel", "category", "output")
REST = "*"  # the grant of everything that has none of its own
COMMON = ""  # not localizable, the same in all channels, in no category
_KEPT = 20_000


class Level(IntEnum):
    """Each level includes those before it.

    VIEW sees, EDIT changes drafts, OWN creates, moves and deletes and changes definitions,
    PUBLISH brings to readers and takes away from them.
    """

    NONE = 0
    VIEW = 1
    EDIT = 2
    OWN = 3
    PUBLISH = 4

    @property
    def word(self) -> str:
        """The word that grants are stored with."""
        return self.name.lower()


WORDS = {level.word: level for level in Level}


class NotAllowed(Refused):
    """The roles of the actor do not allow it."""

    code = "not_allowed"
    sentence = _("Your roles do not allow this.")


@dataclass(frozen=True)
class Scale:
    """The levels of one area: `rest` for everything that `levels` does not name."""

    rest: Level = Level.NONE
    levels: tuple[tuple[str, Level], ...] = ()

    @cached_property
    def _named(self) -> dict[str, Level]:
        return dict(self.levels)

    @cached_property
    def least(self) -> Level:
        """The lowest level granted to anything: what goes for things nobody knows any more."""
        return min((self.rest, *self._named.values()))

    def of(self, code: str) -> Level:
        """Return the level of one thing."""
        return self._named.get(code, self.rest)

    def nearest(self, path: Iterable[str]) -> Level:
        """Return the level of a branch: the grant nearest to it on its path from the root."""
        named = self._named
        return next((named[code] for code in reversed(tuple(path)) if code in named), self.rest)


@dataclass(frozen=True)
class Grants:
    """What one role allows in each area."""

    group: Scale = Scale()
    locale: Scale = Scale()
    channel: Scale = Scale()
    category: Scale = Scale()
    output: Scale = Scale()

    def value(self, group: str | None, channel: str, locale: str) -> Level:
        """Return the level at an address; group None is that of an attribute that is gone."""
        of_group = self.group.least if group is None else self.group.of(group)
        return min(of_group, self.locale.of(locale), self.channel.of(channel))

    def branch(self, code: str, structure: Structure) -> Level:
        """Return the level of a category ("": of products in none)."""
        if code == COMMON:
            return self.category.of(COMMON)
        known = structure.categories.get(code)
        return self.category.nearest(known.path) if known else self.category.least

    def product(self, categories: Iterable[str], structure: Structure) -> Level:
        """Return the level of a product: the highest of its categories'."""
        found = [self.branch(code, structure) for code in categories]
        return max(found) if found else self.branch(COMMON, structure)


class Holding:
    """The rights on one product: in each role, no more than its categories allow there.

    `rights` are those that they come from.
    """

    __slots__ = ("_known", "level", "pairs", "rights")

    def __init__(self, pairs: Iterable[tuple[Level, Grants]], rights: "Rights"):
        self.rights = rights
        self.pairs = [pair for pair in pairs if pair[0]]
        self.level = max((level for level, _grants in self.pairs), default=Level.NONE)
        self._known: dict[tuple, Level] = {}

    def value(self, attribute: AttributeDef | None, channel: str, locale: str) -> Level:
        """Return the level of a value; attribute None is one that is gone."""
        return self._of(attribute.group if attribute else None, channel, locale)

    def key(self, key: str, structure: Structure) -> Level:
        """Return the level of what a key of a difference is about: "name||fi", "@enabled"."""
        if key.startswith("@"):
            return self.structure
        code, _bar, rest = key.partition("|")
        channel, _bar, locale = rest.partition("|")
        return self.value(structure.attributes.get(code), channel, locale)

    def slice(self, group: str, locale: str) -> Level:
        """Return the level of an attribute group in a locale, whatever the channel."""
        return max(
            (min(level, g.group.of(group), g.locale.of(locale)) for level, g in self.pairs),
            default=Level.NONE,
        )

    def facts(self, channels: Iterable[str]) -> Level:
        """Return the level of prices and stock, which are the same in all locales.

        Those of several channels have the level of the channel where it is highest.
        """
        channels = list(channels) or [COMMON]
        found = [
            min(level, g.locale.of(COMMON), max(g.channel.of(c) for c in channels))
            for level, g in self.pairs
        ]
        return max(found, default=Level.NONE)

    @property
    def structure(self) -> Level:
        """The level of the structure slice: family, categories, ties, whether it is on."""
        return max((min(level, g.group.of(STRUCTURE_SLICE)) for level, g in self.pairs),
                   default=Level.NONE)  # fmt: skip

    def _of(self, group: str | None, channel: str, locale: str) -> Level:
        place = (group, channel, locale)
        if place not in self._known:
            found = [min(level, grants.value(*place)) for level, grants in self.pairs]
            self._known[place] = max(found, default=Level.NONE)
        return self._known[place]


@dataclass(frozen=True)
class Rights:
    """The rights of one person or machine: a role after the other, or no limits at all."""

    roles: tuple[Grants, ...] = ()
    unlimited: bool = False

    def on(self, categories: Iterable[str], structure: Structure) -> Holding:
        """Return the rights on a product in those categories, its ancestors' included."""
        if self.unlimited:
            return WHOLE_HOLDING
        key = (self, frozenset(categories))
        known = structure.__dict__.setdefault("_holdings", {})
        if key not in known:
            if len(known) > _KEPT:
                known.clear()
            known[key] = Holding(((g.product(key[1], structure), g) for g in self.roles), self)
        return known[key]

    def value(self, attribute: AttributeDef | None, channel: str = "", locale: str = "") -> Level:
        """Return the level of an address in the products where it is highest."""
        group = attribute.group if attribute else None
        return self._most(lambda g: min(g.value(group, channel, locale), _best(g.category)))

    def attribute(self, attribute: AttributeDef) -> Level:
        """Return the level of an attribute where it is highest, whatever the address."""
        locale = (lambda g: _best(g.locale)) if attribute.localizable else _common_locale
        channel = (lambda g: _best(g.channel)) if attribute.scopable else _common_channel
        return self._most(lambda g: min(g.group.of(attribute.group), locale(g), channel(g)))

    def group(self, code: str) -> Level:
        """Return the level of an attribute group, or of "@structure"."""
        return self._most(lambda g: g.group.of(code))

    def locale(self, code: str) -> Level:
        """Return the level of a locale ("": of what is not localizable)."""
        return self._most(lambda g: g.locale.of(code))

    def channel(self, code: str) -> Level:
        """Return the level of a channel ("": of what is the same in all)."""
        return self._most(lambda g: g.channel.of(code))

    def category(self, code: str, structure: Structure) -> Level:
        """Return the level of a category ("": of products in none)."""
        return self._most(lambda g: g.branch(code, structure))

    def output(self, code: str) -> Level:
        """Return the level of an output."""
        return self._most(lambda g: g.output.of(code))

    def every_branch(self, structure: Structure) -> bool:
        """Return whether some role shows the products of all branches, and those in none."""
        codes = (COMMON, *structure.categories)
        return self.unlimited or any(
            all(grants.branch(code, structure) for code in codes) for grants in self.roles
        )

    def making(self) -> Level:
        """Return the level of the structure of products where it is highest."""
        return self._most(lambda g: min(g.group.of(STRUCTURE_SLICE), _best(g.category)))

    def rest(self, area: str) -> Level:
        """Return the level of what will be made in an area and has no grant yet."""
        return self._most(lambda g: getattr(g, area).rest)

    def _most(self, level) -> Level:
        if self.unlimited:
            return Level.PUBLISH
        return max((level(grants) for grants in self.roles), default=Level.NONE)


def _best(scale: Scale) -> Level:
    return max((scale.rest, *(level for _code, level in scale.levels)))


def _common_locale(grants: Grants) -> Level:
    return grants.locale.of(COMMON)


def _common_channel(grants: Grants) -> Level:
    return grants.channel.of(COMMON)


def read_grants(document: Mapping[str, Mapping[str, str]]) -> Grants:
    """Return the grants of a stored document {area: {code: level word}}.

    What it does not mention is not allowed.
    """
    return Grants(**{area: _scale(document.get(area, {})) for area in AREAS})


def _scale(words: Mapping[str, str]) -> Scale:
    levels = {code: WORDS.get(word, Level.NONE) for code, word in words.items()}
    rest = levels.pop(REST, Level.NONE)
    return Scale(rest, tuple(sorted(levels.items())))


def refuse_below(held: Level, needed: Level, sentence: str = "", **params) -> None:
    """Raise `NotAllowed` unless the level held is the one needed or higher."""
    if held < needed:
        raise NotAllowed(sentence, **params)


def refuse_limited(rights: "Rights") -> None:
    """Raise `NotAllowed` for who has limits: for what reaches everything, such as rules."""
    if not rights.unlimited:
        raise NotAllowed(_("This reaches all content, and your roles limit what you may do."))


_ALL = Scale(Level.PUBLISH)
WHOLE = Grants(*[_ALL] * len(AREAS))
EVERYTHING = Rights(unlimited=True)
WHOLE_HOLDING = Holding([(Level.PUBLISH, WHOLE)], EVERYTHING)
NOTHING = Rights()
EVERY_GRANT = {area: {REST: Level.PUBLISH.word} for area in AREAS}
