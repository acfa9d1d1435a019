"""The demo catalogue as it lies in its files: whole, in six languages, and well-formed."""

import csv
from pathlib import Path

import pytest
from django.conf import settings

FOLDER = settings.BASE_DIR / "pim" / "demo" / "catalogue"
LOCALES = ["en", "fi", "da", "pl", "de", "ar"]
# What is missing on purpose, so that findings can be seen.
MISSING = {
    ("terassi", "short_description", "pl"),
    ("terassi", "description", "pl"),
    *(
        ("LINKKU", name, locale)
        for name in ("short_description", "description")
        for locale in ("da", "pl", "de", "ar")
    ),
}


def rows(name: str) -> list[dict[str, str]]:
    with open(FOLDER / f"{name}.csv", newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter=";"))


def roots() -> list[dict[str, str]]:
    """Return the rows that carry texts: models without a parent and single articles."""
    models = [row for row in rows("product_models") if not row["parent"]]
    return models + [row for row in rows("products") if not row["parent"]]


def name_of(row: dict[str, str]) -> str:
    return row.get("code") or row["sku"]


def test_there_are_sixty_three_products_of_five_families():
    products = rows("products")
    assert len(products) == 63
    assert {row["family"] for row in products} == {
        "lighting",
        "seating",
        "kitchen",
        "knives",
        "textiles",
    }
    assert {row["family_variant"] for row in rows("product_models")} == {
        row["code"] for row in rows("family_variants")
    }


def test_texts_are_there_in_all_languages_but_where_meant():
    empty = {
        (name_of(row), name, locale)
        for row in roots()
        for name in ("name", "short_description", "description")
        for locale in LOCALES
        if not row[f"{name}-{locale}"]
    }
    assert empty == MISSING


def test_translations_differ_from_the_english():
    same = {
        (name_of(row), locale)
        for row in roots()
        for locale in LOCALES[1:]
        if row[f"description-{locale}"] and row[f"description-{locale}"] == row["description-en"]
    }
    assert same == set()


def test_arabic_texts_are_written_in_arabic():
    for row in roots():
        text = row["name-ar"]
        assert sum("\u0600" <= c <= "\u06ff" for c in text) > len(text) / 2, text


@pytest.mark.parametrize(
    "name",
    [
        "association_types",
        "attribute_groups",
        "attribute_options",
        "attributes",
        "audiences",
        "categories",
        "channels",
        "families",
        "family_variants",
        "group_types",
        "groups",
        "measurement_families",
        "price_lists",
        "reference_entities",
        "reference_records",
    ],
)
def test_labels_are_there_in_all_languages(name):
    empty = [(r["code"], loc) for r in rows(name) for loc in LOCALES if not r[f"label-{loc}"]]
    assert empty == []


def test_gtins_are_unique_valid_and_not_restricted():
    gtins = [row["gtin"] for row in rows("products")]
    assert len(set(gtins)) == 63
    for gtin in gtins:
        assert len(gtin) == 13
        weights = [1, 3] * 6 + [1]
        assert sum(int(d) * w for d, w in zip(gtin, weights, strict=True)) % 10 == 0
        assert gtin.startswith("6429999")


def test_every_picture_is_listed_small_and_described():
    listed = {row["file"]: row for row in rows("assets")}
    files = {str(p.relative_to(FOLDER)) for p in FOLDER.glob("*/*") if p.suffix != ".svg"}
    assert set(listed) == files
    pictures = [p for p in (FOLDER / "images").glob("*.jpg")]
    assert all(p.stat().st_size <= 120_000 for p in pictures)
    assert sum(p.stat().st_size for p in (FOLDER / "images").iterdir()) <= 8_000_000
    for name, row in listed.items():
        if name.startswith("images/"):
            assert [loc for loc in LOCALES if not row[f"alt-{loc}"]] == []


def test_every_product_has_prices_but_the_one_made_to_measure():
    priced: dict[str, set[str]] = {}
    for row in rows("prices"):
        priced.setdefault(row["product"], set()).add(row["price_list"])
    everything = {row["code"] for row in rows("price_lists")}
    without = {row["sku"] for row in rows("products")} - set(priced)
    assert without == {"KALLIO"}
    assert set(map(frozenset, priced.values())) == {frozenset(everything)}


def test_drawings_make_the_pictures_that_there_are():
    from pim.demo.drawing.plates import plates

    assert set(plates()) == {Path(p).stem for p in (FOLDER / "images").glob("*.jpg")}
