"""The Google feed: required attributes, limits, enumerations, and who is refused for what."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from syndication.contract import Facts, ItemRefused, Unit
from syndication.outputs import google_merchant
from syndication.outputs.google_merchant import GoogleMerchant
from tests.factories import listings as samples
from tests.factories.golden import assert_golden

from .contract_cases import OutputKindCases

G = {"g": "http://base.google.com/ns/1.0"}
PICTURE = {
    "sha256": "a" * 64,
    "filename": "Blå, nr 1.jpg",
    "kind": "image",
    "media_type": "image/jpeg",
    "size": 9,
    "width": 1600,
    "height": 1200,
}
KIND = GoogleMerchant()


def _items(unit: Unit) -> list[Unit]:
    """Return the items of a unit as units of their own, as the engine freezes this kind."""
    listings = [m for m in unit.listings["en"] if m.body["role"] == "item"]
    return [Unit(m.product_id, {"en": (m,)}, unit.facts) for m in listings]


class TestGoogleMerchant(OutputKindCases):
    kind = KIND
    locales = ("en",)

    def units(self, locale, painted):
        units = samples.units(6, locale, pictures=painted)
        return [item for unit in units for item in _items(unit)]


def item(*, facts: Facts | None = None, body: dict | None = None, **values) -> Unit:
    """Return a variant with everything that Google asks for, some of it changed."""
    unit = next(u for u in samples.units(6, "en", pictures=[PICTURE]) if len(_items(u)) > 1)
    found = _items(unit)[0]
    listing = found.listings["en"][0]
    known = facts if facts is not None else found.facts[listing.identifier]
    changed = {**listing.body["values"], **{a: [d, "own", ""] for a, d in values.items()}}
    new = {**listing.body, "values": changed, **(body or {})}
    listing = dataclasses.replace(listing, body=new)
    return Unit(listing.product_id, {"en": (listing,)}, {new["identifier"]: known})


def written(unit: Unit, tmp_path, **options) -> dict[str, list[str]]:
    """Return {attribute: [texts]} of the item, read back from its XML."""
    made = KIND.fragment(unit, samples.context(KIND, "en", tmp_path, **options))
    root = etree.fromstring(b'<r xmlns:g="%s">%s</r>' % (G["g"].encode(), made.payload))
    found: dict[str, list[str]] = {}
    for element in root[0]:
        found.setdefault(etree.QName(element).localname, []).append(element.text or "")
    return found


def refused(unit: Unit, tmp_path, **options) -> list[tuple[str, str]]:
    with pytest.raises(ItemRefused) as caught:
        KIND.fragment(unit, samples.context(KIND, "en", tmp_path, **options))
    return [(r.code, r.field) for r in caught.value.refusals]


def warned(unit: Unit, tmp_path, **options) -> list[tuple[str, str, str]]:
    made = KIND.fragment(unit, samples.context(KIND, "en", tmp_path, **options))
    return [(r.code, r.field, r.severity) for r in made.warnings]


def test_item_has_every_required_attribute(tmp_path):
    found = written(item(), tmp_path)
    wanted = {"id", "title", "description", "link", "image_link", "availability", "price"}
    wanted |= {"brand", "gtin", "condition", "item_group_id", "color", "size"}
    assert wanted - set(found) == set()
    assert found["availability"] == ["in_stock"]
    assert found["condition"] == ["new"]
    assert found["price"][0].endswith(" EUR")


def test_image_link_is_an_absolute_jpeg_without_commas_or_spaces(tmp_path):
    link = written(item(), tmp_path)["image_link"][0]
    assert link == f"https://halla.example/media/{'a' * 64}/Bla-nr-1.jpg?w=1200"


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        (lambda: item(body={"image": None, "assets": {}}), ("missing_image", "image_link")),
        (
            lambda: item(name=None, body={"name": "[X]", "identifier": "X"}),
            ("missing_name", "title"),
        ),
        (lambda: item(text=None, intro=None), ("missing_description", "description")),
        (lambda: item(price=None, facts=Facts()), ("missing_price", "price")),
        (lambda: item(price={"EUR": "0"}, facts=Facts()), ("missing_price", "price")),
        (lambda: item(price={"DKK": "10"}, facts=Facts()), ("missing_price", "price")),
        (lambda: item(brand=None), ("missing_brand", "brand")),
        (lambda: item(body={"identifier": "X" * 51}), ("id_too_long", "id")),
    ],
)
def test_item_without_what_google_needs_is_refused(unit, expected, tmp_path):
    assert expected in refused(unit(), tmp_path)


def test_all_reasons_are_told_at_once(tmp_path):
    bare = item(brand=None, price=None, facts=Facts(), body={"image": None, "assets": {}})
    assert refused(bare, tmp_path) == [
        ("missing_image", "image_link"),
        ("missing_price", "price"),
        ("missing_brand", "brand"),
    ]


def test_small_picture_is_refused(tmp_path):
    small = {"scene": {**PICTURE, "width": 1600, "height": 499, "alt": ""}}
    unit = item(pictures=["scene"], body={"image": "scene", "assets": small})
    assert refused(unit, tmp_path) == [("small_image", "image_link")]


def test_wide_picture_is_asked_for_wide_enough_to_be_high_enough(tmp_path):
    wide = {"scene": {**PICTURE, "width": 4000, "height": 1500, "alt": ""}}
    unit = item(pictures=["scene"], body={"image": "scene", "assets": wide})
    assert written(unit, tmp_path)["image_link"][0].endswith("?w=1600")


def test_fact_wins_over_list_price(tmp_path):
    fact = {"currency": "EUR", "amount": "12.5", "min_quantity": 1, "tax_included": True}
    unit = item(price={"EUR": "20"}, facts=Facts(({**fact, "price_list": "x", "valid_to": None},)))
    assert written(unit, tmp_path)["price"] == ["12.50 EUR"]


def test_limited_lower_price_is_a_sale_price(tmp_path):
    fact = {"currency": "EUR", "amount": "15", "min_quantity": 1, "tax_included": True}
    fact |= {"price_list": "x", "valid_to": "2026-12-24T00:00:00+00:00"}
    found = written(item(price={"EUR": "20"}, facts=Facts((fact,))), tmp_path)
    assert (found["price"], found["sale_price"]) == (["20.00 EUR"], ["15.00 EUR"])


def test_currency_without_minor_units_has_none(tmp_path):
    unit = item(price={"JPY": "1500.4"}, facts=Facts())
    assert written(unit, tmp_path, currency="JPY")["price"] == ["1500 JPY"]


@pytest.mark.parametrize(
    ("state", "sent"),
    [("in_stock", "in_stock"), ("out_of_stock", "out_of_stock"), ("discontinued", "out_of_stock")],
)
def test_availability_is_of_googles_spelling(state, sent, tmp_path):
    unit = item(facts=Facts((), {"state": state, "quantity": None, "available_on": None}))
    assert written(unit, tmp_path)["availability"] == [sent]


def test_preorder_needs_its_date(tmp_path):
    state = {"state": "preorder", "quantity": None, "available_on": None}
    without = item(facts=Facts((), state))
    dated = item(facts=Facts((), {**state, "available_on": "2026-12-01"}))
    assert refused(without, tmp_path) == [("missing_availability_date", "availability_date")]
    assert written(dated, tmp_path)["availability_date"] == ["2026-12-01T00:00+0000"]


@pytest.mark.parametrize(
    ("gtin", "code"),
    [
        ("4006381333932", "invalid_gtin"),
        ("12345", "invalid_gtin"),
        ("2000000000008", "restricted_gtin"),
        ("0212345678909", "restricted_gtin"),
        ("9800000000007", "restricted_gtin"),
    ],
)
def test_wrong_or_restricted_gtin_is_left_out_with_a_warning(gtin, code, tmp_path):
    unit = item(gtin=gtin)
    found = written(unit, tmp_path)
    assert "gtin" not in found
    assert found["identifier_exists"] == ["no"]
    assert (code, "gtin", "warning") in warned(unit, tmp_path)


def test_long_texts_are_shortened_with_a_warning(tmp_path):
    unit = item(name="word " * 60, text=f"<p>{'long ' * 2000}</p>")
    found = written(unit, tmp_path)
    assert len(found["title"][0]) <= 150
    assert len(found["description"][0]) <= 5000
    assert [w[:2] for w in warned(unit, tmp_path)] == [
        ("shortened", "title"),
        ("shortened", "description"),
    ]


def test_description_is_plain_text(tmp_path):
    unit = item(text="<h2>Warm &amp; light</h2><ul><li>one</li><li>two</li></ul>")
    assert written(unit, tmp_path)["description"] == ["Warm & light\none\ntwo"]


def test_constants_of_the_channel_fill_what_is_missing(tmp_path):
    unit = item(brand=None)
    found = written(unit, tmp_path, brand="Halla", condition="used", age_group="adult")
    assert found["brand"] == ["Halla"]
    assert found["condition"] == ["used"]
    assert found["age_group"] == ["adult"]


@pytest.mark.parametrize("colour", ["red", "x" * 200, "#aabbcc", None, "", [], {"$state": "n/a"}])
@pytest.mark.parametrize("brand", ["Kivi", "b" * 90, None, ""])
def test_items_that_share_values_are_written_and_warned_alike(colour, brand, tmp_path):
    context = samples.context(KIND, "en", tmp_path)
    units = [item(colour=colour, brand=brand), item(name="Other"), item(colour=colour, brand=brand)]
    together = [told(result) for result in KIND.fragments(iter(units), context)]
    assert together == [told(next(KIND.fragments(iter([unit]), context))) for unit in units]
    assert together[0] == together[2]


def told(result) -> tuple:
    return (result.payload, result.warnings) if hasattr(result, "payload") else result.refusals


texts = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1)


@given(name=texts, colour=texts)
def test_whatever_a_text_holds_the_item_stays_well_formed(name, colour, tmp_path_factory):
    folder = tmp_path_factory.mktemp("feed")
    assert set(written(item(name="x" + name, colour=colour), folder)) >= {"id", "title", "price"}


def test_feed_that_does_not_hold_its_items_is_refused(tmp_path):
    path = tmp_path / "products.en.xml"
    path.write_bytes(b"<rss><channel><item/></channel></rss>")
    KIND.verify(path, path.name, samples.plan(1))
    with pytest.raises(ValueError, match="1 items, not 2"):
        KIND.verify(path, path.name, samples.plan(2))
    path.write_bytes(b"<rss><channel><item>")
    with pytest.raises(ValueError, match="not well-formed"):
        KIND.verify(path, path.name, samples.plan(1))


@pytest.fixture(params=[7, 16, 64, 1 << 20])
def large(request, monkeypatch, tmp_path):
    """Return a feed of three items that is too large to be parsed, read in blocks of a size."""
    monkeypatch.setattr(google_merchant, "PARSED", 0)
    monkeypatch.setattr(google_merchant, "BLOCK", request.param)
    item = b"<item>\n<g:id>A</g:id>\n</item>\n"
    path = tmp_path / "products.en.xml"
    path.write_bytes(google_merchant.HEAD.encode() + b"<t/>" + 3 * item + google_merchant.FOOT)
    return path


def test_items_of_a_large_feed_are_counted(large):
    KIND.verify(large, large.name, samples.plan(3))
    with pytest.raises(ValueError, match="3 items, not 4"):
        KIND.verify(large, large.name, samples.plan(4))


@pytest.mark.parametrize(
    ("whole", "torn"),
    [
        (b"</item>\n<item>\n", b"<item>\n"),
        (b"</item>\n<item>\n", b"</item>\n"),
        (b"</channel>\n</rss>\n", b""),
        (b"</item>\n</channel>", b"</channel>"),
        (b"<?xml", b"<xml"),
        (b"<item>\n", b""),
    ],
)
def test_large_feed_that_is_torn_is_refused(large, whole, torn):
    large.write_bytes(large.read_bytes().replace(whole, torn, 1))
    with pytest.raises(ValueError, match=r"cut short|items, not 3"):
        KIND.verify(large, large.name, samples.plan(3))


def test_golden(tmp_path):
    cases = TestGoogleMerchant()
    context = samples.context(KIND, "en", tmp_path)
    units = cases.units("en", [PICTURE])
    files = cases.issue(units, context, tmp_path / "out")
    assert_golden("google_merchant.en.xml", files["products.en.xml"])
