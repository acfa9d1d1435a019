"""Products stand in the chapters of the tree, row by row, and can be found again."""

from syndication.rendering.print import chapters
from syndication.rendering.print.flow import Flow, Rules
from syndication.rendering.print.hand import Hand, Move
from syndication.rendering.print.planning import Entry
from tests.factories import listings as samples

LABELS = samples.labels("en")


def entries(*rows):
    return [
        Entry(f"S{n}", name, "", category, None, lambda: b"")
        for n, (name, category) in enumerate(rows)
    ]


def arranged(*rows):
    return chapters.arrange(entries(*rows), LABELS, locale="en")


def test_chapters_follow_the_tree_and_the_rest_comes_last():
    found = arranged(("Z", ""), ("Y", "light"), ("X", "textiles"), ("W", "gone"), ("V", "home"))
    assert [(c.title, [s.title for s in c.sections]) for c in found] == [
        ("At home", ["", "Blankets & textiles"]),
        ("Light", [""]),
        ("More products", [""]),
    ]
    assert [e.name for e in found[-1].entries] == ["W", "Z"]


def test_product_in_several_categories_is_printed_in_the_first_of_the_tree():
    unit = samples.unit(0, "en")
    unit.main("en").body["categories"] = ["light", "textiles", "gone"]
    assert chapters.summarise(unit, LABELS, locale="en")["category"] == "textiles"


def test_section_begins_in_a_row_of_its_own():
    rows = [(f"b{n}", "textiles") for n in range(3)] + [(f"s{n}", "furniture") for n in range(5)]
    book = arranged(*rows)
    flow = Flow(Rules(run_on=False)).begin(book, [("contents", 1)])
    first, second = book[0].leaves
    assert [slot.cell[:2] for slot in first.cards] == [(0, 0), (6, 0), (0, 4), (0, 8), (6, 8)]
    assert first.titles == [(8, 0, "Small furniture", False)]
    assert (second.page, second.section, second.begins) == (5, "Small furniture", False)
    assert [slot.cell[:2] for slot in second.cards] == [(0, 0), (6, 0), (0, 4)]
    assert [s.page for s in book[0].sections] == [4, 4]
    assert [page.kind for page in flow.pages[2:]] == ["opener", "products", "products"]


def names_of(rows, *moves):
    hand = Hand(moves=moves)
    found = chapters.arrange(entries(*rows), LABELS, locale="en", hand=hand)
    return [[(s.title, [e.identifier for e in s.entries]) for s in c.sections] for c in found]


def test_a_product_stands_where_it_was_put_in_the_section_of_its_neighbour():
    rows = [("a", "textiles"), ("b", "textiles"), ("c", "furniture"), ("d", "light")]
    textiles, furniture, light = "Blankets & textiles", "Small furniture", ""
    assert names_of(rows, Move(("S1",), "S0", behind=False)) == [
        [(textiles, ["S1", "S0"]), (furniture, ["S2"])], [(light, ["S3"])],
    ]  # fmt: skip
    assert names_of(rows, Move(("S1", "S0"), "S2", behind=True)) == [
        [(furniture, ["S2", "S1", "S0"])], [(light, ["S3"])],
    ]  # fmt: skip
    moves = (Move(("S2",), "S0", behind=True), Move(("S1",), "S2", behind=False))
    assert names_of(rows, *moves) == [[(textiles, ["S0", "S1", "S2"])], [(light, ["S3"])]]


def test_a_product_of_another_chapter_or_no_product_moves_nothing():
    rows = [("a", "textiles"), ("b", "light")]
    assert names_of(rows, Move(("S1",), "S0", True), Move(("S0",), "gone", True)) == names_of(rows)
