"""Lamps: a pendant, a table lamp, a floor lamp and a lantern."""

from .canvas import Canvas, darker, lighter, smooth, turned

BRASS, OAK, GLOW = "#c39a55", "#b98d5a", "#ffd99a"


def _glow(c: Canvas, cx, cy, rx, ry, *, strength: float = 0.75) -> None:
    c.ellipse(
        cx, cy, rx, ry,
        c.radial((0, "#ffe9bf", strength), (0.35, "#ffd08a", strength * 0.45), (1, "#ffb85c", 0)),
    )  # fmt: skip


def pendant(c: Canvas, colour: str) -> None:
    """A wide bell that hangs from the ceiling, with a second ring below the first."""
    c.ellipse(930, 840, 430, 190, "#171a20", filter=c.blur(70), opacity=0.3)
    c.line("M800,-20 V480", "#26221f", 9)
    _glow(c, 800, 1040, 760, 620, strength=0.55)
    ring = turned(800, [(905, 150), (950, 250), (985, 268)], lip=0.2)
    c.path(ring, c.round(lighter(colour, 0.12)))
    c.ellipse(800, 985, 268, 54, c.radial((0, "#fff4d8"), (0.6, GLOW), (1, "#d79a4c")))
    bell = turned(
        800, [(540, 52), (575, 96), (640, 205), (720, 330), (810, 412), (872, 440)], lip=0.17
    )
    c.path(bell, c.round(colour, gloss=0.34))
    inner = c.radial((0, "#fffbef"), (0.4, "#ffe2ab"), (0.85, "#cf9450"), (1, "#8a5e35"))
    c.ellipse(800, 872, 440, 74, darker(colour, 0.5))
    c.ellipse(800, 875, 424, 66, inner)
    c.path(ring, c.round(lighter(colour, 0.12)))
    c.ellipse(800, 907, 150, 26, c.radial((0, "#ffffff"), (1, "#ffe6b5")))
    c.ellipse(800, 985, 268, 54, darker(colour, 0.4))
    c.ellipse(800, 987, 256, 48, c.radial((0, "#ffffff"), (0.5, "#ffecc2"), (1, "#e3ac62")))
    c.path(turned(800, [(462, 34), (500, 40), (548, 56)]), c.round(BRASS, gloss=0.6))
    _glow(c, 800, 1000, 330, 150, strength=0.8)
    _glow(c, 800, 1330, 620, 120, strength=0.5)


def table_lamp(c: Canvas, colour: str) -> None:
    """A small lighthouse: a tapering tower, a gallery and a lit globe."""
    c.shadow(800, 1262, 270)
    _glow(c, 800, 560, 720, 620, strength=0.6)
    tower = turned(800, [(700, 108), (900, 138), (1080, 182), (1215, 232), (1255, 240)], lip=0.15)
    c.path(tower, c.round(colour, gloss=0.36))
    band = turned(800, [(1010, 164), (1060, 176)], lip=0.15)
    c.path(band, c.round(lighter(colour, 0.55)), opacity=0.85)
    c.path(turned(800, [(668, 168), (704, 168)], lip=0.2), c.round(BRASS, gloss=0.6))
    c.ellipse(800, 668, 168, 33, c.linear((0, "#f6dba0"), (1, "#a87c3d")))
    c.ellipse(
        800, 540, 172, 172,
        c.radial((0, "#ffffff"), (0.45, "#fff1cf"), (0.8, "#ffd591"), (1, "#e8b065"), cx=0.45),
    )  # fmt: skip
    c.ellipse(740, 470, 60, 38, "#ffffff", opacity=0.55, transform="rotate(-35 740 470)",
              filter=c.blur(8))  # fmt: skip
    cap = turned(800, [(330, 14), (350, 40), (392, 118), (412, 150)], lip=0.2)
    c.path(cap, c.round(colour, gloss=0.4))
    for x in (-112, 112):
        c.tube(f"M{800 + x},404 V672", BRASS, 12)
    c.ellipse(800, 322, 20, 20, c.radial((0, "#f6dba0"), (1, "#9a7236"), cx=0.35, cy=0.35))
    c.line("M1030,1248 C1180,1262 1290,1290 1420,1262", "#2c2723", 9)


def floor_lamp(c: Canvas, colour: str) -> None:
    """A loon's neck on an oval foot, with a small bowed head."""
    c.shadow(690, 1396, 250, depth=0.16)
    _glow(c, 1010, 760, 560, 720, strength=0.5)
    foot = turned(690, [(1368, 208), (1392, 224)], lip=0.2)
    c.path(foot, c.round(darker(colour, 0.15)))
    c.ellipse(690, 1368, 208, 42, c.lit(colour))
    neck = "M690,1362 V620 " + smooth([(690, 620), (700, 420), (790, 272), (910, 262), (985, 360)])
    c.tube(neck, colour, 26)
    c.tube("M690,1362 V1120", OAK, 46)
    with c.group("rotate(16 990 400)"):
        head = turned(995, [(330, 40), (352, 86), (410, 150), (480, 188), (510, 194)], lip=0.2)
        c.path(head, c.round(colour, gloss=0.38))
        c.ellipse(995, 510, 194, 39, darker(colour, 0.5))
        c.ellipse(995, 513, 180, 32, c.radial((0, "#ffffff"), (0.5, "#ffe9bd"), (1, "#d99f57")))
    _glow(c, 960, 600, 300, 210, strength=0.75)
    _glow(c, 1000, 1400, 460, 90, strength=0.55)


def lantern(c: Canvas, colour: str) -> None:
    """A rechargeable storm lantern: frosted glass, four stays and a carrying loop."""
    c.shadow(800, 1292, 300)
    _glow(c, 800, 870, 760, 640, strength=0.65)
    _glow(c, 800, 1320, 600, 120, strength=0.6)
    c.tube("M575,560 C570,250 1030,250 1025,560", BRASS, 22)
    c.path("M700,330 C740,288 860,288 900,330 C862,316 740,316 700,330Z", "#7c4f2e",
           stroke="#5b3820", stroke_width=22, stroke_linejoin="round")  # fmt: skip
    glass = turned(800, [(640, 205), (720, 226), (880, 234), (1040, 226), (1110, 208)], lip=0.14)
    c.path(glass, c.radial(
        (0, "#fffdf4"), (0.35, "#fff0c9"), (0.75, "#ffd796"), (1, "#d9a763"), r=0.62))  # fmt: skip
    c.path("M640,680 C622,800 622,940 640,1070 L668,1076 C650,950 650,800 668,672Z", "#ffffff",
           opacity=0.5, filter=c.blur(5))  # fmt: skip
    for x in (-225, -85, 85, 225):
        bow = x * 0.1
        c.tube(
            f"M{800 + x},620 C{800 + x + bow},780 {800 + x + bow},980 {800 + x},1120", colour, 15
        )
    c.path(turned(800, [(1100, 246), (1160, 262), (1270, 276), (1290, 270)], lip=0.14),
           c.round(colour, gloss=0.34))  # fmt: skip
    c.path(turned(800, [(1178, 265), (1192, 267)], lip=0.14), c.round(BRASS, gloss=0.6))
    c.ellipse(800, 1238, 17, 17, c.radial((0, "#fff6dc"), (1, BRASS)))
    c.path(turned(800, [(505, 70), (530, 120), (590, 222), (642, 256)], lip=0.16),
           c.round(colour, gloss=0.38))  # fmt: skip
    c.path(turned(800, [(470, 44), (508, 72)], lip=0.2), c.round(BRASS, gloss=0.6))
