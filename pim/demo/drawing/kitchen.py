"""Things of the stove: kettle, coffee pot, camp kettle, casserole and mug."""

from .canvas import Canvas, darker, lighter, turned

OAK, STEEL, BRASS = "#a9794a", "#b9bec2", "#c39a55"


def kettle(c: Canvas, colour: str) -> None:
    """An electric gooseneck kettle on its base, with an oak handle."""
    c.shadow(790, 1276, 330)
    c.line("M1060,1262 C1230,1262 1300,1310 1500,1270", "#2d2926", 12)
    c.path(turned(790, [(1222, 300), (1272, 306)], lip=0.13), c.round("#34332f", gloss=0.2))
    c.ellipse(790, 1222, 300, 38, c.linear((0, "#5c5a54"), (1, "#2a2926")))
    spout = "M560,1120 C430,1110 400,980 420,850 C432,760 400,700 330,676"
    c.line(spout, darker(colour, 0.4), 62)
    c.line(spout, colour, 46)
    c.line("M548,1108 C436,1096 412,976 430,850 C440,760 408,690 338,664", lighter(colour, 0.5),
           10, opacity=0.75)  # fmt: skip
    c.line(
        "M985,780 C1150,730 1260,820 1226,960 C1206,1050 1130,1110 1040,1122", darker(OAK, 0.4), 74
    )
    c.line("M985,780 C1150,730 1260,820 1226,960 C1206,1050 1130,1110 1040,1122", OAK, 58)
    c.line("M990,768 C1140,722 1240,812 1212,944", lighter(OAK, 0.4), 12, opacity=0.7)
    body = turned(790, [(715, 160), (820, 205), (980, 256), (1130, 288), (1205, 292)], lip=0.13)
    c.path(body, c.round(colour, gloss=0.42))
    c.path("M600,800 C566,920 552,1040 546,1150 L580,1160 C584,1050 600,920 634,806Z", "#ffffff",
           opacity=0.32, filter=c.blur(7))  # fmt: skip
    c.path(turned(790, [(692, 156), (722, 166)], lip=0.16), c.round(STEEL, gloss=0.7))
    c.path(turned(790, [(632, 40), (660, 120), (694, 156)], lip=0.2), c.round(colour, gloss=0.42))
    c.path(turned(790, [(560, 34), (590, 46), (636, 30)], lip=0.3), c.round(OAK, gloss=0.4))
    c.ellipse(790, 560, 34, 10, lighter(OAK, 0.35))
    c.rect(760, 1120, 60, 10, "#fff6e2", rx=5, opacity=0.85)


def coffee_pot(c: Canvas, colour: str, *, scale: float = 1.0) -> None:
    """A tall enamel pot with a pointed beak and a dark rim."""
    with c.group(f"translate({800 - 800 * scale},{1270 - 1270 * scale}) scale({scale})"):
        c.shadow(790, 1270, 265)
        beak = "M640,640 L452,566 C434,560 424,574 432,590 C486,700 520,800 600,930Z"
        c.path(beak, c.linear((0, lighter(colour, 0.3)), (0.5, colour), (1, darker(colour, 0.4))))
        c.line("M640,648 L450,572", lighter(colour, 0.5), 8, opacity=0.7)
        c.ellipse(442, 574, 17, 9, "#3a3b40", transform="rotate(30 442 574)")
        c.tube(
            "M960,690 C1150,640 1200,760 1150,900 C1120,990 1060,1050 1000,1070",
            darker(colour, 0.1),
            46,
        )
        body = turned(790, [(600, 165), (760, 192), (960, 226), (1180, 252), (1266, 250)], lip=0.14)
        c.path(body, c.round(colour, gloss=0.45))
        c.path("M640,700 C616,850 600,1000 588,1150 L622,1160 C632,1010 650,860 676,704Z",
               "#ffffff", opacity=0.4, filter=c.blur(6))  # fmt: skip
        c.path(turned(790, [(590, 168), (612, 170)], lip=0.15), c.round("#3a3b40", gloss=0.4))
        c.path(turned(790, [(505, 26), (520, 70), (566, 146), (592, 166)], lip=0.2),
               c.round(colour, gloss=0.45))  # fmt: skip
        c.path(
            turned(790, [(440, 32), (462, 42), (508, 22)], lip=0.3), c.round("#3a3b40", gloss=0.5)
        )
        c.path(turned(790, [(1246, 251), (1268, 250)], lip=0.14), c.round("#3a3b40", gloss=0.4))
        with c.group(stroke="#fff7e4", stroke_width=7, fill="none", opacity=0.75,
                     stroke_linecap="round"):  # fmt: skip
            c.path("M700,980 q45,-60 90,0 t90,0")
            c.path("M700,1030 q45,-60 90,0 t90,0")


def camp_kettle(c: Canvas, colour: str = "#9aa0a4") -> None:
    """A low steel kettle with a wire bail, blackened by the fire."""
    c.shadow(800, 1270, 390)
    c.tube("M470,900 C440,380 1160,380 1130,900", "#55565a", 20)
    c.line("M664,505 C720,478 880,478 936,505", darker(OAK, 0.3), 52)
    c.line("M664,505 C720,478 880,478 936,505", OAK, 38)
    c.path("M500,1010 L330,880 C312,866 296,884 306,904 L440,1130Z", c.lit(darker(colour, 0.1)))
    c.ellipse(322, 886, 22, 10, "#3c3d40", transform="rotate(38 322 886)")
    body = turned(800, [(860, 250), (920, 320), (1040, 372), (1180, 376), (1262, 340)], lip=0.12)
    c.path(body, c.round(colour, gloss=0.75))
    soot = c.down((0, "#17161a", 0), (0.55, "#17161a", 0.05), (1, "#17161a", 0.8))
    c.path(body, soot)
    c.path("M520,950 C480,1030 470,1110 482,1180 L516,1186 C508,1110 520,1030 556,956Z", "#ffffff",
           opacity=0.5, filter=c.blur(8))  # fmt: skip
    for x in (470, 1130):
        c.ellipse(x, 912, 20, 24, c.radial((0, "#dfe3e6"), (1, "#5c5f63"), cx=0.35, cy=0.35))
    c.path(turned(800, [(770, 60), (792, 150), (826, 226), (856, 250)], lip=0.14),
           c.round(colour, gloss=0.7))  # fmt: skip
    c.path(turned(800, [(704, 38), (728, 50), (774, 28)], lip=0.3), c.round(OAK, gloss=0.4))


def casserole(c: Canvas, colour: str) -> None:
    """A cast-iron casserole with a domed lid and loop handles."""
    c.shadow(800, 1250, 480)
    for side in (-1, 1):
        x = 800 + side * 440
        c.line(
            f"M{x},985 C{x + side * 120},975 {x + side * 120},1075 {x},1066",
            darker(colour, 0.42),
            54,
        )
        c.line(f"M{x},985 C{x + side * 120},975 {x + side * 120},1075 {x},1066", colour, 38)
    body = turned(800, [(930, 452), (1040, 456), (1160, 436), (1246, 376)], lip=0.1)
    c.path(body, c.round(colour, gloss=0.4))
    c.path("M430,980 C428,1060 440,1130 466,1190 L498,1190 C476,1130 466,1060 468,984Z", "#ffffff",
           opacity=0.35, filter=c.blur(8))  # fmt: skip
    c.path(turned(800, [(905, 466), (940, 462)], lip=0.12), c.round(darker(colour, 0.2)))
    lid = turned(800, [(752, 66), (770, 180), (812, 318), (866, 430), (910, 468)], lip=0.12)
    c.path(lid, c.round(colour, gloss=0.42))
    c.path("M470,872 C520,820 610,790 690,780 L690,800 C620,812 548,842 506,886Z", "#ffffff",
           opacity=0.42, filter=c.blur(7))  # fmt: skip
    for r, y in ((250, 800), (350, 842)):
        c.line(
            f"M{800 - r},{y} A{r},{r * 0.13} 0 0 0 {800 + r},{y}",
            darker(colour, 0.35),
            5,
            opacity=0.55,
        )
    c.path(turned(800, [(662, 62), (690, 74), (722, 40), (756, 44)], lip=0.26),
           c.round(BRASS, gloss=0.65))  # fmt: skip
    c.ellipse(800, 662, 62, 16, lighter(BRASS, 0.45))


def mug(c: Canvas, colour: str) -> None:
    """An enamel mug with a dark rim and a fleck in the glaze."""
    c.shadow(770, 1262, 330)
    c.line("M1050,810 C1300,760 1320,1060 1050,1082", darker(colour, 0.42), 60)
    c.line("M1050,810 C1300,760 1320,1060 1050,1082", colour, 44)
    c.line("M1060,800 C1240,766 1286,900 1250,980", lighter(colour, 0.5), 10, opacity=0.7)
    body = turned(770, [(640, 318), (800, 316), (1100, 308), (1215, 296), (1254, 270)], lip=0.15)
    c.path(body, c.round(colour, gloss=0.45))
    with c.group(clip_path=c.clip(body)):
        for i in range(90):
            x, y = 450 + (i * 397 + i * i * 53) % 640, 700 + (i * 233 + i * i * 17) % 550
            c.ellipse(x, y, 2.5 + i % 4, 2 + i % 3, darker(colour, 0.55), opacity=0.35)
    c.path("M520,740 C514,880 518,1020 528,1150 L562,1152 C554,1020 550,880 556,744Z", "#ffffff",
           opacity=0.42, filter=c.blur(7))  # fmt: skip
    c.ellipse(770, 640, 318, 50, "#34353a")
    c.ellipse(770, 643, 302, 42, c.linear((0, "#8f8b84"), (0.6, "#f3efe6"), (1, "#ffffff")))
    c.ellipse(770, 660, 270, 28, c.linear((0, "#2b1a10"), (1, "#5a3a24")))
    with c.group(filter=c.blur(13), opacity=0.5):
        for x in (690, 790, 870):
            c.line(f"M{x},590 C{x - 60},500 {x + 60},440 {x},330", "#ffffff", 22)


def mug_set(c: Canvas) -> None:
    """The four mugs of the set, in three colours."""
    places = [("#efeae0", 470, 1180, 0.56), ("#3f7183", 1080, 1170, 0.56)]
    places += [("#6f7a52", 1290, 1330, 0.6), ("#efeae0", 700, 1360, 0.64)]
    # In the middle: frames of another shape crop the sides.
    with c.group("translate(800,1270) scale(0.92) translate(-940,-1270)"):
        for colour, x, y, size in places:
            with c.group(f"translate({x},{y}) scale({size}) translate(-770,-1254)"):
                mug(c, colour)
