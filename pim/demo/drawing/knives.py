"""Knives and what belongs to them: blades, a sheath, a whetstone, a rack and a set."""

from .canvas import Canvas, darker, lighter

WALNUT, BIRCH, BRASS, LEATHER = "#6d4a33", "#d3ae78", "#c39a55", "#8a5631"
HANDLE = ("M978,742 C1010,728 1040,730 1080,728 C1200,722 1320,730 1418,744 C1452,752 1452,842 1424,866 "
          "C1330,852 1200,842 1090,838 C1050,836 1010,840 978,832Z")  # fmt: skip
BLADES = {
    "chef": "M985,730 L440,724 C340,730 262,800 200,874 C330,932 600,950 966,930 L985,926Z",
    "santoku": "M985,722 L400,722 C320,730 280,800 262,884 C300,926 640,936 966,926 L985,920Z",
    "bread": ("M985,744 L260,740 C200,744 170,786 160,840 "
              + " ".join("q19,26 38,0" for _ in range(21)) + " L985,846Z"),
    "paring": "M985,752 L720,752 C660,756 612,796 580,836 C690,856 860,852 985,846Z",
    "fillet": "M985,760 L560,752 C400,742 270,700 170,650 C260,770 420,840 600,846 C760,852 900,842 985,836Z",
    "cleaver": "M985,700 L330,690 C310,690 300,700 300,718 L318,950 C420,964 700,968 985,950Z",
}  # fmt: skip


def _blade(c: Canvas, d: str) -> None:
    steel = c.down((0, "#7f868b"), (0.1, "#e9edef"), (0.42, "#b4bbc0"), (0.62, "#dfe4e6"),
                   (0.66, "#f8fafa"), (1, "#a3abb0"))  # fmt: skip
    c.path(d, steel)
    with c.group(clip_path=c.clip(d)):
        c.path("M640,690 l90,0 l-140,300 l-110,0Z", "#ffffff", opacity=0.4, filter=c.blur(14))
        c.line("M850,790 q16,-24 32,0 t32,0", "#5f676d", 5, opacity=0.8)
        c.line("M150,905 C420,880 700,884 1000,884", "#6e767c", 3, opacity=0.4)


def _handle(c: Canvas, d: str, wood: str, *, rivets: bool = True) -> None:
    c.path(d, c.down((0, lighter(wood, 0.38)), (0.4, wood), (1, darker(wood, 0.4))))
    c.grain(d, wood, [f"M960,{738 + i * 15} C1120,{728 + i * 16} 1280,{745 + i * 15} 1460,{744 + i * 17}"
                      for i in range(8)])  # fmt: skip
    for x in (1080, 1215, 1350) if rivets else ():
        c.ellipse(
            x, 787, 15, 15, c.radial((0, "#fff6dc"), (1, darker(BRASS, 0.25)), cx=0.35, cy=0.3)
        )


def _laid(c: Canvas, blade: str, handle: str) -> None:
    with c.group("translate(26,34)", filter=c.blur(17), opacity=0.45):
        c.path(blade, "#201a17")
        c.path(handle, "#201a17")


def kitchen_knife(c: Canvas, shape: str, *, wood: str = WALNUT, turn: float = -30) -> None:
    """A riveted kitchen knife of the given blade shape, laid aslant."""
    with c.group(f"rotate({turn} 800 800)"):
        _laid(c, BLADES[shape], HANDLE)
        _blade(c, BLADES[shape])
        _handle(c, HANDLE, wood)
        c.rect(966, 738, 34, 98, c.down((0, "#f2e3bd"), (1, darker(BRASS, 0.3))), rx=8)


def puukko(c: Canvas) -> None:
    """A birch-handled puukko beside its leather sheath."""
    blade = "M800,748 L330,752 C262,766 220,800 190,828 C330,850 600,848 800,842Z"
    handle = ("M800,744 C900,716 1060,716 1180,738 C1240,752 1262,724 1282,744 C1298,790 1290,842 1270,862 "
              "C1180,852 1000,880 900,866 C860,860 830,850 800,846Z")  # fmt: skip
    sheath = ("M180,748 C420,726 700,716 1010,704 C1050,706 1058,890 1010,894 C760,900 420,880 190,826 "
              "C166,806 166,768 180,748Z")  # fmt: skip
    with c.group("rotate(-24 800 800) translate(-20,-170)"):
        _laid(c, blade, handle)
        _blade(c, blade)
        _handle(c, handle, BIRCH, rivets=False)
        c.rect(790, 738, 44, 116, c.down((0, "#f2e3bd"), (1, darker(BRASS, 0.3))), rx=10)
    with c.group("rotate(-24 800 800) translate(140,170)"):
        _laid(c, sheath, sheath)
        c.path(
            sheath, c.down((0, lighter(LEATHER, 0.3)), (0.5, LEATHER), (1, darker(LEATHER, 0.45)))
        )
        c.line(
            "M200,768 C420,746 700,738 1000,726", lighter(LEATHER, 0.55), 5, stroke_dasharray="3 15"
        )
        c.path(
            "M930,704 C1000,700 1060,706 1058,800 C1056,890 1000,896 930,896Z",
            darker(LEATHER, 0.25),
        )
        c.tube(
            "M1052,760 C1180,700 1260,800 1180,850 C1130,880 1080,850 1056,838",
            darker(LEATHER, 0.1),
            24,
        )


def folding_knife(c: Canvas) -> None:
    """A pocket knife, half open, with a brass bolster."""
    handle = ("M620,760 C820,716 1120,716 1300,756 C1360,772 1366,840 1310,868 C1120,900 820,900 620,868 "
              "C580,850 580,776 620,760Z")  # fmt: skip
    blade = "M640,772 L300,770 C236,778 190,810 160,846 C330,872 520,866 640,858Z"
    with c.group("rotate(-24 800 800)"):
        with c.group("rotate(28 650 815)"):
            _laid(c, blade, blade)
            _blade(c, blade)
            c.line("M350,790 H520", "#7a8287", 7, opacity=0.7)
        _laid(c, handle, handle)
        _handle(c, handle, WALNUT, rivets=False)
        bolster = "M620,760 C660,752 700,746 740,742 V886 C700,882 660,876 620,868 C580,850 580,776 620,760Z"
        c.path(bolster, c.down((0, "#f5e6bf"), (0.5, BRASS), (1, darker(BRASS, 0.4))))
        for x in (650, 1000, 1270):
            c.ellipse(x, 815, 14, 14, c.radial((0, "#fff6dc"), (1, darker(BRASS, 0.35)), cx=0.35))


def whetstone(c: Canvas) -> None:
    """A stone of two grits in an oak cradle."""
    with c.group("rotate(-18 800 800)"):
        c.rect(236, 640, 1160, 420, "#1d1814", rx=24, filter=c.blur(26), opacity=0.45)
        c.rect(210, 600, 1160, 400, c.lit("#a9794a"), rx=22)
        c.grain("M210,600H1370V1000H210Z", "#a9794a",
                [f"M200,{620 + i * 40} C600,{640 + i * 40} 1000,{600 + i * 40} 1400,{628 + i * 40}"
                 for i in range(10)])  # fmt: skip
        c.rect(300, 690, 990, 250, "#1d1814", rx=10, filter=c.blur(14), opacity=0.5)
        c.rect(290, 660, 990, 250, c.lit("#e2ddd0"), rx=10)
        c.rect(290, 840, 990, 76, c.linear((0, "#8f6a55"), (1, "#6e4d3c")), rx=8)
        c.rect(290, 660, 990, 18, "#ffffff", rx=8, opacity=0.55)
        c.ellipse(640, 745, 250, 46, "#9fb2b8", opacity=0.35, filter=c.blur(12))
        for x, y, r in (
            (420, 790, 14),
            (520, 712, 9),
            (1010, 770, 16),
            (1120, 720, 8),
            (880, 800, 10),
        ):
            c.ellipse(x, y, r, r * 0.8, c.radial((0, "#ffffff", 0.9), (1, "#8fa3aa", 0.6), cx=0.3))


def rack(c: Canvas) -> None:
    """A walnut bar on the wall with three knives held by magnets."""
    c.rect(190, 505, 1250, 140, "#15110f", rx=16, filter=c.blur(24), opacity=0.4)
    for x, shape, size in ((470, "cleaver", 0.72), (800, "chef", 0.8), (1110, "paring", 0.8)):
        with c.group(f"translate({x},560) rotate(90) scale({size}) translate(-640,-800)"):
            _laid(c, BLADES[shape], HANDLE)
    c.rect(
        170,
        470,
        1260,
        140,
        c.down((0, lighter(WALNUT, 0.3)), (0.5, WALNUT), (1, darker(WALNUT, 0.3))),
        rx=16,
    )
    c.grain("M170,470H1430V610H170Z", WALNUT,
            [f"M160,{482 + i * 18} C600,{494 + i * 18} 1000,{474 + i * 18} 1450,{488 + i * 18}"
             for i in range(7)])  # fmt: skip
    for x, shape, size in ((470, "cleaver", 0.72), (800, "chef", 0.8), (1110, "paring", 0.8)):
        with c.group(f"translate({x},560) rotate(90) scale({size}) translate(-640,-800)"):
            _blade(c, BLADES[shape])
            _handle(c, HANDLE, WALNUT)
            c.rect(966, 738, 34, 98, c.down((0, "#f2e3bd"), (1, darker(BRASS, 0.3))), rx=8)


def knife_set(c: Canvas) -> None:
    """The three knives of the set, laid side by side."""
    # In the middle: frames of another shape crop the sides.
    with c.group("translate(755,880) scale(0.84) translate(-690,-790)"):
        for shape, y, size in (("bread", -330, 0.95), ("chef", -20, 0.95), ("paring", 270, 0.95)):
            with c.group(f"rotate(-24 800 800) translate(0,{y}) scale({size})"):
                kitchen_knife(c, shape, turn=0)
