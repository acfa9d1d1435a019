"""A re-issue that sets only what changed is, page by page, the book that is set anew."""

import subprocess
from dataclasses import replace

import pikepdf
import pytest

from syndication.contract import Unit
from tests.factories import listings as samples
from tests.factories import pictures
from tests.factories.bookbinding import Issue

COUNT = 13


@pytest.fixture(scope="module")
def painted(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pictures")
    return folder, pictures.paint(folder, count=2)


@pytest.fixture(scope="module")
def issues(painted, tmp_path_factory):
    """Return a maker of issues; each begins without any memory of its own."""
    return lambda locale: Issue(
        tmp_path_factory.mktemp("issue"), assets=painted[0] / "assets", locale=locale
    )


@pytest.fixture(scope="module")
def first_issues(issues, painted):
    """The catalogue as first issued, one per locale; every test issues it again, changed."""
    made: dict[str, Issue] = {}

    def first(locale: str) -> Issue:
        if locale not in made:
            made[locale] = issues(locale)
            made[locale].issue(samples.units(COUNT, locale, pictures=painted[1]))
        return made[locale]

    return first


def altered(unit: Unit, **body) -> Unit:
    """Return the unit with other fields in the body of its main listing, values added to."""
    ((locale, (main, *rest)),) = unit.listings.items()
    body["values"] = main.body["values"] | body.get("values", {})
    new = replace(main, digest=f"{main.digest}{sorted(body)}", body=main.body | body)
    return replace(unit, listings={locale: (new, *rest)})


def own(value) -> list:
    return [value, "own", ""]


def longer(units: list[Unit], _new: Unit) -> list[Unit]:
    intro = units[3].main(*units[3].listings).body["values"]["intro"][0]
    return [*units[:3], altered(units[3], values={"intro": own(f"{intro} " * 4)}), *units[4:]]


def renamed(units: list[Unit], _new: Unit) -> list[Unit]:
    name = "Zebra, renamed"
    return [altered(units[0], name=name, values={"name": own(name)}), *units[1:]]


def moved(units: list[Unit], _new: Unit) -> list[Unit]:
    goal = units[4].main(*units[4].listings).body["categories"]
    return [altered(units[0], categories=goal), *units[1:]]


def added(units: list[Unit], new: Unit) -> list[Unit]:
    return [*units, new]


def removed(units: list[Unit], _new: Unit) -> list[Unit]:
    return [*units[:1], *units[2:]]


def without_picture(units: list[Unit], _new: Unit) -> list[Unit]:
    return [*units[:5], altered(units[5], image=None, assets={}), *units[6:]]


def unchanged(units: list[Unit], _new: Unit) -> list[Unit]:
    return units


CASES = [
    (longer, "en", 1),
    (renamed, "en", 1),
    (moved, "en", 1),
    (added, "en", 1),
    (removed, "en", 0),
    (without_picture, "en", 1),
    (unchanged, "en", 0),
    (added, "ar", 1),
]


@pytest.mark.parametrize(
    ("change", "locale", "cards"), CASES, ids=[f"{c.__name__}-{lc}" for c, lc, _ in CASES]
)
def test_reissue_is_the_book_set_anew(change, locale, cards, first_issues, issues, painted):
    *units, new = samples.units(COUNT + 1, locale, pictures=painted[1])
    again, anew = first_issues(locale), issues(locale)
    anew.runs = again.runs  # both are the same edition, so numbers and codes are the same
    set_again, ours = again.issue(change(units, new))
    set_anew, full = anew.issue(change(units, new))
    assert (set_again, set_anew) == (cards, len(change(units, new)))
    assert words(ours) == words(full)
    assert structure(ours) == structure(full)
    assert pictures_of(ours) == pictures_of(full)


def words(path) -> list[str]:
    """Return, page by page, every word with the corners of its box."""
    command = ["pdftotext", "-bbox", str(path), "-"]
    text = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    return text.split("<page ")[1:]


def structure(path) -> list:
    """Return the links of every page with where they lead, and the outline."""
    with pikepdf.open(path) as pdf, pdf.open_outline() as outline:
        pages = {page.obj.objgen: n for n, page in enumerate(pdf.pages, 1)}

        def goal(note) -> str | int:
            return pages[note.Dest[0].objgen] if "/Dest" in note else str(note.A.URI)

        links = [
            [([float(x) for x in note.Rect], goal(note)) for note in page.obj.get("/Annots", [])]
            for page in pdf.pages
        ]
        marks = [
            (
                item.title,
                pages[item.destination[0].objgen],
                [child.title for child in item.children],
            )
            for item in outline.root
        ]
        return [links, marks, {name: str(value) for name, value in pdf.docinfo.items()}]


def pictures_of(path) -> bytes:
    """Return all pages as they look, small."""
    command = ["pdftoppm", "-r", "40", "-gray", str(path)]
    return subprocess.run(command, capture_output=True, check=True).stdout
