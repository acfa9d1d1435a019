"""What every endpoint shares: methods, media types, paging, limits, packing."""

import gzip

import pytest
from django.contrib.auth.models import Group

from pim.models import Locale, Role
from tests.factories.rest import RestClient

pytestmark = pytest.mark.django_db
HOST = "http://testserver/api/rest/v1"


@pytest.fixture
def shop():
    for code in ("en-US", "fi", "fr-FR", "de-DE", "sv-FI"):
        Locale.objects.create(code=code)
    return RestClient()


def test_the_root_lists_the_addresses_to_anyone(client):
    answer = client.get("/api/rest/v1").json()
    assert answer["host"] == "http://testserver"
    assert answer["authentication"] == {
        "fos_oauth_server_token": {"route": "/api/oauth/v1/token", "methods": ["POST"]}
    }
    assert answer["routes"]["pim_api_locales_get"] == {
        "route": "/api/rest/v1/locales/{code}",
        "methods": ["GET"],
    }


def test_an_address_that_is_none_is_404_in_json(shop):
    response = shop.get("/nonsense")
    assert (response.status_code, response.json()) == (
        404,
        {"code": 404, "message": "No route found for 'GET /api/rest/v1/nonsense'"},
    )


def test_a_method_that_is_none_is_405(shop):
    response = shop.send("PUT", "/locales")
    assert (response.status_code, response.json()) == (
        405,
        {
            "code": 405,
            "message": "No route found for 'PUT /api/rest/v1/locales': "
            "Method Not Allowed (Allow: GET, HEAD, OPTIONS)",
        },
    )
    assert response.headers["Allow"] == "GET, HEAD, OPTIONS"
    assert shop.send("OPTIONS", "/locales").headers["Allow"] == "GET, HEAD, OPTIONS"


def test_another_media_type_is_not_acceptable(shop):
    response = shop.get("/locales", Accept="application/xml")
    assert (response.status_code, response.json()["message"]) == (
        406,
        '"application/xml" in "Accept" header is not valid. Only "application/json" is allowed.',
    )
    assert shop.get("/locales", Accept="application/json, */*;q=0.1").status_code == 200


def test_a_page_has_links_with_every_parameter(shop):
    answer = shop.get("/locales", {"limit": 2, "page": 2, "colour": "red"}).json()
    here = f"{HOST}/locales?page={{}}&with_count=false&limit=2&colour=red"
    assert answer == {
        "_links": {
            "self": {"href": here.format(2)},
            "first": {"href": here.format(1)},
            "previous": {"href": here.format(1)},
            "next": {"href": here.format(3)},
        },
        "current_page": 2,
        "_embedded": {
            "items": [
                {
                    "_links": {"self": {"href": f"{HOST}/locales/{code}"}},
                    "code": code,
                    "enabled": False,
                }
                for code in ("fi", "fr_FR")
            ]
        },
    }


def test_a_full_last_page_has_a_next_one_that_is_empty(shop):
    full = shop.get("/locales", {"limit": 5}).json()
    assert "next" in full["_links"]
    empty = shop.get("/locales", {"limit": 5, "page": 2}).json()
    assert empty["_embedded"]["items"] == []
    assert set(empty["_links"]) == {"self", "first", "previous"}


def test_items_are_counted_where_that_is_asked(shop):
    assert shop.get("/locales", {"limit": 2, "with_count": "true"}).json()["items_count"] == 5
    assert "items_count" not in shop.get("/locales").json()


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"limit": 101}, "You cannot request more than 100 items."),
        ({"limit": 0}, '"0" is not a valid limit number.'),
        ({"limit": "many"}, '"many" is not a valid limit number.'),
        ({"page": "-1"}, '"-1" is not a valid page number.'),
        (
            {"with_count": "perhaps"},
            'Parameter "with_count" has to be a boolean. Only "true" or "false" allowed, '
            '"perhaps" given.',
        ),
    ],
)
def test_a_page_that_cannot_be_is_422(shop, query, message):
    response = shop.get("/locales", query)
    assert (response.status_code, response.json()) == (422, {"code": 422, "message": message})


def test_a_connection_may_have_larger_pages():
    assert RestClient(page_limit=500).get("/locales", {"limit": 500}).status_code == 200


def test_one_resource_has_a_tag_and_is_not_sent_twice(shop):
    first = shop.get("/locales/en_US")
    assert first.headers["Content-Type"] == "application/json"
    again = shop.get("/locales/en_US", If_None_Match=first.headers["ETag"])
    assert (again.status_code, again.content) == (304, b"")


def test_an_unknown_code_is_404(shop):
    response = shop.get("/locales/xx_XX")
    assert (response.status_code, response.json()) == (
        404,
        {"code": 404, "message": 'Locale "xx_XX" does not exist.'},
    )


def test_a_slash_at_the_end_is_no_matter(shop):
    assert shop.get("/locales/en_US/").json() == shop.get("/locales/en_US").json()


def test_a_long_answer_is_packed_for_who_takes_it(shop):
    for n in range(20):
        Locale.objects.create(code=f"en-{n:03}")
    plain = shop.get("/locales", {"limit": 25})
    packed = shop.get("/locales", {"limit": 25}, Accept_Encoding="gzip")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content


def test_a_user_without_the_right_is_refused():
    response = RestClient(rights=["view_currency"]).get("/locales")
    assert (response.status_code, response.json()) == (
        403,
        {
            "code": 403,
            "message": "Access forbidden. You are not allowed to view locale resources.",
        },
    )


def test_the_rate_is_limited_and_told():
    shop = RestClient(rate_limit=2)
    first, second, third = (shop.get("/locales") for _ in range(3))
    assert first.headers["X-RateLimit-Limit"] == "2"
    assert [r.headers["X-RateLimit-Remaining"] for r in (first, second, third)] == ["1", "0", "0"]
    assert (third.status_code, third.headers["Retry-After"]) == (
        429,
        third.headers["X-RateLimit-Reset"],
    )


def test_without_a_limit_nothing_is_counted():
    response = RestClient(rate_limit=0).get("/locales")
    assert "X-RateLimit-Limit" not in response.headers


def test_a_list_costs_the_same_however_long(shop, django_assert_num_queries):
    shop.get("/locales")
    with django_assert_num_queries(5):
        shop.get("/locales", {"limit": 1})
    with django_assert_num_queries(5):
        shop.get("/locales", {"limit": 3})


def test_a_search_finds_active_locales(shop):
    response = shop.get("/locales", {"search": '{"enabled":[{"operator":"=","value":true}]}'})
    assert response.json()["_embedded"]["items"] == []


@pytest.mark.parametrize(
    ("search", "status", "message"),
    [
        ("{", 400, "Search query parameter should be valid JSON."),
        (
            '{"nope":[{"operator":"=","value":1}]}',
            422,
            'Filter on property "nope" is not supported or does not support operator "=".',
        ),
        (
            '{"enabled":[{"operator":"IN","value":[]}]}',
            422,
            'Filter on property "enabled" is not supported or does not support operator "IN".',
        ),
        (
            '{"enabled":[{"operator":"=","value":"yes"}]}',
            422,
            'The value of the property "enabled" should be a boolean.',
        ),
        ('{"enabled":[{"value":true}]}', 422, 'Operator is missing for the property "enabled".'),
    ],
)
def test_a_search_that_cannot_be_is_refused(shop, search, status, message):
    response = shop.get("/locales", {"search": search})
    assert (response.status_code, response.json()["message"]) == (status, message)


def test_what_the_roles_do_not_show_is_not_there(shop):
    role = Role.objects.create(
        group=Group.objects.create(name="Finnish"), grants={"locale": {"fi": "view"}}
    )
    shop.connection.user.groups.add(role.group)
    items = shop.get("/locales").json()["_embedded"]["items"]
    assert [item["code"] for item in items] == ["fi"]
    assert shop.get("/locales/en_US").status_code == 404
    refused = shop.post("/categories", {"code": "new"})
    assert (refused.status_code, refused.json()["code"]) == (403, 403)


def test_the_addresses_are_described(client):
    paths = client.get("/api/schema/?format=json").json()["paths"]
    assert set(paths["/api/rest/v1/categories"]) == {"get", "post", "patch"}
    variant = paths["/api/rest/v1/families/{owner}/variants/{code}"]["get"]
    assert [place["name"] for place in variant["parameters"]] == ["owner", "code"]
    assert "post" in paths["/api/oauth/v1/token"]
