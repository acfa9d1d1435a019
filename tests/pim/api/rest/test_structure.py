"""Families, variants, channels, measurement families and the rest of the structure."""

import json

import pytest

from pim.models import Channel, FamilyVariant, Locale, MeasurementFamily, Product
from tests.factories.rest import NOW, RestClient

pytestmark = pytest.mark.django_db
HOST = "http://testserver/api/rest/v1"


@pytest.fixture
def shop():
    client = RestClient()
    client.post("/attribute-groups", {"code": "g"})
    kinds = {
        "sku": "pim_catalog_identifier",
        "name": "pim_catalog_text",
        "picture": "pim_catalog_image",
        "color": "pim_catalog_simpleselect",
        "size": "pim_catalog_simpleselect",
    }
    client.answers(
        "/attributes", [{"code": c, "type": kind, "group": "g"} for c, kind in kinds.items()]
    )
    client.post("/categories", {"code": "master"})
    client.post("/channels", WEB)
    return client


WEB = {
    "code": "web",
    "currencies": ["EUR"],
    "locales": ["en_US", "fi"],
    "category_tree": "master",
    "labels": {"en_US": "Web"},
}
SHOES = {
    "code": "shoes",
    "attributes": ["name", "picture", "color", "size"],
    "attribute_as_label": "name",
    "attribute_as_image": "picture",
    "attribute_requirements": {"web": ["sku", "name"]},
    "labels": {"en_US": "Shoes"},
}
SETS = [
    {"level": 1, "axes": ["color"], "attributes": ["color", "picture"]},
    {"level": 2, "axes": ["size"], "attributes": ["size"]},
]


WEIGHT = {
    "code": "weight", "type": "pim_catalog_metric", "group": "g", "metric_family": "Weight",
    "default_metric_unit": "GRAM", "decimals_allowed": True, "negative_allowed": False,
}  # fmt: skip


def test_a_channel_switches_on_what_it_uses(shop):
    assert shop.get("/channels/web").json() == {**WEB, "conversion_units": {}}
    assert shop.get("/locales/en_US").json() == {"code": "en_US", "enabled": True}
    active = '{"enabled":[{"operator":"=","value":true}]}'
    items = shop.get("/locales", {"search": active}).json()["_embedded"]["items"]
    assert [item["code"] for item in items] == ["en_US", "fi"]
    assert shop.get("/currencies/EUR").json()["enabled"] is True
    assert Channel.objects.get().audiences.exists()


def test_a_channel_changes_in_part(shop):
    shop.post("/attributes", WEIGHT)
    response = shop.patch("/channels/web", {"conversion_units": {"weight": "GRAM"}})
    assert response.status_code == 204
    assert shop.get("/channels/web").json() == {**WEB, "conversion_units": {"weight": "GRAM"}}


def test_conversion_units_are_those_of_measurements(shop):
    shop.post("/attributes", WEIGHT)
    units = {"name": "GRAM", "nope": "GRAM", "weight": "METER"}
    answer = shop.patch("/channels/web", {"conversion_units": units})
    assert answer.status_code == 422
    assert [(e["property"], e["error_code"]) for e in answer.json()["errors"]] == [
        ("conversion_units", "no_units"),
        ("conversion_units", "unknown_code"),
        ("conversion_units", "unknown_code"),
    ]
    assert shop.get("/channels/web").json()["conversion_units"] == {}
    # What stood there before stays, whatever has become of the attribute.
    Channel.objects.update(conversion_units={"nope": "GRAM"})
    kept = shop.patch("/channels/web", {"conversion_units": {"nope": "GRAM", "weight": "GRAM"}})
    assert kept.status_code == 204


def test_conversion_units_are_codes(shop):
    wrong = shop.patch("/channels/web", {"conversion_units": {"name": 1}})
    assert (wrong.status_code, wrong.json()["message"]) == (
        422,
        'Property "conversion_units" expects unit codes as data. Check the expected format on '
        "the API documentation.",
    )
    assert shop.get("/channels/web").json()["conversion_units"] == {}


def test_numbers_may_come_as_texts_and_codes_as_numbers(shop):
    made = shop.post("/attributes/size/options", {"code": 38, "sort_order": "7"})
    assert made.headers["Location"] == f"{HOST}/attributes/size/options/38"
    option = {"code": "38", "attribute": "size", "sort_order": 7, "labels": {}}
    assert shop.get("/attributes/size/options/38").json() == option
    answers = shop.answers("/attributes/size/options", [{"code": 39}, {"code": 38}])
    assert answers == [
        {"line": 1, "code": "39", "status_code": 201},
        {"line": 2, "code": "38", "status_code": 204},
    ]


@pytest.mark.parametrize("number", [2**31, 2**63, -(2**31), 10**40])
def test_a_number_that_is_too_large_is_refused_and_its_neighbours_are_written(shop, number):
    documents = [{"code": "tech", "sort_order": number}, {"code": "prose", "sort_order": 5}]
    first, second = shop.answers("/attribute-groups", documents)
    assert (first["status_code"], second["status_code"]) == (422, 201)
    assert shop.get("/attribute-groups/tech").status_code == 404
    assert shop.get("/attribute-groups/prose").json()["sort_order"] == 5


def test_a_document_of_another_owner_is_refused(shop):
    refused = shop.patch("/attributes/size/options/s", {"attribute": "color"})
    assert (refused.status_code, refused.json()["message"]) == (
        422,
        'The attribute code "color" provided in the request body must match the attribute code '
        '"size" provided in the url.',
    )
    assert shop.get("/attributes/size/options/s").status_code == 404
    assert shop.patch("/attributes/size/options/s", {"attribute": "size"}).status_code == 201


def test_what_names_nothing_is_said_in_the_words_of_the_original(shop):
    answer = shop.post("/families", {"code": "shoes", "attributes": ["nope"]}).json()
    said = 'Property "attributes" expects a valid attribute code. The attribute does not exist, '
    assert answer["message"] == (
        f'{said}"nope" given. Check the expected format on the API documentation.'
    )
    assert [error["message"] for error in answer["errors"]] == [f'{said}"nope" given.']
    assert "documentation" in answer["_links"]


def test_an_axis_has_one_value(shop):
    answer = shop.patch("/attributes/title", {
        "type": "pim_catalog_text", "group": "g", "localizable": True})  # fmt: skip
    shop.post("/families", {**SHOES, "attributes": ["title", *SHOES["attributes"]]})
    sets = [{"level": 1, "axes": ["title"], "attributes": []}]
    answer = shop.post("/families/shoes/variants", {"code": "v", "variant_attribute_sets": sets})
    assert [error["error_code"] for error in answer.json()["errors"]] == ["bad_axis"]
    assert FamilyVariant.objects.count() == 0


def test_a_channel_needs_locales_currencies_and_a_tree(shop):
    answer = shop.post("/channels", {"code": "print", "currencies": ["EURO"]}).json()
    assert [error["property"] for error in answer["errors"]] == [
        "locales",
        "category_tree",
        "currencies",
    ]
    assert shop.get("/currencies").json()["_embedded"]["items"][0]["code"] == "EUR"
    wrong = shop.patch("/channels/web", {"locales": ["not a locale"]})
    assert wrong.status_code == 422
    assert Channel.objects.count() == 1
    assert Locale.objects.count() == 2


def test_a_family_is_read_as_it_was_written(shop):
    made = shop.post("/families", SHOES)
    assert made.headers["Location"] == f"{HOST}/families/shoes"
    assert shop.get("/families/shoes").json() == {
        **SHOES,
        "attributes": ["sku", "name", "picture", "color", "size"],
        "attribute_requirements": {"web": ["name", "sku"]},
    }
    same = shop.patch("/families/shoes", shop.get("/families/shoes").json())
    assert (same.status_code, same.headers["X-Changed"]) == (204, "false")


def test_requirements_change_channel_by_channel(shop):
    shop.post("/families", SHOES)
    shop.post("/channels", {**WEB, "code": "print"})
    shop.patch("/families/shoes", {"attribute_requirements": {"print": ["sku"]}})
    assert shop.get("/families/shoes").json()["attribute_requirements"] == {
        "print": ["sku"],
        "web": ["name", "sku"],
    }


def test_all_that_is_wrong_with_a_family_is_said_at_once(shop):
    document = {
        "code": "no code",
        "attributes": ["name", "weight", "height"],
        "attribute_as_label": "title",
        "attribute_requirements": {"web": ["depth"], "print": ["name"]},
    }
    answer = shop.post("/families", document)
    assert answer.status_code == 422
    assert [(e["property"], e["error_code"]) for e in answer.json()["errors"]] == [
        ("code", "bad_code"),
        ("attribute_as_label", "unknown_code"),
        ("attributes", "unknown_code"),
        ("attributes", "unknown_code"),
        ("attribute_requirements", "unknown_code"),
        ("attribute_requirements", "unknown_code"),
    ]
    form = shop.post("/families", {"code": [], "attributes": "name", "colour": "red"}).json()
    assert [e["property"] for e in form["errors"]] == ["code", "attributes", "colour"]
    assert shop.get("/families").json()["_embedded"]["items"] == []


def test_families_with_products_are_found(shop):
    shop.post("/families", SHOES)

    def found(value):
        search = json.dumps({"has_products": [{"operator": "=", "value": value}]})
        items = shop.get("/families", {"search": search}).json()["_embedded"]["items"]
        return [item["code"] for item in items]

    assert (found(True), found(False)) == ([], ["shoes"])


def test_a_variant_is_read_as_it_was_written(shop):
    shop.post("/families", SHOES)
    made = shop.post(
        "/families/shoes/variants", {"code": "by_size", "variant_attribute_sets": SETS}
    )
    assert made.headers["Location"] == f"{HOST}/families/shoes/variants/by_size"
    assert shop.get("/families/shoes/variants/by_size").json() == {
        "code": "by_size",
        "labels": {},
        "common_attributes": ["name"],
        "variant_attribute_sets": [
            {"level": 1, "axes": ["color"], "attributes": ["color", "picture"]},
            {"level": 2, "axes": ["size"], "attributes": ["size", "sku"]},
        ],
    }


def test_a_variant_changes_in_part(shop):
    shop.post("/families", SHOES)
    shop.post("/families/shoes/variants", {"code": "by_size", "variant_attribute_sets": SETS})
    named = shop.patch("/families/shoes/variants/by_size", {"labels": {"en_US": "By size"}})
    assert named.headers["X-Changed"] == "true"
    moved = [{"level": 2, "attributes": ["size", "picture"]}]
    shop.patch("/families/shoes/variants/by_size", {"variant_attribute_sets": moved})
    sets = shop.get("/families/shoes/variants/by_size").json()["variant_attribute_sets"]
    assert [s["attributes"] for s in sets] == [["color"], ["picture", "size", "sku"]]


def test_axes_stay_while_products_are_told_apart_by_them(shop):
    shop.post("/families", SHOES)
    shop.post("/families/shoes/variants", {"code": "v", "variant_attribute_sets": SETS[:1]})
    variant = FamilyVariant.objects.get()
    Product.objects.create(
        identifier="m", role="model", family_variant=variant, family=variant.family, updated_at=NOW
    )
    other = [{"level": 1, "axes": ["size"], "attributes": ["size"]}]
    response = shop.patch("/families/shoes/variants/v", {"variant_attribute_sets": other})
    assert response.status_code == 422
    sets = shop.get("/families/shoes/variants/v").json()["variant_attribute_sets"]
    assert sets[0]["axes"] == ["color"]


@pytest.mark.parametrize(
    "sets",
    ["nonsense", [{"level": 3}], [{"level": 1, "axes": "color"}], [{"level": 1, "axes": []}]],
)
def test_sets_that_cannot_be_are_refused(shop, sets):
    shop.post("/families", SHOES)
    response = shop.post("/families/shoes/variants", {"code": "v", "variant_attribute_sets": sets})
    assert response.status_code == 422
    assert FamilyVariant.objects.count() == 0


def test_variants_of_an_unknown_family_are_404(shop):
    response = shop.get("/families/nope/variants")
    assert (response.status_code, response.json()["message"]) == (
        404,
        'Family "nope" does not exist.',
    )


def test_association_types_are_read_as_they_were_written(shop):
    sent = {"code": "up", "labels": {"en_US": "Up"}, "is_two_way": True, "is_quantified": False}
    assert shop.post("/association-types", sent).status_code == 201
    assert shop.get("/association-types/up").json() == sent


AREA = {
    "code": "AREA",
    "labels": {"en_US": "Area"},
    "standard_unit_code": "M2",
    "units": {
        "M2": {
            "code": "M2",
            "labels": {},
            "convert_from_standard": [{"operator": "mul", "value": "1"}],
            "symbol": "m²",
        },
        "CM2": {
            "code": "CM2",
            "labels": {"en_US": "Square centimetre"},
            "convert_from_standard": [{"operator": "mul", "value": "0.0001"}],
            "symbol": "cm²",
        },
    },
}


def test_measurement_families_are_a_plain_list_both_ways(shop):
    made = shop.patch("/measurement-families", [AREA, {"code": "BAD"}, {"labels": {}}])
    assert made.status_code == 200
    assert [(a["code"], a["status_code"]) for a in made.json()] == [
        ("AREA", 201),
        ("BAD", 422),
        (None, 422),
    ]
    assert shop.get("/measurement-families").json() == [AREA]
    shop.patch("/measurement-families", [{"code": "AREA", "labels": {"fi": "Pinta-ala"}}])
    assert shop.get("/measurement-families").json() == [
        {**AREA, "labels": {"en_US": "Area", "fi": "Pinta-ala"}}
    ]
    assert MeasurementFamily.objects.count() == 1


def test_units_that_are_not_named_stay(shop):
    shop.patch("/measurement-families", [AREA])
    more = {"code": "KM2", "convert_from_standard": [{"operator": "mul", "value": "1000000"}]}
    shop.patch("/measurement-families", [{"code": "AREA", "units": [more]}])
    assert list(shop.get("/measurement-families").json()[0]["units"]) == ["M2", "CM2", "KM2"]


@pytest.mark.parametrize(
    "step", [{"operator": "pow", "value": "2"}, {"operator": "div", "value": "0"}, {}, "x"]
)
def test_a_conversion_that_cannot_be_is_refused(shop, step):
    bad = {"M2": {"code": "M2", "convert_from_standard": [step]}}
    answer = shop.patch("/measurement-families", [{**AREA, "units": bad}]).json()
    assert answer[0]["status_code"] == 422
    assert MeasurementFamily.objects.count() == 0


def test_the_older_measure_families_are_there(shop):
    shop.patch("/measurement-families", [AREA])
    answer = shop.get("/measure-families/area").json()
    assert answer["standard"] == "M2"
    assert answer["units"][1] == {"code": "CM2", "convert": {"mul": "0.0001"}, "symbol": "cm²"}
    assert len(shop.get("/measure-families").json()["_embedded"]["items"]) == 1


def test_the_system_says_what_it_is_compatible_with(shop):
    answer = shop.get("/system-information").json()
    assert (answer["version"], answer["edition"]) == ("7.0.0", "CE")


LISTS = ["attributes", "attribute-groups", "families", "families/shoes/variants", "channels"]


@pytest.mark.parametrize("address", LISTS)
def test_lists_cost_the_same_for_one_and_three(shop, address, django_assert_num_queries):
    for code in ("shoes", "hats", "coats"):
        shop.post("/families", {**SHOES, "code": code})
        shop.post("/families/shoes/variants", {"code": code, "variant_attribute_sets": SETS})
        shop.post("/channels", {**WEB, "code": code})
        shop.post("/attribute-groups", {"code": code})
    count = {"attributes": 5, "attribute-groups": 6, "families": 7, "channels": 7}.get(address, 8)
    count += address.endswith("variants")  # what the family is called now
    for limit in (1, 3):
        with django_assert_num_queries(count):
            shop.get(f"/{address}", {"limit": limit})
