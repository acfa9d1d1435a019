"""Which drawings there are: one plate per picture of the catalogue."""

from functools import partial

from . import kitchen, knives, lamps, landscapes, seats, textiles
from .studio import studio, table

COLOURS = {
    "snow": "#efeae0",
    "fog": "#b9b8b2",
    "night": "#34363d",
    "moss": "#6f7a52",
    "sea": "#3f7183",
    "rust": "#b25f3c",
    "lingon": "#a5383d",
    "cloudberry": "#dd9c45",
    "heather": "#8d7391",
    "birch": "#dcc096",
    "oak": "#bd905c",
    "smoked": "#6d4a33",
    "steel": "#b9bec2",
}


def _plate(family, draw, *arguments, view=None, stage=studio, **named):
    canvas = stage(family)
    draw(canvas, *arguments, **named)
    return canvas, view


def plates() -> dict:
    """Return {picture name: function that draws it}."""
    found = {}

    def add(name, family, draw, colours, **named):
        for colour in colours:
            found[f"{name}-{colour}"] = partial(_plate, family, draw, COLOURS[colour], **named)

    add("revontuli", "lighting", lamps.pendant, ["snow", "night", "moss", "rust"])
    add("majakka", "lighting", lamps.table_lamp, ["snow", "sea", "lingon"])
    add("kuikka", "lighting", lamps.floor_lamp, ["night", "fog"])
    add("lyhty", "lighting", lamps.lantern, ["night", "moss", "cloudberry"])
    add("hoyry", "kitchen", kitchen.kettle, ["snow", "night", "sea"])
    add("liesi", "kitchen", kitchen.casserole, ["lingon", "night", "cloudberry"])
    add("poukama", "kitchen", kitchen.mug, ["snow", "sea", "moss"])
    found["nokka-s"] = partial(_plate, "kitchen", kitchen.coffee_pot, COLOURS["sea"], scale=0.86)
    found["nokka-l"] = partial(_plate, "kitchen", kitchen.coffee_pot, COLOURS["sea"], scale=1.05)
    found["poukama-set"] = partial(_plate, "kitchen", kitchen.mug_set)
    found["nuotio"] = partial(_plate, "kitchen", kitchen.camp_kettle)
    add("laine", "seating", seats.lounge_chair, ["fog", "moss", "rust"])
    add("saari", "seating", seats.dining_chair, ["birch", "oak", "smoked", "night"])
    add("ponttoni", "seating", seats.stool, ["birch", "oak", "smoked"])
    add("terassi", "seating", seats.folding_chair, ["sea", "rust"])
    found["kallio"] = partial(_plate, "seating", seats.bench)
    add("utu", "textiles", textiles.blanket, ["fog", "moss", "rust"])
    add("kanerva", "textiles", textiles.throw, ["heather", "sea"])
    add("routa", "textiles", textiles.cushion, ["sea", "lingon"])
    for shape in knives.BLADES:
        found[f"tera-{shape}"] = partial(_plate, "knives", knives.kitchen_knife, shape, stage=table)
    found["kulku"] = partial(_plate, "knives", knives.puukko, stage=table)
    found["linkku"] = partial(_plate, "knives", knives.folding_knife, stage=table)
    found["hioja"] = partial(_plate, "knives", knives.whetstone, stage=table)
    found["tanko"] = partial(_plate, "knives", knives.rack)
    found["tera-set"] = partial(_plate, "knives", knives.knife_set, stage=table)
    found |= _details(found)
    for key in ("lighting", "seating", "kitchen", "knives", "textiles"):
        found[f"chapter-{key}"] = partial(_open, partial(landscapes.chapter, key))
    found["cover"] = partial(_open, landscapes.cover)
    return found


def _open(draw):
    return draw(), None


def _details(plates: dict) -> dict:
    """Return close views of some plates: the same drawing through a narrower window."""
    views = {
        "revontuli-moss": (390, 700, 700, 700),
        "majakka-sea": (520, 290, 560, 560),
        "lyhty-moss": (480, 240, 640, 640),
        "hoyry-snow": (560, 520, 700, 700),
        "liesi-lingon": (560, 620, 640, 640),
        "laine-moss": (380, 700, 640, 640),
        "saari-oak": (480, 330, 640, 640),
        "terassi-sea": (480, 700, 640, 640),
        "utu-rust": (480, 780, 520, 520),
        "kanerva-heather": (440, 900, 560, 560),
        "routa-sea": (400, 490, 520, 520),
        "tera-chef": (800, 400, 640, 640),
        "kulku": (700, 640, 640, 640),
    }
    return {f"{name}-detail": partial(_near, plates[name], view) for name, view in views.items()}


def _near(draw, view):
    return draw()[0], view
