"""Writing products through the PIM REST API: merge rules, errors, collections, conflicts."""

import json
import uuid

import pytest
from django.db import connection

from pim.models import Change, Product, Version
from pim.queries.drafts import read_drafts
from tests.factories.catalogue import wish, write
from tests.factories.rest import RestClient

from .test_products import HOST, items, product, shop, state

__all__ = ["items", "shop"]
pytestmark = pytest.mark.django_db


def draft(identifier):
    pk = product(identifier).id
    return read_drafts([pk])[pk]


def said(*values) -> dict:
    """Return values as clients send them: ("name|web|en_US", data), …"""
    found: dict = {}
    for place, data in values:
        code, scope, locale = (place + "||").split("|")[:3]
        entry = {"scope": scope or None, "locale": locale or None, "data": data}
        found.setdefault(code, []).append(entry)
    return {"values": found}


def test_a_product_is_made_and_changed_and_left_alone(shop):
    made = shop.patch("/products/N", {"family": "lamp", **said(("name||sv_FI", "Ny"))})
    assert (made.status_code, made.content) == (201, b"")
    assert made.headers["Location"] == f"{HOST}/products/N"
    changed = shop.patch("/products/N", {"enabled": False, **said(("name||en", "New"))})
    assert (changed.status_code, changed.headers["X-Changed"]) == (204, "true")
    again = shop.patch("/products/N", {"enabled": False, **said(("name||en", "New"))})
    assert (again.status_code, again.headers["X-Changed"]) == (204, "false")
    found = draft("N")
    assert (found.family, found.enabled, found.row_version) == ("lamp", False, 2)
    assert found.values == {"en": {"name": {"": "New"}}, "sv-FI": {"name": {"": "Ny"}}}
    change = Change.objects.filter(product_id=found.id).latest("id")
    assert (change.actor, change.source) == (shop.connection.user.get_username(), "api")


def test_post_makes_only_what_is_not_there(shop):
    made = shop.post("/products", {"identifier": "N"})
    assert (made.status_code, made.headers["Location"]) == (201, f"{HOST}/products/N")
    before = state()
    again = shop.post("/products", {"identifier": "N", "enabled": False})
    assert (again.status_code, again.json()["errors"][0]["property"]) == (422, "identifier")
    assert shop.post("/products", {"family": "lamp"}).status_code == 422
    assert state() == before


def test_values_are_merged_by_address_and_null_erases(shop):
    shop.patch("/products/A", said(("pieces", None), ("on_sale", False), ("story|web|en", "Hi")))
    values = draft("A").values
    assert values[""]["on_sale"] == {"": False}
    assert "pieces" not in values[""]
    assert values[""]["care"] == {"": ["cold", "warm"]}
    assert values["en"] == {"story": {"web": "Hi"}}


def test_what_was_read_can_be_sent_back_and_changes_nothing(shop):
    for path in ("/products/M-red", f"/products-uuid/{product('M-red').uuid}", "/product-models/M"):
        query = {"with_attribute_options": "true", "with_completenesses": "true"}
        document = shop.get(path, query).json()
        before = state()
        response = shop.patch(path, document)
        assert (response.status_code, response.headers["X-Changed"]) == (204, "false"), path
        assert state() == before


def test_what_a_model_says_is_not_overridden_through_its_variants(shop):
    before = state()
    response = shop.patch(
        "/products/M-red",
        said(("name||fi", "Oma"), ("price", [{"amount": "8", "currency": "EUR"}])),
    )
    assert (response.status_code, response.headers["X-Changed"]) == (204, "false")
    assert response.headers["X-Passed-Over"] == "name, price"
    same = shop.patch("/products/M-red", said(("price", [{"amount": "9", "currency": "EUR"}])))
    assert "X-Passed-Over" not in same.headers
    assert state() == before


def test_collections_name_what_was_passed_over_for_whoever_asks(shop):
    lines = [
        {"identifier": "M-red", **said(("name||fi", "Oma"))},
        {"identifier": "A", "enabled": True},
    ]
    assert shop.answers("/products?with_changed=true", lines) == [
        {
            "line": 1,
            "identifier": "M-red",
            "status_code": 204,
            "changed": False,
            "passed_over": ["name"],
        },
        {"line": 2, "identifier": "A", "status_code": 204, "changed": False},
    ]
    assert shop.answers("/products", lines)[0] == {
        "line": 1, "identifier": "M-red", "status_code": 204,
    }  # fmt: skip


def test_categories_are_replaced_added_and_removed(shop):
    shop.patch("/products/A", {"categories": ["master"]})
    assert draft("A").categories == ["master"]
    shop.patch("/products/A", {"add_categories": ["indoor"], "remove_categories": ["master"]})
    assert draft("A").categories == ["indoor"]
    shop.patch("/products/A", {"add-categories": ["outdoor"]})
    assert draft("A").categories == ["indoor", "outdoor"]
    before = state()
    both = shop.patch("/products/A", {"categories": [], "add_categories": ["master"]})
    assert both.status_code == 422
    assert state() == before


@pytest.mark.parametrize(
    ("ties", "message"),
    [
        ({"cross_sell": {"products": ["zz"]}},
         "expects a valid product identifier. The product does not exist"),
        ({"cross_sell": {"groups": ["zz"]}},
         "expects a valid group code. The group does not exist"),
        ({"zz": {"products": ["A"]}},
         "expects a valid association type code. The association type does not exist"),
    ],
)  # fmt: skip
def test_an_association_with_nothing_is_refused(shop, ties, message):
    before = state()
    answer = shop.patch("/products/M-red", {"associations": ties})
    said = f'Property "associations" {message}, "zz" given.'
    assert (answer.status_code, answer.json()["message"]) == (
        422,
        f"{said} Check the expected format on the API documentation.",
    )
    assert [(e["property"], e["message"]) for e in answer.json()["errors"]] == [
        ("associations", said)
    ]
    assert state() == before


def test_empty_associations_that_were_read_can_be_sent_back(shop):
    read = shop.get("/products/A").json()
    nothing = {"groups": [], "products": [], "product_models": []}
    assert read["associations"] == {"cross_sell": nothing, "goes_with": nothing}
    assert read["quantified_associations"] == {}
    before = state()
    same = shop.patch("/products/A", read)
    assert (same.status_code, same.headers["X-Changed"]) == (204, "false")
    assert state() == before


def test_associations_are_merged_by_type_and_by_list(shop):
    shop.patch("/products/M-red", {"associations": {"cross_sell": {"products": []}}})
    assert draft("M-red").associations == {
        "cross_sell": {"products": [[str(product("M").uuid), None]], "groups": []},
        "set": {"products": [[str(product("A").uuid), 3]], "groups": []},
    }
    shop.patch(
        "/products/M-red",
        {"associations": {"cross_sell": {"product_models": [], "products": ["A"]}},
         "quantified_associations": {"set": {"products": [{"identifier": "A", "quantity": 5}]}}},
    )  # fmt: skip
    assert draft("M-red").associations == {
        "cross_sell": {"products": [[str(product("A").uuid), None]], "groups": []},
        "set": {"products": [[str(product("A").uuid), 5]], "groups": []},
    }


def test_a_variant_is_set_free_with_what_it_inherited(shop):
    response = shop.patch("/products/M-red", {"parent": None})
    assert response.status_code == 204
    found = draft("M-red")
    assert (found.parent, found.family, found.family_variant) == (None, "lamp", "")
    assert found.values["sv-FI"] == {"name": {"": "Lampa"}}
    assert found.values[""]["price"] == {"": {"EUR": "9"}}


def test_a_product_becomes_a_variant(shop):
    shop.patch("/products/N", {"family": "lamp", **said(("color", "blue"))})
    assert shop.patch("/products/N", {"parent": "M"}).status_code == 204
    assert (draft("N").parent, draft("N").level) == ("M", 1)


def test_a_product_is_renamed_by_the_old_name_and_by_uuid(shop):
    pk, other = product("A").id, product("A").uuid
    assert shop.patch("/products/A", {"identifier": "A2"}).status_code == 204
    assert product("A2").id == pk
    shop.patch(f"/products-uuid/{other}", said(("sku", "A3")))
    assert product("A3").id == pk


def test_products_are_made_by_uuid(shop):
    other = str(uuid.uuid4())
    made = shop.post("/products-uuid", {"uuid": other, **said(("sku", "N"))})
    assert (made.status_code, made.headers["Location"]) == (201, f"{HOST}/products-uuid/{other}")
    assert str(product("N").uuid) == other
    nameless = shop.post("/products-uuid", {"family": "lamp"})
    assert nameless.headers["Location"].endswith(Product.objects.latest("id").identifier)
    assert shop.patch("/products-uuid/zz", {}).status_code == 422


def test_a_product_without_identifier_answers_null(shop):
    made = shop.post("/products-uuid", {"family": "lamp", **said(("color", "blue"))})
    path = made.headers["Location"].removeprefix(HOST)
    other = path.rpartition("/")[2]
    by_uuid, by_name = shop.get(path).json(), shop.get(f"/products/{other}").json()
    assert set(by_uuid["values"]) == {"color"}
    assert (by_name["identifier"], by_name["uuid"], set(by_name["values"])) == (
        None, other, {"color"},
    )  # fmt: skip
    for document, address in ((by_uuid, path), (by_name, f"/products/{other}")):
        same = shop.patch(address, document)
        assert (same.status_code, same.headers["X-Changed"]) == (204, "false")
    (item,) = found(shop, {"operator": "EMPTY"})
    assert item["_links"]["self"]["href"] == f"{HOST}/products/{other}"
    named = {item["identifier"] for item in found(shop, {"operator": "NOT EMPTY"})}
    assert "A" in named
    assert None not in named


def found(shop, test):
    search = {"search": json.dumps({"sku": [test]}), "limit": "100"}
    return shop.get("/products", search).json()["_embedded"]["items"]


def test_an_identifier_is_given_later_and_taken_away(shop):
    other = shop.post("/products-uuid", {}).headers["Location"].rpartition("/")[2]
    shop.patch(f"/products-uuid/{other}", said(("sku", "LATE")))
    assert shop.get("/products/LATE").json()["uuid"] == other
    shop.patch(f"/products-uuid/{other}", {"values": {}})
    assert product("LATE").uuid == uuid.UUID(other)
    shop.patch(f"/products-uuid/{other}", said(("sku", None)))
    assert shop.get(f"/products-uuid/{other}").json()["values"] == {}
    lines = [{"uuid": other, **said(("sku", "AGAIN"))}, {"uuid": str(product("A").uuid)}]
    shop.answers("/products-uuid", lines)
    assert product("AGAIN").uuid == uuid.UUID(other)
    shop.answers("/products-uuid", [{"uuid": other, **said(("sku", None))}])
    assert product(other).uuid == uuid.UUID(other)
    assert product("A")


def test_models_and_variants_are_made(shop):
    model = {"code": "R", "family_variant": "lamp_color_size", **said(("name||en", "Root"))}
    assert shop.post("/product-models", model).status_code == 201
    shop.patch("/product-models/R-red", {"parent": "R", **said(("color", "red"))})
    shop.patch("/products/R-red-s", {"parent": "R-red", **said(("size", "s"))})
    found = draft("R-red-s")
    assert (found.family, found.level, found.role) == ("lamp", 2, "item")
    assert shop.get("/products/R-red-s").json()["values"]["name"][0]["data"] == "Root"


def test_every_error_is_told_with_its_place(shop):
    before = state()
    document = {
        "family": "nope",
        "categories": ["nowhere"],
        **said(
            ("color", "pink"), ("pieces", "many"), ("zz", 1), ("name", "x"), ("story|tv|en", "x"),
            ("name||xx_YY", "x"),
        ),
    }  # fmt: skip
    response = shop.patch("/products/A", document)
    errors = response.json()["errors"]
    assert (response.status_code, response.json()["message"]) == (
        422,
        'Property "family" expects a valid family code. The family does not exist, "nope" given. '
        "Check the expected format on the API documentation.",
    )
    shown = [(e["property"], e.get("attribute"), e.get("locale"), e.get("scope")) for e in errors]
    assert sorted(shown, key=str) == sorted(
        [
            ("family", None, None, None),
            ("categories", None, None, None),
            ("values", "color", None, None),
            ("values", "pieces", None, None),
            ("values", "zz", None, None),
            ("values", "name", None, None),
            ("values", "story", "en", "tv"),
            ("values", "name", "xx_YY", None),
        ],
        key=str,
    )
    assert state() == before


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"zz": 1}, 'Property "zz" does not exist.'),
        ({"enabled": "yes"}, 'Property "enabled" expects a boolean as data, "string" given.'),
        ({"categories": "a"}, 'Property "categories" expects an array as data, "string" given.'),
        ({"values": "a"}, 'Property "values" expects an array as data, "string" given.'),
        ({"values": {"name": "a"}}, 'Property "name" expects an array as data, "string" given.'),
        ({"values": {"name": [{"locale": "en"}]}},
         'Property "name" expects an array with the key "data".'),
        (said(("name||en", "a"), ("name||en", "b")),
         'You cannot update the same product value on the "name" attribute twice, with the same '
         "scope and locale."),
        ({"associations": {"cross_sell": {"products": "A"}}},
         'Property "associations.cross_sell.products" expects an array as data, "string" given.'),
        ({"values": {"name": [{"data": 1, "locale": ["en"], "scope": None}]}},
         'Property "name" expects codes as "scope" and "locale".'),
    ],
)  # fmt: skip
def test_a_body_of_the_wrong_form_is_422_with_a_link(shop, document, message):
    before = state()
    response = shop.patch("/products/A", document)
    assert (response.status_code, response.json()["message"]) == (
        422,
        f"{message} Check the expected format on the API documentation.",
    )
    assert "documentation" in response.json()["_links"]
    assert state() == before


def test_lines_are_written_each_for_itself(shop):
    answers = shop.answers(
        "/products?with_changed=true",
        [
            {"identifier": "A", **said(("pieces", 7))},
            {"identifier": "N", "categories": ["nowhere"]},
            {"identifier": "N2", "parent": "M", **said(("color", "blue"))},
            {"identifier": "A", "zz": 1},
            {"identifier": "A", **said(("pieces", 7))},
            {"enabled": True},
        ],
    )
    names = ("line", "identifier", "status_code", "changed")
    assert [tuple(answer.get(name) for name in names) for answer in answers] == [
        (1, "A", 204, True),
        (2, "N", 422, None),
        (3, "N2", 201, True),
        (4, "A", 422, None),
        (5, "A", 204, False),
        (6, None, 422, None),
    ]  # fmt: skip
    assert answers[1]["errors"][0]["property"] == "categories"
    assert not Product.objects.filter(identifier="N").exists()


def test_lines_of_models_and_of_uuids_are_written(shop):
    answers = shop.answers(
        "/product-models",
        [
            {"code": "R-red", "parent": "R", **said(("color", "red"))},
            {"code": "R", "family_variant": "lamp_color_size"},
        ],
    )
    assert [(a["code"], a["status_code"]) for a in answers] == [("R-red", 201), ("R", 201)]
    other = str(uuid.uuid4())
    answers = shop.answers(
        "/products-uuid",
        [{"uuid": str(product("A").uuid), "enabled": False}, {"uuid": other}, {"uuid": "zz"}],
    )
    assert [a["status_code"] for a in answers] == [204, 201, 422]
    assert Product.objects.get(uuid=other).identifier == other


# PostgreSQL copies into staging tables and holds the attributes, in some more statements.
_QUERIES = {"sqlite": 21, "postgresql": 32}


def test_a_batch_costs_the_same_for_one_and_three(shop, django_assert_num_queries):
    shop.answers("/products", [{"identifier": "A", **said(("pieces", 1))}])
    for count in (1, 3):
        lines = [{"identifier": f"N{n}", **said(("pieces", count))} for n in range(count)]
        shop.answers("/products", [{"identifier": f"N{n}"} for n in range(count)])
        with django_assert_num_queries(_QUERIES[connection.vendor]):
            shop.answers("/products", lines)


def test_a_stale_writer_is_refused(shop):
    tag = shop.get("/products/A").headers["ETag"]
    assert shop.patch("/products/A", said(("pieces", 1)), If_Match=tag).status_code == 204
    before = state()
    stale = shop.patch("/products/A", said(("pieces", 2)), If_Match=tag)
    assert stale.status_code == 412
    assert shop.patch("/products/zz", {}, If_Match=tag).status_code == 412
    assert state() == before
    fresh = shop.get("/products/A", {"attributes": "pieces"}).headers["ETag"]
    assert shop.patch("/products/A", said(("pieces", 2)), If_Match=fresh).status_code == 204
    assert shop.get("/products/A", If_None_Match=fresh).status_code == 200


def test_products_and_models_are_deleted(shop):
    assert shop.delete("/products/A").status_code == 204
    assert shop.delete("/products/A").status_code == 404
    assert shop.delete("/products/M").status_code == 404
    assert shop.delete("/product-models/M").status_code == 204
    assert list(Product.objects.values_list("identifier", flat=True)) == []


def test_rights_of_the_user_are_those_of_the_connection(shop):
    reader = RestClient("reader", rights=["view_product"])
    changer = RestClient("changer", rights=["view_product", "change_product"])
    before = state()
    assert reader.get("/products").status_code == 200
    assert reader.patch("/products/A", {"enabled": False}).status_code == 403
    assert reader.lines("/products", [{"identifier": "A", "enabled": False}]).status_code == 403
    assert reader.post("/products", {"identifier": "N"}).status_code == 403
    assert reader.delete("/products/A").status_code == 403
    assert state() == before
    assert changer.patch("/products/N", {}).status_code == 404
    assert state() == before
    assert changer.patch("/products/A", {"enabled": False}).status_code == 204


def test_a_connection_may_publish_just_what_it_touched(shop):
    shop.patch("/products/A", said(("pieces", 99)))
    direct = RestClient("direct", writes="publish", reads="published")
    direct.patch("/products/A", said(("on_sale", False)))
    row = product("A")
    assert row.version.number == 1
    values = direct.get("/products/A").json()["values"]
    assert {code: entries[0]["data"] for code, entries in values.items()} == {"on_sale": False}
    direct.answers("/products", [{"identifier": "A", **said(("pieces", 99))}])
    assert direct.get("/products/A").json()["values"]["pieces"][0]["data"] == "99"
    before = Version.objects.count()
    direct.patch("/products/A", said(("pieces", 99)))
    assert Version.objects.count() == before


def test_two_way_ties_and_references_to_later_lines_hold(shop):
    shop.answers(
        "/products",
        [
            {"identifier": "P", "associations": {"goes_with": {"products": ["Q"]}}},
            {"identifier": "Q", **said(("spare", ["P"]))},
        ],
    )
    assert draft("Q").associations["goes_with"]["products"] == [[str(product("P").uuid), None]]


def test_a_write_keeps_what_others_wrote_elsewhere(shop):
    write(wish("A", at={"notes||": "By hand"}))
    shop.patch("/products/A", said(("pieces", 1)))
    assert draft("A").values[""]["notes"] == {"": "By hand"}


def test_the_key_is_among_all_that_is_wrong(shop):
    before = state()
    form = shop.post("/products", {"identifier": 5, "family": [], "zz": 1}).json()
    assert [e["property"] for e in form["errors"]] == ["identifier", "family", "zz"]
    sent = shop.post("/products", {"identifier": "a,b", "family": "nope"}).json()
    assert [e["property"] for e in sent["errors"]] == ["identifier", "family"]
    assert state() == before


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("search_locale=xx", 'Locale "xx" does not exist or is not activated.'),
        ("search_locale=en,fi", 'Parameter "search_locale" has to be one locale.'),
        ("search_scope=xx", 'Scope "xx" does not exist.'),
    ],
)
def test_a_search_has_a_place_that_is_there(shop, query, message):
    answer = shop.get(f"/products?{query}")
    assert (answer.status_code, answer.json()) == (422, {"code": 422, "message": message})
