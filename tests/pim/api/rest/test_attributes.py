"""Attributes, their options and groups through the API."""

import pytest

from pim.models import Attribute, AttributeGroup, AttributeOption
from tests.factories.rest import RestClient

pytestmark = pytest.mark.django_db
HOST = "http://testserver/api/rest/v1"
EMPTY = {
    "group": "marketing",
    "group_labels": {"en_US": "Marketing"},
    "unique": False,
    "is_main_identifier": False,
    "useable_as_grid_filter": False,
    "allowed_extensions": [],
    "max_characters": None,
    "validation_rule": None,
    "validation_regexp": None,
    "wysiwyg_enabled": None,
    "number_min": None,
    "number_max": None,
    "decimals_allowed": None,
    "negative_allowed": None,
    "date_min": None,
    "date_max": None,
    "max_file_size": None,
    "minimum_input_length": None,
    "default_value": None,
    "metric_family": None,
    "default_metric_unit": None,
    "auto_option_sorting": None,
    "reference_data_name": None,
    "available_locales": [],
    "sort_order": 0,
    "localizable": False,
    "scopable": False,
    "labels": {},
    "guidelines": {},
}


@pytest.fixture
def shop():
    client = RestClient()
    client.post("/attribute-groups", {"code": "marketing", "labels": {"en_US": "Marketing"}})
    return client


def add(shop, code, kind, **more):
    return shop.post("/attributes", {"code": code, "type": kind, "group": "marketing", **more})


@pytest.mark.parametrize(
    ("kind", "sent", "more"),
    [
        ("pim_catalog_identifier", {}, {"unique": True, "is_main_identifier": True}),
        ("pim_catalog_text", {"max_characters": 60, "localizable": True, "scopable": True}, {}),
        ("pim_catalog_text", {"validation_rule": "email"}, {}),
        ("pim_catalog_text", {"validation_rule": "regexp", "validation_regexp": "/^a+$/"}, {}),
        ("pim_catalog_textarea", {"wysiwyg_enabled": True}, {}),
        ("pim_catalog_textarea", {}, {"wysiwyg_enabled": False}),
        (
            "pim_catalog_number",
            {"number_min": "1", "number_max": "9.5", "decimals_allowed": False},
            {"negative_allowed": True},
        ),
        (
            "pim_catalog_metric",
            {"metric_family": "Weight", "default_metric_unit": "KILOGRAM"},
            {"decimals_allowed": True, "negative_allowed": True},
        ),
        ("pim_catalog_price_collection", {"decimals_allowed": False}, {}),
        ("pim_catalog_boolean", {"default_value": True}, {}),
        (
            "pim_catalog_date",
            {"date_min": "2017-06-28T08:00:00"},
            {"date_min": "2017-06-28T00:00:00+00:00"},
        ),
        ("pim_catalog_simpleselect", {"useable_as_grid_filter": True, "sort_order": 4}, {}),
        ("pim_catalog_multiselect", {"available_locales": ["de_DE", "fr_FR"]}, {}),
        ("pim_catalog_image", {"allowed_extensions": ["png", "jpg"], "max_file_size": "10"}, {}),
        ("pim_catalog_file", {"labels": {"en_US": "Manual"}, "guidelines": {"fi": "Ohje"}}, {}),
        ("pim_catalog_asset_collection", {"reference_data_name": "assets"}, {}),
    ],
)
def test_every_type_is_read_as_it_was_written(shop, kind, sent, more):
    made = add(shop, "thing", kind, **sent)
    assert (made.status_code, made.content) == (201, b"")
    first = shop.get("/attributes/thing")
    assert first.json() == {"code": "thing", "type": kind, **EMPTY, **sent, **more}
    same = shop.patch("/attributes/thing", first.json())
    assert (same.status_code, same.headers["X-Changed"]) == (204, "false")
    assert shop.get("/attributes/thing").json() == first.json()


def test_a_table_has_columns(shop):
    columns = [
        {
            "code": "part",
            "data_type": "select",
            "labels": {"en_US": "Part"},
            "validations": {},
            "options": [{"code": "leg", "labels": {"en_US": "Leg"}}],
        },
        {"code": "pieces", "data_type": "number", "labels": {}, "validations": {"min": 1}},
    ]
    add(shop, "parts", "pim_catalog_table", table_configuration=columns)
    full = shop.get("/attributes/parts", {"with_table_select_options": "true"}).json()
    assert full["table_configuration"] == columns
    short = shop.get("/attributes/parts").json()["table_configuration"]
    assert "options" not in short[0]


def test_a_reference_names_its_entity(shop):
    assert add(shop, "brand", "akeneo_reference_entity").status_code == 201
    answer = add(shop, "maker", "akeneo_reference_entity", reference_data_name="nope").json()
    assert [error["property"] for error in answer["errors"]] == ["reference_data_name"]


def test_all_that_is_wrong_is_said_at_once(shop):
    answer = shop.post(
        "/attributes",
        {
            "code": "bad code",
            "type": "pim_nonsense",
            "group": "nope",
            "number_min": "abc",
        },
    ).json()
    assert answer["message"] == (
        'Property "type" expects a valid attribute type. The attribute type does not exist, '
        '"pim_nonsense" given. Check the expected format on the API documentation.'
    )
    wrong = sorted({e["property"] for e in answer["errors"]})
    assert wrong == ["code", "group", "number_min", "type"]
    answer = shop.post("/attributes", {"code": "a", "type": "pim_nonsense", "group": "x"}).json()
    assert sorted({e["property"] for e in answer["errors"]}) == ["group", "type"]
    answer = shop.post("/attributes", {"code": "a", "type": "pim_catalog_text", "group": "x"})
    assert answer.json()["errors"][0]["message"] == (
        'Property "group" expects a valid code. The attribute group does not exist, "x" given.'
    )
    assert Attribute.objects.count() == 0


def test_the_oldest_identifier_is_the_main_one_and_in_every_family(shop):
    add(shop, "sku", "pim_catalog_identifier", sort_order=5)
    add(shop, "ean", "pim_catalog_identifier", sort_order=1)
    main = {code: shop.get(f"/attributes/{code}").json() for code in ("sku", "ean")}
    assert {code: one["is_main_identifier"] for code, one in main.items() } == {
        "sku": True, "ean": False,
    }  # fmt: skip
    shop.post("/families", {"code": "shoes", "attributes": []})
    assert shop.get("/families/shoes").json()["attributes"] == ["sku"]


def test_the_group_is_needed(shop):
    answer = shop.post("/attributes", {"code": "a", "type": "pim_catalog_text"}).json()
    assert [(error["property"], error["message"]) for error in answer["errors"]] == [
        ("group", "This value should not be blank.")
    ]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"type": "pim_catalog_file"}, "type"),
        ({"type": "pim_catalog_text"}, "type"),
        ({"localizable": True}, "localizable"),
        ({"scopable": True}, "scopable"),
    ],
)
def test_what_values_depend_on_never_changes(shop, change, field):
    add(shop, "thing", "pim_catalog_image")
    response = shop.patch("/attributes/thing", change)
    assert response.status_code == 422
    assert [error["property"] for error in response.json()["errors"]] == [field]
    assert shop.get("/attributes/thing").json()["type"] == "pim_catalog_image"


def test_a_rich_text_stays_rich_when_nothing_is_said(shop):
    add(shop, "text", "pim_catalog_textarea", wysiwyg_enabled=True)
    changed = shop.patch("/attributes/text", {"type": "pim_catalog_textarea", "sort_order": 3})
    assert changed.status_code == 204
    assert shop.get("/attributes/text").json()["wysiwyg_enabled"] is True


def test_a_rule_is_taken_away_with_null(shop):
    add(shop, "name", "pim_catalog_text", max_characters=60)
    shop.patch("/attributes/name", {"max_characters": None})
    assert Attribute.objects.get(code="name").rules == {}


def test_roles_are_guessed_for_new_attributes(shop):
    add(shop, "name", "pim_catalog_text")
    assert Attribute.objects.get(code="name").role == "name"


def test_attributes_are_found_by_type_and_code(shop):
    for code, kind in (("a", "pim_catalog_image"), ("b", "pim_catalog_file")):
        add(shop, code, kind)

    def found(search):
        answer = shop.get("/attributes", {"search": search}).json()
        return [item["code"] for item in answer["_embedded"]["items"]]

    assert found('{"type":[{"operator":"IN","value":["pim_catalog_file"]}]}') == ["b"]
    assert found('{"code":[{"operator":"IN","value":["a"]}]}') == ["a"]
    assert found('{"updated":[{"operator":">","value":"2000-01-01T00:00:00Z"}]}') == ["a", "b"]


def test_the_list_costs_the_same_for_one_and_three(shop, django_assert_num_queries):
    add(shop, "a", "pim_catalog_text")
    shop.get("/attributes")
    with django_assert_num_queries(5):
        shop.get("/attributes")
    for code in "bc":
        add(shop, code, "pim_catalog_text")
    with django_assert_num_queries(5):
        shop.get("/attributes")


def test_options_are_made_read_and_changed(shop):
    add(shop, "color", "pim_catalog_simpleselect")
    made = shop.post(
        "/attributes/color/options",
        {"code": "red", "attribute": "color", "labels": {"en_US": "Red"}, "sort_order": 2},
    )
    assert made.headers["Location"] == f"{HOST}/attributes/color/options/red"
    assert shop.get("/attributes/color/options/red").json() == {
        "code": "red",
        "attribute": "color",
        "sort_order": 2,
        "labels": {"en_US": "Red"},
    }
    answers = shop.answers(
        "/attributes/color/options", [{"code": "red", "labels": {"fi": "Puna"}}, {"code": "4 °"}]
    )
    assert [a["status_code"] for a in answers] == [204, 201]
    listed = shop.get("/attributes/color/options").json()["_embedded"]["items"]
    assert [item["code"] for item in listed] == ["4 °", "red"]
    assert listed[0]["_links"]["self"]["href"] == f"{HOST}/attributes/color/options/4%20%C2%B0"


def test_options_of_what_has_none_are_404(shop):
    add(shop, "name", "pim_catalog_text")
    response = shop.get("/attributes/name/options")
    assert (response.status_code, response.json()["message"]) == (
        404,
        'Attribute "name" does not support options. Only attributes of type '
        '"pim_catalog_simpleselect", "pim_catalog_multiselect" support options.',
    )
    assert shop.get("/attributes/nope/options").json()["message"] == (
        'Attribute "nope" does not exist.'
    )
    assert AttributeOption.objects.count() == 0


def test_a_group_takes_attributes_in_and_lets_them_go(shop):
    for code in "ab":
        add(shop, code, "pim_catalog_text")
    shop.post("/attribute-groups", {"code": "technical", "attributes": ["b"], "sort_order": 3})
    assert shop.get("/attribute-groups/technical").json() == {
        "code": "technical",
        "sort_order": 3,
        "attributes": ["b"],
        "labels": {},
    }
    moved = shop.patch("/attribute-groups/marketing", {"attributes": []})
    assert (moved.status_code, moved.headers["X-Changed"]) == (204, "true")
    assert dict(Attribute.objects.values_list("code", "group__code")) == {
        "a": "other",
        "b": "technical",
    }


def test_a_group_with_an_unknown_attribute_is_refused(shop):
    answer = shop.post("/attribute-groups", {"code": "technical", "attributes": ["nope"]}).json()
    assert [error["property"] for error in answer["errors"]] == ["attributes"]
    assert not AttributeGroup.objects.filter(code="technical").exists()


def test_a_type_that_is_none_is_one_error(shop):
    document = {"code": "new", "type": "pim_nonsense", "group": "marketing"}
    answer = shop.post("/attributes", document).json()
    assert [error["error_code"] for error in answer["errors"]] == ["unknown_type"]
