"""Textiles: a folded blanket, a throw on a rail and a cushion."""

from .canvas import Canvas, darker, lighter

OAK = "#bd905c"


def _weave(c: Canvas, colour: str) -> str:
    """Return a fine woven texture to lay over cloth of `colour`."""
    dark, light = darker(colour, 0.45), lighter(colour, 0.5)
    return c.pattern(
        14, 14,
        f'<path d="M0,4 h7 M7,11 h7" stroke="{dark}" stroke-width="3" opacity=".22"/>'
        f'<path d="M7,4 h7 M0,11 h7" stroke="{light}" stroke-width="3" opacity=".25"/>',
    )  # fmt: skip


def _fringe(c: Canvas, x1, x2, y, length, colour: str) -> None:
    for i, x in enumerate(range(int(x1) + 8, int(x2), 17)):
        sway = (i * 7) % 11 - 5
        d = f"M{x},{y} C{x + sway},{y + length * 0.4} {x - sway},{y + length * 0.7} {x + sway},{y + length}"
        c.line(d, darker(colour, 0.28), 11)
        c.line(d, lighter(colour, 0.14), 6)


def blanket(c: Canvas, colour: str) -> None:
    """A heavy blanket folded in five, a striped end hanging over the front."""
    c.shadow(800, 1270, 480, depth=0.1)
    weave = _weave(c, colour)
    for i in range(5):
        y, shift = 1158 - i * 94, (i * 37) % 23 - 10
        d = f"M{400 + shift},{y} H{1180 + shift} A52,54 0 0 1 {1180 + shift},{y + 108} H{400 + shift} A52,54 0 0 1 {400 + shift},{y}Z"
        c.path(d, c.down((0, lighter(colour, 0.22)), (0.35, colour), (0.8, darker(colour, 0.22)),
                         (1, darker(colour, 0.5))))  # fmt: skip
        c.path(d, weave)
        c.path(d, c.linear((0, darker(colour, 0.6), 0), (0.7, darker(colour, 0.6), 0.05),
                           (1, darker(colour, 0.7), 0.45)))  # fmt: skip
    top = "M398,782 C420,700 520,668 640,662 L1020,662 C1120,668 1180,716 1190,784 C1000,806 600,806 398,782Z"
    c.path(top, c.down((0, lighter(colour, 0.4)), (1, lighter(colour, 0.06))))
    c.path(top, weave)
    flap = ("M600,664 L960,664 C990,700 1002,740 1004,800 L1010,1085 C900,1104 700,1104 580,1085 "
            "L586,800 C586,740 590,700 600,664Z")  # fmt: skip
    with c.group("translate(16,18)", filter=c.blur(14), opacity=0.4):
        c.path(flap, "#20160f")
    c.path(
        flap,
        c.down(
            (0, lighter(colour, 0.42)), (0.28, lighter(colour, 0.14)), (1, darker(colour, 0.14))
        ),
    )
    with c.group(clip_path=c.clip(flap)):
        for y, thick, shade in ((850, 46, "#f3ece0"), (925, 14, darker(colour, 0.45)),
                                (965, 14, darker(colour, 0.45)), (1025, 46, "#f3ece0")):  # fmt: skip
            c.line(f"M560,{y} C700,{y + 16} 900,{y + 16} 1030,{y}", shade, thick, opacity=0.9)
    c.path(flap, weave)
    _fringe(c, 584, 1004, 1090, 92, colour)


def throw(c: Canvas, colour: str) -> None:
    """A light throw over an oak rail, in herringbone, with a fringe."""
    c.path("M520,360 H1130 L1150,1300 H560Z", "#241a12", filter=c.blur(40), opacity=0.3)
    c.shadow(820, 1500, 330, depth=0.08)
    c.tube("M230,352 H1370", OAK, 42)
    for x in (270, 1330):
        c.ellipse(
            x, 352, 34, 34, c.radial((0, lighter(OAK, 0.5)), (1, darker(OAK, 0.3)), cx=0.35, cy=0.3)
        )
    back = "M540,350 L1085,350 L1110,1330 C960,1346 700,1340 540,1326Z"
    c.path(back, darker(colour, 0.34))
    _fringe(c, 545, 1108, 1330, 80, darker(colour, 0.3))
    cloth = (
        "M500,352 C500,322 530,318 560,318 H1050 C1080,318 1106,326 1106,352 C1120,600 1112,900 1124,1196 "
        "C1030,1222 960,1188 880,1206 C780,1228 700,1190 610,1208 C560,1218 520,1206 490,1200 C500,900 492,600 500,352Z"
    )
    folds = [(0, darker(colour, 0.3))]
    for i in range(6):
        folds += [(0.05 + i * 0.16, lighter(colour, 0.2)), (0.12 + i * 0.16, darker(colour, 0.16))]
    c.path(cloth, c.linear(*folds, (1, darker(colour, 0.36))))
    bone = lighter(colour, 0.55)
    herring = c.pattern(
        56, 28,
        f'<path d="M0,28 L14,0 M14,28 L28,0 M28,0 L42,28 M42,0 L56,28" stroke="{bone}" '
        'stroke-width="5" opacity=".5" fill="none"/>',
    )  # fmt: skip
    c.path(cloth, herring)
    c.path(
        cloth,
        c.down(
            (0, "#ffffff", 0.25), (0.06, "#ffffff", 0), (0.8, "#1a1210", 0), (1, "#1a1210", 0.25)
        ),
    )
    with c.group(clip_path=c.clip(cloth)):
        for y in (1040, 1090):
            c.line(f"M480,{y} C700,{y + 20} 900,{y - 14} 1140,{y}", "#f6efe2", 22, opacity=0.85)
    _fringe(c, 492, 1122, 1204, 96, colour)


def cushion(c: Canvas, colour: str, *, wide: bool = False) -> None:
    """A plump cushion with frost diamonds and a piped edge."""
    stretch = "translate(-160,310) scale(1.2,.76)" if wide else ""
    c.shadow(800, 1268, 470 if wide else 400, depth=0.11)
    shape = ("M410,510 C600,556 1000,556 1190,510 C1146,700 1146,1060 1190,1262 C1000,1222 600,1222 410,1262 "
             "C454,1060 454,700 410,510Z")  # fmt: skip
    with c.group(stretch):
        c.path(shape, c.radial((0, lighter(colour, 0.34)), (0.55, colour), (1, darker(colour, 0.4)),
                               cx=0.38, cy=0.36, r=0.75))  # fmt: skip
        light = lighter(colour, 0.7)
        frost = c.pattern(
            150, 150,
            f'<g stroke="{light}" stroke-width="6" fill="none" opacity=".6">'
            '<path d="M75,8 L142,75 L75,142 L8,75Z"/><path d="M75,45 L105,75 L75,105 L45,75Z"/>'
            '<path d="M0,0 l18,18 M150,0 l-18,18 M0,150 l18,-18 M150,150 l-18,-18"/></g>',
        )  # fmt: skip
        c.path(shape, frost)
        c.path(shape, _weave(c, colour))
        with c.group(clip_path=c.clip(shape), filter=c.blur(12), opacity=0.4):
            for x1, y1, x2, y2 in ((420, 520, 560, 700), (1180, 520, 1040, 700),
                                   (420, 1250, 570, 1080), (1180, 1250, 1030, 1080)):  # fmt: skip
                c.line(f"M{x1},{y1} L{x2},{y2}", darker(colour, 0.6), 26)
        c.line(shape, darker(colour, 0.35), 13)
        c.line(shape, lighter(colour, 0.35), 4, stroke_dasharray="10 9")
