"""The table of 30 columns that `import_wide` imports: its structure, its rows, and its variants.

The table is the usual one of a supplier: codes, a unique number, texts in two locales, options,
prices in two currencies, measurements with units, dates, a category.
"""

import random
from pathlib import Path

HEAD = (
    "sku;family;categories;enabled;ean;name-en;name-de;summary-en;summary-de;description-en;"
    "brand;color;material;size;price-EUR;price-USD;weight;weight-unit;width;width-unit;height;"
    "height-unit;launched;warranty;recyclable;origin;supplier_number;pack;remark;series"
)
COLUMN = {name: place for place, name in enumerate(HEAD.split(";"))}
ATTRIBUTES = """\
code;type;group;localizable;unique;useable_as_grid_filter;metric_family;default_metric_unit
sku;identifier;info;0;1;1;;
ean;text;info;0;1;0;;
name;text;info;1;0;1;;
summary;textarea;info;1;0;0;;
description;textarea;info;1;0;0;;
brand;select;info;0;0;1;;
color;select;info;0;0;1;;
material;multiselect;info;0;0;0;;
size;select;info;0;0;0;;
price;price_collection;info;0;0;0;;
weight;metric;info;0;0;0;Weight;GRAM
width;metric;info;0;0;0;Length;CENTIMETER
height;metric;info;0;0;0;Length;CENTIMETER
launched;date;info;0;0;0;;
warranty;number;info;0;0;0;;
recyclable;boolean;info;0;0;0;;
origin;text;info;0;0;0;;
supplier_number;text;info;0;0;0;;
pack;number;info;0;0;0;;
remark;text;info;0;0;0;;
series;text;info;0;0;0;;
"""
# What the rules write: no column has it.
RULED = """\
title;text;info;1;0;1;;
tone;select;info;0;0;1;;
long_warranty;boolean;info;0;0;0;;
"""
CHOICES = {
    "brand": [f"brand_{n}" for n in range(40)],
    "color": ["red", "blue", "green", "sand", "black", "white"],
    "material": ["oak", "birch", "steel", "glass", "wool"],
    "size": ["s", "m", "l", "xl"],
    "tone": ["warm", "cold", "neutral"],
}
FAMILIES = [f"family_{n}" for n in range(8)]
WORDS = "calm sturdy slender round warm quiet clear lamp chair table shelf blanket bowl".split()
_ANY = {"family": [{"operator": "IN", "value": FAMILIES}]}
RULES = [
    {
        "name": "Title",
        "when": {"search": _ANY},
        "actions": [
            {
                "op": "concatenate",
                "to": {"attribute": "title", "locale": "*"},
                "template": "{brand} {name} {size}",
            }
        ],
    },
    {
        "name": "Tone",
        "when": {"search": _ANY},
        "actions": [
            {
                "op": "map",
                "from": {"attribute": "color"},
                "to": {"attribute": "tone"},
                "table": {"red": "warm", "sand": "warm", "blue": "cold", "green": "cold"},
                "otherwise": {"value": "neutral"},
            }
        ],
    },
    {
        "name": "Long warranty",
        "when": {
            "search": {"family": [{"operator": "IN", "value": FAMILIES[:4]}]},
        },
        "actions": [
            {"op": "set", "attribute": "long_warranty", "value": True},
            {"op": "categories", "mode": "add", "codes": ["c7"]},
        ],
    },
]


def make_files(
    *, folder: str, rows: int, seed: int, odd: int = 0, changed: int = 1, rules: bool = False
) -> dict:
    """Write the structure, the table, and the table with so many in a hundred rows changed.

    Of `odd` rows one is odd, and refused: its weight is no number, or its brand no option.
    """
    home = Path(folder)
    (home / "structure").mkdir(parents=True)
    for name, text in _structure(rules=rules).items():
        (home / "structure" / f"{name}.csv").write_text(text)
    dice = random.Random(seed)
    with (home / "new.csv").open("w") as new, (home / "changed.csv").open("w") as other:
        new.write(f"{HEAD}\n")
        other.write(f"{HEAD}\n")
        for number in range(rows):
            row = _row(number, dice)
            if is_odd(number, odd):
                _spoil(row, number // odd)
            new.write(f"{';'.join(row)}\n")
            if is_changed(number, changed):
                _change(row, few=changed == 1)
            other.write(f"{';'.join(row)}\n")
    return {}


def is_odd(number: int, odd: int) -> bool:
    """Return whether a row is the odd one among so many."""
    return bool(odd) and number % odd == odd // 2


def is_changed(number: int, percent: int) -> bool:
    """Return whether a row is one of so many in a hundred, spread evenly."""
    return number * percent % 100 < percent


def _spoil(row: list[str], turn: int) -> None:
    name, text = (("weight", "much"), ("brand", "nobody"))[turn % 2]
    row[COLUMN[name]] = text


def _change(row: list[str], *, few: bool) -> None:
    """Change the remark, and unless `few` both prices and both summaries too."""
    row[COLUMN["remark"]] += "!"
    for name in () if few else ("summary-en", "summary-de"):
        row[COLUMN[name]] += " anew"
    for name in () if few else ("price-EUR", "price-USD"):
        row[COLUMN[name]] = f"{float(row[COLUMN[name]]) + 1:.2f}"


def _structure(*, rules: bool) -> dict[str, str]:
    attributes = ATTRIBUTES + (RULED if rules else "")
    codes = [line.split(";")[0] for line in attributes.splitlines()[1:]]
    options = [f"{c};{a}" for a, choices in CHOICES.items() if a in codes for c in choices]
    families = [f"{name};{','.join(codes)};name,brand,price;name" for name in FAMILIES]
    return {
        "locales": "code\nen\nde\n",
        "channels": "code;locales;currencies;tree\nweb;en,de;EUR,USD;tree\nprint;en;EUR;tree\n",
        "attribute_groups": "code\ninfo\n",
        "attributes": attributes,
        "options": "\n".join(["code;attribute", *options]),
        "categories": "\n".join(["code;parent", "tree;", *(f"c{n};tree" for n in range(60))]),
        "families": "\n".join(["code;attributes;requirements-web;requirements-print", *families]),
    }


def _row(number: int, dice: random.Random) -> list[str]:
    few = [dice.choice(WORDS) for _n in range(24)]
    price = dice.randrange(100, 90_000)
    return [
        f"A{number:07}", f"family_{number % 8}", f"c{number % 60}", "1",
        str(2_000_000_000_000 + number),
        f"{few[0]} {few[1]} {number}", f"{few[1]} {few[2]} {number}", " ".join(few[2:8]),
        " ".join(few[8:14]), " ".join(few), dice.choice(CHOICES["brand"]),
        dice.choice(CHOICES["color"]), ",".join(dice.sample(CHOICES["material"], 2)),
        dice.choice(CHOICES["size"]), f"{price / 100:.2f}", f"{price / 90:.2f}",
        str(dice.randrange(100, 9000)), "GRAM", str(dice.randrange(10, 300)), "CENTIMETER",
        str(dice.randrange(10, 300)), "CENTIMETER", f"20{number % 25:02}-0{number % 9 + 1}-15",
        str(number % 10), str(number % 2), few[3], f"S-{number}", str(number % 12 + 1),
        " ".join(few[14:18]), few[4],
    ]  # fmt: skip
