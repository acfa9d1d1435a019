"""The formatter gives every kind of value the reader's own notation."""

import pytest

from syndication.contract import Labels, Listing
from syndication.rendering.formats import Formatter

BODY = {
    "channel": {"code": "shop", "currencies": ["EUR", "PLN"]},
    "attributes": {
        "weight": {"label": "Weight", "kind": "measurement", "measurement_family": "Weight"},
        "volt": {"kind": "measurement", "measurement_family": "Volt"},
        "length": {"kind": "number"},
        "price": {"kind": "price"},
        "washable": {"kind": "boolean"},
        "since": {"kind": "date"},
        "colour": {"kind": "select"},
        "care": {"kind": "multiselect"},
        "text": {"kind": "richtext"},
        "note": {"kind": "textarea"},
        "pictures": {"kind": "media"},
        "pair": {"kind": "product"},
        "brand": {"kind": "reference"},
        "sizes": {
            "kind": "table",
            "columns": [{"code": "size", "label": "Size"}, {"code": "chest", "kind": "number"}],
        },
    },
    "options": {
        "colour": {"red": {"label": "Rot"}},
        "care": {"b": {"label": "Bügeln", "sort": 1}, "a": {"label": "Lüften", "sort": 2}},
    },
    "units": {
        "Weight": {"GRAM": {"label": "Gram", "symbol": "g", "cldr": "mass-gram"}},
        "Volt": {
            "VOLT": {"label": "Volt", "symbol": "V", "cldr": "no-such-unit"},
            "ODD_UNIT": {"label": "", "symbol": "", "cldr": ""},
        },
    },
}
LISTING = Listing(
    1,
    "d",
    {
        "assets": {"front": {"filename": "front.jpg", "caption": "Vorne"}},
        "associations": {"pair": [{"uuid": "u1", "name": "Schal"}]},
        "records": {"brand": {"halla": {"label": "Halla"}}},
    },
)


def formatter(locale):
    return Formatter(Labels("x", BODY), locale=locale)


@pytest.mark.parametrize(
    ("attribute", "data", "text"),
    [
        ("weight", {"amount": "1234.5", "unit": "GRAM"}, "1.234,5\N{NO-BREAK SPACE}g"),
        ("volt", {"amount": "230", "unit": "VOLT"}, "230\N{NO-BREAK SPACE}V"),
        ("weight", {"amount": "600.0000", "unit": "GRAM"}, "600\N{NO-BREAK SPACE}g"),
        ("length", "1200.5000", "1.200,5"),
        ("length", "-0.50", "-0,5"),
        ("volt", {"amount": "2", "unit": "ODD_UNIT"}, "2\N{NO-BREAK SPACE}odd unit"),
        ("length", "12.500125", "12,500125"),
        (
            "price",
            {"PLN": "10", "EUR": "999"},
            "999,00\N{NO-BREAK SPACE}€ / 10,00\N{NO-BREAK SPACE}PLN",
        ),
        ("washable", True, "Ja"),
        ("washable", False, "Nein"),
        ("since", "2026-11-22", "22.11.2026"),
        ("colour", "red", "Rot"),
        ("care", ["a", "b", "c"], "c, Bügeln und Lüften"),
        ("text", "<p>Eins &amp; <b>zwei</b></p><ul><li>drei</li></ul>", "Eins & zwei\ndrei"),
        ("note", "a < b", "a < b"),
        ("pictures", ["front"], "Vorne"),
        ("pair", ["u1", "gone"], "Schal"),
        ("brand", ["halla"], "Halla"),
        ("sizes", [{"size": "M", "chest": "101.5"}], "M · 101,5"),
        ("unknown", "as it is", "as it is"),
        ("colour", {"$state": "na"}, ""),
        ("care", [], ""),
    ],
)
def test_value_reads_as_german(attribute, data, text):
    assert formatter("de").value(attribute, data, listing=LISTING) == text


def test_number_has_latin_digits_in_arabic():
    assert formatter("ar").number("1234.5") == "1,234.5"


def test_unit_is_written_in_arabic():
    value = formatter("ar").value("weight", {"amount": "800", "unit": "GRAM"})
    assert value == "800\N{NO-BREAK SPACE}غرام"


def test_unit_without_pattern_never_shows_its_id():
    value = formatter("ar").value("volt", {"amount": "230", "unit": "VOLT"})
    assert value == "230\N{NO-BREAK SPACE}V"


def test_yes_falls_back_to_english_words():
    assert formatter("eo").boolean(True) == "Yes"


def test_unknown_locale_falls_back_to_its_language():
    assert formatter("de-XX").number("1.5") == "1,5"


def test_html_drops_scripts_and_pictures():
    hostile = '<p>Fine</p><script>alert(1)</script><img src="http://x/y.png"><b onclick=x>!</b>'
    assert formatter("en").html("text", hostile) == "<p>Fine</p><b>!</b>"


def test_html_escapes_plain_text():
    assert formatter("en").html("note", "</script>\n<b>") == "&lt;/script&gt;<br>&lt;b&gt;"


@pytest.mark.parametrize(
    "locale",
    (
        "en fi da pl de ar fr es pt pt-PT sv-FI nb cs hu it nl tr uk ru he hi bn ja zh ko fa th"
        " de-CH de-AT en-IN"
    ).split(),
)
@pytest.mark.parametrize(
    "data", "0 1 12 999 1000 9999 10000 1234567 0.5 12.75 1234.5 1234567.125 0.001".split()
)
def test_quick_numbers_are_what_cldr_says(data, locale):
    from decimal import Decimal

    from babel import numbers

    from syndication.rendering.formats import cldr_locale, format_number

    expected = numbers.format_decimal(
        Decimal(data), locale=cldr_locale(locale), decimal_quantization=False
    )
    assert format_number(data, locale=locale) == expected
