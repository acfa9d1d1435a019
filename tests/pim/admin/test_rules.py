"""Rules on the desk: made, changed, previewed and run by a person who knows no JSON."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pim.actions.jobs import run_job
from pim.models import Change, Job, Rule
from tests.factories.catalogue import NOW, lamp_catalogue, wish, write
from tests.factories.desk import staff, superuser

pytestmark = pytest.mark.django_db
ADD, LIST = reverse("admin:pim_rule_add"), reverse("admin:pim_rule_changelist")
FORM = {
    "code": "size",
    "name": "Size by colour",
    "when": json.dumps({"search": {"color": [{"operator": "IN", "value": ["red"]}]}}),
    "actions": json.dumps([{"op": "set", "attribute": "size", "value": "m"}]),
    "enabled": "on",
    "on_save": "on",
    "time_zone": "UTC",
    "row_version": "0",
}


@pytest.fixture
def desk(client):
    lamp_catalogue()
    client.force_login(superuser())
    return client


def page(rule: Rule, name: str = "change") -> str:
    return reverse(f"admin:pim_rule_{name}", args=[rule.pk])


def test_a_rule_is_made_and_shown_in_words(desk):
    answer = desk.post(ADD, FORM)
    rule = Rule.objects.get()
    assert (answer["Location"], rule.on_save, rule.on_import) == (page(rule), True, False)
    text = desk.get(LIST).content.decode()
    for words in ("Size by colour", "Set: size", "on save"):
        assert words in text
    assert Change.objects.filter(subject="rule:size").count() == 1
    assert json.loads(desk.get(page(rule)).context["when"]) == rule.when


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"name": ""}, "name"),
        ({"code": "no good"}, "code"),
        ({"actions": "[]"}, "operations"),
        ({"actions": "{"}, "operations"),
        ({"when": "["}, "selection"),
        ({"cadence": "sometimes"}, "cadence"),
    ],
)
def test_what_makes_no_rule_is_said_and_kept_on_the_page(desk, wrong, told):
    answer = desk.post(ADD, {**FORM, **wrong})
    assert (told in answer.context["error"], Rule.objects.count()) == (True, 0)
    assert answer.context["rule"].on_save is True


def test_a_code_is_taken_once_and_an_old_page_overwrites_nothing(desk):
    desk.post(ADD, FORM)
    assert "already" in desk.post(ADD, {**FORM, "name": "Again"}).context["error"]
    rule = Rule.objects.get()
    desk.post(page(rule), {**FORM, "name": "Second", "row_version": "1"})
    late = desk.post(page(rule), {**FORM, "name": "Third", "row_version": "1"})
    assert late.context["error"] == "Somebody else has changed this since you opened it."
    assert Rule.objects.values_list("name", flat=True).get() == "Second"


def test_a_rule_is_previewed_and_run_from_its_page(desk):
    desk.post(ADD, {**FORM, "on_save": ""} | {"on_save": "on"})
    write(wish("A", family="lamp", at={"color||": "red"}), wish("B", family="lamp"))
    rule = Rule.objects.get()
    desk.post(page(rule), {**FORM, "row_version": "1", "preview": "1"})
    seen = Job.objects.get()
    run_job(seen.pk, at=NOW)
    desk.post(page(rule, "run"))
    done = Job.objects.latest("pk")
    run_job(done.pk, at=NOW)
    assert [job.dry_run for job in Job.objects.order_by("pk")] == [True, False]
    assert "last run" in desk.get(LIST).content.decode().lower()
    rule.refresh_from_db()
    assert rule.last_job_id == done.pk
    desk.post(reverse("admin:pim_job_repeat", args=[seen.pk]))
    again = Job.objects.latest("pk")
    run_job(again.pk, at=NOW)
    rule.refresh_from_db()
    assert (again.pk > done.pk, rule.last_job_id) == (True, again.pk)


def test_a_rule_is_deleted(desk):
    desk.post(ADD, FORM)
    desk.post(page(Rule.objects.get(), "delete"), {"post": "yes"})
    assert (Rule.objects.count(), Change.objects.filter(subject="rule:size").count()) == (0, 2)


def test_whoever_only_looks_changes_and_runs_nothing(desk):
    desk.post(ADD, FORM)
    rule = Rule.objects.get()
    desk.force_login(staff("otto", "view_rule"))
    assert desk.get(page(rule)).status_code == 200
    posts = [
        desk.post(address, FORM).status_code for address in (ADD, page(rule), page(rule, "run"))
    ]
    assert (posts, Job.objects.count(), Rule.objects.count()) == ([403, 403, 403], 0, 1)


def _queries(client) -> int:
    client.get(LIST)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(LIST).status_code == 200
    return len(seen)


def test_the_list_costs_the_same_for_one_and_three(desk):
    for n in range(2):
        Rule.objects.create(code=f"r{n}", name="R", when={"all": True}, last_job=None)
    before = _queries(desk)
    for n in range(2, 6):
        job = Job.objects.create(kind="rules", title="x")
        Rule.objects.create(code=f"r{n}", name="R", when={"all": True}, last_job=job)
    # Each sentence of a selection asks once whether the structure is still the same.
    assert _queries(desk) == before
