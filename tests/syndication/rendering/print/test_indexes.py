"""Indexes hold every product and every article once, in the order that readers expect."""

from collections import Counter
from itertools import pairwise

import pytest

from syndication.rendering.print import chapters
from syndication.rendering.print.flow import Flow, Rules
from syndication.rendering.print.headlines import Headlines
from syndication.rendering.print.indexes import (
    ROWS,
    indexes,
    lines_of,
    number_key,
    numbered,
)
from syndication.rendering.print.planning import Entry
from syndication.rendering.print.telling import More
from syndication.rendering.tokens import TOKENS
from tests.factories import listings as samples

LABELS = samples.labels("en")
LINES = Headlines(TOKENS["fonts"])


def book(entries: list[Entry]) -> list[chapters.Chapter]:
    found = chapters.arrange(entries, LABELS, locale="en")
    Flow(Rules()).begin(found, [("contents", 1)])
    return found


def names(found: list[chapters.Chapter]) -> list[list[dict]]:
    """Return the rows of the index of names, page by page."""
    return [
        page.rows
        for page in numbered(indexes(found, {}, locales=("en",), lines=LINES), found)["index"]
    ]


def articles(found: list[chapters.Chapter]) -> list[list[dict]]:
    """Return the rows of the index of articles, page by page."""
    asked = {"index": False, "article_index": True}
    made = numbered(indexes(found, asked, locales=("en",), lines=LINES), found)
    return [page.rows for page in made["numbers"]]


def entry(n: int, name: str, numbers: tuple[str, ...] = ()) -> Entry:
    return Entry(f"S{n}", name, "", "light", None, lambda: b"", more=More(numbers))


def test_index_holds_every_product_once_in_place_order():
    pages = names(book([entry(n, f"name {n:03}") for n in range(400)]))
    rows = [row for page in pages for row in page]
    assert [row["text"] for row in rows if row["page"]] == [f"name {n:03}" for n in range(400)]
    places = [(n, r["column"], r["line"]) for n, page in enumerate(pages) for r in page]
    assert places == sorted(set(places))
    assert max(row["line"] + row["lines"] for row in rows) <= ROWS


def test_languages_with_names_of_their_own_have_an_index_each():
    def named(n: int, name: str, **names: str) -> Entry:
        more = More((f"S{n}",), names=tuple(names.items()))
        return Entry(f"S{n}", name, "", "light", None, lambda: b"", more=more)

    listed = [named(0, "Lamp", fi="Valaisin", sv="Lamp"), named(1, "Axe", fi="Kirves", sv="")]
    made = book(listed)
    asked = {"article_index": True}
    found = numbered(indexes(made, asked, locales=("en", "fi", "sv"), lines=LINES), made)
    rows = {
        (kind, page.locale): [row["text"] for row in page.rows if row["page"]]
        for kind, pages in found.items()
        for page in pages
    }
    assert rows == {
        ("index", "en"): ["Axe", "Lamp"],
        ("index", "fi"): ["Kirves", "Valaisin"],
        ("numbers", "en"): ["S0", "S1"],
    }
    assert [page.first for pages in found.values() for page in pages] == [True] * 3


def test_article_index_names_the_page_of_every_variant():
    pages = articles(
        book([entry(0, "Shirt", ("B-10", "B-9")), entry(1, "Mug", ("A-1",)), entry(2, "Lamp")])
    )
    rows = [(r["text"], r["page"], r["folio"]) for page in pages for r in page]
    assert rows == [
        ("A", 0, ""), ("A-1", 4, "4"),
        ("B", 0, ""), ("B-9", 4, "4"), ("B-10", 4, "4"),
        ("S", 0, ""), ("S2", 4, "4"),
    ]  # fmt: skip


def test_article_numbers_are_sorted_by_the_letters_of_the_language():
    numbers = ["Ö1", "Z1", "A10", "A9", "a9x", "7", "Ä2"]
    found = {lc: sorted(numbers, key=lambda n: number_key(n, locale=lc)) for lc in ("fi", "de")}
    assert found == {
        "fi": ["7", "A9", "a9x", "A10", "Z1", "Ä2", "Ö1"],
        "de": ["7", "Ä2", "A9", "a9x", "A10", "Ö1", "Z1"],
    }


def test_a_long_number_gets_the_lines_that_it_needs_and_is_never_cut():
    number = "WWWW-0000-" * 6
    (page,) = articles(book([entry(0, "Long", (number,))]))
    assert page[1]["text"] == number
    assert page[1]["lines"] == lines_of(number, measure=11.9, lines=LINES) > 3


def test_rows_serve_for_another_numbering_of_the_same_book():
    found = book([entry(n, f"name {n:03}") for n in range(60)])
    kept = indexes(found, {}, locales=("en",), lines=LINES)
    (before,) = numbered(kept, found)["index"]
    Flow(Rules()).begin(found, [("contents", 5)])
    (after,) = numbered(kept, found)["index"]
    assert after.rows == names(found)[0]
    pairs = list(zip(after.rows, before.rows, strict=True))
    assert [a["text"] for a, _ in pairs] == [b["text"] for _, b in pairs]
    assert {a["page"] - b["page"] for a, b in pairs if b["page"]} == {4}


def test_a_number_of_two_products_leads_to_the_later_page():
    found = book([entry(n, f"name {n:03}", ("X",) if n in (0, 59) else ()) for n in range(60)])
    (page,) = articles(found)
    last = max(leaf.page for chapter in found for leaf in chapter.leaves)
    assert [row["page"] for row in page if row["text"] == "X" and row["page"]] == [last]


def test_columns_of_the_last_page_end_alike():
    found = book([entry(n, f"{'abcdefgh'[n % 8]} name {n:03}") for n in range(280)])
    ends = [
        [
            max((r["line"] + r["lines"] for r in page if r["column"] == n), default=0)
            for n in (0, 1, 2)
        ]
        for page in names(found)
    ]
    full, last = ends
    assert min(full) > ROWS - 6
    assert max(last) < ROWS - 6
    assert max(last) - min(last) <= 6


def test_a_letter_never_stands_without_a_name_below_it():
    long = "a name of many words that needs a line more than others have"
    found = book([entry(n, f"{'abcdefghijklmnop'[n % 16]} {long} {n:03}"[:62]) for n in range(150)])
    for page in names(found):
        for row, behind in pairwise(page):
            assert row["page"] or row["column"] == behind["column"]
        assert page[-1]["page"]


@pytest.mark.parametrize("shift", range(6))
def test_no_column_begins_or_ends_with_a_single_name_of_a_letter(shift):
    many = {"a": 2, "b": 3 + shift, "c": 1, "d": 4, "e": 60, "f": 2, "g": 3, "h": 75, "i": 5}
    listed = [letter for letter, count in many.items() for _ in range(count)]
    pages = names(book([entry(n, f"{letter} name {n:03}") for n, letter in enumerate(listed)]))
    columns = Counter(
        (n, row["column"], row["text"][0])
        for n, page in enumerate(pages)
        for row in page
        if row["page"]
    )
    assert [place for place, count in columns.items() if count == 1 and place[2] != "c"] == []


def test_lines_are_measured_in_the_fonts_of_the_brand():
    name = "Illuminated ivy trellis, little"
    wide = Headlines({**TOKENS["fonts"], "sans": ["Noto Sans Mono"]})
    assert [lines_of(name, measure=17.2, lines=lines) for lines in (LINES, wide)] == [1, 2]
