"""Pages of mixed cells are filled without holes, by the same input always in the same way."""

from dataclasses import dataclass

import pytest

from syndication.rendering.print.hand import Hand, Move
from syndication.rendering.print.planning import ChapterPlan, Entry, Leaf

HALF, THIRD, EIGHTH, FULL = (6, 6), (6, 4), (6, 3), (12, 12)


@dataclass
class Chapter:
    code: str
    leaves: list


@dataclass
class Section:
    title: str
    entries: list
    leaf: Leaf | None = None


def entry(name, *cells, facing=False) -> Entry:
    return Entry(name, name, "", "", None, lambda: b"", cells=cells, facing=facing)


def spread(name) -> Entry:
    return entry(name, FULL, FULL, facing=True)


def laid(*sections, first=3, **hand):
    """Return {page: [(identifier, column, row)]} and the chapter's plan."""
    plan = ChapterPlan(first=first, hand=Hand(**hand))
    leaves = plan.lay([Section(f"section {n}", list(s)) for n, s in enumerate(sections)])
    found = {
        leaf.page: [(s.entry.identifier, s.cell.column, s.cell.row) for s in leaf.cards]
        for leaf in leaves
    }
    return found, plan


def blank(plan) -> list[int]:
    return [leaf.page for leaf in plan.leaves if not leaf.cards]


def pages(found) -> dict[int, str]:
    return {page: "".join(name for name, _, _ in cards) for page, cards in found.items()}


def test_small_cells_stack_beside_a_large_one():
    found, _ = laid([entry("a", HALF), entry("b", EIGHTH), entry("c", EIGHTH), entry("d", FULL)])
    assert found == {3: [("a", 0, 0), ("b", 6, 0), ("c", 6, 3)], 4: [("d", 0, 0)]}


def test_shelf_grows_for_a_higher_card_and_the_next_closes_the_hole():
    found, _ = laid([entry("a", EIGHTH), entry("b", HALF), entry("c", EIGHTH), entry("d", HALF)])
    assert found == {3: [("a", 0, 0), ("b", 6, 0), ("c", 0, 3), ("d", 0, 6)]}


def test_later_card_closes_a_hole_that_the_next_does_not_fit():
    wide = entry("b", (12, 6))
    found, _ = laid([entry("a", HALF), wide, entry("c", FULL), entry("d", HALF)])
    assert found == {3: [("a", 0, 0), ("d", 6, 0), ("b", 0, 6)], 4: [("c", 0, 0)]}


def test_order_by_hand_is_kept_at_the_price_of_a_hole():
    entries = [entry("a", HALF), entry("b", (12, 6)), entry("d", HALF)]
    found, _ = laid(entries, order={"a": 0, "b": 1, "d": 2})
    assert pages(found) == {3: "ab", 4: "d"}


@pytest.mark.parametrize("first", [3, 4])
def test_spread_lies_on_facing_pages(first):
    found, plan = laid([spread("s"), *(entry(c, FULL) for c in "abc")], first=first)
    at = [page for page, names in pages(found).items() if names == "s"]
    assert (at[0] % 2, at[1] - at[0], blank(plan)) == (0, 1, [])
    assert sorted("".join(pages(found).values())) == list("abcss")


def test_lonely_spread_leaves_the_page_before_it_empty_and_says_so():
    found, plan = laid([spread("s")], first=3)
    assert (pages(found), blank(plan)) == ({3: "", 4: "s", 5: "s"}, [3])


def test_break_begins_a_page():
    found, _ = laid([entry(c, THIRD) for c in "abc"], breaks=frozenset({"b"}))
    assert pages(found) == {3: "a", 4: "bc"}


def test_what_belongs_together_shares_a_page():
    entries = [entry(c, (12, 4)) for c in "abcde"]
    found, _ = laid(entries, together=(("c", "e"),))
    assert pages(found) == {3: "abd", 4: "ce"}


def test_group_larger_than_a_page_goes_on_on_the_next():
    found, _ = laid([entry(c, FULL) for c in "abc"], together=(("a", "b", "c"),))
    assert pages(found) == {3: "a", 4: "b", 5: "c"}


def test_pinned_product_stands_at_the_head_of_its_page():
    entries = [entry(c, HALF) for c in "abcdefgh"]
    found, _ = laid(entries, pins={"a": 2})
    assert pages(found) == {3: "bcde", 4: "afgh"}
    assert found[4][0] == ("a", 0, 0)


def test_pin_to_a_page_that_is_not_there_is_placed_last():
    found, _ = laid([entry(c, HALF) for c in "abc"], pins={"a": 9})
    assert pages(found) == {3: "bca"}


def test_section_of_pinned_products_only_knows_its_page():
    sections = [
        Section("one", [entry(c, HALF) for c in "abcd"]),
        Section("two", [entry("e", HALF)]),
    ]
    ChapterPlan(first=3, hand=Hand(pins={"e": 1})).lay(sections)
    assert [s.leaf.page for s in sections] == [3, 3]


def test_cells_of_one_product_stay_in_order():
    _, plan = laid([entry("a", THIRD), entry("b", THIRD, THIRD, (12, 12)), entry("c", THIRD)])
    parts = [(s.entry.identifier, s.part) for leaf in plan.leaves for s in leaf.cards]
    assert [p for p in parts if p[0] == "b"] == [("b", 0), ("b", 1), ("b", 2)]


def test_change_moves_nothing_before_it():
    entries = [entry(f"{n:02}", (THIRD, HALF, EIGHTH, (12, 4))[n % 4]) for n in range(40)]
    before, _ = laid(entries)
    after, _ = laid([*entries[:30], entry("new", FULL), *entries[30:]])
    same = [page for page in before if before[page] == after.get(page)]
    last = next(page for page, cards in before.items() if any(c[0] == "30" for c in cards))
    assert same[: last - 4] == list(before)[: last - 4]
    assert len(same) >= last - 4


def test_no_two_cells_overlap_and_none_is_lost():
    sizes = [THIRD, HALF, EIGHTH, (12, 4), (12, 6), FULL, (4, 4), (6, 12)]
    entries = [entry(f"{n:03}", sizes[n * 7 % 8], facing=False) for n in range(200)]
    _, plan = laid(entries[:70], entries[70:])
    seen = []
    for leaf in plan.leaves:
        taken = set()
        for slot in leaf.cards:
            c = slot.cell
            units = {
                (x, y)
                for x in range(c.column, c.column + c.columns)
                for y in range(c.row, c.row + c.rows)
            }
            assert not units & taken
            assert max(units) <= (11, 11)
            taken |= units
            seen.append(slot.entry.identifier)
    assert sorted(seen) == [e.identifier for e in entries]


def test_what_was_put_somewhere_is_neither_passed_nor_pulled_ahead():
    goods = [entry("a", HALF), entry("b", FULL), entry("c", HALF), entry("d", HALF)]
    moves = (Move(("b",), "a", True),)
    found, _ = laid(goods)
    assert pages(found) == {3: "acd", 4: "b"}
    found, _ = laid(goods, moves=moves)
    assert pages(found) == {3: "a", 4: "b", 5: "cd"}


def run_on(*sections, first=3):
    """Return pages as `laid` does, and {page: titles above its cards}, where sections run on."""
    plan = ChapterPlan(first=first, run_on=True)
    leaves = plan.lay([Section(f"section {n}", list(s)) for n, s in enumerate(sections)])
    found = {
        f.page: [(s.entry.identifier, s.cell.column, s.cell.row) for s in f.cards] for f in leaves
    }
    return found, {leaf.page: [tuple(title) for title in leaf.titles] for leaf in leaves}, leaves


def test_section_runs_on_beside_the_last_card_and_bears_its_title_again_over_its_next_row():
    found, titles, leaves = run_on([entry("a", HALF)], [entry("b", HALF), entry("c", HALF)])
    assert found == {3: [("a", 0, 0), ("b", 6, 0), ("c", 0, 6)]}
    assert titles == {
        3: [(0, 0, "section 0", False), (0, 6, "section 1", False), (6, 0, "section 1", True)]
    }
    assert not leaves[0].begins


def test_section_that_runs_on_over_the_page_bears_its_title_once():
    found, titles, _ = run_on(
        [entry(c, HALF) for c in "abc"], [entry("d", HALF), entry("e", HALF)], [entry("f", HALF)]
    )
    assert found == {
        3: [("a", 0, 0), ("b", 6, 0), ("c", 0, 6), ("d", 6, 6)],
        4: [("e", 0, 0), ("f", 6, 0)],
    }
    assert titles == {3: [(6, 6, "section 1", False)], 4: [(0, 6, "section 2", False)]}


def test_section_does_not_run_on_where_its_card_is_wider_higher_or_has_no_room_for_a_title():
    for size in ((12, 4), HALF, (3, 4)):
        found, titles, _ = run_on([entry("a", THIRD)], [entry("b", size)])
        assert found == {3: [("a", 0, 0), ("b", 0, 4)]}
        assert titles == {3: [(4, 0, "section 1", False)]}


def test_cards_of_a_section_that_ran_on_do_not_close_the_holes_of_the_one_before():
    found, _, _ = run_on([entry("a", HALF), entry("b", EIGHTH)], [entry("c", EIGHTH)])
    assert found == {3: [("a", 0, 0), ("b", 6, 0), ("c", 0, 6)]}
    found, _, _ = run_on(
        [entry("a", (4, 6)), entry("b", (4, 3))], [entry("c", (4, 3)), entry("d", (4, 3))]
    )
    assert found == {3: [("a", 0, 0), ("b", 4, 0), ("c", 8, 0), ("d", 8, 3)]}
