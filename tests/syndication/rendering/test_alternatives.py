"""What is read in place of a picture: its own text, in every language, also of a borrowed one."""

from dataclasses import replace

from syndication.rendering.alternatives import alternative
from syndication.rendering.view import View
from tests.factories import listings as samples

LOCALES = ("en", "de")
SHA = "a" * 64


def view(locale: str, assets: dict) -> View:
    (unit,) = samples.units(1, locale)
    listing = unit.main(locale)
    body = {**listing.body, "assets": assets}
    return View(replace(listing, body=body), samples.labels(locale), locale)


def shown(**alts: str) -> list[View]:
    return [view(code, {"front": {"sha256": SHA, "alt": alts.get(code, "")}}) for code in LOCALES]


def test_a_picture_is_told_once_in_every_language():
    asset = {"sha256": SHA}
    assert alternative(asset, shown(en="A lamp", de="Eine Lampe")) == "A lamp · Eine Lampe"
    assert alternative(asset, shown(en="Lamp", de="Lamp")) == "Lamp"


def test_the_name_stands_for_a_text_that_is_missing():
    both = shown(en="A lamp")
    assert alternative({"sha256": SHA}, both) == f"A lamp · {both[1].name}"


def test_a_picture_borrowed_from_a_variant_keeps_its_text():
    models = [
        replace(view(code, {}), variants=(variant,))
        for code, variant in zip(LOCALES, shown(en="A lamp", de="Eine Lampe"), strict=True)
    ]
    assert alternative({"sha256": SHA}, models) == "A lamp · Eine Lampe"
