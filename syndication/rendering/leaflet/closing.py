"""What closes a leaflet: the brand stands where the offers of the last page leave rows free."""

from typing import NamedTuple

from ..print.sheet import MM
from .setting import EDGE, GAP, TOP


class Area(NamedTuple):
    """A free place on the last page in points, from the upper edge and from where reading starts;
    one without a width reaches over both edges and the foot."""

    top: float
    start: float = 0.0
    width: float = 0.0
    height: float = 0.0

    def css(self, *, bleed: float) -> dict[str, str]:
        """Return it as the style sheet wants it, counted from the edge of the bleed."""
        moved = (self.top + bleed, self.start + bleed, self.width, self.height)
        names = ("top", "start", "width", "height")
        return {name: f"{length / MM:.3f}mm" for name, length in zip(names, moved, strict=True)}


def free_areas(
    used: int, *, columns: int, rows: int, size: tuple[float, float]
) -> tuple[Area | None, Area | None]:
    """Return what is free beside the last offer, and below it, on a page whose first `used` places
    (in reading order) are taken; `size` is that of an offer."""
    full, beside = divmod(used, columns)
    width, height = size
    taken = full + bool(beside)
    tops = [TOP + row * (height + GAP) for row in range(rows)]
    tile = None
    if beside:
        left = columns - beside
        start = EDGE + beside * (width + GAP)
        tile = Area(tops[full], start, left * width + (left - 1) * GAP, height)
    return tile, Area(tops[taken]) if taken < rows else None
