"""A small SVG canvas: gradients, blurs, smooth curves and the light they share."""

from contextlib import contextmanager

DARK, LIGHT = "#1f1b22", "#fffaf0"


def mix(one: str, other: str, share: float) -> str:
    """Return the colour that is `share` of the way from `one` to `other`."""
    pairs = zip(_rgb(one), _rgb(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def darker(colour: str, share: float) -> str:
    return mix(colour, DARK, share)


def lighter(colour: str, share: float) -> str:
    return mix(colour, LIGHT, share)


def _rgb(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))


def smooth(points: list[tuple[float, float]]) -> str:
    """Return curve commands through `points` (the pen already stands on the first)."""
    padded = [points[0], *points, points[-1]]
    parts = []
    for i in range(1, len(padded) - 2):
        (ax, ay), (bx, by), (cx, cy), (dx, dy) = padded[i - 1 : i + 3]
        parts.append(
            f"C{bx + (cx - ax) / 6:.1f},{by + (cy - ay) / 6:.1f} "
            f"{cx - (dx - bx) / 6:.1f},{cy - (dy - by) / 6:.1f} {cx:.1f},{cy:.1f}"
        )
    return " ".join(parts)


def turned(cx: float, profile: list[tuple[float, float]], *, lip: float = 0.12) -> str:
    """Return the outline of a turned body from its (y, radius) profile, top to bottom."""
    right = [(cx + r, y) for y, r in profile]
    left = [(cx - r, y) for y, r in reversed(profile)]
    (top_y, top_r), (low_y, low_r) = profile[0], profile[-1]
    return (
        f"M{cx + top_r},{top_y} {smooth(right)} "
        f"A{low_r},{low_r * lip} 0 0 1 {cx - low_r},{low_y} {smooth(left)} "
        f"A{top_r},{top_r * lip} 0 0 1 {cx + top_r},{top_y}Z"
    )


class Canvas:
    """Collects definitions and shapes; light falls from the upper left."""

    def __init__(self, width: int = 1600, height: int = 1600):
        self.width, self.height = width, height
        self.defs: list[str] = []
        self.body: list[str] = []

    def define(self, template: str) -> str:
        name = f"d{len(self.defs)}"
        self.defs.append(template.replace("ID", name, 1))
        return f"url(#{name})"

    def linear(self, *stops, x1=0.0, y1=0.0, x2=1.0, y2=0.0) -> str:
        return self.define(
            f'<linearGradient id="ID" x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}">'
            f"{_stops(stops)}</linearGradient>"
        )

    def down(self, *stops) -> str:
        return self.linear(*stops, x2=0, y2=1)

    def radial(self, *stops, cx=0.5, cy=0.5, r=0.5) -> str:
        return self.define(
            f'<radialGradient id="ID" cx="{cx}" cy="{cy}" r="{r}">{_stops(stops)}</radialGradient>'
        )

    def round(self, colour: str, *, gloss: float = 0.3) -> str:
        """Return the shading of an upright round body of `colour`."""
        return self.linear(
            (0, darker(colour, 0.42)),
            (0.07, darker(colour, 0.3)),
            (0.24, lighter(colour, gloss)),
            (0.34, lighter(colour, gloss * 0.55)),
            (0.5, colour),
            (0.78, darker(colour, 0.25)),
            (0.94, darker(colour, 0.45)),
            (1, darker(colour, 0.3)),
        )

    def lit(self, colour: str) -> str:
        """Return the shading of a flat face that the light crosses."""
        return self.linear(
            (0, lighter(colour, 0.2)), (0.5, colour), (1, darker(colour, 0.18)), y2=1
        )

    def blur(self, amount: float) -> str:
        return self.define(
            '<filter id="ID" x="-60%" y="-60%" width="220%" height="220%">'
            f'<feGaussianBlur stdDeviation="{amount}"/></filter>'
        )

    def path(self, d: str, fill: str = "none", **attributes) -> None:
        self.body.append(f'<path d="{d}" fill="{fill}"{_attributes(attributes)}/>')

    def line(self, d: str, stroke: str, width: float, **attributes) -> None:
        attributes = {"stroke_linecap": "round", "stroke_linejoin": "round"} | attributes
        self.path(d, stroke=stroke, stroke_width=width, **attributes)

    def tube(self, d: str, colour: str, width: float, **attributes) -> None:
        """Draw a round bar along `d`: edge, body and a thin highlight."""
        self.line(d, darker(colour, 0.45), width, **attributes)
        self.line(d, colour, width * 0.72, **attributes)
        with self.group(f"translate({-width * 0.14:.1f},{-width * 0.12:.1f})"):
            self.line(d, lighter(colour, 0.45), width * 0.2, opacity=0.8, **attributes)

    def ellipse(self, cx, cy, rx, ry, fill, **attributes) -> None:
        self.body.append(
            f'<ellipse cx="{cx}" cy="{cy}" rx="{rx}" ry="{ry}" fill="{fill}"'
            f"{_attributes(attributes)}/>"
        )

    def rect(self, x, y, width, height, fill, **attributes) -> None:
        self.body.append(
            f'<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="{fill}"'
            f"{_attributes(attributes)}/>"
        )

    @contextmanager
    def group(self, transform: str = "", **attributes):
        turn = f' transform="{transform}"' if transform else ""
        self.body.append(f"<g{turn}{_attributes(attributes)}>")
        yield
        self.body.append("</g>")

    def clip(self, d: str) -> str:
        return self.define(f'<clipPath id="ID"><path d="{d}"/></clipPath>')

    def pattern(self, width: float, height: float, inside: str, *, turn: float = 0) -> str:
        return self.define(
            f'<pattern id="ID" width="{width}" height="{height}" patternUnits="userSpaceOnUse" '
            f'patternTransform="rotate({turn})">{inside}</pattern>'
        )

    def shadow(self, cx, y, rx, *, depth: float = 0.13) -> None:
        """Lay the shadow of something that stands at (cx, y)."""
        tint = "#2a2018"
        self.ellipse(
            cx + rx * 0.42, y + rx * 0.05, rx * 1.25, rx * depth * 1.5, tint,
            filter=self.blur(46), opacity=0.26,
        )  # fmt: skip
        self.ellipse(cx + rx * 0.06, y, rx, rx * depth, tint, filter=self.blur(15), opacity=0.42)

    def grain(self, outline: str, colour: str, lines: list[str]) -> None:
        """Draw fine wood grain along `lines`, inside `outline`."""
        with self.group(clip_path=self.clip(outline)):
            for i, line in enumerate(lines):
                self.line(line, darker(colour, 0.4), 2.5 + i % 3, opacity=0.28)

    def svg(self, view: tuple[float, float, float, float] | None = None) -> str:
        box = " ".join(str(v) for v in view or (0, 0, self.width, self.height))
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" '
            f'width="{self.width}" height="{self.height}">'
            f"<defs>{''.join(self.defs)}</defs>{''.join(self.body)}</svg>"
        )


def _stops(stops) -> str:
    return "".join(
        f'<stop offset="{s[0]}" stop-color="{s[1]}" stop-opacity="{s[2] if len(s) > 2 else 1}"/>'
        for s in stops
    )


def _attributes(attributes: dict) -> str:
    return "".join(f' {k.replace("_", "-")}="{v}"' for k, v in attributes.items())
