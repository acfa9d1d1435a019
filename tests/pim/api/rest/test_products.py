"""Products in the PIM REST API: read as existing clients read them, written by its rules."""

import base64
import json

import pytest

from pim.actions.publishing import publish_products
from pim.models import Association, Category, Change, Channel, Draft, Product
from pim.queries.structure import forget_structure
from tests.factories.catalogue import lamp_catalogue, wish, write
from tests.factories.rest import NOW, SETUP, RestClient

pytestmark = pytest.mark.django_db
HOST = "http://testserver/api/rest/v1"


@pytest.fixture
def shop():
    lamp_catalogue()
    write(
        wish(
            "M", role="model", family="lamp", family_variant="lamp_color", categories=["indoor"],
            associations={"cross_sell": {"products": [], "groups": ["new"]}},
            at={"name||en": "Lamp", "name||sv-FI": "Lampa", "price||": {"EUR": "9"}},
        ),
        wish("A", categories=["outdoor"], groups=["new"], at={
            "pieces||": "12.5", "care||": ["warm", "cold"], "on_sale||": True,
            "weight||": {"amount": "2", "unit": "KILOGRAM"}, "maker||": ["aino"]}),
        wish("M-red", parent="M", categories=["outdoor"], associations={
            "cross_sell": {"products": [("A", None), ("M", None)], "groups": []},
            "set": {"products": [("A", 3)], "groups": []}},
            at={"color||": "red", "name||en": {"$state": "empty"}, "story|web|en": "<p>Red</p>",
                "spare||": ["A"]}),
    )  # fmt: skip
    return RestClient()


def product(identifier):
    return Product.objects.get(identifier=identifier)


def state():
    """Everything that a refused request must leave alone."""
    return (
        list(Product.objects.order_by("id").values()),
        list(Draft.objects.order_by("id").values()),
        list(Association.objects.order_by("id").values()),
        Change.objects.count(),
    )


def value(data, kind, *, locale=None, scope=None, **more):
    entry = {
        "locale": locale,
        "scope": scope,
        "data": data,
        "attribute_type": f"pim_catalog_{kind}",
    }
    return {**entry, **more}


def test_a_variant_is_read_with_what_its_model_says(shop):
    row = product("M-red")
    answer = shop.get("/products/M-red").json()
    stamp = "2026-11-22T12:00:00+00:00"
    assert answer.pop("created")[:4].isdigit()
    assert answer == {
        "uuid": str(row.uuid),
        "identifier": "M-red",
        "enabled": True,
        "family": "lamp",
        "categories": ["indoor", "outdoor"],
        "groups": [],
        "parent": "M",
        "values": {
            "color": [value("red", "simpleselect")],
            "name": [value("Lampa", "text", locale="sv_FI")],
            "price": [value([{"amount": "9", "currency": "EUR"}], "price_collection")],
            "spare": [value(["A"], "product_link")],
            "story": [value("<p>Red</p>", "textarea", locale="en", scope="web")],
        },
        "updated": stamp,
        "associations": {
            "cross_sell": {"groups": ["new"], "products": ["A"], "product_models": ["M"]},
            "goes_with": {"groups": [], "products": [], "product_models": []},
        },
        "quantified_associations": {
            "set": {"products": [{"identifier": "A", "quantity": 3}], "product_models": []}
        },
        "metadata": {"workflow_status": "working_copy"},
    }


def test_by_uuid_the_identifier_is_a_value_and_ties_name_uuids(shop):
    row, other = product("M-red"), str(product("A").uuid)
    answer = shop.get(f"/products-uuid/{row.uuid}").json()
    assert "identifier" not in answer
    assert answer["uuid"] == str(row.uuid)
    assert answer["values"]["sku"] == [value("M-red", "identifier")]
    assert answer["values"]["spare"] == [value([other], "product_link")]
    assert answer["associations"]["cross_sell"]["products"] == [other]
    assert answer["quantified_associations"]["set"]["products"] == [{"uuid": other, "quantity": 3}]


def test_a_model_is_read_by_its_code(shop):
    answer = shop.get("/product-models/M").json()
    assert list(answer) == [
        "code", "family", "family_variant", "parent", "categories", "values", "created",
        "updated", "associations", "quantified_associations", "metadata",
    ]  # fmt: skip
    assert (answer["code"], answer["family_variant"], answer["parent"]) == ("M", "lamp_color", None)


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/products/M", 'Product "M" does not exist.'),
        ("/products/zz", 'Product "zz" does not exist.'),
        ("/products-uuid/zz", 'Product "zz" does not exist.'),
        ("/product-models/A", 'Product model "A" does not exist.'),
    ],
)
def test_what_is_not_there_is_404(shop, path, message):
    response = shop.get(path)
    assert (response.status_code, response.json()) == (404, {"code": 404, "message": message})


@pytest.mark.parametrize(
    ("attribute", "shown"),
    [
        ("pieces", value("12.5", "number")),
        ("care", value(["cold", "warm"], "multiselect")),
        ("on_sale", value(True, "boolean")),
        ("weight", value({"amount": "2", "unit": "KILOGRAM"}, "metric")),
    ],
)
def test_values_have_the_form_of_their_kind(shop, attribute, shown):
    assert shop.get("/products/A").json()["values"][attribute] == [shown]


def items(response) -> list[str]:
    assert response.status_code == 200, response.content
    found = response.json()["_embedded"]["items"]
    return [item.get("identifier") or item.get("code") or item["uuid"] for item in found]


def test_lists_hold_items_or_models(shop):
    assert items(shop.get("/products")) == ["A", "M-red"]
    assert items(shop.get("/product-models")) == ["M"]
    uuids = [str(product(name).uuid) for name in ("A", "M-red")]
    assert items(shop.get("/products-uuid")) == uuids


def test_a_list_is_searched(shop):
    search = {"categories": [{"operator": "IN", "value": ["indoor"]}]}
    assert items(shop.get("/products", {"search": json.dumps(search)})) == ["M-red"]
    search = {"name": [{"operator": "=", "value": "lampa"}]}
    query = {"search": json.dumps(search), "search_locale": "sv_FI"}
    assert items(shop.get("/products", query)) == ["M-red"]


def test_a_search_that_cannot_be_is_422_with_every_reason(shop):
    search = {"nothing": [{"operator": "="}], "family": [{"operator": "IN", "value": ["x"]}]}
    response = shop.get("/products", {"search": json.dumps(search)})
    assert response.status_code == 422
    assert [e["property"] for e in response.json()["errors"]] == ["nothing", "family"]
    response = shop.get("/products", {"search": "{"})
    assert (response.status_code, response.json()["message"]) == (
        400,
        "Search query parameter should be valid JSON.",
    )


@pytest.mark.parametrize(
    ("search", "message"),
    [
        ({"zz": [{"operator": "EMPTY"}]},
         'Filter on property "zz" is not supported or does not support operator "EMPTY"'),
        ({"name": [{"operator": "BETWEEN", "value": "x", "locale": "en"}]},
         'Filter on property "name" is not supported or does not support operator "BETWEEN"'),
        ({"name": [{"value": "x"}]}, 'Operator is missing for the property "name".'),
        ({"name": ["x"]}, 'Structure of filter "name" should respect this structure: '
         '{"name":[{"operator": "my_operator", "value": "my_value"}]}'),
        ({"name": [{"operator": "=", "value": "x"}]},
         'Attribute "name" expects a locale, none given.'),
        ({"name": [{"operator": "=", "value": "x", "locale": "xx_YY"}]},
         'Locale "xx_YY" does not exist or is not activated.'),
        ({"story": [{"operator": "=", "value": "x", "locale": "en"}]},
         'Attribute "story" expects a scope, none given.'),
        ({"story": [{"operator": "=", "value": "x", "locale": "en", "scope": "tv"}]},
         'Attribute "story" expects an existing scope, "tv" given.'),
        ({"completeness": [{"operator": "=", "value": 100}]},
         'Property "completeness" expects an array with the key "scope".'),
        ({"categories": [{"operator": "IN", "value": ["zz"]}]}, 'Category "zz" does not exist.'),
        ({"family": [{"operator": "IN", "value": ["zz"]}]},
         'Object "family" with code "zz" does not exist'),
        ({"price": [{"operator": "=", "value": {"amount": 1}}]},
         'Property "price" expects an array with the key "currency".'),
        ({"price": [{"operator": "=", "value": {"amount": 1, "currency": "ZZZ"}}]},
         'Property "price" expects a valid currency. The currency does not exist, "ZZZ" given.'),
    ],
)  # fmt: skip
def test_a_search_is_refused_in_the_words_of_the_original(shop, search, message):
    response = shop.get("/products", {"search": json.dumps(search)})
    assert (response.status_code, response.json()["message"]) == (422, message)
    assert response.json()["errors"][0]["message"] == message


def test_measurements_are_shown_in_the_units_of_the_channel(shop):
    shop.patch("/channels/web", {"conversion_units": {"weight": "KILOGRAM"}})
    grams = {"locale": None, "scope": None, "data": {"amount": "1250.5", "unit": "GRAM"}}
    shop.patch("/products/A", {"values": {"weight": [grams]}})
    asked = {"convert_measurements": "true", "scope": "web"}
    for answer in (
        shop.get("/products/A", asked).json(),
        shop.post("/products-uuid/search", {**asked, "convert_measurements": True}).json()[
            "_embedded"
        ]["items"][0],
    ):
        assert answer["values"]["weight"][0]["data"] == {"amount": "1.2505", "unit": "KILOGRAM"}
    plain = shop.get("/products/A", {"scope": "web"}).json()["values"]["weight"][0]["data"]
    assert plain == {"amount": "1250.5", "unit": "GRAM"}
    paper = shop.get("/products/A", {**asked, "scope": "print"}).json()["values"]["weight"]
    assert paper[0]["data"] == plain
    alone = shop.get("/products", {"convert_measurements": "true"})
    assert alone.status_code == 422


def test_a_search_takes_numbers_that_connectors_send_as_texts(shop):
    write(wish("B", family="lamp"))
    for completeness in (50, "50"):
        search = {"completeness": [{"operator": ">=", "value": completeness, "scope": "web"}]}
        assert items(shop.get("/products", {"search": json.dumps(search)})) == ["A", "M-red"]


def test_a_channel_lists_what_is_in_its_tree_unless_categories_are_named(shop):
    indoor = Category.objects.get(code="indoor")
    Channel.objects.filter(code="web").update(category_tree=indoor)
    forget_structure()
    assert items(shop.get("/products")) == ["A", "M-red"]
    assert items(shop.get("/products", {"scope": "web"})) == ["M-red"]
    assert items(shop.get("/product-models", {"scope": "web"})) == ["M"]
    named = json.dumps({"categories": [{"operator": "IN", "value": ["outdoor"]}]})
    query = {"scope": "web", "search": named}
    assert items(shop.get("/products", query)) == ["A", "M-red"]
    assert shop.get("/products/A", {"scope": "web"}).status_code == 200


def test_a_channel_lists_published_content_in_its_tree(shop):
    indoor = Category.objects.get(code="indoor")
    Channel.objects.filter(code="web").update(category_tree=indoor)
    forget_structure()
    reader = RestClient("reader", reads="published")
    publish_products(Product.objects.values_list("id", flat=True), actor=SETUP, at=NOW)
    write(wish("A", categories=["indoor"]))
    assert items(reader.get("/products", {"scope": "web"})) == ["M-red"]


@pytest.mark.parametrize(
    "cursor",
    [
        '["\\u0000"]',
        '["1"]',
        "[true]",
        "[1.5]",
        "[null]",
        "[]",
        "[1,2]",
        f"[{2**63}]",
        "1",
    ],
)
def test_a_cursor_that_nobody_gave_is_refused(shop, cursor):
    text = base64.urlsafe_b64encode(cursor.encode()).decode().rstrip("=")
    response = shop.get("/products", {"pagination_type": "search_after", "search_after": text})
    assert (response.status_code, response.json()["message"]) == (
        422,
        f'"{text}" is not a valid cursor: follow the links.',
    )


def test_a_cursor_meets_everything_once_whatever_is_written(shop):
    query = {"pagination_type": "search_after", "limit": 1}
    first = shop.get("/products", query).json()
    write(wish("A", at={"pieces||": "1"}), wish("Z"))
    product("M-red").filter_values.all().delete()
    second = shop.http.get(first["_links"]["next"]["href"]).json()
    third = shop.http.get(second["_links"]["next"]["href"]).json()
    found = [page["_embedded"]["items"][0]["identifier"] for page in (first, second, third)]
    assert found == ["A", "M-red", "Z"]
    assert "next" not in third["_links"]


def test_a_page_costs_the_same_for_one_and_three(shop, django_assert_num_queries):
    ties = {"cross_sell": {"products": [("A", None)], "groups": []}}
    for count in (1, 3):
        write(*(wish(f"N{n}", at={"name||en": "x"}, associations=ties) for n in range(count)))
        search = json.dumps({"identifier": [{"operator": "STARTS WITH", "value": "N"}]})
        shop.get("/locales")
        with django_assert_num_queries(14):
            found = shop.get("/products", {"search": search, "with_completenesses": "true"})
        assert len(items(found)) == count


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({"attributes": "color,name"}, {"color", "name"}),
        ({"locales": "en"}, {"color", "price", "spare", "story"}),
        ({"scope": "print"}, {"color", "price", "spare"}),
        ({"scope": "web", "locales": "sv_FI"}, {"color", "price", "spare", "name"}),
    ],
)
def test_a_reader_may_see_less(shop, query, shown):
    assert set(shop.get("/products/M-red", query).json()["values"]) == shown


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"attributes": "color,zz"}, 'Attribute "zz" does not exist.'),
        ({"attributes": "zz, yy"}, 'Attributes "zz, yy" do not exist.'),
        ({"locales": "xx,fi,yy"}, 'Locales "xx, yy" do not exist or are not activated.'),
        ({"scope": "tv"}, 'Scope "tv" does not exist.'),
        ({"locales": "xx"}, 'Locale "xx" does not exist or is not activated.'),
        (
            {"scope": "print", "locales": "fi"},
            'Locale "fi" is not activated for the scope "print".',
        ),
    ],
)
def test_a_reader_cannot_ask_for_what_is_not_there(shop, query, message):
    response = shop.get("/products", query)
    assert (response.status_code, response.json()["message"]) == (422, message)


def test_more_is_shown_where_it_is_asked_for(shop):
    query = {"with_attribute_options": "true", "with_completenesses": "true", "with_origin": "true"}
    answer = shop.get("/products/M-red", query).json()
    assert answer["values"]["color"] == [
        value("red", "simpleselect", origin="own",
              linked_data={"attribute": "color", "code": "red", "labels": {}})
    ]  # fmt: skip
    assert answer["values"]["name"] == [
        value(None, "text", locale="en", state="empty", origin="own"),
        value("Lampa", "text", locale="sv_FI", origin="inherited:M"),
    ]
    assert answer["completenesses"] == [
        {"scope": "print", "locale": "en", "data": 50},
        {"scope": "web", "locale": "en", "data": 100},
        {"scope": "web", "locale": "fi", "data": 66},
        {"scope": "web", "locale": "sv_FI", "data": 100},
    ]


def test_a_connection_may_read_what_is_published(shop):
    from pim.actions.publishing import publish_products
    from tests.factories.catalogue import ANNA, NOW

    ids = [product(name).id for name in ("M", "M-red")]
    publish_products(ids, actor=ANNA, at=NOW)
    write(wish("M", at={"name||sv-FI": "Ny"}), wish("M-red", at={"color||": "blue"}))
    reader = RestClient("reader", reads="published")
    assert items(reader.get("/products")) == ["M-red"]
    answer = reader.get("/products/M-red").json()
    assert answer["values"]["color"] == [value("red", "simpleselect")]
    assert answer["values"]["name"] == [value("Lampa", "text", locale="sv_FI")]
    assert shop.get("/products/M-red").json()["values"]["color"][0]["data"] == "blue"
    assert reader.get("/products/A").status_code == 404


def test_published_products_have_an_address_of_their_own(shop):
    issued("M", "M-red")
    write(wish("M-red", at={"color||": "blue"}))
    reader = RestClient("reader", reads="published")
    found = reader.get("/published-products").json()["_embedded"]["items"]
    assert [item["identifier"] for item in found] == ["M-red"]
    link = f"{HOST}/published-products/M-red"
    assert found[0]["_links"]["self"]["href"] == link
    one = reader.http.get(link).json()
    assert one["values"]["color"] == [value("red", "simpleselect")]
    gone = reader.get("/published-products/A")
    assert (gone.status_code, gone.json()["message"]) == (
        404,
        'Published product "A" does not exist.',
    )
    for path in ("/published-products", "/published-products/M-red"):
        assert shop.get(path).status_code == 403


def test_a_search_may_come_as_a_document(shop):
    search = {"name": [{"operator": "=", "value": "lampa"}]}
    document = {
        "search": search, "search_locale": "sv_FI", "locales": ["sv_FI"],
        "attributes": "color,name", "with_attribute_options": True,
    }  # fmt: skip
    for given in (document, {**document, "search": json.dumps(search)}):
        page = shop.post("/products-uuid/search?limit=1&with_count=true", given)
        assert (page.status_code, page.json()["items_count"]) == (200, 1)
        (item,) = page.json()["_embedded"]["items"]
        assert set(item["values"]) == {"color", "name"}
        assert item["values"]["color"][0]["linked_data"]["code"] == "red"
        self_ = page.json()["_links"]["self"]["href"]
        assert self_ == f"{HOST}/products-uuid/search?page=1&with_count=true&limit=1"


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"query": {}}, 'Property "query" does not exist.'),
        ({"locales": [1]}, 'Property "locales" expects a string, a boolean or a list of strings.'),
        ({"search": 1}, 'Property "search" expects a string, a boolean or a list of strings.'),
        ({"scope": "tv"}, 'Scope "tv" does not exist.'),
        ({"search": "{"}, "Search query parameter should be valid JSON."),
    ],
)
def test_a_search_document_that_cannot_be_is_refused(shop, document, message):
    answer = shop.post("/products-uuid/search", document).json()
    assert answer["message"].startswith(message)


def test_a_search_document_has_pages(shop):
    first = shop.post("/products-uuid/search?pagination_type=search_after&limit=1", {"search": {}})
    href = first.json()["_links"]["next"]["href"].removeprefix(HOST)
    second = shop.post(href, {"search": {}}).json()
    pages = [first.json(), second]
    assert [len(page["_embedded"]["items"]) for page in pages] == [1, 1]
    assert "next" not in second["_links"]


def issued(*names):
    from pim.actions.publishing import publish_products
    from tests.factories.catalogue import ANNA, NOW

    publish_products([product(name).id for name in names], actor=ANNA, at=NOW)


def searched(client, **query):
    search = {name: [test] for name, test in query.items()}
    return items(client.get("/products", {"search": json.dumps(search), "with_count": "true"}))


def test_a_reader_of_published_content_neither_finds_nor_counts_by_drafts(shop):
    issued("M", "M-red", "A")
    write(
        wish("M", at={"name||sv-FI": "Ny"}),
        wish("A", enabled=False, categories=["indoor"], at={"pieces||": "99"}),
    )
    reader = RestClient("reader", reads="published")
    ny = {"operator": "CONTAINS", "value": "Ny", "locale": "sv_FI"}
    lampa = {**ny, "value": "Lampa"}
    assert (searched(reader, name=ny), searched(reader, name=lampa)) == ([], ["M-red"])
    assert (searched(shop, name=ny), searched(shop, name=lampa)) == (["M-red"], [])
    assert searched(reader, enabled={"operator": "=", "value": True}) == ["A", "M-red"]
    assert searched(reader, pieces={"operator": ">", "value": "50"}) == []
    assert searched(reader, categories={"operator": "IN", "value": ["outdoor"]}) == ["A", "M-red"]
    counted = reader.get(
        "/products",
        {"search": json.dumps({"name": [lampa]}), "with_count": "true", "limit": 1},
    ).json()
    assert (counted["items_count"], len(counted["_embedded"]["items"])) == (1, 1)
    whole = {"search": json.dumps({"enabled": [{"operator": "=", "value": True}]}), "limit": 1,
             "pagination_type": "search_after"}  # fmt: skip
    first = reader.get("/products", whole).json()
    second = reader.http.get(first["_links"]["next"]["href"]).json()
    met = [p["_embedded"]["items"][0]["identifier"] for p in (first, second)]
    assert (sorted(met), "next" in second["_links"]) == (["A", "M-red"], False)


def test_a_published_product_is_read_by_its_published_code_and_updated_when_published(shop):
    issued("A")
    Product.objects.filter(identifier="A").update(identifier="A2")
    reader = RestClient("reader", reads="published")
    assert reader.get("/products/A2").status_code == 404
    found = reader.get("/products/A").json()
    assert (found["identifier"], found["updated"]) == ("A", "2026-11-22T12:00:00+00:00")
    flagged = reader.get("/products/A", {"with_quality_scores": "true"}).json()
    assert "quality_scores" not in flagged


def test_a_search_of_published_content_says_when_it_is_not_ready(shop, monkeypatch):
    issued("A", "M", "M-red")
    monkeypatch.setattr("pim.api.rest.products.reading.AT_ONCE", 1)
    monkeypatch.setattr("pim.actions.published_index.CHUNK", 1)
    reader = RestClient("reader", reads="published")
    search = {"search": json.dumps({"enabled": [{"operator": "=", "value": True}]})}
    answers = [reader.get("/products", search) for _time in range(3)]
    assert [(a.status_code, a.get("Retry-After")) for a in answers] == [
        (503, "30"), (503, "30"), (200, None),
    ]  # fmt: skip
    assert items(answers[2]) == ["A", "M-red"]


def test_a_limited_reader_of_published_content_finds_only_by_what_it_sees(shop):
    issued("A", "M", "M-red")
    client = limited("blind", group={"data": "none"}, category={"outdoor": "none"})
    client.connection.reads = "published"
    client.connection.save()
    search = {"search": json.dumps({"pieces": [{"operator": ">", "value": "1"}]})}
    assert client.get("/products", search).status_code == 422
    assert searched(client, enabled={"operator": "=", "value": True}) == ["M-red"]


def limited(code, **areas):
    """Return a client whose role allows what `areas` say: locale={"*": "edit", "fi": "none"}."""
    from django.contrib.auth.models import Group

    from pim.content.rights import AREAS
    from pim.models import Role

    client = RestClient(code, rights=["view_product", "change_product"])
    group = Group.objects.create(name=f"{code}-role")
    grants = {area: {"*": "publish", **areas.get(area, {})} for area in AREAS}
    Role.objects.create(group=group, grants=grants)
    client.connection.user.groups.add(group)
    return client


def test_a_reader_sees_what_its_role_shows_and_searches_no_more(shop):
    client = limited(
        "desk",
        category={"indoor": "none", "": "view"},
        group={"texts": "none"},
        locale={"sv-FI": "none"},
    )
    write(wish("N", at={"pieces||": "5"}, associations={
        "cross_sell": {"products": [("A", None), ("M", None)], "groups": []}}))  # fmt: skip
    assert items(client.get("/product-models")) == []
    assert client.get("/product-models/M").status_code == 404
    assert items(client.get("/products")) == ["A", "M-red", "N"]
    answer = client.get("/products/M-red").json()
    assert set(answer["values"]) == {"color", "price", "spare"}
    assert answer["categories"] == ["outdoor"]
    ties = client.get("/products/N").json()["associations"]["cross_sell"]
    assert (ties["products"], ties["product_models"]) == (["A"], [])
    for search in (
        {"name": [{"operator": "NOT EMPTY", "locale": "en"}]},
        {"categories": [{"operator": "IN", "value": ["indoor"]}]},
    ):
        assert client.get("/products", {"search": json.dumps(search)}).status_code == 422
    assert items(client.get("/products", {"search": json.dumps({"text": "lamp"})})) == []


@pytest.mark.parametrize(
    ("hidden", "message"),
    [
        ({"scope": "print"}, 'Scope "print" does not exist.'),
        ({"search_scope": "print"}, 'Scope "print" does not exist.'),
        ({"locales": "sv_FI"}, 'Locale "sv_FI" does not exist or is not activated.'),
        ({"search_locale": "sv_FI"}, 'Locale "sv_FI" does not exist or is not activated.'),
        ({"attributes": "name,color"}, 'Attribute "name" does not exist.'),
    ],
)
def test_what_is_hidden_from_a_reader_is_not_there_to_be_asked_for(shop, hidden, message):
    areas = {"channel": {"print": "none"}, "locale": {"sv-FI": "none"}, "group": {"texts": "none"}}
    assert shop.get("/products", hidden).status_code == 200
    response = limited("desk", **areas).get("/products", hidden)
    assert (response.status_code, response.json()["message"]) == (422, message)


def test_a_hidden_category_is_not_there_for_writers(shop):
    client = limited("desk", category={"indoor": "none"})
    for code in ("indoor", "nowhere"):
        for document in ({"categories": [code]}, {"add_categories": [code]}):
            answer = client.patch("/products/A", document)
            assert (answer.status_code, answer.json()["errors"][0]["message"]) == (
                422,
                'Property "categories" expects a valid category code. The category does not '
                f'exist, "{code}" given.',
            )
    assert client.patch("/products/A", {"categories": ["outdoor"]}).status_code == 204
