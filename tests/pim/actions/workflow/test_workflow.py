"""Working together: reviews publish what is approved and nothing else; people are told."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission

from pim import published
from pim.actions.publishing import publish_products
from pim.actions.workflow import (
    add_task,
    ask_review,
    comment,
    decide_review,
    finish_task,
    resolve_comment,
    withdraw_review,
)
from pim.actions.workflow.comments import mentioned
from pim.content.actor import Actor
from pim.content.refusals import Refused
from pim.content.rights import NotAllowed, Rights
from pim.models import Comment, Notice, Product, Review, Task
from pim.queries.rights import rights_on
from pim.queries.structure import load_structure
from pim.queries.timeline import timeline
from tests.factories.catalogue import ANNA, NOW, lamp_catalogue, wish, write

pytestmark = pytest.mark.django_db
PAGE = "/admin/pim/product/{}/talk/"


@pytest.fixture
def people(django_user_model):
    made = {
        name: django_user_model.objects.create_user(name, is_staff=True, is_superuser=name == "ann")
        for name in ("ann", "bo", "cy")
    }
    publish = Permission.objects.get(codename="publish_product")
    view = Permission.objects.get(codename="view_product")
    made["bo"].user_permissions.add(publish, view)
    return made


@pytest.fixture
def lamp(people):
    lamp_catalogue()
    write(wish("L1", family="lamp", at={"name||en": "Moon", "name||fi": "Kuu", "pieces||": "1"}))
    return Product.objects.get()


def told(user) -> list[tuple[str, str]]:
    return list(Notice.objects.filter(user=user).order_by("id").values_list("kind", "text"))


def values(lamp) -> dict:
    found = published.snapshots([lamp.pk])[lamp.pk].snapshot
    return found["values"] if found else {}


def ask(lamp, people, *slices, **how) -> Review:
    how = {"user": people["ann"], "at": NOW, "reviewer": people["bo"], **how}
    return ask_review(lamp, slices, **how)


def decide(review, people, **how) -> Review:
    return decide_review(review, user=people["bo"], actor=ANNA, at=NOW, **how)


def test_approving_one_locale_publishes_that_locale_only(lamp, people):
    publish_products([lamp.pk], actor=ANNA, at=NOW)
    write(wish("L1", at={"name||en": "Sun", "name||fi": "Aurinko"}))
    review = ask(lamp, people, ("texts", "en"), ("texts", "fi"), note="Please")
    assert told(people["bo"]) == [("review", "L1: Please")]
    decide(review, people, decisions={"texts|fi": "approved"})
    assert values(lamp)["fi"]["name"] == {"": "Aurinko"}
    assert values(lamp)["en"]["name"] == {"": "Moon"}
    assert (review.state, review.waiting) == (Review.OPEN, [["texts", "en"]])
    decide(review, people, decisions={"texts|en": "rejected"}, answer="Too bright")
    assert values(lamp)["en"]["name"] == {"": "Moon"}
    assert (review.state, review.decided) == (
        Review.DONE,
        {"texts|fi": "approved", "texts|en": "rejected"},
    )
    assert told(people["ann"])[-1] == ("decision", "L1: Too bright")


def test_what_is_asked_for_already_is_not_asked_twice(lamp, people):
    ask(lamp, people, ("texts", "fi"))
    again = ask(lamp, people, ("texts", "fi"), ("data", ""))
    assert again.slices == [["data", ""]]
    with pytest.raises(Refused):
        ask(lamp, people, ("texts", "fi"))
    with pytest.raises(Refused):
        ask(lamp, people)
    assert Review.objects.count() == 2


def test_a_review_that_is_over_stays_as_it_is(lamp, people):
    review = ask(lamp, people, ("texts", "fi"))
    withdraw_review(review, user=people["ann"], at=NOW)
    with pytest.raises(Refused):
        decide(review, people, decisions={"texts|fi": "approved"})
    with pytest.raises(Refused):
        withdraw_review(review, user=people["ann"], at=NOW)
    assert values(lamp) == {}


def test_nobody_decides_beyond_their_rights(lamp, people):
    review = ask(lamp, people, ("texts", "fi"))
    limited = Actor("bo", "admin", Rights())
    with pytest.raises(NotAllowed):
        decide_review(review, {"texts|fi": "approved"}, user=people["bo"], actor=limited, at=NOW)
    review.refresh_from_db()
    assert (values(lamp), review.decided) == ({}, {})


@pytest.mark.parametrize(
    "decisions", [{}, {"texts|sv": "approved"}, {"texts|fi": "maybe"}, {"nope": "approved"}]
)
def test_a_decision_that_means_nothing_is_refused(lamp, people, decisions):
    review = ask(lamp, people, ("texts", "fi"))
    with pytest.raises(Refused):
        decide(review, people, decisions=decisions)
    assert values(lamp) == {}


def test_only_whoever_asked_or_may_publish_takes_a_review_back(lamp, people):
    review = ask(lamp, people, ("texts", "fi"))
    with pytest.raises(NotAllowed):
        withdraw_review(review, user=people["cy"], at=NOW)
    assert Review.objects.get().state == Review.OPEN


def test_a_comment_tells_the_people_it_mentions(lamp, people):
    made = comment(
        lamp, "Is this right, @bo? cc @cy. Mail x@ann", user=people["ann"], at=NOW, key="name||fi"
    )
    assert {u.username for u in made.mentions.all()} == {"bo", "cy"}
    assert [kind for kind, _text in told(people["bo"])] == ["mention"]
    assert told(people["ann"]) == []
    resolve_comment(made, user=people["bo"], at=NOW)
    assert (made.resolved_by, made.resolved_at) == (people["bo"], NOW)
    resolve_comment(made, user=people["bo"], at=NOW)
    assert made.resolved_at is None


def test_mentions_end_where_names_end(people):
    assert mentioned("@bo, and (@cy) or me@bo.example") == [people["bo"], people["cy"]]


@pytest.mark.parametrize(
    ("text", "key"), [("  ", ""), ("x" * 5001, ""), ("x", "nope||"), ("x", "name")]
)
def test_a_comment_on_nothing_is_refused(lamp, people, text, key):
    with pytest.raises(Refused):
        comment(lamp, text, user=people["ann"], at=NOW, key=key)
    assert Comment.objects.count() == 0


def test_a_task_is_given_told_and_done_once(lamp, people):
    task = add_task("Photo", user=people["ann"], at=NOW, assignee=people["bo"], product=lamp)
    assert told(people["bo"]) == [("task", "Photo")]
    with pytest.raises(NotAllowed):
        finish_task(task, user=people["cy"], at=NOW)
    finish_task(task, user=people["bo"], at=NOW)
    assert (task.done_by, told(people["ann"])) == (people["bo"], [("done", "Photo")])
    with pytest.raises(Refused):
        add_task(" ", user=people["ann"], at=NOW)
    assert Task.objects.count() == 1


def test_the_timeline_tells_everything_newest_first(lamp, people):
    hour = timedelta(hours=1)
    comment(lamp, "Hm", user=people["bo"], at=NOW + hour)
    review = ask(lamp, people, ("texts", "fi"), at=NOW + 2 * hour)
    decide_review(
        review, {"texts|fi": "approved"}, user=people["bo"], actor=ANNA, at=NOW + 3 * hour
    )
    add_task("Photo", user=people["ann"], at=NOW + 4 * hour, product=lamp)
    holding = rights_on([lamp.pk], ANNA.rights)[lamp.pk]
    found = timeline(lamp.pk, holding=holding, structure=load_structure())
    assert [m.kind for m in found][:2] == ["task", "publish"]
    assert sorted(m.kind for m in found) == [
        "comment", "create", "decision", "publish", "review", "task",
    ]  # fmt: skip


def test_the_talk_page_does_it_all(client, lamp, people):
    client.force_login(people["ann"])
    page = PAGE.format(lamp.pk)
    client.post(page, {"comment": "1", "text": "Hello @bo", "key": "name||fi"})
    client.post(page, {"ask": "1", "slice": ["texts|fi"], "person": "bo", "note": "Look"})
    client.post(page, {"task": "1", "title": "Photo", "person": "bo", "due_on": "2026-12-01"})
    answer = client.get(page)
    assert (len(answer.context["comments"]), len(answer.context["reviews"])) == (1, 1)
    review = Review.objects.get()
    client.force_login(people["bo"])
    mine = client.get("/admin/pim/task/mine/")
    assert [len(mine.context[n]) for n in ("tasks", "reviews", "notices")] == [1, 1, 3]
    client.post(page, {"decide": review.pk, "word": "approved", "slice": ["texts|fi"]})
    assert values(lamp)["fi"]["name"] == {"": "Kuu"}
    client.post("/admin/pim/task/mine/", {"finish": Task.objects.get().pk})
    client.post("/admin/pim/task/mine/", {"read": "1"})
    assert Task.objects.get().done_by == people["bo"]
    assert Notice.objects.filter(user=people["bo"], read_at=None).count() == 0
    client.force_login(people["cy"])
    assert client.get(page).status_code == 403


def test_the_api_reviews_comments_and_gives_tasks(client, lamp, people):
    client.force_login(people["ann"])
    json = {"content_type": "application/json"}
    body = {"product": "L1", "slices": [["texts", "fi"]], "reviewer": "bo"}
    made = client.post("/api/v1/reviews", body, **json)
    assert (made.status_code, made.json()["slices"]) == (201, [["texts", "fi"]])
    assert [r["id"] for r in client.get("/api/v1/reviews").json()["results"]] == [made.json()["id"]]
    decision = {"decisions": {"texts|fi": "approved"}}
    done = client.post(f"/api/v1/reviews/{made.json()['id']}/decide", decision, **json)
    assert (done.json()["state"], values(lamp)["fi"]["name"]) == ("done", {"": "Kuu"})
    said = client.post("/api/v1/products/L1/comments", {"text": "Hm @bo"}, **json)
    assert (said.status_code, len(client.get("/api/v1/products/L1/comments").json())) == (201, 1)
    task = client.post("/api/v1/tasks", {"title": "Photo", "assignee": "ann"}, **json)
    assert task.status_code == 201
    assert len(client.get("/api/v1/tasks").json()["results"]) == 1
    assert client.post(f"/api/v1/tasks/{task.json()['id']}/finish").status_code == 200
    wrong = client.post("/api/v1/reviews", {"product": "X", "slices": []}, **json)
    assert wrong.status_code in (404, 422)
