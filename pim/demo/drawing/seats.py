"""Seats: a dining chair, a lounge chair, a stool, a bench and a folding chair."""

from .canvas import Canvas, darker, lighter

OAK = "#bd905c"


def _leg(c: Canvas, top, foot, widths, wood: str) -> None:
    """Draw a tapering leg from `top` to `foot`."""
    (x1, y1), (x2, y2), (a, b) = top, foot, widths
    d = f"M{x1 - a},{y1} L{x1 + a},{y1} L{x2 + b},{y2} Q{x2},{y2 + 10} {x2 - b},{y2}Z"
    c.path(d, c.linear((0, darker(wood, 0.12)), (0.3, lighter(wood, 0.3)), (0.6, wood),
                       (1, darker(wood, 0.38))))  # fmt: skip


def dining_chair(c: Canvas, wood: str) -> None:
    """A spindle back chair with a bowed top rail and a saddle seat."""
    c.shadow(800, 1372, 330, depth=0.18)
    _leg(c, (650, 930), (612, 1310), (24, 15), darker(wood, 0.25))
    _leg(c, (950, 930), (988, 1310), (24, 15), darker(wood, 0.25))
    c.tube("M628,1150 H972", darker(wood, 0.2), 24)
    for i in range(-3, 4):
        c.tube(f"M{800 + i * 62},905 C{800 + i * 66},760 {800 + i * 76},620 {800 + i * 80},455", wood,
               20 if abs(i) < 3 else 34)  # fmt: skip
    rail = ("M512,420 C600,330 1000,330 1088,420 C1100,448 1096,480 1078,492 "
            "C990,420 610,420 522,492 C504,480 500,448 512,420Z")  # fmt: skip
    c.path(rail, c.down((0, lighter(wood, 0.35)), (0.4, wood), (1, darker(wood, 0.3))))
    c.grain(rail, wood, [f"M490,{450 + i * 14} C640,{350 + i * 14} 960,{350 + i * 14} 1110,{450 + i * 14}"
                         for i in range(4)])  # fmt: skip
    edge = ("M548,930 C520,990 520,1010 540,1018 C680,1052 920,1052 1060,1018 "
            "C1080,1010 1080,990 1052,930Z")  # fmt: skip
    c.path(edge, c.round(darker(wood, 0.12), gloss=0.25))
    seat = ("M590,868 C700,852 900,852 1010,868 C1040,874 1064,940 1072,974 C1060,1004 920,1024 800,1024 "
            "C680,1024 540,1004 528,974 C536,940 560,874 590,868Z")  # fmt: skip
    c.path(seat, c.linear((0, lighter(wood, 0.34)), (0.5, wood), (1, darker(wood, 0.16)), y2=1))
    c.grain(seat, wood, [f"M500,{885 + i * 22} C650,{905 + i * 22} 950,{870 + i * 22} 1100,{890 + i * 22}"
                         for i in range(7)])  # fmt: skip
    c.ellipse(800, 935, 170, 44, darker(wood, 0.35), opacity=0.22, filter=c.blur(18))
    _leg(c, (585, 1020), (510, 1384), (30, 17), wood)
    _leg(c, (1015, 1020), (1090, 1384), (30, 17), wood)
    c.tube("M556,1200 C700,1180 900,1180 1044,1200", wood, 24)


def lounge_chair(c: Canvas, colour: str) -> None:
    """A cushion like a wave in a cantilever of bent oak."""
    c.shadow(800, 1382, 430, depth=0.15)
    frame = "M1200,1376 H540 C420,1376 392,1290 404,1190 L432,900 C440,810 500,780 580,780 H1010"
    with c.group("translate(150,-78)"):
        c.line(frame, darker(OAK, 0.55), 44)
        c.line(frame, darker(OAK, 0.3), 34)
    near = "C1040,640 1010,900 920,1010 C830,1100 640,1000 520,960"
    sheet = f"M1090,380 {near} L690,880 C800,920 990,1010 1080,920 C1170,820 1200,560 1250,300Z"
    c.path(
        sheet,
        c.linear((0, darker(colour, 0.12)), (0.45, colour), (1, lighter(colour, 0.24)), y2=-0.2),
    )
    with c.group(clip_path=c.clip(sheet), opacity=0.55):
        for i in range(9):
            t = i / 8
            x, y = 1060 - 60 * t - 90 * t * t, 440 + 520 * t
            c.line(f"M{x - 40},{y + 20} l230,-112", darker(colour, 0.4), 5)
            c.line(f"M{x - 40},{y + 27} l230,-112", lighter(colour, 0.4), 4)
        for i in range(4):
            c.line(f"M{600 + i * 90},{1000 + i * 20} l190,-90", darker(colour, 0.4), 5)
    roll = f"M1090,380 {near}"
    c.line(roll, darker(colour, 0.42), 104)
    c.line(roll, darker(colour, 0.08), 90)
    with c.group("translate(-14,-10)"):
        c.line(roll, lighter(colour, 0.16), 44, opacity=0.6, filter=c.blur(9))
    with c.group("translate(-22,-8)"):
        c.line(roll, lighter(colour, 0.5), 6, opacity=0.6, stroke_dasharray="2 17")
    c.line("M1090,380 L1238,306", darker(colour, 0.1), 88)
    c.line("M1070,352 L1216,280", lighter(colour, 0.3), 18, opacity=0.55, filter=c.blur(7))
    c.line(frame, darker(OAK, 0.42), 56)
    c.line(frame, OAK, 44)
    with c.group("translate(-6,-9)"):
        c.line(frame, lighter(OAK, 0.5), 9, opacity=0.75)


def stool(c: Canvas, wood: str) -> None:
    """A round seat on three splayed legs with a ring."""
    c.shadow(800, 1380, 300, depth=0.2)
    _leg(c, (800, 830), (800, 1290), (24, 15), darker(wood, 0.28))
    c.line("M585,1160 A216,56 0 0 1 1015,1160", darker(wood, 0.5), 20)
    _leg(c, (640, 840), (520, 1380), (32, 18), wood)
    _leg(c, (960, 840), (1080, 1380), (32, 18), wood)
    c.tube("M585,1160 A216,62 0 0 0 1015,1160", "#6b6760", 20)
    side = "M480,760 V820 A320,88 0 0 0 1120,820 V760Z"
    c.path(side, c.round(darker(wood, 0.1), gloss=0.3))
    top = "M480,760 A320,88 0 1 1 1120,760 A320,88 0 1 1 480,760Z"
    c.path(top, c.linear((0, lighter(wood, 0.4)), (0.5, wood), (1, darker(wood, 0.12)), y2=1))
    c.grain(top, wood, [f"M460,{690 + i * 20} C640,{712 + i * 20} 960,{674 + i * 20} 1140,{694 + i * 20}"
                        for i in range(8)])  # fmt: skip
    c.ellipse(800, 766, 190, 46, darker(wood, 0.35), opacity=0.25, filter=c.blur(20))
    for x, y in ((650, 740), (950, 740), (800, 800)):
        c.ellipse(x, y, 24, 9, darker(wood, 0.35))
        c.line(f"M{x - 20},{y} h40", lighter(wood, 0.3), 4)


def bench(c: Canvas, wood: str = OAK) -> None:
    """A long slab on two trestles with a brace between them."""
    c.shadow(810, 1300, 600, depth=0.1)
    for x, shift in ((420, 70), (1120, 70)):
        _leg(c, (x + shift, 900), (x + shift + 45, 1230), (26, 19), darker(wood, 0.35))
    c.tube("M430,1090 H1190", darker(wood, 0.25), 34)
    for x in (340, 1180):
        _leg(c, (x + 40, 950), (x - 10, 1310), (32, 22), wood)
        c.tube(f"M{x + 14},1120 L{x + 140},1070", wood, 26)
    front = "M190,900 H1350 V962 Q1350,976 1336,976 H204 Q190,976 190,962Z"
    c.path(
        front, c.linear((0, lighter(wood, 0.12)), (0.5, darker(wood, 0.12)), (1, darker(wood, 0.3)))
    )
    end = "M1350,900 L1460,800 V866 L1350,970Z"
    c.path(end, darker(wood, 0.42))
    top = "M190,900 L310,800 H1460 L1350,900Z"
    c.path(top, c.linear((0, lighter(wood, 0.42)), (0.6, wood), (1, darker(wood, 0.1))))
    c.grain(top, wood, [f"M170,{812 + i * 13} C600,{822 + i * 13} 1000,{798 + i * 13} 1480,{816 + i * 13}"
                        for i in range(7)])  # fmt: skip
    c.grain(front, wood, [f"M170,{912 + i * 15} C600,{905 + i * 15} 1000,{922 + i * 15} 1400,{910 + i * 15}"
                          for i in range(4)])  # fmt: skip
    c.line("M196,902 H1348", lighter(wood, 0.55), 4, opacity=0.7)


def folding_chair(c: Canvas, colour: str) -> None:
    """Two crossed oak frames with a striped canvas sling between them."""
    c.shadow(830, 1372, 400, depth=0.15)
    bars = ("M500,1370 L1050,380", "M1090,1370 L560,850")
    with c.group("translate(190,-86)"):
        for bar in bars:
            c.tube(bar, darker(OAK, 0.32), 38)
    c.tube("M500,1366 l190,-86", darker(OAK, 0.2), 26)
    sling = "M1040,392 C1000,640 990,860 880,930 C780,985 640,900 556,850"
    far = "L746,764 C830,814 970,899 1070,844 C1180,774 1190,554 1230,306Z"
    sheet = f"{sling} {far}"
    c.path(
        sheet, c.linear((0, darker(colour, 0.1)), (0.5, colour), (1, lighter(colour, 0.3)), y2=-0.3)
    )
    with c.group(clip_path=c.clip(sheet), opacity=0.8):
        for share in (0.18, 0.36, 0.64, 0.82):
            with c.group(f"translate({190 * share:.0f},{-86 * share:.0f})"):
                c.line(sling, "#f5eddc", 15)
    with c.group(clip_path=c.clip(sheet)):
        c.ellipse(965, 900, 190, 90, darker(colour, 0.6), opacity=0.4, filter=c.blur(36))
    c.line(sling, darker(colour, 0.4), 12)
    c.tube("M1044,388 l190,-86", OAK, 34)
    c.tube("M556,850 l190,-86", OAK, 34)
    for bar in bars:
        c.tube(bar, OAK, 42)
    c.ellipse(732, 954, 15, 15, c.radial((0, "#fff2cf"), (1, "#a07a3a"), cx=0.35, cy=0.35))
