"""No chapter ends with a small card alone behind a full page; cards move and keep their size."""

import pytest

from syndication.rendering.print.chapters import Chapter, Section, lay
from syndication.rendering.print.hand import Hand
from syndication.rendering.print.planning import ChapterPlan, Entry

EIGHTH, SIXTH, QUARTER, STRIP = (6, 3), (6, 4), (6, 6), (12, 4)


def entries(count, cell, *, prefix="") -> list[Entry]:
    names = [f"{prefix}{n}" for n in range(count)]
    return [Entry(name, name, "", "", None, lambda: b"", cells=(cell,)) for name in names]


def chapter(*sections, first=3, run_on=True, **hand) -> Chapter:
    made = Chapter("c", "c", [Section(f"section {n}", list(s)) for n, s in enumerate(sections)])
    lay(made, first=first, hand=Hand(**hand), run_on=run_on)
    return made


def counts(*sections, **how) -> list[int]:
    return [len(leaf.cards) for leaf in chapter(*sections, **how).leaves]


@pytest.mark.parametrize(
    ("cell", "count", "pages"),
    [
        (QUARTER, 5, [3, 2]),
        (QUARTER, 9, [4, 3, 2]),
        (SIXTH, 7, [4, 3]),
        (SIXTH, 8, [4, 4]),
        (EIGHTH, 9, [6, 3]),
        (EIGHTH, 10, [6, 4]),
        (STRIP, 4, [2, 2]),
    ],
)
def test_last_page_takes_cards_from_the_one_before(cell, count, pages):
    assert counts(entries(count, cell)) == pages


@pytest.mark.parametrize(
    ("cell", "count", "pages"),
    [
        (QUARTER, 6, [4, 2]),
        (SIXTH, 9, [6, 3]),
        (EIGHTH, 12, [8, 4]),
        (STRIP, 5, [3, 2]),
        ((12, 6), 3, [2, 1]),
        ((12, 12), 2, [1, 1]),
        (QUARTER, 1, [1]),
    ],
)
def test_last_page_that_is_filled_as_far_as_can_be_is_left_alone(cell, count, pages):
    assert counts(entries(count, cell)) == pages


def test_card_that_closed_a_hole_goes_on_to_close_it():
    wide = [Entry(name, name, "", "", None, lambda: b"", cells=((12, 4),)) for name in "vw"]
    few, (more,) = entries(3, SIXTH), entries(1, SIXTH, prefix="more")
    made = chapter([*few, wide[0], more, wide[1]])
    assert [[slot.entry.identifier for slot in leaf.cards] for leaf in made.leaves] == [
        ["0", "1", "2", "more0"], ["v", "w"],
    ]  # fmt: skip


def test_order_is_kept_and_pages_before_are_too():
    goods = entries(19, SIXTH)
    plain = ChapterPlan(first=3, run_on=True).lay([Section("section 0", goods)])
    even = chapter(goods).leaves
    assert even[:-2] == plain[:-2]
    order = [slot.entry for leaf in even for slot in leaf.cards]
    assert (order, [leaf.page for leaf in even]) == (goods, [3, 4, 5, 6])


def test_section_of_one_card_is_joined_by_the_end_of_the_one_before():
    made = chapter(entries(4, QUARTER), entries(1, QUARTER, prefix="last"))
    before, last = made.leaves
    assert [slot.entry.identifier for slot in last.cards] == ["3", "last0"]
    assert (last.section, last.begins) == ("section 0", False)
    assert [tuple(title) for title in last.titles] == [(0, 6, "section 1", False)]
    assert [section.leaf for section in made.sections] == [before, last]


def test_section_that_began_before_is_not_begun_again():
    made = chapter(entries(2, QUARTER), entries(7, QUARTER, prefix="b"))
    assert [len(leaf.cards) for leaf in made.leaves] == [4, 3, 2]
    assert [(leaf.begins, [t.text for t in leaf.titles]) for leaf in made.leaves] == [
        (True, ["section 1"]), (False, []), (False, []),
    ]  # fmt: skip
    assert made.sections[1].leaf is made.leaves[0]


def test_sections_in_rows_of_their_own_leave_no_card_alone():
    goods = entries(4, QUARTER), entries(1, QUARTER, prefix="last")
    assert counts(*goods, run_on=False) == [2, 3]


def test_what_was_placed_by_hand_stays():
    goods = entries(5, QUARTER)
    assert counts(goods, breaks=frozenset({"4"})) == [4, 1]
    assert counts(goods, together=(("2", "3"),)) == [2, 3]
    made = chapter(entries(9, QUARTER), pins={"0": 3})
    assert [[slot.entry.identifier for slot in leaf.cards] for leaf in made.leaves] == [
        ["1", "2", "3", "4"], ["5", "6", "7"], ["0", "8"],
    ]  # fmt: skip


def test_product_that_goes_on_from_a_page_before_stays():
    goods = entries(3, QUARTER)
    long = Entry("long", "long", "", "", None, lambda: b"", cells=(QUARTER, *[(12, 12)], QUARTER))
    made = chapter([*goods, long])
    assert [len(leaf.cards) for leaf in made.leaves] == [4, 1, 1]
