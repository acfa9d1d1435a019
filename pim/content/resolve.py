"""Resolving a product's values for one reader: inheritance, then locale fallback, with origins.

At every locale of the fallback chain, nearest first, the product's own value wins over its
parent's. A scopable attribute is read in the reader's channel only. A value that is empty on
purpose ends the walk, as any other value does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from .structure import AttributeDef, Structure

Values = Mapping[str, Mapping[str, Mapping[str, Any]]]  # locale or "" → attribute → channel or ""
Chain = Sequence[tuple[str, Values]]  # (identifier, values), the product itself first


class Resolved(NamedTuple):
    """A value as one reader gets it; `language` is "" for values without a locale."""

    data: Any
    origin: str
    language: str


@dataclass(frozen=True)
class Resolver:
    """Resolves for one channel, locale and audience; made once, used for many products.

    `audience` None sees everything (the editor does).
    """

    structure: Structure
    channel: str
    locale: str
    audience: str | None = None

    def __post_init__(self):
        readable = {
            code: self.channel if attribute.scopable else ""
            for code, attribute in self.structure.attributes.items()
            if self.may_read(attribute)
        }
        object.__setattr__(self, "_slot", readable)
        object.__setattr__(self, "_locales", self.structure.chain(self.locale))

    def may_read(self, attribute: AttributeDef) -> bool:
        """Return whether the attribute exists for this locale and audience."""
        if attribute.available_locales and self.locale not in attribute.available_locales:
            return False
        return (
            self.audience is None
            or not attribute.audiences
            or (self.audience in attribute.audiences)
        )

    def resolve(self, chain: Chain) -> dict[str, Resolved]:
        """Return {attribute: Resolved}; states such as empty on purpose are kept as they are."""
        found: dict[str, Resolved] = {}
        slot = self._slot
        # Farthest first, so that what is nearer simply overwrites.
        for locale in (*reversed(self._locales), ""):
            for depth in range(len(chain) - 1, -1, -1):
                identifier, values = chain[depth]
                here = values.get(locale)
                if not here:
                    continue
                origin = self._origin(locale, identifier if depth else "")
                for attribute, by_channel in here.items():
                    data = by_channel.get(slot.get(attribute, "\0"))
                    if data is not None:
                        found[attribute] = Resolved(data, origin, locale)
        return found

    def _origin(self, locale: str, inherited_from: str) -> str:
        parts = [f"inherited:{inherited_from}"] if inherited_from else []
        if locale and locale != self.locale:
            parts.append(f"fallback:{locale}")
        return ";".join(parts) or "own"


def resolve(
    chain: Chain,
    *,
    structure: Structure,
    channel: str,
    locale: str,
    audience: str | None = None,
) -> dict[str, Resolved]:
    """Resolve one product; see `Resolver` for the rule and for resolving many."""
    return Resolver(structure, channel, locale, audience).resolve(chain)
