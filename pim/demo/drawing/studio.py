"""The studio that every product is drawn in: wall, floor and the light of a window."""

from .canvas import Canvas, darker, lighter

WALLS = {
    "lighting": ("#5b6672", "#8b8f8f", "#6e5f54"),
    "seating": ("#efe7da", "#e2d6c4", "#cdbba2"),
    "kitchen": ("#dfe5dc", "#cfd8cd", "#bcb7a3"),
    "knives": ("#76838a", "#5c686f", "#4c4640"),
    "textiles": ("#eee3da", "#e4d3c6", "#cdb5a2"),
}


def studio(family: str, *, horizon: int = 1110) -> Canvas:
    """Return a canvas with the family's wall, floor and window light."""
    canvas = Canvas()
    top, low, floor = WALLS[family]
    canvas.rect(0, 0, 1600, 1600, canvas.down((0, top), (0.75, low), (1, low)))
    canvas.ellipse(420, 380, 1150, 950, canvas.radial((0, lighter(top, 0.55), 0.75), (1, low, 0)))
    shade = canvas.down((0, darker(floor, 0.2)), (0.18, floor), (1, lighter(floor, 0.32)))
    canvas.rect(-90, horizon, 1780, 680, shade, filter=canvas.blur(16))
    _window(canvas, dim=family == "lighting")
    canvas.rect(
        0, 0, 1600, 1600,
        canvas.radial((0, darker(low, 0.4), 0), (1, darker(low, 0.5), 0.3), cy=0.45, r=0.78),
    )  # fmt: skip
    return canvas


def table(family: str) -> Canvas:
    """Return a canvas seen from above: a stone table, for what lies flat."""
    canvas = Canvas()
    top, low, _ = WALLS[family]
    canvas.rect(0, 0, 1600, 1600, canvas.linear((0, lighter(top, 0.4)), (1, low), y2=1))
    _window(canvas, dim=False)
    canvas.rect(0, 0, 1600, 1600, canvas.radial((0, low, 0), (1, darker(low, 0.6), 0.34), r=0.8))
    return canvas


def _window(canvas: Canvas, *, dim: bool) -> None:
    """Throw four slanted panes of window light on the wall, with a twig's shadow."""
    with canvas.group(filter=canvas.blur(15), opacity=0.16 if dim else 0.5):
        for column in range(2):
            for row in range(2):
                x, y = 860 + column * 285, 130 + row * 330 + column * 85
                d = f"M{x},{y} l255,76 l-50,300 l-255,-76Z"
                canvas.path(d, LIGHT_TINT)
    with canvas.group(filter=canvas.blur(11), opacity=0.07 if dim else 0.15):
        canvas.line("M1560,20 C1420,160 1300,330 1050,450", "#5a4a3a", 8)
        for x, y, turn, size in LEAVES:
            spin = f"translate({x},{y}) rotate({turn}) scale({size})"
            canvas.path("M0,0 C28,-34 84,-34 120,0 C84,30 28,30 0,0Z", "#4c4a36", transform=spin)


LIGHT_TINT = "#fff6df"
LEAVES = [
    (1480, 95, 118, 1.2), (1450, 125, 225, 1.1), (1400, 185, 95, 1.3), (1362, 226, 200, 1.2),
    (1310, 280, 120, 1.25), (1262, 322, 218, 1.1), (1215, 356, 88, 1.15), (1160, 395, 196, 1.1),
    (1120, 416, 110, 0.95), (1060, 446, 160, 1.0),
]  # fmt: skip
