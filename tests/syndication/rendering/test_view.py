"""Pictures of a listing, and plain text of its rich text."""

from pim.content.kinds.texts import plain_text as stored_text
from syndication.contract import Listing, Unit
from syndication.rendering.richtext import plain_text
from syndication.rendering.view import views
from tests.factories import listings as samples

PICTURE = {"sha256": "1" * 64, "filename": "red.jpg", "kind": "image", "alt": "Red"}


def test_model_without_pictures_borrows_those_of_its_variants():
    plain = next(u for u in samples.units(12) if len(u.listings["en"]) > 2)
    main, first, *others = plain.listings["en"]
    values = {**first.body["values"], "pictures": [["red"], "own", ""]}
    shown = {**first.body, "image": "red", "values": values, "assets": {"red": PICTURE}}
    listings = (main, Listing(first.product_id, "d", shown), *others)
    found = views(Unit(1, {"en": listings}, {}), samples.labels("en"), locale="en")
    assert [a["code"] for a in found[0].pictures] == ["red"]
    assert (found[0].assets("image"), found[2].pictures) == ([], [])


def test_lists_and_tables_begin_lines_of_their_own():
    html = "see<ul><li>One</li><li>Two</li></ul>and<table><tr><td>cell</td></tr></table>"
    assert plain_text(html) == stored_text(html) == "see\nOne\nTwo\nand\ncell"
