"""Furniture of a whole catalogue: references, notes, symbols, tabs and numbers are right, and a
re-issue that sets only what changed is, page by page, the book set anew.
"""

import re
import subprocess
from dataclasses import replace

import page as validator
import pikepdf
import pytest

from syndication.contract import Piece, Pieces, Unit
from tests.factories import listings as samples
from tests.factories import pictures, printed
from tests.factories.adverts import advert
from tests.factories.bookbinding import Issue
from tests.syndication.rendering.print.test_fixed import stored

from .test_catalogue import KIND, text
from .test_catalogue_reissue import own, pictures_of, structure, words

COUNT = 16
PICTURED = ("air", "wash30", "oil", "washable")
EVERYTHING = {
    "references": "PAIR",
    "note": "pieces",
    "symbols": "care, washable",
    "article_index": True,
    "thumb_index": True,
    "chapters_right": True,
    "blanks": "notes",
    "inside_covers": True,
    "front_numbers": "roman",
    "first_number": 11,
    "multiple": "4",
}


def bound(units, locale, folder, *, name, **options):
    """Return the bound catalogue; a full card may report rows that it had no room for."""
    context = samples.context(KIND, locale, folder, **options)
    pieces = [
        Piece(u.id, u.main(locale).identifier, made.payload, KIND.summary(u, context))
        for u, made in zip(units, KIND.fragments(iter(units), context), strict=True)
    ]
    sink = samples.FolderSink(folder=folder / name)
    found = list(KIND.assemble(samples.plan(len(units)), Pieces(pieces), context, sink))
    assert {refusal.code for refusal in found} <= {"rows_left_out"}
    return sink.folder / f"catalogue.{locale}.pdf"


@pytest.fixture(scope="module")
def painted(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pictures")
    return folder, pictures.paint(folder, count=4)


@pytest.fixture(scope="module")
def options(painted):
    """Every piece of furniture at once."""
    folder, found = painted
    symbols = {key: found[n % len(found)] for n, key in enumerate(PICTURED)}
    document = stored(advert(), folder)
    rows = [
        {"asset": document, "place": "inside_front"},
        {"asset": document, "place": "before_chapter", "of": "light"},
        {"asset": document, "place": "every", "n": 3},
    ]
    return {**EVERYTHING, "symbol_pictures": symbols, "inserts": rows}


def paired(units: list[Unit], gone: str = "GONE-1") -> list[Unit]:
    """Return the units with associations: to one further on, to one before, to one not there."""
    locale = next(iter(units[0].listings))
    names = [unit.main(locale).identifier for unit in units]
    found = []
    for n, unit in enumerate(units):
        others = [names[(n + 5) % len(names)], gone, names[n - 1], names[n]][: n % 5]
        told = {"PAIR": [{"identifier": name} for name in others]}
        found.append(altered(unit, associations=told))
    return found


def altered(unit: Unit, **body) -> Unit:
    ((locale, (main, *rest)),) = unit.listings.items()
    body["values"] = main.body["values"] | body.get("values", {})
    digest = f"{main.digest}{sorted(body)}{body.get('associations')}{body.get('name')}"
    new = replace(main, digest=digest, body=main.body | body)
    return replace(unit, listings={locale: (new, *rest)})


def renamed(units):
    name = "Zebra, renamed"
    return [altered(units[0], name=name, values={"name": own(name)}), *units[1:]]


def moved(units):
    goal = units[4].main(*units[4].listings).body["categories"]
    return [altered(units[0], categories=goal), *units[1:]]


def noted(units):
    return [*units[:2], altered(units[2], values={"pieces": own("77")}), *units[3:]]


def removed(units):
    return [*units[:1], *units[2:]]


def added(units):
    locale = next(iter(units[0].listings))
    return [*units, altered(samples.unit(COUNT + 9, locale, pictures=()), associations={})]


def unchanged(units):
    return units


CASES = [
    (renamed, "en"), (moved, "en"), (noted, "en"), (removed, "en"), (added, "en"),
    (unchanged, "en"), (removed, "ar"), (renamed, "de"), (added, "fi"),
]  # fmt: skip


@pytest.fixture(scope="module")
def first_issues(painted, options, tmp_path_factory):
    made: dict[str, tuple] = {}

    def first(locale: str) -> tuple[Issue, list[Unit]]:
        if locale not in made:
            issue = begun(painted, options, tmp_path_factory, locale)
            units = paired(samples.units(COUNT, locale, pictures=painted[1]))
            issue.issue(units)
            made[locale] = (issue, units)
        return made[locale]

    return first


def begun(painted, options, factory, locale: str) -> Issue:
    folder = factory.mktemp("issue")
    return Issue(folder, assets=painted[0] / "assets", locale=locale, options=options)


@pytest.mark.parametrize(
    ("change", "locale"), CASES, ids=[f"{change.__name__}-{locale}" for change, locale in CASES]
)
def test_reissue_with_all_furniture_is_the_book_set_anew(
    change, locale, first_issues, painted, options, tmp_path_factory
):
    again, units = first_issues(locale)
    anew = begun(painted, options, tmp_path_factory, locale)
    anew.runs = again.runs
    set_again, ours = again.issue(change(units))
    set_anew, full = anew.issue(change(units))
    assert set_again <= 1 < set_anew
    assert words(ours) == words(full)
    assert structure(ours) == structure(full)
    assert pictures_of(ours) == pictures_of(full)


@pytest.fixture(scope="module")
def book(painted, options):
    units = paired(samples.units(COUNT, "en", pictures=painted[1]))
    return units, bound(units, "en", painted[0], name="all", **options)


def labels(path) -> list[str]:
    with pikepdf.open(path) as pdf:
        return [page.label for page in pdf.pages]


def links(path) -> list[tuple[int, int, list[float]]]:
    """Return (page, page it leads to, rectangle) of all inner links."""
    with pikepdf.open(path) as pdf:
        places = {page.obj.objgen: n for n, page in enumerate(pdf.pages, 1)}
        return [
            (n, places[note.Dest[0].objgen], [float(x) for x in note.Rect])
            for n, page in enumerate(pdf.pages, 1)
            for note in page.obj.get("/Annots", [])
            if "/Dest" in note
        ]


def within(path, page: int, box: list[float]) -> str:
    x0, y0, x1, y1 = box
    size = [f"{n:.0f}" for n in (x0, 842 - y1, x1 - x0 + 1, y1 - y0 + 1)]
    area = [arg for pair in zip(("-x", "-y", "-W", "-H"), size, strict=True) for arg in pair]
    command = ["pdftotext", "-f", str(page), "-l", str(page), *area, "-layout", str(path), "-"]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    return " ".join(done.stdout.split())


def test_every_reference_names_a_product_and_the_number_of_its_page(book):
    units, path = book
    names = {u.main("en").body["name"]: u.main("en").identifier for u in units}
    folios, seen = labels(path), 0
    for page, goal, box in links(path):
        told = within(path, page, box)
        found = re.fullmatch(r"(.+?)(?:…|\.\.\.)? p\. (\d+)", told)
        if not found:
            continue
        seen += 1
        assert found[2] == folios[goal - 1]
        (name,) = [n for n in names if n.startswith(found[1].rstrip("."))][:1]
        assert name.split("“")[0] in text(path, goal)
    kept = [[o for o in _others(u) if o != "GONE-1"] for u in units]
    assert seen == sum(len(found) for found in kept) > 12


def test_name_and_number_of_a_reference_stand_on_one_line(book):
    _units, path = book
    page, _goal, box = next(
        found for found in links(path) if re.search(r" p\. \d+$", within(path, *found[::2]))
    )
    command = ["pdftotext", "-f", str(page), "-l", str(page), "-bbox", str(path), "-"]
    told = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    foot = 842 - box[1]
    rows = re.findall(r'xMin="(\S+)" .*xMax="(\S+)" yMax="(\S+)">(.*)<', told)
    found = {
        word: float(bottom)
        for left, right, bottom, word in rows
        if box[0] <= float(left) and float(right) <= box[2] + 1 and 0 < foot - float(bottom) + 1 < 6
    }
    # Below its baseline a font has as much room as it says: the sans, and its digits.
    lines = {word: at - (0.25 if word.isdecimal() else 0.293) * 6.6 for word, at in found.items()}
    assert len(lines) > 2
    assert max(lines.values()) - min(lines.values()) < 0.3, lines


def _others(unit: Unit) -> list[str]:
    body = unit.main("en").body
    found = [other["identifier"] for other in body["associations"]["PAIR"]]
    return [name for name in found if name != body["identifier"]]


def test_product_that_is_not_in_the_book_has_no_reference(book):
    assert "GONE-1" not in text(book[1])


def test_notes_are_numbered_anew_on_every_page_and_equal_ones_share_a_number(painted, options):
    units = [altered(u, values={"pieces": own("7")}) for u in samples.units(12, "en")]
    units[0] = altered(units[0], values={"pieces": own("8")})
    path = bound(units, "en", painted[0], name="notes", **{**options, "inserts": []})
    with pikepdf.open(path) as pdf:
        pages = [n for n, page in enumerate(pdf.pages, 1) if "/G" in page.Resources.XObject]
    feet = [within(path, page, [40, 36, 560, 70]) for page in pages]
    assert sorted(set(feet)) == ["17", "18 27"]
    found = [marks(path, page) for page in pages]
    assert found[0] == ["1", *["2"] * (len(found[0]) - 1)]
    assert {number for page in found[1:] for number in page} == {"1"}
    assert sum(len(page) for page in found) == 12


def marks(path, page: int) -> list[str]:
    """Return the numbers of notes that are stamped behind names, in order."""
    with pikepdf.open(path) as pdf:
        drawn = pdf.pages[page - 1].obj.Contents.read_bytes()
    return [n.decode() for n in re.findall(rb"/Pn 5\.6 Tf [^(]*\((\d+)\) Tj", drawn)]


def test_note_that_does_not_fit_is_shortened_and_reported(painted):
    context = samples.context(KIND, "en", painted[0], note="intro")
    long = [{"intro": own(f"{n} " + "word " * 110)} for n in range(6)]
    units = [altered(u, values=v) for u, v in zip(samples.units(6), long, strict=True)]
    pieces = [
        Piece(u.id, u.main("en").identifier, made.payload, KIND.summary(u, context))
        for u, made in zip(units, KIND.fragments(iter(units), context), strict=True)
    ]
    sink = samples.FolderSink(folder=painted[0] / "long")
    found = KIND.assemble(samples.plan(6), Pieces(pieces), context, sink)
    cut = [refusal for refusal in found if refusal.code == "note_shortened"]
    assert [(r.severity, r.params["page"]) for r in cut] == [
        ("warning", "4"), ("warning", "6"), ("warning", "8")
    ]  # fmt: skip


def test_symbols_are_explained_and_take_the_place_of_their_values(book):
    path = book[1]
    legend = next(n for n in range(1, 9) if text(path, n).startswith("Symbols"))
    told = " ".join(text(path, legend).split())
    assert [
        label in told for label in ("Wash at 30 °C", "Oil once a year", "Machine washable")
    ] == [True] * 3
    assert "soft cloth" not in told  # without a picture it stays in the table
    products = "".join(text(path, n) for n in range(legend + 1, len(labels(path)) + 1))
    assert "Machine washable" not in products
    assert "Wipe with a soft" in " ".join(products.split())


def test_pages_are_labelled_as_they_are_numbered(book):
    found = labels(book[1])
    body = found.index("11")
    assert found[:body] == ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii"][:body]
    assert body % 2 == 0
    assert found[body:] == [str(n) for n in range(11, 11 + len(found) - body)]
    assert len(found) % 4 == 0


def test_chapters_are_on_the_right_and_links_of_the_contents_lead_there(book):
    path = book[1]
    with pikepdf.open(path) as pdf, pdf.open_outline() as outline:
        places = {page.obj.objgen: n for n, page in enumerate(pdf.pages, 1)}
        found = {i.title: places[i.destination[0].objgen] for i in outline.root}
    assert {found[title] % 2 for title in ("At home", "Light", "To wear")} == {1}
    goals = {goal for page, goal, _ in links(path) if page == found["Contents"]}
    assert {found[t] for t in ("Symbols", "At home", "Light", "Index")} <= goals


def test_a_reference_is_as_wide_as_its_card_and_one_without_room_is_told(painted):
    long, endless = "Set of four enamel mugs, three colours, with birch lids", "Everlasting " * 14
    units = samples.units(3, "en")
    identifiers = [unit.main("en").identifier for unit in units]
    named = [
        altered(unit, name=name, associations={"PAIR": [{"identifier": other}]})
        for unit, name, other in zip(
            units, (long, endless, "Mug"), [*identifiers[1:], identifiers[0]], strict=True
        )
    ]
    context = samples.context(KIND, "en", painted[0], layout="four", references="PAIR")
    files, refusals = printed.issue(KIND, named, context, painted[0] / "referred")
    # The running head, its card, and the card that refers to it.
    assert " ".join(printed.text(files["catalogue.en.pdf"]).split()).count(long) == 3
    told = [(r.identifier, r.severity) for r in refusals if r.code == "reference_shortened"]
    assert told == [(identifiers[1], "warning")]


def test_tab_is_seen_on_an_opener_of_its_colour(painted):
    path = bound(samples.units(14, "en"), "en", painted[0], name="grounds", thumb_index=True)
    with pikepdf.open(path) as pdf:
        tabs = {n: found for n, page in enumerate(pdf.pages, 1) if (found := tab(page))}
    lowest = min(y for _x, y in tabs.values())
    opener = min(n for n, (_x, y) in tabs.items() if y == lowest)
    shown = printed.raster(path, opener, dpi=200)
    # Beside the words of the tab, from the top of the page to its foot.
    beside = round(1.2 / 25.4 * 200)
    left = tabs[opener][0] < 300
    column = (
        round(7 / 25.4 * 200) - beside if left else shown.width - round(7 / 25.4 * 200) + beside
    )
    tones = [sum(shown.convert("RGB").getpixel((column, y))) for y in range(shown.height)]
    assert max(tones) - min(tones) > 200


@pytest.mark.parametrize(("locale", "edge"), [("en", "right"), ("ar", "left")])
def test_tab_steps_down_with_every_chapter_at_the_outer_edge(locale, edge, painted):
    units = samples.units(14, locale)
    path = bound(units, locale, painted[0], name=f"tabs-{locale}", thumb_index=True)
    with pikepdf.open(path) as pdf:
        tabbed = [(n, tab(page)) for n, page in enumerate(pdf.pages, 1) if tab(page)]
    heights = sorted({y for _, (_, y) in tabbed}, reverse=True)
    assert len(heights) == 3
    assert [y for _, (_, y) in tabbed] == sorted((y for _, (_, y) in tabbed), reverse=True)
    odd = {x > 300 for n, (x, _) in tabbed if n % 2}
    even = {x > 300 for n, (x, _) in tabbed if n % 2 == 0}
    assert (odd, even) == ({edge == "right"}, {edge != "right"})


def tab(page) -> tuple[float, float] | None:
    """Return where the tab of a page is placed."""
    drawn = page.obj.Contents.read_bytes()
    found = re.search(rb"q 1 0 0 1 ([\d.-]+) ([\d.-]+) cm /X\d+ Do", drawn)
    return (float(found[1]), float(found[2])) if found else None


def test_furniture_keeps_the_promise_of_an_accessible_file(painted, options):
    units = paired(samples.units(8, "en", pictures=painted[1]))
    chosen = {**options, "inserts": [], "form": "accessible"}
    bound(units, "en", painted[0], name="read", **chosen)
    path = painted[0] / "read" / "catalogue.en.accessible.pdf"
    profile = validator.ValidationProfile.PDF_UA_1
    report = validator.validate_pdf(path, profile=profile)
    assert [(found.rule_id, found.message) for found in report.failures] == []
    with pikepdf.open(path) as pdf:
        said = [
            str(note.Contents)
            for page in pdf.pages
            for note in page.obj.get("/Annots", [])
            if re.search(r", \d+$", str(note.Contents))
        ]
    assert len(said) == sum(len([o for o in _others(u) if o != "GONE-1"]) for u in units)
