"""What every colour is printed with: the brand's own inks, black alone, or by the profile."""

import re
from dataclasses import dataclass, field
from typing import Any

from .profile import Profile

HUE = re.compile(r"#([0-9a-fA-F]{6})")
DARK, NEUTRAL = 0x70, 0x10  # the lightest channel, and how far channels differ, of a dark grey
BLACK = (0.0, 0.0, 0.0, 1.0)


@dataclass(frozen=True)
class Spot:
    """An ink of its own: its name at the printer's, and the CMYK that proofs show it with."""

    name: str
    cmyk: tuple[float, ...]


@dataclass
class Inks:
    """Turns sRGB colours into ink; `used` has every colour that was asked for."""

    profile: Profile
    named: dict[tuple[int, ...], tuple[float, ...]]  # colours of the brand with inks of their own
    spots: dict[tuple[int, ...], Spot]
    used: dict[tuple[int, ...], tuple[float, ...]] = field(default_factory=dict)
    overprint: bool = False  # solid black text prints over what lies below it
    rich: tuple[float, ...] = BLACK  # what large black areas are printed with

    def cmyk(self, rgb: tuple[int, int, int]) -> tuple[float, ...]:
        """Return cyan, magenta, yellow and black, 0 to 1."""
        if rgb not in self.used:
            self.used[rgb] = self.named.get(rgb) or self._worked_out(rgb)
        return self.used[rgb]

    def _worked_out(self, rgb: tuple[int, int, int]) -> tuple[float, ...]:
        lowest, highest = min(rgb), max(rgb)
        if lowest == highest or (highest <= DARK and highest - lowest <= NEUTRAL):
            # Greys, and dark colours near them, are for text: four inks would not lie exactly.
            return (0.0, 0.0, 0.0, self.profile.black(round(sum(rgb) / 3)))
        return self.profile.cmyk(rgb)

    @property
    def told(self) -> list:
        """Return all that a colour's inks depend on, for the key of what is remembered."""
        spots = [[*rgb, spot.name, *spot.cmyk] for rgb, spot in sorted(self.spots.items())]
        named = sorted([*k, *v] for k, v in self.named.items())
        return [self.profile.digest, named, spots, self.overprint, self.rich]


def inks_of(tokens: dict[str, Any], profile: Profile) -> Inks:
    """Return the inks of a set of design tokens.

    tokens["cmyk"] is {colour: [c, m, y, k] in per cent}; tokens["spots"] {colour: name, or
    {"name", "cmyk"}}. The colour "ink" is black alone unless it has inks of its own.
    """
    colours = {name: _rgb(hue) for name, hue in (tokens.get("colours") or {}).items()}
    own = {name: _share(inks) for name, inks in (tokens.get("cmyk") or {}).items()}
    own = {"ink": BLACK} | {name: inks for name, inks in own.items() if inks}
    named = {colours[name]: inks for name, inks in own.items() if colours.get(name)}
    inks = Inks(profile, named, {})
    for name, told in (tokens.get("spots") or {}).items():
        told = told if isinstance(told, dict) else {"name": told}
        if told.get("name") and colours.get(name):
            shown = _share(told.get("cmyk")) or inks.cmyk(colours[name])
            inks.spots[colours[name]] = Spot(str(told["name"]), shown)
    return inks


def _rgb(hue: Any) -> tuple[int, ...] | None:
    found = HUE.fullmatch(str(hue).strip())
    return tuple(bytes.fromhex(found[1])) if found else None


def _share(amounts: Any) -> tuple[float, ...] | None:
    """Return four per cents as shares of one, None where they are no such thing."""
    try:
        shares = tuple(min(max(float(amount), 0.0), 100.0) / 100 for amount in amounts)
    except (TypeError, ValueError):
        return None
    return shares if len(shares) == 4 else None
