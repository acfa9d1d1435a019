"""The change list and the pages of an edition: what is new against the one being served."""

import json

import pytest

from syndication.actions.editions import issue_edition, run_edition
from syndication.actions.listings_bodies import drop_orphan_bodies
from syndication.models import Edition, EditionChange, EditionPage, ListingBody
from tests.factories import shelf

from .test_run import NOW

pytestmark = pytest.mark.django_db


def issued(output) -> Edition:
    (edition,) = issue_edition(output, actor="anna", at=NOW)
    assert run_edition(edition.pk)
    found = Edition.objects.get(pk=edition.pk)
    assert found.state == "issued", found.cause
    return found


def changes(edition: Edition) -> list[tuple]:
    rows = edition.changes.values_list("kind", "identifier", "name", "details")
    return [(*row, json.loads(details)) for *row, details in rows]


def test_the_first_edition_has_no_change_list():
    output = shelf.make_output(kind="numbered_list")
    shelf.stock({"A-1": "one"})
    assert changes(issued(output)) == []


def test_added_changed_and_removed_items_are_listed_with_old_and_new():
    output = shelf.make_output(kind="numbered_list")
    shelf.stock({f"A-{n}": "one" for n in range(1, 6)})
    issued(output)
    shelf.stock(
        {"A-1": "one", "A-2": "two", "A-3": "one", "A-4": "one", "A-6": "six"},
        prices={"A-3": "12"},
    )
    old, new = ([{"currency": "EUR", "amount": amount}] for amount in ("10", "12"))
    assert changes(issued(output)) == [
        ("changed", "A-2", "two", [["en", "A-2", "@name", "one", "two"]]),
        ("changed", "A-3", "one", [["en", "A-3", "@prices", old, new]]),
        ("removed", "A-5", "one", []),
        ("added", "A-6", "six", []),
    ]


def test_old_texts_are_kept_as_long_as_they_are_served():
    output = shelf.make_output(kind="numbered_list")
    shelf.stock({"A-1": "one"})
    issued(output)
    shelf.stock({"A-1": "two"})
    assert (drop_orphan_bodies(), ListingBody.objects.count()) == (0, 3)
    assert changes(issued(output))[0][3] == [["en", "A-1", "@name", "one", "two"]]
    assert (drop_orphan_bodies(), ListingBody.objects.count()) == (1, 2)


def test_kinds_that_nobody_proofs_keep_neither():
    output = shelf.make_output()
    shelf.stock({"A-1": "one"})
    issued(output)
    shelf.stock({"A-1": "two"})
    assert drop_orphan_bodies() == 1
    issued(output)
    assert (EditionChange.objects.count(), EditionPage.objects.count()) == (0, 0)


def test_the_pages_of_an_edition_are_noted_with_what_stands_on_them():
    output = shelf.make_output(kind="numbered_list")
    shelf.stock({"A-1": "one", "A-2": "two"})
    rows = issued(output).pages.values_list("file", "number", "folio", "title", "products")
    box = [10, 20, 30, 40]
    assert [(*row[:4], json.loads(row[4])) for row in rows] == [
        ("number.txt", 1, "7", "Things", [["A-1", box]]),
        ("number.txt", 2, "8", "Things", [["A-2", box]]),
    ]


def test_values_ties_variants_and_places_are_compared_by_what_people_see():
    from syndication.actions.editions.changes import Frozen, _details

    def body(**more) -> dict:
        return {"identifier": "M", "name": "M", "values": {}, "associations": {}, **more}

    bodies = {
        "a": body(values={"story": ["old", "own", "en"], "size": ["L", "own", ""]}),
        "b": body(
            values={"story": ["new", "own", "en"], "size": ["L", "inherited:M", ""]},
            associations={"goes_with": [{"identifier": "X", "name": "Other"}]},
            categories=["indoor"],
        ),
        "v1": {"identifier": "V1", "name": "Red", "values": {}},
        "v2": {"identifier": "V2", "name": "Blue", "values": {}},
    }
    old = Frozen(1, "M", {"en": [[1, "a", ""], [2, "v1", ""]]})
    new = Frozen(1, "M", {"en": [[1, "b", ""], [3, "v2", ""]]})
    assert _details(old, new, bodies) == [
        ("en", "M", "story", "old", "new"),
        ("en", "M", "@categories", None, ["indoor"]),
        ("en", "M", "@tie:goes_with", None, ["X"]),
        ("en", "V2", "@variant", None, "Blue"),
        ("en", "V1", "@variant", "Red", None),
    ]
