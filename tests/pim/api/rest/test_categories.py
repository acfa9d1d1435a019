"""Categories through the API; with them what all written resources share."""

import gzip
import json

import pytest

from pim.models import Category, Change, LogEntry
from tests.factories.rest import LINES, RestClient, read_lines

pytestmark = pytest.mark.django_db
HOST = "http://testserver/api/rest/v1"
NO_LABELS = (
    'Property "labels" expects an array as data, "NULL" given. '
    "Check the expected format on the API documentation."
)


@pytest.fixture
def shop():
    client = RestClient()
    client.post("/categories", {"code": "master", "labels": {"en_US": "Master"}})
    return client


def codes():
    return set(Category.objects.values_list("code", flat=True))


def test_a_category_is_made_and_read(shop):
    made = shop.post("/categories", {"code": "sale", "parent": "master", "labels": {"fi": "Ale"}})
    assert (made.status_code, made.content) == (201, b"")
    assert made.headers["Location"] == f"{HOST}/categories/sale"
    assert "Content-Type" not in made.headers
    answer = shop.get("/categories/sale").json()
    assert answer.pop("updated")[-6:] == "+00:00"
    assert answer == {"code": "sale", "parent": "master", "labels": {"fi": "Ale"}}


def test_what_is_made_twice_is_refused(shop):
    response = shop.post("/categories", {"code": "master"})
    assert (response.status_code, response.json()) == (
        422,
        {
            "code": 422,
            "message": "Validation failed.",
            "errors": [
                {
                    "property": "code",
                    "message": "This value is already used.",
                    "error_code": "taken",
                }
            ],
        },
    )


def test_a_patch_merges_labels_and_tells_what_it_did(shop):
    made = shop.patch("/categories/new", {"parent": "master"})
    changed = shop.patch("/categories/master", {"labels": {"fr_FR": "Maître", "en_US": None}})
    same = shop.patch("/categories/master", {"labels": {"fr_FR": "Maître"}})
    assert [r.status_code for r in (made, changed, same)] == [201, 204, 204]
    assert [r.headers["X-Changed"] for r in (made, changed, same)] == ["true", "true", "false"]
    assert same.headers["Location"] == f"{HOST}/categories/master"
    assert Category.objects.get(code="master").labels == {"fr-FR": "Maître"}
    assert (
        list(Change.objects.filter(subject="category:master").values_list("actor", "source"))
        == [(shop.credentials.username, "api")] * 2
    )


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"labels": None}, NO_LABELS),
        (
            {"colour": 1},
            'Property "colour" does not exist. Check the expected format on the API documentation.',
        ),
        (
            {"code": "other"},
            'The code "other" provided in the request body must match the code "master" '
            "provided in the url.",
        ),
    ],
)
def test_a_form_that_is_wrong_is_422(shop, document, message):
    before = LogEntry.objects.count()
    response = shop.patch("/categories/master", document)
    assert (response.status_code, response.json()["message"]) == (422, message)
    assert LogEntry.objects.count() == before


def test_all_that_is_wrong_is_said_at_once(shop):
    answer = shop.patch("/categories/master", {"labels": None, "colour": 1}).json()
    assert answer["message"] == NO_LABELS
    assert len(answer["errors"]) == 2
    assert answer["_links"]["documentation"]["href"].endswith("/api/docs/")


def test_a_parent_that_is_none_is_refused(shop):
    answer = shop.patch("/categories/new", {"parent": "nope"}).json()
    assert [error["property"] for error in answer["errors"]] == ["parent"]
    assert codes() == {"master"}


def test_a_broken_body_is_400_and_a_wrong_type_415(shop):
    broken = shop.patch("/categories/master", "{")
    assert broken.json() == {"code": 400, "message": "Invalid json message received"}
    typed = shop.send("PATCH", "/categories/master", {}, content_type="text/plain")
    assert (typed.status_code, typed.json()["message"]) == (
        415,
        '"text/plain" in "Content-Type" header is not valid. Only "application/json" is allowed.',
    )
    listed = shop.send("PATCH", "/categories", {"code": "x"})
    assert (listed.status_code, listed.json()["message"]) == (
        415,
        f'"application/json" in "Content-Type" header is not valid. Only "{LINES}" is allowed.',
    )


def test_one_document_may_come_with_the_type_of_a_collection(shop):
    document = {"labels": {"fi": "Kaikki"}}
    answer = shop.send("PATCH", "/categories/master", document, content_type=LINES)
    assert answer.status_code == 204
    assert shop.get("/categories/master").json()["labels"]["fi"] == "Kaikki"


def test_a_nul_is_in_no_code(shop):
    nul = "a\x00b"
    assert shop.get("/categories/a%00b").status_code == 404
    search = {"search": '{"code":[{"operator":"IN","value":["a\\u0000b"]}]}'}
    assert shop.get("/categories", search).status_code == 422
    assert shop.post("/categories", {"code": nul}).status_code == 422
    assert shop.patch("/categories/new", {"parent": nul}).status_code == 422
    assert [
        line["status_code"] for line in read_lines(shop.lines("/categories", [{"code": nul}]))
    ] == [422]
    assert codes() == {"master"}


def test_a_collection_is_answered_line_by_line(shop):
    response = shop.lines(
        "/categories",
        [
            {"code": "sale", "parent": "master"},
            {"code": "sale", "labels": {"fi": "Ale"}},
            "{nonsense",
            "",
            {"labels": {}},
            {"code": "master", "labels": None},
            {"code": "bad code"},
            {"code": "shoes", "parent": "sale"},
        ],
    )
    assert response.headers["Content-Type"] == LINES
    # One object a line, and no line end after the last.
    answers = [json.loads(line) for line in response.getvalue().split(b"\n")]
    assert [(a["line"], a.get("code"), a["status_code"]) for a in answers] == [
        (1, "sale", 201),
        (2, "sale", 204),
        (3, None, 400),
        (4, None, 400),
        (5, None, 422),
        (6, "master", 422),
        (7, "bad code", 422),
        (8, "shoes", 201),
    ]
    assert answers[0] == {"line": 1, "code": "sale", "status_code": 201}
    assert answers[2]["message"] == "Invalid json message received"
    assert answers[4]["message"] == "Code is missing."
    assert answers[5]["message"] == NO_LABELS
    assert answers[6]["errors"][0]["property"] == "code"
    assert codes() == {"master", "sale", "shoes"}


def test_what_changed_is_told_line_by_line_to_who_asks(shop):
    sent = [{"code": "master"}, {"code": "master", "labels": {"fi": "Pää"}}]
    answers = shop.answers("/categories?with_changed=true", sent)
    assert [a["changed"] for a in answers] == [False, True]


def test_more_lines_than_allowed_are_413_and_write_nothing(shop):
    sent = [{"code": f"c{n}"} for n in range(101)]
    response = shop.lines("/categories", sent)
    assert (response.status_code, response.json()) == (
        413,
        {"code": 413, "message": "Too many resources to process, 100 is the maximum allowed."},
    )
    assert codes() == {"master"}
    assert [a["status_code"] for a in shop.answers("/categories", sent[:100])] == [201] * 100


def test_a_connection_may_send_longer_collections():
    wide = RestClient(collection_limit=1_000)
    answers = wide.answers("/categories", [{"code": f"c{n}"} for n in range(1_000)])
    assert [a["line"] for a in answers] == list(range(1, 1_001))
    assert {a["status_code"] for a in answers} == {201}


def test_a_line_that_is_too_long_is_refused_alone(shop):
    long = json.dumps({"code": "long", "labels": {"en": "x" * 1_000_000}})
    answers = shop.answers("/categories", [long, {"code": "short"}])
    assert answers == [
        {"line": 1, "status_code": 413, "message": "Line is too long."},
        {"line": 2, "code": "short", "status_code": 201},
    ]


def test_a_collection_costs_the_same_for_one_and_three(shop, django_assert_num_queries):
    shop.answers("/categories", [{"code": "warm"}])
    with django_assert_num_queries(14):
        shop.answers("/categories", [{"code": "a1", "labels": {"en": "A"}}])
    with django_assert_num_queries(14):
        shop.answers("/categories", [{"code": f"b{n}"} for n in range(3)])


def test_a_fault_of_ours_is_told_in_the_lines(shop, monkeypatch):
    def broken(*_arguments, **_how):
        raise RuntimeError("disk on fire")

    monkeypatch.setattr("pim.api.rest.structure.handlers._write", broken)
    answers = shop.answers("/categories", [{"code": "a1"}, "{"])
    assert [a["status_code"] for a in answers] == [500, 400]
    assert "fire" not in answers[0]["message"]


def test_packed_bodies_are_unpacked_and_bombs_are_not(shop):
    packed = gzip.compress(json.dumps({"labels": {"en": "Packed"}}).encode())
    response = shop.send("PATCH", "/categories/master", packed, Content_Encoding="gzip")
    assert response.status_code == 204
    bomb = gzip.compress(b" " * 20_000_000)
    response = shop.send("PATCH", "/categories/master", bomb, Content_Encoding="gzip")
    assert response.status_code == 413
    halves = [json.dumps({"code": code}).encode() for code in ("one", "two")]
    several = gzip.compress(halves[0] + b"\n") + gzip.compress(halves[1])
    lines = shop.send("PATCH", "/categories", several, content_type=LINES, Content_Encoding="gzip")
    assert [line["status_code"] for line in read_lines(lines)] == [201, 201]
    garbage = shop.send(
        "PATCH", "/categories", several + b"x", content_type=LINES, Content_Encoding="gzip"
    )
    assert garbage.status_code == 400
    response = shop.send("PATCH", "/categories/master", b"no gzip", Content_Encoding="gzip")
    assert response.status_code == 400
    response = shop.send("PATCH", "/categories/master", b"{}", Content_Encoding="br")
    assert response.status_code == 415


def test_answers_of_a_collection_are_packed_too(shop):
    response = shop.lines("/categories", [{"code": "a1"}], Accept_Encoding="gzip")
    assert json.loads(gzip.decompress(response.getvalue()))["status_code"] == 201


def test_a_stale_writer_is_refused_where_it_says_what_it_saw(shop):
    seen = shop.get("/categories/master").headers["ETag"]
    first = shop.patch("/categories/master", {"labels": {"en_US": "First"}}, If_Match=seen)
    second = shop.patch("/categories/master", {"labels": {"en_US": "Second"}}, If_Match=seen)
    assert (first.status_code, second.status_code) == (204, 412)
    assert Category.objects.get(code="master").labels == {"en-US": "First"}


def test_a_repeated_request_is_answered_as_before(shop):
    first = shop.post("/categories", {"code": "once"}, Idempotency_Key="k1")
    again = shop.post("/categories", {"code": "once"}, Idempotency_Key="k1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.headers["Location"] == first.headers["Location"]
    assert again.headers["Idempotent-Replayed"] == "true"
    other = shop.post("/categories", {"code": "other"}, Idempotency_Key="k1")
    assert other.status_code == 422
    assert codes() == {"master", "once"}


def test_a_repeated_collection_is_answered_as_before(shop):
    sent = [{"code": "a1"}, {"code": "bad code"}]
    first = shop.lines("/categories", sent, Idempotency_Key="k2").getvalue()
    again = shop.lines("/categories", sent, Idempotency_Key="k2").getvalue()
    assert again == first


def test_who_may_only_change_cannot_add_by_patch():
    Category.objects.create(code="master", path="/1/")
    shop = RestClient(rights=["view_category", "change_category"])
    assert shop.patch("/categories/master", {"labels": {"en": "M"}}).status_code == 204
    assert shop.patch("/categories/new", {}).status_code == 422
    assert shop.post("/categories", {"code": "new"}).status_code == 403
    assert codes() == {"master"}


def test_lists_are_found_by_code_parent_root_and_time(shop):
    shop.answers("/categories", [{"code": c, "parent": "master"} for c in ("a1", "a2")])

    def found(search):
        items = shop.get("/categories", {"search": json.dumps(search)}).json()["_embedded"]["items"]
        return [item["code"] for item in items]

    assert found({"code": [{"operator": "IN", "value": ["a2", "master"]}]}) == ["master", "a2"]
    assert found({"parent": [{"operator": "=", "value": "master"}]}) == ["a1", "a2"]
    assert found({"is_root": [{"operator": "=", "value": True}]}) == ["master"]
    assert found({"is_root": [{"operator": "=", "value": False}]}) == ["a1", "a2"]
    assert found({"parent": [{"operator": "EMPTY"}]}) == ["master"]
    assert found({"updated": [{"operator": "SINCE LAST N DAYS", "value": 1}]}) == [
        "master",
        "a1",
        "a2",
    ]
    years = ["2000-01-01 00:00:00", "2001-01-01 00:00:00"]
    assert found({"updated": [{"operator": "BETWEEN", "value": years}]}) == []
    late = "2999-01-01T00:00:00Z"
    assert found({"updated": [{"operator": ">", "value": late}]}) == []
    assert found({"updated": [{"operator": "<", "value": late}]}) == ["master", "a1", "a2"]


def test_positions_are_given_where_asked(shop):
    shop.answers("/categories", [{"code": c, "parent": "master"} for c in ("b", "a")])
    items = shop.get("/categories", {"with_position": "true"}).json()["_embedded"]["items"]
    assert {item["code"]: item["position"] for item in items} == {"master": 1, "a": 1, "b": 2}


def test_parents_are_listed_before_what_hangs_on_them_and_the_older_first(shop):
    many = [f"c{number:02}" for number in range(12)]
    shop.answers("/categories", [{"code": code, "parent": "master"} for code in many])
    shop.post("/categories", {"code": "late", "parent": "c03"})
    page = shop.get("/categories?limit=100").json()["_embedded"]["items"]
    assert [category["code"] for category in page] == ["master", *many, "late"]
