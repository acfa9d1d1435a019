"""A synthetic catalogue of any size, written as the files that an import reads.

The same seed gives the same bytes. About four in ten articles are variants in four colours
below a model; every product has texts in all locales, measurements, prices and a picture.
"""

import csv
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pim.content.locales import to_posix

from .synthetic_words import BRANDS, COLORS, FAMILIES, MATERIALS, SIZES, words_of

VARIANTS = 4
TEXTS = ("name", "short_description", "description", "keywords", "care", "meta_title")
VARIANT_ATTRIBUTES = ("sku", "ean", "color", "image", "weight", "price")
MODEL_FIELDS = ("brand", "material", "width", "height", "depth", "warranty", "recyclable")


@dataclass(frozen=True)
class Recipe:
    """How large and how varied the catalogue is to be."""

    products: int
    seed: int = 1
    locales: tuple[str, ...] = ("en", "de", "fr")
    images: int = 12
    channels: tuple[str, ...] = ("web", "print")
    currencies: tuple[str, ...] = ("EUR", "USD")


def write_catalogue(folder: Path, recipe: Recipe) -> None:
    """Write every file of the catalogue into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in _structure(recipe):
        _write(folder / f"{name}.csv", rows)
    write_products(folder / "products.csv", recipe)
    _write(folder / "product_models.csv", _models(recipe))
    _write_pictures(folder / "images", recipe)


def write_products(path: Path, recipe: Recipe) -> None:
    """Write the table of articles alone."""
    _write(path, _articles(recipe))


def _write(path: Path, rows: Iterator[list]) -> None:
    with path.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out, delimiter=";", lineterminator="\n").writerows(rows)


def _structure(recipe: Recipe) -> Iterator[tuple[str, list[list]]]:
    locales = ",".join(to_posix(code) for code in recipe.locales)
    money = ",".join(recipe.currencies)
    yield "locales", [["code", "enabled"], *([to_posix(c), 1] for c in recipe.locales)]
    yield "currencies", [["code", "activated"], *([code, 1] for code in recipe.currencies)]
    yield (
        "channels",
        [
            ["code", "label-en", "locales", "currencies", "tree"],
            *([c, c.title(), locales, money, "catalogue"] for c in recipe.channels),
        ],
    )
    yield "attribute_groups", [["code", "label-en"], *([g, g.title()] for g in _GROUPS)]
    yield "attributes", [_ATTRIBUTE_HEAD, *_attributes()]
    yield "options", [["code", "attribute", "label-en", "sort_order"], *_options()]
    yield "categories", [["code", "parent", "label-en"], *_categories()]
    yield "families", list(_families(recipe))
    yield "family_variants", list(_family_variants())
    yield "association_types", [["code", "label-en"], ["cross_sell", "Goes well with"]]


_GROUPS = ("texts", "technical", "commercial", "media")
_ATTRIBUTE_HEAD = (
    "code;type;group;localizable;scopable;unique;useable_as_grid_filter;metric_family;"
    "default_metric_unit;label-en;allowed_extensions;max_items"
).split(";")


def _attributes() -> Iterator[list]:
    lines = """
sku identifier commercial 0 1 1
name text texts 1 0 1
short_description textarea texts 1 0 0
description richtext texts 1 0 0
keywords text texts 1 0 0
care textarea texts 1 0 0
meta_title text texts 1 0 0
ean text commercial 0 1 1
brand select commercial 0 0 1
price price_collection commercial 0 0 0
launched date commercial 0 0 0
color select technical 0 0 1
size select technical 0 0 0
material multiselect technical 0 0 1
weight metric technical 0 0 0 Weight GRAM
width metric technical 0 0 0 Length CENTIMETER
height metric technical 0 0 0 Length CENTIMETER
depth metric technical 0 0 0 Length CENTIMETER
warranty number technical 0 0 0
recyclable boolean technical 0 0 0
image image media 0 0 0"""
    for line in lines.strip().split("\n"):
        code, kind, group, localizable, unique, filterable, *metric = line.split()
        family, unit = metric or ("", "")
        label = code.replace("_", " ").capitalize()
        yield [code, kind, group, localizable, 0, unique, filterable, family, unit, label, "", ""]


def _options() -> Iterator[list]:
    for attribute, codes in (
        ("color", COLORS),
        ("size", SIZES),
        ("material", MATERIALS),
        ("brand", BRANDS),
    ):
        for order, code in enumerate(codes):
            yield [code, attribute, code.title(), order]


def _categories() -> Iterator[list]:
    yield ["catalogue", "", "Catalogue"]
    for family in FAMILIES:
        yield [family, "catalogue", family.title()]
        for part in range(1, 6):
            yield [f"{family}_{part}", family, f"{family.title()} {part}"]


def _families(recipe: Recipe) -> Iterator[list]:
    attributes = ",".join(row[0] for row in _attributes())
    needed = "sku,name,description,price,image,ean"
    yield (
        ["code", "label-en", "attributes", "attribute_as_label", "attribute_as_image"]
        + [f"requirements-{channel}" for channel in recipe.channels]
    )
    for family in FAMILIES:
        yield (
            [family, family.title(), attributes, "name", "image"] + [needed] * len(recipe.channels)
        )


def _family_variants() -> Iterator[list]:
    yield ["code", "family", "label-en", "variant-axes_1", "variant-attributes_1"]
    for family in FAMILIES:
        yield [f"{family}_by_color", family, "By colour", "color", ",".join(VARIANT_ATTRIBUTES)]


def _models(recipe: Recipe) -> Iterator[list]:
    """One model for every four variants; it holds what its variants share."""
    yield (
        ["code", "family_variant", "categories", *_text_columns(recipe)]
        + [column for name in MODEL_FIELDS for column in _columns(name)]
    )
    for number in range(_model_count(recipe)):
        rng = random.Random(f"{recipe.seed}:model:{number}")
        family = FAMILIES[number % len(FAMILIES)]
        cells = [f"M{number:07d}", f"{family}_by_color", f"{family}_{rng.randint(1, 5)}"]
        cells += _texts(recipe, rng, number)
        yield cells + _facts(rng, MODEL_FIELDS)


def _articles(recipe: Recipe) -> Iterator[list]:
    yield (
        ["sku", "family", "parent", "categories", "enabled", "ean"]
        + [f"price-{code}" for code in recipe.currencies]
        + ["weight", "weight-unit", "color", "image", "launched", "size", *_text_columns(recipe)]
        + [column for name in MODEL_FIELDS for column in _columns(name)]
        + ["cross_sell-products"]
    )
    variants = _model_count(recipe) * VARIANTS
    blank = [""] * (len(_text_columns(recipe)) + sum(len(_columns(n)) for n in MODEL_FIELDS))
    for number in range(recipe.products):
        rng = random.Random(f"{recipe.seed}:article:{number}")
        model = number // VARIANTS if number < variants else None
        family = FAMILIES[(number if model is None else model) % len(FAMILIES)]
        cells = _article(recipe, rng, number, family=family, model=model)
        if model is None:
            cells += [*_texts(recipe, rng, number), *_facts(rng, MODEL_FIELDS)]
        else:
            cells += blank
        yield [*cells, _partner(rng, number)]


def _article(
    recipe: Recipe, rng: random.Random, number: int, *, family: str, model: int | None
) -> list:
    colors = list(COLORS)
    shift = 0 if model is None else model
    euro = rng.randint(500, 99_900)
    parent = "" if model is None else f"M{model:07d}"
    category = f"{family}_{rng.randint(1, 5)}" if model is None else ""
    picture = f"images/picture-{rng.randrange(recipe.images):04d}.jpg" if recipe.images else ""
    return [
        f"P{number:07d}",
        family,
        parent,
        category,
        1,
        gtin13(number),
        *(f"{euro * (1 + order / 10) / 100:.2f}" for order in range(len(recipe.currencies))),
        rng.randint(100, 20_000),
        "GRAM",
        colors[(number + shift) % len(colors)] if model is not None else rng.choice(colors),
        picture,
        f"20{rng.randint(10, 26)}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}",
        rng.choice(SIZES),
    ]


def _text_columns(recipe: Recipe) -> list[str]:
    return [f"{name}-{to_posix(locale)}" for locale in recipe.locales for name in TEXTS]


def _columns(name: str) -> list[str]:
    return [name, f"{name}-unit"] if name in ("width", "height", "depth") else [name]


def _texts(recipe: Recipe, rng: random.Random, number: int) -> list[str]:
    """Texts that say the same in every locale, in the order of `_text_columns`."""
    picks = [rng.randrange(1_000_000) for _ in range(16)]
    return [text for locale in recipe.locales for text in _locale_texts(locale, picks, number)]


def _locale_texts(locale: str, picks: list[int], number: int) -> list[str]:
    words = words_of(locale)

    def pick(name: str, place: int) -> str:
        return words[name][picks[place] % len(words[name])]

    thing, nature, stuff = pick("thing", 0), pick("nature", 1), pick("stuff", 2)
    name = f"{thing.capitalize()} {BRANDS[picks[3] % len(BRANDS)].title()} {number}"
    sentences = [pick("sentence", place) for place in range(4, 9)]
    paragraph = ". ".join(dict.fromkeys(sentences)) + "."
    return [
        name,
        f"{thing.capitalize()}, {nature}, {pick('made', 9)} {stuff}.",
        f"<p>{thing.capitalize()} {pick('use', 10)}.</p><p>{paragraph}</p>",
        f"{thing}, {nature}, {stuff}",
        pick("care", 11),
        f"{name} – {nature}",
    ]


def _facts(rng: random.Random, names: tuple[str, ...]) -> list:
    cells: list = []
    for name in names:
        if name == "brand":
            cells.append(rng.choice(BRANDS))
        elif name == "material":
            cells.append(",".join(sorted(rng.sample(MATERIALS, rng.randint(1, 3)))))
        elif name == "warranty":
            cells.append(rng.randint(1, 10))
        elif name == "recyclable":
            cells.append(rng.randint(0, 1))
        else:
            cells += [rng.randint(5, 240), "CENTIMETER"]
    return cells


def _partner(rng: random.Random, number: int) -> str:
    """One article in twenty goes well with an earlier one."""
    return f"P{rng.randrange(number):07d}" if number and rng.random() < 0.05 else ""


def _model_count(recipe: Recipe) -> int:
    return recipe.products * 4 // 10 // VARIANTS


def gtin13(number: int) -> str:
    """Return a GTIN-13 of the range for use inside a company (GS1 General Specifications 1.4)."""
    digits = f"29{number:010d}"
    odd, even = sum(map(int, digits[::2])), sum(map(int, digits[1::2]))
    return f"{digits}{-(odd + 3 * even) % 10}"


def _write_pictures(folder: Path, recipe: Recipe) -> None:
    """Draw a small pool of pictures that differ in shape and colour."""
    from PIL import Image, ImageDraw

    folder.mkdir(exist_ok=True)
    for number in range(recipe.images):
        rng = random.Random(f"{recipe.seed}:picture:{number}")
        ground = tuple(rng.randint(200, 250) for _ in range(3))
        image = Image.new("RGB", (800, 800), ground)
        draw = ImageDraw.Draw(image)
        for _ in range(6):
            x, y, size = rng.randint(80, 520), rng.randint(80, 520), rng.randint(80, 240)
            fill = tuple(rng.randint(20, 230) for _ in range(3))
            shape = rng.choice((draw.ellipse, draw.rectangle))
            shape((x, y, x + size, y + size), fill=fill)
        image.save(folder / f"picture-{number:04d}.jpg", quality=88)
