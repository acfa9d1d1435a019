"""Quality through our own API: scores with reasons, lists page by page, days; rights hold."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client

from pim.actions.quality import follow_quality, keep_day, save_quality_rule
from pim.actions.roles import save_role
from pim.models import Locale, Product, QualityRule
from pim.queries.structure import forget_structure
from tests.factories.catalogue import ANNA, NOW, lamp_catalogue, wish, write
from tests.factories.rights import grants

pytestmark = pytest.mark.django_db
HOW = {"actor": ANNA, "at": NOW}
TEXT = "A lamp that stands on its own three feet."
BAD = {"ean||": "4006381333932"}


@pytest.fixture(autouse=True)
def _catalogue():
    lamp_catalogue()
    Locale.objects.filter(code="fi").update(source="en")
    forget_structure()
    QualityRule.objects.all().delete()
    save_quality_rule("gtin", kind="gtin", **HOW)
    save_quality_rule("own", kind="duplicate", attributes=["notes"], **HOW)
    save_quality_rule("translations", kind="outdated", **HOW)
    write(
        wish("A", family="lamp", categories=["indoor"], at={**BAD, "notes||": TEXT}),
        wish("B", family="lamp", categories=["outdoor"], at={"notes||": TEXT}),
        wish("C", family="lamp", categories=["indoor"], at={"name||en": "Sun", "name||fi": "Kuu"}),
    )
    write(wish("C", at={"name||en": "Moon"}))
    follow_quality(at=NOW)


def person(name="vera", permissions=("pim.view_product", "pim.view_quality"), **areas) -> Client:
    user = User.objects.create_user(name, password="secret-enough")
    save_role(name, grants=grants(**areas), permissions=list(permissions), users=[user], **HOW)
    follow_quality(at=NOW)
    client = Client()
    client.force_login(user)
    return client


def listed(client, **query) -> list[tuple]:
    answer = client.get("/api/v1/quality", {"channel": "web", "locale": "en", **query})
    assert answer.status_code == 200
    return [
        (row["product"], row["score"], [f["reason"] for f in row["findings"]])
        for row in answer.json()["results"]
    ]


def test_a_product_has_its_scores_with_reasons_and_the_way_to_the_field(admin_client):
    found = admin_client.get("/api/v1/products/C/quality", {"channel": "web", "locale": "fi"})
    product = Product.objects.get(identifier="C")
    page = f"/admin/pim/product/{product.pk}/change/?channel=web&locale=fi#field-name"
    assert found.json() == {
        "product": "C",
        "uuid": str(product.uuid),
        "stale": False,
        "scores": [
            {
                "product": "C",
                "uuid": str(product.uuid),
                "channel": "web",
                "locale": "fi",
                "score": 0,
                "grade": "E",
                "findings": [
                    {
                        "rule": "translations",
                        "reason": "outdated",
                        "attribute": "name",
                        "locale": "fi",
                        "message": "[name]: the text in en was changed after it was translated.",
                        "params": {"source": "en"},
                        "field": page,
                    }
                ],
            }
        ],
    }
    every = admin_client.get("/api/v1/products/C/quality").json()["scores"]
    assert [(s["channel"], s["locale"]) for s in every] == [
        ("print", "en"), ("web", "en"), ("web", "fi"), ("web", "sv-FI"),
    ]  # fmt: skip
    write(wish("C", at={"name||en": "Star"}))
    assert admin_client.get("/api/v1/products/C/quality").json()["stale"] is True


def test_scores_are_listed_by_channel_locale_score_and_reason(admin_client):
    both = ("A", 0, ["bad_gtin", "duplicate"])
    copied, whole = ("B", 0, ["duplicate"]), ("C", 100, [])
    assert sorted(listed(admin_client)) == [both, copied, whole]
    assert listed(admin_client, min_score=100) == [whole]
    assert listed(admin_client, max_score=99, reason="bad_gtin") == [both]
    assert listed(admin_client, reason="duplicate") == [both, copied]
    assert listed(admin_client, reason="outdated") == []
    assert listed(admin_client, reason="outdated", locale="fi") == [("C", 0, ["outdated"])]
    assert len(admin_client.get("/api/v1/quality").json()["results"]) == 3 * 4


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"reason": "magic"}, 422),
        ({"channel": "nope"}, 422),
        ({"locale": "xx"}, 422),
        ({"min_score": "low"}, 400),
        ({"after": "-1"}, 400),
    ],
)
def test_questions_that_make_no_sense_are_refused(admin_client, query, status):
    assert admin_client.get("/api/v1/quality", query).status_code == status


def test_pages_meet_every_score_once(admin_client):
    page, met = "/api/v1/quality?limit=5&channel=web", []
    while page:
        answer = admin_client.get(page).json()
        assert len(answer["results"]) <= 5
        met += [(row["product"], row["locale"]) for row in answer["results"]]
        page = answer["next"]
    assert (len(met), len(set(met))) == (9, 9)


def test_what_is_hidden_is_neither_listed_nor_named():
    indoors = person(category={"outdoor": "none"}, channel={"print": "none"})
    assert listed(indoors) == [("A", 0, ["bad_gtin", "duplicate"]), ("C", 100, [])]
    (row,) = indoors.get("/api/v1/quality", {"reason": "duplicate", "locale": "en"}).json()[
        "results"
    ]
    (copied,) = [f for f in row["findings"] if f["reason"] == "duplicate"]
    assert copied["params"] == {"products": []}
    assert copied["message"] == "[notes] is word for word that of another product."
    assert indoors.get("/api/v1/products/B/quality").status_code == 404
    assert indoors.get("/api/v1/quality", {"channel": "print"}).status_code == 422
    every = indoors.get("/api/v1/quality").json()["results"]
    assert {row["channel"] for row in every} == {"web"}


def test_a_reason_in_a_hidden_group_or_locale_finds_nothing():
    texts = person("tove", group={"data": "none"})
    assert listed(texts, reason="bad_gtin") == []
    assert listed(texts, reason="duplicate") == [("A", 0, ["duplicate"]), ("B", 0, ["duplicate"])]
    finn = person("finn", locale={"en": "none"})
    assert listed(finn, locale="fi", reason="outdated") == []
    assert finn.get("/api/v1/quality", {"locale": "en"}).status_code == 422


def test_pages_by_a_reason_are_full_for_who_has_limits():
    texts = person("tove", group={"data": "none"})
    page, met = "/api/v1/quality?channel=web&locale=en&reason=duplicate&limit=1", []
    while page:
        answer = texts.get(page).json()
        assert len(answer["results"]) == 1
        met += [row["product"] for row in answer["results"]]
        page = answer["next"]
    assert met == ["A", "B"]


def test_two_roles_do_not_add_up():
    user = User.objects.create_user("duo", password="secret-enough")
    names = ["pim.view_quality"]
    one = grants(category={"outdoor": "none"}, locale={"*": "none", "": "view", "fi": "view"})
    two = grants(category={"indoor": "none"}, locale={"*": "none", "": "view", "en": "view"})
    save_role("one", grants=one, permissions=names, users=[user], **HOW)
    save_role("two", grants=two, permissions=names, users=[user], **HOW)
    follow_quality(at=NOW)
    client = Client()
    client.force_login(user)
    rows = client.get("/api/v1/quality", {"channel": "web"}).json()["results"]
    assert sorted((r["product"], r["locale"]) for r in rows) == [
        ("A", "fi"), ("B", "en"), ("C", "fi"),
    ]  # fmt: skip


def days(client, **query) -> list[tuple]:
    answer = client.get("/api/v1/quality/days", {"channel": "web", "locale": "en", **query})
    assert answer.status_code == 200
    return [(r["day"], r["code"], r["products"], r["score"]) for r in answer.json()["results"]]


def test_days_are_listed_by_what_they_count(admin_client):
    today = date(2026, 11, 26)
    keep_day(today - timedelta(days=1))
    keep_day(today)
    old, new = "2026-11-25", "2026-11-26"
    assert days(admin_client) == [(old, "", 3, 33.33), (new, "", 3, 33.33)]
    assert days(admin_client, by="family", **{"from": new}) == [(new, "lamp", 3, 33.33)]
    assert days(admin_client, by="category", code="indoor", until=old) == [(old, "indoor", 2, 50)]
    assert admin_client.get("/api/v1/quality/days", {"by": "moon"}).status_code == 422
    assert admin_client.get("/api/v1/quality/days", {"from": "soon"}).status_code == 422


def test_days_that_count_what_is_hidden_are_not_there():
    indoors = person(category={"outdoor": "none"}, locale={"fi": "none"})
    keep_day(date(2026, 11, 26))
    assert (days(indoors), days(indoors, by="family")) == ([], [])
    assert [row[1] for row in days(indoors, by="category")] == ["indoor"]
    every = indoors.get("/api/v1/quality/days", {"by": "category"}).json()["results"]
    assert {row["locale"] for row in every} == {"en", "sv-FI"}
    everywhere = person("olga", group={"data": "none"}, channel={"print": "none"})
    assert days(everywhere) == []  # nothing was counted for such a role on that day
    keep_day(date(2026, 11, 26))
    assert [row[2:] for row in days(everywhere)] == [(3, 33.33)]


def test_the_list_needs_the_right_to_see_quality():
    client = person(permissions=["pim.view_product"])
    assert client.get("/api/v1/quality").status_code == 403
    assert client.get("/api/v1/quality/days").status_code == 403
    assert client.get("/api/v1/products/A/quality").status_code == 200


def test_the_statements_do_not_depend_on_the_number_of_scores(django_assert_num_queries):
    client = person(category={"outdoor": "none"})
    client.get("/api/v1/quality")
    for limit in (1, 3):
        with django_assert_num_queries(9):
            client.get("/api/v1/quality", {"limit": limit, "channel": "web", "locale": "en"})
