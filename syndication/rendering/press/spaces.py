"""Colour spaces of a form: RGB ones become CMYK, spot inks get one each, shadings are redone."""

import pikepdf

from .gradients import rgb_of, turned
from .inks import Inks, Spot

# Spaces that hold three amounts of light; what else there is stays as it is.
LIGHT = ("/DeviceRGB", "/CalRGB")
PLAIN = ("/DeviceGray", "/DeviceCMYK", "/Pattern")


def is_light(space) -> bool:
    """Say whether a colour space is one of RGB, by name, calibrated or by profile."""
    if space is None:
        return False
    if not isinstance(space, pikepdf.Array):
        return str(space) in LIGHT
    kind = str(space[0])
    return kind in LIGHT or (kind == "/ICCBased" and int(space[1].get("/N", 0)) == 3)


class Spaces:
    """The spaces of one set of resources; what streams need besides is added to it."""

    def __init__(self, resources, inks: Inks):
        self.resources, self.inks = resources, inks
        self.own: dict[str, str] = {}

    def turned(self, name: str) -> tuple[str | None, str]:
        """Return what amounts in a space named in a stream are, and its name from now on."""
        if name in PLAIN:
            return None, name
        known = self.resources.get("/ColorSpace", {})
        space = known.get(name) if name not in LIGHT else pikepdf.Name(name)
        if space is None:
            return None, name
        if is_light(space):
            return "rgb", "/DeviceCMYK"
        if isinstance(space, pikepdf.Array) and str(space[0]) == "/Pattern" and is_light(space[1]):
            known[name] = pikepdf.Array([pikepdf.Name.Pattern, pikepdf.Name.DeviceCMYK])
            return "rgb", name
        return None, name

    def spot(self, spot: Spot) -> str:
        """Return the name of the Separation space of an ink (ISO 32000-1, 8.6.6.4)."""
        if spot.name not in self.own:
            self.own[spot.name] = f"/Spot{len(self.own)}"
            if "/ColorSpace" not in self.resources:
                self.resources["/ColorSpace"] = pikepdf.Dictionary()
            self.resources["/ColorSpace"][self.own[spot.name]] = separation(spot)
        return self.own[spot.name]

    def shadings(self) -> None:
        """Redo the colours of gradients, those of patterns included."""
        for shading in self.resources.get("/Shading", {}).values():
            self._shading(shading)
        for pattern in self.resources.get("/Pattern", {}).values():
            if int(pattern.get("/PatternType", 1)) == 2:
                self._shading(pattern["/Shading"])

    def _shading(self, shading) -> None:
        """Turn a gradient to ink; the proof refuses one that could not be turned."""
        if is_light(shading.get("/ColorSpace")) and turned(shading, self.inks.cmyk):
            shading["/ColorSpace"] = pikepdf.Name.DeviceCMYK
            if "/Background" in shading:
                light = [float(n) for n in shading["/Background"]]
                shading["/Background"] = pikepdf.Array(list(self.inks.cmyk(rgb_of(light))))


def separation(spot: Spot):
    """Return the colour space of a spot ink, shown with its CMYK where it is not at hand."""
    tint = pikepdf.Dictionary(
        FunctionType=2,
        Domain=[0, 1],
        C0=[0, 0, 0, 0],
        C1=list(spot.cmyk),
        N=1,
    )
    name = pikepdf.Name("/" + spot.name)
    return pikepdf.Array([pikepdf.Name.Separation, name, pikepdf.Name.DeviceCMYK, tint])
