"""Pages stand where the rules put them, and bear the numbers that the rules say."""

from dataclasses import replace

import pytest

from syndication.rendering.print.chapters import Chapter, Section
from syndication.rendering.print.flow import Flow, Rules, roman
from syndication.rendering.print.inserts import Inserts, Row, Supplied
from syndication.rendering.print.planning import Entry


def chapters(*counts: int) -> list[Chapter]:
    return [
        Chapter(f"c{n}", f"C{n}", [Section("", [entry(k) for k in range(6 * count)])])
        for n, count in enumerate(counts)
    ]


def entry(n: int) -> Entry:
    return Entry(f"S{n}", f"Name {n}", "", "", None, lambda: b"")


def flow(book, *, inserts=None, contents=1, **rules) -> Flow:
    made = Flow(Rules(**rules), inserts=inserts or Inserts())
    return made.begin(book, [("contents", contents)]).end([("index", 1)])


def advert(place: str, pages: int = 1, **more) -> Row:
    return Row(place, [Supplied(place, n) for n in range(pages)], **more)


def kinds(made: Flow) -> str:
    """Return one letter a page: c(over), t(able of contents), o(pener), p(roducts), i(ndex)…"""
    letters = {"contents": "t", "insert": "a", "blank": "-", "notes": "n", "back": "b"}
    return "".join(letters.get(page.kind, page.kind[0]) for page in made.pages)


def test_plain_book_is_counted_from_its_cover():
    book = chapters(2, 1)
    made = flow(book)
    assert kinds(made) == "ctoppopi-b"
    assert [page.folio for page in made.pages] == [str(n) for n in range(1, 11)]
    assert [(c.page, c.folio, [leaf.page for leaf in c.leaves]) for c in book] == [
        (3, "3", [4, 5]),
        (6, "6", [7]),
    ]
    assert list(made.labels()) == [(0, "D", 1)]


def test_chapters_begin_on_right_hand_pages():
    assert kinds(flow(chapters(1, 1, 2), right=True)) == "ctopopoppi-b"
    made = flow(chapters(2, 2), right=True)
    assert kinds(made) == "ctopp-oppi-b"
    assert [page.place % 2 for page in made.pages if page.kind == "opener"] == [1, 1]


@pytest.mark.parametrize(("blanks", "letter"), [("empty", "-"), ("notes", "n"), ("adverts", "a")])
def test_empty_pages_are_what_is_asked_for(blanks, letter):
    rows = Inserts([advert("filler", 2)])
    made = flow(chapters(2, 2), right=True, blanks=blanks, inserts=rows)
    assert kinds(made) == f"ctopp{letter}oppi{letter}b"


def test_fillers_take_turns_and_without_any_the_page_is_empty():
    rows = Inserts([advert("filler", 2)])
    made = flow(chapters(2, 2, 2), right=True, blanks="adverts", inserts=rows)
    assert [page.item.page for page in made.pages if page.kind == "insert"] == [0, 1, 0]
    assert kinds(flow(chapters(2, 2), right=True, blanks="adverts")) == "ctopp-oppi-b"


def test_roman_front_matter_and_a_body_that_begins_with_its_first_number():
    made = flow(chapters(1), contents=2, front="roman", first=101)
    folios = [(page.kind, page.folio, page.printed) for page in made.pages]
    assert folios == [
        ("cover", "i", ""),
        ("contents", "ii", "ii"),
        ("contents", "iii", "iii"),
        ("blank", "iv", ""),
        ("opener", "101", ""),
        ("products", "102", "102"),
        ("index", "103", "103"),
        ("back", "104", ""),
    ]
    assert list(made.labels()) == [(0, "r", 1), (4, "D", 101)]


def test_front_matter_without_numbers():
    made = flow(chapters(1), front="none")
    assert [page.folio for page in made.pages] == ["", "", "1", "2", "3", "4"]
    assert made.pages[2].place % 2 == 1


def test_number_of_pages_is_the_multiple_asked_for():
    for multiple in (2, 4, 8, 16):
        made = flow(chapters(3, 3), multiple=multiple)
        assert len(made.pages) % multiple == 0
        assert len(made.pages) - multiple < 11
        assert made.pages[-1].kind == "back"


def test_inner_sides_of_the_covers_are_pages():
    assert kinds(flow(chapters(1), inside=True)) == "c-topi-b"
    rows = Inserts([advert("inside_front"), advert("inside_back")])
    assert kinds(flow(chapters(1), inside=True, inserts=rows)) == "catopiab"
    assert kinds(flow(chapters(1), inserts=rows)) == "ctopib"


def test_documents_stand_by_their_rules():
    rows = Inserts(
        [
            advert("after_contents", 2),
            advert("before_chapter", of="c1"),
            advert("after_chapter"),
            advert("at_end"),
        ]
    )
    assert kinds(flow(chapters(1, 1), inserts=rows)) == "ctaaopaaopaiab"


def test_document_after_a_page_and_every_so_many_pages():
    rows = Inserts([advert("after_page", n=4)])
    assert kinds(flow(chapters(3), inserts=rows)) == "ctopappi-b"
    turns = Inserts([advert("every", 2, n=2)])
    made = flow(chapters(3, 4), inserts=turns)
    assert kinds(made) == "ctoppapopappapib"
    assert [page.item.page for page in made.pages if page.kind == "insert"] == [0, 1, 0]


def test_a_flow_counts_anew_each_time():
    rows = Inserts([advert("every", 2, n=1), advert("filler", 2)])
    one, two = (flow(chapters(3), blanks="adverts", inserts=rows) for _ in range(2))
    assert [(p.kind, p.item) for p in one.pages if p.kind == "insert"] == [
        (p.kind, p.item) for p in two.pages if p.kind == "insert"
    ]


@pytest.mark.parametrize(("number", "text"), [(1, "i"), (4, "iv"), (9, "ix"), (48, "xlviii")])
def test_roman_numerals(number, text):
    assert roman(number) == text


def test_rules_from_options_that_make_no_sense_are_the_usual_ones():
    odd = {"first_number": "x", "multiple": "3", "front_numbers": [], "blanks": 7}
    assert Rules.of(odd) == Rules() == Rules.of({})


def test_nothing_comes_between_pages_that_face_each_other():
    book = chapters(3)
    spread = replace(entry(90), cells=((12, 12), (12, 12)), facing=True)
    book[0].sections[0].entries.insert(6, spread)
    made = flow(book, inserts=Inserts([advert("every", n=1)]))
    first = next(leaf for leaf in book[0].leaves if leaf.entries == [spread])
    assert first.page % 2 == 0
    assert "ap" not in kinds(made)
