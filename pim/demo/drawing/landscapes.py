"""Landscapes: the open islet of the maker's name, as cover and as chapter openings."""

from math import sin

from . import kitchen, knives, lamps, seats, textiles
from .canvas import Canvas, darker, lighter, mix, smooth

SKIES = {  # top, horizon, hills, water, ledge
    "cover": ("#31506a", "#f2c9a0", "#38505c", "#5f8493", "#8a6a4c"),
    "lighting": ("#222c42", "#c98f6a", "#2a3344", "#45546a", "#5c4636"),
    "seating": ("#7fa6b2", "#f3e3c6", "#5c7768", "#9dbcbc", "#b08a5c"),
    "kitchen": ("#8fb0a6", "#f6e6c4", "#4f6f5c", "#a3c0b2", "#a1774c"),
    "knives": ("#5d6f7c", "#dfd9cf", "#46545c", "#8a9ba3", "#6b4d38"),
    "textiles": ("#a58aa0", "#f7d5bf", "#6a6477", "#b79fae", "#b98d63"),
}


def _ridge(width, base, height, seed) -> str:
    """Return the outline of a range of fells, the same for the same seed."""
    points = []
    for i in range(61):
        x = width * i / 60
        t = x / 210 + seed
        y = base - height * (0.52 + 0.3 * sin(t) + 0.13 * sin(1.9 * t + 1) + 0.04 * sin(4.3 * t))
        points.append((x, y))
    return f"M0,{base + 4} L{points[0][0]:.0f},{points[0][1]:.0f} {smooth(points)} L{width},{base + 4}Z"


def _pine(x, y, size, lean) -> str:
    """Return a spruce standing at (x, y)."""
    parts = [f"M{x - size * 0.03},{y} V{y - size * 0.2} H{x + size * 0.03} V{y}Z"]
    for i in range(5):
        low, half = y - size * (0.12 + i * 0.16), size * (0.25 - i * 0.042)
        tip = y - size * (0.42 + i * 0.155)
        parts.append(
            f"M{x - half},{low} Q{x},{low - half * 0.35} {x + half * 1.04},{low + lean} L{x},{tip}Z"
        )
    return " ".join(parts)


def _islet(c: Canvas, cx, y, size, colour: str) -> None:
    rock = (f"M{cx - size},{y} C{cx - size * 0.7},{y - size * 0.2} {cx - size * 0.3},{y - size * 0.26} "
            f"{cx},{y - size * 0.24} C{cx + size * 0.5},{y - size * 0.22} {cx + size * 0.8},{y - size * 0.1} {cx + size},{y}Z")  # fmt: skip
    trees = [(-0.42, 0.62), (-0.24, 0.95), (-0.08, 0.7), (0.1, 1.15), (0.27, 0.8), (0.44, 0.55)]
    with c.group(f"translate(0,{2 * y}) scale(1,-1)", opacity=0.3, filter=c.blur(5)):
        c.path(rock, colour)
        for dx, tall in trees:
            c.path(_pine(cx + dx * size, y - size * 0.16, tall * size, 4), colour)
    for dx, tall in trees:
        c.path(_pine(cx + dx * size, y - size * 0.16, tall * size, 4), darker(colour, 0.3))
    c.path(rock, c.down((0, lighter(colour, 0.25)), (1, darker(colour, 0.35))))


def landscape(key: str, width: int, height: int, *, shore: float) -> Canvas:
    """Return sky, fells, lake and islet; the water begins at `shore` of the height."""
    c = Canvas(width, height)
    top, low, hill, water, _ = SKIES[key]
    line = round(height * shore)
    c.rect(0, 0, width, line + 4, c.down((0, top), (0.55, mix(top, low, 0.55)), (1, low)))
    sun_x, sun_y, sun = width * 0.7, line - height * 0.17, min(width, height) * 0.075
    c.ellipse(sun_x, sun_y, sun * 6, sun * 6, c.radial((0, "#fff0d0", 0.75), (1, "#fff0d0", 0)))
    c.ellipse(sun_x, sun_y, sun, sun, "#fff6e4")
    for i, share in enumerate((0.36, 0.26, 0.16)):
        shade = mix(hill, low, 0.68 - i * 0.26)
        ridge = _ridge(width, line, height * share * 0.75, 1.7 * i + len(key))
        c.path(ridge, c.down((0, shade), (1, mix(shade, low, 0.45))))
    c.rect(
        0,
        line,
        width,
        height - line,
        c.down((0, mix(water, low, 0.62)), (0.5, water), (1, darker(water, 0.3))),
    )
    with c.group(filter=c.blur(4), opacity=0.55):
        for i in range(26):
            y = line + 8 + i * i * height * 0.0006
            half = sun * (0.5 + ((i * 37) % 10) / 8) * (1 + i / 14)
            c.line(f"M{sun_x - half:.0f},{y:.0f} H{sun_x + half:.0f}", "#fff3da", 3 + i / 5)
    c.rect(0, line - height * 0.05, width, height * 0.08,
           c.down((0, low, 0), (0.6, low, 0.75), (1, low, 0)), filter=c.blur(10))  # fmt: skip
    _islet(c, width * 0.3, line + height * 0.04, max(width * 0.13, 235), darker(hill, 0.15))
    _islet(c, width * 0.82, line + height * 0.015, width * 0.05, mix(hill, low, 0.3))
    return c


def _ledge(c: Canvas, wood: str, top: float) -> None:
    """Lay the planks of a jetty across the foreground, from `top` to the lower edge."""
    depth = c.height - top
    c.rect(0, top, c.width, depth, c.down((0, lighter(wood, 0.3)), (1, darker(wood, 0.3))))
    y, step = top, depth * 0.12
    while y < c.height:
        c.rect(0, y, c.width, 5, darker(wood, 0.6), opacity=0.75)
        c.rect(0, y + 5, c.width, 4, lighter(wood, 0.5), opacity=0.5)
        for i in range(3):
            at = y + step * (0.3 + i * 0.22)
            c.line(f"M0,{at} C{c.width * 0.3},{at + 7} {c.width * 0.7},{at - 6} {c.width},{at + 4}",
                   darker(wood, 0.4), 2.5, opacity=0.3)  # fmt: skip
        y, step = y + step, step * 1.32


def _place(c: Canvas, draw, *arguments, x, y, size, foot=1262) -> None:
    """Stand a product at (x, y), scaled; `foot` is where it stands in its own drawing."""
    with c.group(f"translate({x},{y}) scale({size}) translate(-800,{-foot})"):
        draw(c, *arguments)


def cover() -> Canvas:
    """The evening jetty: lantern, mug and blanket, looking out to the islet."""
    c = landscape("cover", 1600, 1320, shore=0.5)
    _ledge(c, SKIES["cover"][4], 990)
    _place(c, textiles.blanket, "#b25f3c", x=1190, y=1190, size=0.5)
    _place(c, lamps.lantern, "#34363d", x=690, y=1200, size=0.5, foot=1290)
    _place(c, kitchen.mug, "#3f7183", x=900, y=1275, size=0.22)
    return c


def chapter(key: str) -> Canvas:
    """A wide opening picture for one chapter, with what it sells on the jetty."""
    c = landscape(key, 1800, 900, shore=0.5)
    _ledge(c, SKIES[key][4], 600 if key == "knives" else 690)
    scenes = {
        "lighting": [
            (lamps.table_lamp, "#efeae0", 1330, 800, 0.42, 1262),
            (lamps.lantern, "#6f7a52", 960, 815, 0.36, 1290),
            (lamps.lantern, "#dd9c45", 1620, 850, 0.3, 1290),
        ],
        "seating": [
            (seats.folding_chair, "#3f7183", 980, 800, 0.5, 1372),
            (seats.stool, "#bd905c", 1300, 830, 0.28, 1380),
            (seats.lounge_chair, "#b25f3c", 1590, 850, 0.42, 1382),
        ],
        "kitchen": [
            (kitchen.kettle, "#efeae0", 1000, 800, 0.4, 1272),
            (kitchen.casserole, "#a5383d", 1440, 835, 0.4, 1250),
            (kitchen.mug, "#3f7183", 1180, 860, 0.17, 1254),
        ],
        "textiles": [
            (textiles.blanket, "#6f7a52", 980, 810, 0.4, 1268),
            (textiles.cushion, "#a5383d", 1450, 835, 0.36, 1262),
        ],
        "knives": [
            (knives.puukko, None, 1340, 782, 0.4, 860),
            (knives.folding_knife, None, 850, 812, 0.3, 800),
        ],
    }
    for draw, colour, x, y, size, foot in scenes[key]:
        _place(c, draw, *([colour] if colour else []), x=x, y=y, size=size, foot=foot)
    return c
