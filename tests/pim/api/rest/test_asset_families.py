"""Asset families through the API: made, changed, with attributes and naming rules of their own."""

import pytest

from pim.models import Asset, AssetFamily, Change
from tests.factories.catalogue import lamp_catalogue
from tests.factories.rest import RestClient

pytestmark = pytest.mark.django_db
HOST = "http://testserver/api/rest/v1"
SHOTS = "/asset-families/packshots"
CONVENTION = {
    "source": {"property": "media", "locale": None, "channel": None},
    "pattern": r"/^(?P<product_ref>.*)_(?P<position>\d+)\.jpg$/",
    "abort_asset_creation_on_error": False,
}
RULES = [
    {
        "product_selections": [{"field": "sku", "operator": "EQUALS", "value": "{{product_ref}}"}],
        "assign_assets_to": [{"attribute": "photo", "mode": "replace"}],
    }
]


@pytest.fixture
def shop():
    lamp_catalogue()
    client = RestClient()
    client.patch(SHOTS, {"code": "packshots", "labels": {"en_US": "Packshots"}})
    return client


def asset(family="packshots"):
    return Asset.objects.create(
        code="front", sha256="a" * 64, original_sha256="a" * 64, filename="front.jpg",
        kind="image", media_type="image/jpeg", size=1,
        family=AssetFamily.objects.get(code=family),
    )  # fmt: skip


def value(data, locale=None):
    return [{"locale": locale, "channel": None, "data": data}]


def test_a_family_is_made_and_changed(shop):
    made = shop.patch("/asset-families/manuals", {"labels": {"en_US": "Manuals"}})
    assert (made.status_code, made.headers["Location"]) == (201, f"{HOST}/asset-families/manuals")
    changed = shop.patch("/asset-families/manuals", {"labels": {"fi": "Ohjeet"}})
    assert (changed.status_code, changed.headers["X-Changed"]) == (204, "true")
    assert shop.get("/asset-families/manuals").json() == {
        "code": "manuals",
        "labels": {"en_US": "Manuals", "fi": "Ohjeet"},
        "attribute_as_main_media": "media",
        "naming_convention": {},
        "product_link_rules": [],
        "transformations": [],
    }


def test_what_was_read_is_sent_back_and_changes_nothing(shop):
    shop.patch(SHOTS, {"naming_convention": CONVENTION, "product_link_rules": RULES})
    read = shop.get(SHOTS).json()
    same = shop.patch(SHOTS, read)
    assert (same.status_code, same.headers["X-Changed"]) == (204, "false")


def test_a_naming_convention_becomes_the_rule_of_the_family(shop):
    done = shop.patch(SHOTS, {"naming_convention": CONVENTION, "product_link_rules": RULES})
    assert done.status_code == 204
    family = AssetFamily.objects.get(code="packshots")
    assert (family.pattern, family.attribute.code) == ("{identifier}_{position}", "photo")
    read = shop.get(SHOTS).json()
    assert read["naming_convention"]["pattern"] == (
        r"/^(?P<identifier>.+?)_(?P<position>\d{1,4})\.[^.]+$/i"
    )
    assert read["product_link_rules"][0]["assign_assets_to"] == [
        {"attribute": "photo", "mode": "add", "locale": None, "channel": None}
    ]
    shop.patch(SHOTS, {"naming_convention": {}, "product_link_rules": []})
    assert AssetFamily.objects.get(code="packshots").pattern == ""


@pytest.mark.parametrize(
    ("pattern", "ours"),
    [
        (r"/^(?P<product_ref>.*)\.jpg$/", "{identifier}"),
        (r"/(?P<product_ref>.*)-.*-(?P<kind>.*)\.jpg/", "{identifier}-{any}-{any}"),
        (r"/(?P<product_ref>[^_]+)_(?P<lang>[a-z]{2}(?:_[A-Z]{2})?)\.[^.]+$/i",
         "{identifier}_{locale}"),
        (r"#(?<product_ref>\w+) \- x#", "{identifier} - x"),
    ],
)  # fmt: skip
def test_expressions_are_understood(shop, pattern, ours):
    goes = {"attribute": "photo", "mode": "add", "locale": "{{lang}}"}
    rules = [{**RULES[0], "assign_assets_to": [goes]}]
    document = {"naming_convention": {**CONVENTION, "pattern": pattern}}
    done = shop.patch(SHOTS, {**document, "product_link_rules": rules})
    assert done.status_code == 204
    assert AssetFamily.objects.get(code="packshots").pattern == ours


@pytest.mark.parametrize(
    "document",
    [
        {"naming_convention": CONVENTION},
        {"product_link_rules": RULES},
        {"naming_convention": {**CONVENTION, "pattern": r"/(?P<product_ref>.*)(?=x)/"},
         "product_link_rules": RULES},
        {"naming_convention": {**CONVENTION, "source": {"property": "code"}},
         "product_link_rules": RULES},
        {"naming_convention": CONVENTION, "product_link_rules": [*RULES, *RULES]},
        {"naming_convention": CONVENTION, "product_link_rules": [
            {**RULES[0], "assign_assets_to": [{"attribute": "name", "mode": "add"}]}]},
        {"naming_convention": CONVENTION, "product_link_rules": [
            {**RULES[0], "product_selections": [
                {"field": "categories", "operator": "IN", "value": ["master"]}]}]},
        {"attribute_as_main_media": "other"},
        {"labels": None},
        {"colour": 1},
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(shop, document):
    before = AssetFamily.objects.values().get()
    answer = shop.patch(SHOTS, document)
    assert (answer.status_code, AssetFamily.objects.values().get()) == (422, before)


def test_the_family_of_all_assets_stays_as_it_is(shop):
    assert shop.patch("/asset-families/assets", {"labels": {"en_US": "x"}}).status_code == 422
    made = shop.patch("/asset-families/assets/attributes/x", {"type": "text"})
    assert made.status_code == 422
    assert not AssetFamily.objects.filter(code="assets").exists()


def test_a_family_takes_rights():
    AssetFamily.objects.create(code="packshots")
    viewer = RestClient("viewer", rights=["view_asset"])
    assert viewer.get(SHOTS).status_code == 200
    for path in (SHOTS, f"{SHOTS}/attributes/x", f"{SHOTS}/attributes/x/options/y"):
        assert viewer.patch(path, {}).status_code == 403
    changer = RestClient("changer", rights=["change_assetfamily"])
    assert changer.patch(SHOTS, {"labels": {"en_US": "x"}}).status_code == 204
    assert changer.patch("/asset-families/new", {}).status_code == 422
    assert changer.get(SHOTS).status_code == 403
    assert [family.code for family in AssetFamily.objects.all()] == ["packshots"]


def test_families_are_searched(shop):
    found = shop.get("/asset-families", {"search": '{"code":[{"operator":"=","value":"nope"}]}'})
    assert found.json()["_embedded"]["items"] == []


def test_attributes_of_a_family_are_its_own(shop):
    shop.patch("/asset-families/manuals", {})
    made = shop.patch(f"{SHOTS}/attributes/angle", {"type": "single_option"})
    assert made.status_code == 201
    codes = [a["code"] for a in shop.get(f"{SHOTS}/attributes").json()]
    assert codes == ["media", "label", "caption", "angle"]
    others = shop.get("/asset-families/manuals/attributes").json()
    assert [a["code"] for a in others] == ["media", "label", "caption"]
    assert shop.patch(f"{SHOTS}/attributes/media", {"type": "media_file"}).status_code == 204
    assert shop.patch(f"{SHOTS}/attributes/media", {"type": "text"}).status_code == 422
    assert shop.patch(f"{SHOTS}/attributes/second", {"type": "media_file"}).status_code == 422


def test_options_of_an_attribute_are_made_and_listed(shop):
    shop.patch(f"{SHOTS}/attributes/angle", {"type": "single_option"})
    front = {"code": "front", "labels": {"en_US": "Front"}}
    made = shop.patch(f"{SHOTS}/attributes/angle/options/front", front)
    location = f"{HOST}{SHOTS}/attributes/angle/options/front"
    assert (made.status_code, made.headers["Location"]) == (201, location)
    assert shop.get(f"{SHOTS}/attributes/angle/options").json() == [front]
    assert shop.get(f"{SHOTS}/attributes/angle/options/front").json() == front


def test_assets_say_what_their_family_asks(shop):
    shop.patch(f"{SHOTS}/attributes/angle", {"type": "single_option"})
    shop.patch(f"{SHOTS}/attributes/angle/options/front", {})
    shop.patch(f"{SHOTS}/attributes/note", {"type": "text", "value_per_locale": True})
    asset()
    values = {"angle": value("front"), "note": value("Best", "en_US")}
    done = shop.patch(f"{SHOTS}/assets/front", {"values": values})
    assert (done.status_code, done.headers["X-Changed"]) == (204, "true")
    for family in ("packshots", "assets"):
        read = shop.get(f"/asset-families/{family}/assets/front").json()["values"]
        assert {name: read[name] for name in values} == values
    same = shop.patch(f"{SHOTS}/assets/front", {"values": values})
    assert same.headers["X-Changed"] == "false"
    shop.patch(f"{SHOTS}/assets/front", {"values": {"angle": value(None)}})
    assert Asset.objects.get().values == {"note": {"en-US": "Best"}}


def test_an_asset_is_deleted_by_who_may(shop):
    asset()
    path = f"{SHOTS}/assets/front"
    for rights in (["view_asset"], ["delete_asset"]):
        assert RestClient(rights[0], rights=rights).delete(path).status_code == 403
    assert shop.delete("/asset-families/assets/assets/nope").status_code == 404
    assert shop.delete(path, If_Match='"other"').status_code == 412
    assert Asset.objects.count() == 1
    gone = shop.delete(path)
    assert (gone.status_code, gone.content, Asset.objects.count()) == (204, b"", 0)
    assert Change.objects.filter(subject="asset:front").latest("id").detail == {
        "@deleted": [False, True]
    }
    assert shop.delete(path).status_code == 404


@pytest.mark.parametrize(
    "values", [{"angle": value("back")}, {"angle": value("front", "en_US")}, {"angle": "front"}]
)
def test_values_that_do_not_fit_are_refused(shop, values):
    shop.patch(f"{SHOTS}/attributes/angle", {"type": "single_option"})
    shop.patch(f"{SHOTS}/attributes/angle/options/front", {})
    asset()
    assert shop.patch(f"{SHOTS}/assets/front", {"values": values}).status_code == 422
    assert Asset.objects.get().values == {}
