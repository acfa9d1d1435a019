"""Reviews at the desk and through the API: who asks, who decides, and what everybody is told."""

import pytest

from pim.actions.publishing import publish_products
from pim.actions.roles import save_role
from pim.actions.workflow import comment, decide_review, resolve_comment
from pim.content.refusals import Refused
from pim.models import Review
from tests.factories.catalogue import ANNA, NOW, wish, write
from tests.factories.rights import grants

from .test_workflow import PAGE, ask, decide, lamp, people, values

__all__ = ["lamp", "people"]
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("slot", [("nonsense", "xx"), ("texts", "en"), ("texts", "sv-FI")])
def test_what_does_not_differ_is_not_reviewed(lamp, people, slot):
    publish_products([lamp.pk], actor=ANNA, at=NOW)
    write(wish("L1", at={"name||fi": "Aurinko"}))
    lamp.refresh_from_db()
    with pytest.raises(Refused) as refusal:
        ask(lamp, people, ("texts", "fi"), slot)
    assert (refusal.value.code, Review.objects.count()) == ("nothing_differs", 0)


@pytest.fixture
def limited(people, django_user_model):
    """Return a function that makes somebody with a role of these grants, who may publish."""

    def make(**areas):
        user = django_user_model.objects.create_user("tia", is_staff=True)
        document = grants(channel="publish", category="publish", output="none", **areas)
        held = [f"pim.{verb}_product" for verb in ("view", "change", "publish")]
        save_role("r", grants=document, permissions=held, users=[user], actor=ANNA, at=NOW)
        return user

    return make


@pytest.fixture
def translator(limited):
    return limited(group="edit", locale={"*": "none", "": "view", "fi": "edit"})


def test_who_may_not_publish_asks_for_what_they_see(client, lamp, translator):
    publish_products([lamp.pk], actor=ANNA, at=NOW)
    write(wish("L1", at={"name||en": "Sun", "name||fi": "Aurinko"}))
    client.force_login(translator)
    answer = client.get(PAGE.format(lamp.pk))
    assert [s["value"] for s in answer.context["slices"]] == ["texts|fi"]
    client.post(PAGE.format(lamp.pk), {"ask": "1", "slice": ["texts|fi"], "note": "Ready"})
    assert Review.objects.get().slices == [["texts", "fi"]]
    assert b'name="word"' not in client.get(PAGE.format(lamp.pk)).content


def test_with_nothing_ticked_nothing_is_published(client, lamp, people):
    review = ask(lamp, people, ("texts", "fi"))
    client.force_login(people["bo"])
    client.post(PAGE.format(lamp.pk), {"decide": review.pk, "word": "approved"})
    review.refresh_from_db()
    assert (values(lamp), review.decided) == ({}, {})


def test_the_timeline_names_what_was_asked_and_decided(client, lamp, people):
    review = ask(lamp, people, ("texts", "fi"), ("data", ""))
    decide(review, people, decisions={"texts|fi": "approved"})
    client.force_login(people["ann"])
    moments = client.get(PAGE.format(lamp.pk)).context["moments"]
    told = {m[0].kind: [(s["key"], s["word"]) for s in m[-1]] for m in moments}
    assert told["decision"] == [("texts|fi", "approved")]
    assert told["review"] == [("texts|fi", ""), ("data|", "")]


def test_the_timeline_tells_each_decision_of_who_made_it(client, lamp, people):
    review = ask(lamp, people, ("texts", "fi"), ("data", ""))
    decide(review, people, decisions={"texts|fi": "approved"}, answer="Fine")
    decide_review(review, {"data|": "rejected"}, user=people["ann"], actor=ANNA, at=NOW)
    client.force_login(people["ann"])
    told = client.get("/api/v1/products/L1/timeline").json()
    assert [(m["who"], m["text"], m["decided"]) for m in told if m["kind"] == "decision"] == [
        ("bo", "Fine", {"texts|fi": "approved"}),
        ("ann", "", {"data|": "rejected"}),
    ]


def test_who_may_decide_a_part_does_not_take_back_the_whole(client, lamp, people, limited):
    user = limited(group="publish", locale={"*": "view", "fi": "publish"})
    review = ask(lamp, people, ("texts", "fi"), ("texts", "en"))
    client.force_login(user)
    assert b'name="withdraw"' not in client.get(PAGE.format(lamp.pk)).content
    assert client.post(f"/api/v1/reviews/{review.pk}/withdraw").status_code == 403
    review.refresh_from_db()
    assert review.state == Review.OPEN
    decide(review, people, decisions={"texts|en": "rejected"})
    assert b'name="withdraw"' in client.get(PAGE.format(lamp.pk)).content
    assert client.post(f"/api/v1/reviews/{review.pk}/withdraw").status_code == 200


def test_who_could_never_decide_is_not_asked(client, lamp, people):
    with pytest.raises(Refused) as refusal:
        ask(lamp, people, ("texts", "fi"), reviewer=people["cy"])
    assert (refusal.value.code, Review.objects.count()) == ("reviewer_powerless", 0)
    client.force_login(people["ann"])
    page = client.get(PAGE.format(lamp.pk)).context
    assert [str(user) for user in page["reviewers"]] == ["ann", "bo"]
    assert [str(user) for user in page["people"]] == ["ann", "bo", "cy"]


def test_what_the_reviewer_cannot_decide_waits_for_whoever_may(lamp, people, limited):
    user = limited(group="publish", locale={"*": "view", "fi": "publish"})
    review = ask(lamp, people, ("texts", "fi"), ("texts", "en"), reviewer=user)
    decide_review(review, {"texts|fi": "approved"}, user=user, actor=ANNA, at=NOW)
    assert (review.waiting, review.reviewer) == ([["texts", "en"]], None)


def test_the_review_shows_what_would_be_published(client, lamp, people):
    publish_products([lamp.pk], actor=ANNA, at=NOW)
    write(wish("L1", at={"name||en": "Sun"}))
    lamp.refresh_from_db()
    ask(lamp, people, ("texts", "en"))
    client.force_login(people["bo"])
    (review,) = client.get(PAGE.format(lamp.pk)).context["reviews"]
    rows = [(row["before"], row["after"]) for row in review["waiting"][0]["rows"]]
    assert rows == [("Moon", "Sun")]


def test_a_review_of_what_is_hidden_is_not_there(client, lamp, people, translator):
    ask(lamp, people, ("texts", "en"), note="About the English")
    client.force_login(translator)
    page = client.get(PAGE.format(lamp.pk))
    assert page.context["reviews"] == []
    assert b"About the English" not in page.content
    assert "About the English" not in client.get("/api/v1/reviews").content.decode()
    assert client.get("/admin/pim/task/mine/").context["reviews"] == []


def test_the_page_of_a_product_counts_what_is_open(client, lamp, people):
    ask(lamp, people, ("texts", "fi"))
    settled = comment(lamp, "Old", user=people["ann"], at=NOW)
    resolve_comment(settled, user=people["ann"], at=NOW)
    comment(lamp, "Hm", user=people["ann"], at=NOW, key="name||fi")
    client.force_login(people["ann"])
    page = client.get(f"/admin/pim/product/{lamp.pk}/change/")
    counts = {"comments": 1, "about": {"name||fi": 1}, "reviews": 1, "tasks": 0}
    assert page.context["open_talk"] == counts
    assert b"Open comments on this value" not in page.content  # it is in another locale
    finnish = client.get(f"/admin/pim/product/{lamp.pk}/change/?locale=fi")
    assert b"/talk/?key=name%7C%7Cfi#comments" in finnish.content
    assert b"1 open review" in page.content


def test_who_may_publish_none_of_it_is_not_told_that_nothing_differs(client, lamp, limited):
    publish_products([lamp.pk], actor=ANNA, at=NOW)
    write(wish("L1", at={"pieces||": "2"}))
    client.force_login(limited(group={"*": "publish", "data": "view"}, locale="publish"))
    page = client.get(f"/admin/pim/product/{lamp.pk}/change/").content.decode()
    assert "ask for a review" in page
    assert "The draft equals" not in page


def test_the_api_takes_back_settles_and_tells(client, lamp, people):
    review, said = (
        ask(lamp, people, ("texts", "fi")),
        comment(lamp, "Hm", user=people["bo"], at=NOW, key="name||fi"),
    )
    client.force_login(people["ann"])
    assert client.post(f"/api/v1/reviews/{review.pk}/withdraw").json()["state"] == "withdrawn"
    assert client.post(f"/api/v1/reviews/{review.pk}/withdraw").status_code == 422
    address = f"/api/v1/products/L1/comments/{said.pk}/settle"
    assert client.post(address).json()["resolved_at"] is not None
    assert client.post(address).json()["resolved_at"] is None
    told = client.get("/api/v1/products/L1/timeline").json()
    assert {m["kind"] for m in told} == {"create", "comment", "review", "taken_back"}
    assert [m["slices"] for m in told if m["kind"] == "review"] == [[["texts", "fi"]]]
    assert len(client.get("/api/v1/products/L1/timeline?limit=1").json()) == 1


def test_the_api_tells_nobody_of_what_is_hidden(client, lamp, people, translator):
    hidden = comment(lamp, "Hm", user=people["ann"], at=NOW, key="name||en")
    ask(lamp, people, ("texts", "en"), ("texts", "fi"))
    client.force_login(translator)
    told = client.get("/api/v1/products/L1/timeline").json()
    assert [m["slices"] for m in told if m["kind"] == "review"] == [[["texts", "fi"]]]
    assert [m for m in told if m["kind"] == "comment"] == []
    assert "name||en" not in str(told)
    settled = client.post(f"/api/v1/products/L1/comments/{hidden.pk}/settle")
    assert settled.status_code == 404
