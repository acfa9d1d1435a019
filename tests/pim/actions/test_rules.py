"""Rules: saved only where they can stand together, run by hand, clock and writes, taken back."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pim.actions.jobs import queue_job, run_job
from pim.actions.rules import delete_rule, queue_due_rules, queue_rules, save_rule
from pim.actions.undo import queue_undo
from pim.content.actor import Actor
from pim.content.refusals import Conflict, Refused
from pim.models import AttributeOption, Change, Family, Job, Product, Rule
from pim.queries.drafts import read_drafts
from pim.queries.structure import forget_structure
from tests.factories.catalogue import ANNA, NOW, lamp_catalogue, wish, write

pytestmark = pytest.mark.django_db
EN, FI = {"attribute": "name", "locale": "en"}, {"attribute": "name", "locale": "fi"}
LAMPS = {"search": {"family": [{"operator": "IN", "value": ["lamp"]}]}}
TITLE = {"op": "concatenate", "to": FI, "template": "{name@en} {color}"}
SIZE = {"op": "map", "from": {"attribute": "color"}, "to": {"attribute": "size"},
        "table": {"red": "m"}}  # fmt: skip


@pytest.fixture(autouse=True)
def _catalogue():
    lamp_catalogue()


def rule(code: str, *actions: dict, when=LAMPS, **fields) -> Rule:
    named = {"name": code.title(), "when": when, "actions": list(actions), **fields}
    return save_rule(code, named, actor=ANNA, at=NOW).rule


def run(job: Job) -> Job:
    run_job(job.pk, at=NOW)
    job.refresh_from_db()
    assert (job.state, job.cause) == ("done", "")
    return job


def value(identifier: str, key: str):
    attribute, channel, locale = key.split("|")
    pk = Product.objects.values_list("id", flat=True).get(identifier=identifier)
    return read_drafts([pk])[pk].values.get(locale, {}).get(attribute, {}).get(channel)


def has(name: str, operator: str, value=None, **more) -> dict:
    return {"search": {name: [{"operator": operator, "value": value, **more}]}}


def test_a_rule_on_save_follows_in_the_same_write_and_says_who_it_was():
    rule("title", TITLE, on_save=True)
    result = write(wish("A", family="lamp", at={"name||en": "Lamp", "color||": "red"}))[0]
    assert value("A", "name||fi") == "Lamp red"
    rows = Change.objects.filter(product_id=result.product_id).order_by("id")
    assert list(rows.values_list("actor", "source", "reason", "detail")[1:]) == [
        ("anna", "rule", "Title", {"name||fi": [None, "Lamp red"]})
    ]
    assert (result.row_version, result.differences["name||fi"]) == (2, [None, "Lamp red"])


def test_a_rule_on_save_leaves_others_and_other_doors_alone():
    rule("title", TITLE, on_save=True)
    write(wish("A", at={"name||en": "Lamp"}))
    write(wish("B", family="lamp", at={"name||en": "Lamp"}), actor=Actor("x", "import"))
    assert (value("A", "name||fi"), value("B", "name||fi")) == (None, None)
    assert Change.objects.filter(source="rule").count() == 0


def test_a_rule_on_import_follows_imports_and_goes_back_with_them():
    rule("title", TITLE, on_import=True)
    write(wish("A", family="lamp", at={"name||en": "Old"}))
    job = queue_job("import", title="x", actor="anna")
    write(wish("A", at={"name||en": "New"}), actor=Actor("x", "import"), job=job)
    assert value("A", "name||fi") == "New"
    Job.objects.filter(pk=job.pk).update(state="done")
    job.refresh_from_db()
    run(queue_undo(job, actor="anna"))
    assert (value("A", "name||en"), value("A", "name||fi")) == ("Old", None)


def test_what_a_rule_made_by_hand_is_taken_back_for_good():
    write(wish("A", family="lamp", at={"name||en": "Lamp"}))
    made = rule("title", TITLE, on_save=True)
    job = run(queue_rules([made], actor="anna"))
    assert (job.counts, value("A", "name||fi")) == ({"Title": {"changed": 1}}, "Lamp")
    run(queue_undo(job, actor="anna"))
    assert value("A", "name||fi") is None


def test_variants_follow_when_what_they_inherit_changes():
    rule("label", {"op": "concatenate", "to": {"attribute": "ean"}, "template": "{pieces}-{color}"},
         on_save=True)  # fmt: skip
    write(wish("M", role="model", family="lamp", family_variant="lamp_color"))
    write(wish("V", parent="M", at={"color||": "red"}))
    write(wish("M", at={"pieces||": 7}))
    assert (value("V", "ean||"), value("M", "ean||")) == ("7-red", None)


def test_rules_leave_variants_what_belongs_to_their_model():
    made = rule("pieces", {"op": "set", "attribute": "pieces", "value": 1})
    write(wish("M", role="model", family="lamp", family_variant="lamp_color"))
    write(wish("V", parent="M", at={"color||": "red"}))
    job = run(queue_rules([made], actor="anna"))
    assert (value("M", "pieces||"), value("V", "pieces||")) == ("1", None)
    assert (job.counts, job.lines.count()) == ({"Pieces": {"changed": 1, "unchanged": 1}}, 0)


def test_rules_run_in_the_order_of_what_they_read():
    rule("title", TITLE, on_save=True, sort_order=1)
    rule("colour", {"op": "map", "from": {"attribute": "size"}, "to": {"attribute": "color"},
                    "table": {"s": "blue"}}, on_save=True, sort_order=2)  # fmt: skip
    write(wish("A", family="lamp", at={"name||en": "Lamp", "size||": "s"}))
    assert (value("A", "color||"), value("A", "name||fi")) == ("blue", "Lamp blue")


def test_conditions_see_what_earlier_rules_wrote():
    rule("first", {"op": "categories", "codes": ["outdoor"]}, on_save=True)
    rule("second", {"op": "set", "attribute": "pieces", "value": 9}, on_save=True,
         when=has("categories", "IN", ["outdoor"]))  # fmt: skip
    write(wish("A", family="lamp"))
    assert value("A", "pieces||") == "9"


def test_a_rule_that_cannot_write_holds_nobody_up_and_is_noted():
    rule("title", {"op": "concatenate", "to": FI, "template": "{notes}"}, on_save=True)
    result = write(wish("A", family="lamp", at={"notes||": "x" * 300}))[0]
    assert (result.outcome, [n.code for n in result.notes]) == ("created", ["too_long"])
    assert (value("A", "name||fi"), result.row_version) == (None, 1)


def test_a_rule_that_can_no_longer_be_read_holds_nobody_up():
    made = rule("size", SIZE, on_save=True)
    AttributeOption.objects.filter(code="m").delete()
    forget_structure()
    assert write(wish("A", family="lamp", at={"color||": "red"}))[0].outcome == "created"
    job = run(queue_rules([made], actor="anna"))
    assert list(job.lines.values_list("subject", "code")) == [("Size", "bad_operations")]


def test_saving_twice_and_previewing_change_nothing():
    write(wish("A", family="lamp", at={"name||en": "Lamp"}))
    made = rule("title", TITLE)
    assert save_rule("title", {"name": "Title"}, actor=ANNA, at=NOW).outcome == "unchanged"
    job = run(queue_rules([made], actor="anna", dry_run=True))
    made.refresh_from_db()
    assert (job.counts, job.preview) == (
        {"Title": {"changed": 1}},
        [["A", {"name||fi": [None, "Lamp"]}]],
    )
    assert (value("A", "name||fi"), made.last_job, made.row_version) == (None, None, 1)


def test_a_rule_by_the_clock_leaves_one_run_that_came_to_nothing():
    made = rule("title", TITLE, cadence="hourly")
    other = rule("size", SIZE, cadence="daily 00:30")
    for hour in range(1, 4):
        run(queue_due_rules(at=NOW + timedelta(hours=hour))[0])
    made.refresh_from_db()
    assert list(Job.objects.values_list("id", flat=True)) == [made.last_job_id]
    both = run(queue_due_rules(at=NOW + timedelta(hours=24))[0])
    run(queue_due_rules(at=NOW + timedelta(hours=25))[0])
    other.refresh_from_db()
    assert (other.last_job_id, Job.objects.count()) == (both.pk, 2)


def test_runs_by_the_clock_that_wrote_and_runs_by_hand_stay():
    made = rule("title", TITLE, cadence="hourly")
    run(queue_rules([made], actor="anna"))
    write(wish("A", family="lamp", at={"name||en": "Lamp"}))
    for hour in range(1, 4):
        run(queue_due_rules(at=NOW + timedelta(hours=hour))[0])
    assert Job.objects.count() == 3


def copy(one: str, other: str) -> dict:
    return {"op": "copy", "from": {"attribute": one}, "to": {"attribute": other}}


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        (
            {"actions": [copy("ean", "notes")]},
            {"actions": [{"op": "concatenate", "to": {"attribute": "ean"}, "template": "{notes}"}]},
            "“Two” ← notes ← “One”; “One” ← ean ← “Two”",
        ),
        (
            {"actions": [{"op": "categories", "codes": ["indoor"]}],
             "when": has("color", "IN", ["red"])},
            {"actions": [{"op": "set", "attribute": "color", "value": "blue"}],
             "when": has("categories", "IN", ["indoor"])},
            "“Two” ← categories ← “One”; “One” ← color ← “Two”",
        ),
    ],
)  # fmt: skip
def test_rules_that_read_what_one_another_write_are_refused(first, second, told):
    rule("one", *first["actions"], when=first.get("when", LAMPS))
    with pytest.raises(Refused) as refused:
        rule("two", *second["actions"], when=second.get("when", LAMPS))
    assert (refused.value.code, Rule.objects.count()) == ("rules_circle", 1)
    assert set(refused.value.params["circle"].split("; ")) == set(told.split("; "))
    rule("two", *second["actions"], when=second.get("when", LAMPS), enabled=False)
    with pytest.raises(Refused):
        save_rule("two", {"enabled": True}, actor=ANNA, at=NOW)


RED, BLUE = (has("color", "IN", [color]) for color in ("red", "blue"))
CHAIRS = {"search": {"family": [{"operator": "IN", "value": ["chair"]}]}}


@pytest.mark.parametrize("whens", [(LAMPS, CHAIRS), (RED, BLUE)])
def test_rules_whose_products_never_meet_go_in_no_circle(whens):
    Family.objects.create(code="chair")
    forget_structure()
    rule("one", copy("ean", "notes"), when=whens[0])
    rule("two", copy("notes", "ean"), when=whens[1])
    assert Rule.objects.count() == 2


@pytest.mark.parametrize(
    "when",
    [
        {"search": {"family": [{"operator": "IN", "value": ["chair", "lamp"]}]}},
        {"search": {"family": [{"operator": "NOT IN", "value": ["chair"]}]}},
        has("care", "IN", ["cold"]),
    ],
)
def test_rules_whose_products_may_meet_are_refused(when):
    Family.objects.create(code="chair")
    forget_structure()
    rule("one", copy("ean", "notes"))
    with pytest.raises(Refused) as refused:
        rule("two", copy("notes", "ean"), when=when)
    assert (refused.value.code, Rule.objects.count()) == ("rules_circle", 1)


def test_what_a_rule_writes_keeps_no_two_rules_apart():
    rule("turn", {"op": "set", "attribute": "color", "value": "blue"})
    rule("one", copy("ean", "notes"), when=RED)
    with pytest.raises(Refused) as refused:
        rule("two", copy("notes", "ean"), when=BLUE)
    assert (refused.value.code, Rule.objects.count()) == ("rules_circle", 2)


@pytest.mark.parametrize(
    ("actions", "code"),
    [
        ([{"op": "replace", **EN, "find": "a", "with": "aa"}], "rules_circle"),
        ([copy("ean", "notes"), copy("notes", "ean")], "rules_circle"),
        ([{"op": "family", "family": "lamp"}], "bad_actions"),
        ([{"op": "publish"}], "bad_operations"),
        ([], "bad_operations"),
    ],
)
def test_rules_that_would_never_rest_or_go_too_far_are_refused(actions, code):
    with pytest.raises(Refused) as refused:
        rule("r", *actions)
    assert (refused.value.code, Rule.objects.count()) == (code, 0)


@pytest.mark.parametrize(
    "actions",
    [
        [{"op": "append", "attribute": "care", "values": ["cold"]}],
        [{"op": "convert", "attribute": "weight", "unit": "GRAM"}],
        [{"op": "copy", "from": EN, "to": FI}],
    ],
)
def test_rules_that_rest_after_once_are_taken_even_where_they_read_what_they_write(actions):
    assert rule("r", *actions, when=has("name", "EMPTY", locale="fi")).pk


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"name": " "}, "bad_name"),
        ({"when": {"ids": [1]}}, "bad_when"),
        ({"when": {"search": {"nope": []}, "all": True}}, "bad_selection"),
        ({"when": has("nope", "=", 1)}, "bad_search"),
        ({"cadence": "now and then"}, "invalid_cadence"),
        ({"cadence": "on change"}, "invalid_cadence"),
        ({"time_zone": "Mars"}, "bad_time_zone"),
    ],
)
def test_fields_that_make_no_sense_are_refused(fields, code):
    with pytest.raises(Refused) as refused:
        rule("r", TITLE, **fields)
    assert (refused.value.code, Rule.objects.count()) == (code, 0)
    with pytest.raises(Refused):
        rule("no code", TITLE)


def test_whoever_saves_what_has_changed_meanwhile_is_told():
    rule("title", TITLE)
    save_rule("title", {"name": "T"}, actor=ANNA, at=NOW, expected=1)
    with pytest.raises(Conflict):
        save_rule("title", {"name": "U"}, actor=ANNA, at=NOW, expected=1)
    with pytest.raises(Conflict):
        save_rule("title", {"name": "U"}, actor=ANNA, at=NOW, expected=0)
    assert Rule.objects.values_list("name", "row_version").get() == ("T", 2)


def test_rules_are_in_the_change_log_from_first_to_last():
    made = rule("title", TITLE)
    save_rule("title", {"name": "T"}, actor=ANNA, at=NOW)
    delete_rule(made, actor=ANNA, at=NOW)
    rows = Change.objects.filter(subject="rule:title").order_by("id")
    assert [sorted(c.detail) for c in rows][1:] == [["name"], ["@deleted"]]
    assert Rule.objects.count() == 0


def test_a_slot_runs_once_and_what_was_missed_folds_into_one():
    made = rule("title", TITLE, cadence="daily 02:00")
    rule("off", SIZE, cadence="daily 02:00", enabled=False)
    assert queue_due_rules(at=NOW) == []
    later = NOW + timedelta(days=3)
    assert [job.params for job in queue_due_rules(at=later)] == [{"rules": [made.pk]}]
    assert queue_due_rules(at=later) == []


def test_a_run_that_was_lost_goes_on_with_the_rule_it_was_at():
    write(*(wish(f"A{n}", family="lamp", at={"color||": "red"}) for n in range(2)))
    first = rule("size", SIZE)
    second = rule("pieces", {"op": "set", "attribute": "pieces", "value": 1})
    job = queue_rules([first, second], actor="anna")
    Job.objects.filter(pk=job.pk).update(cursor={"rule": 1, "after": 0})
    run(job)
    assert (value("A1", "size||"), value("A1", "pieces||")) == ("m", None)


def _queries(count: int) -> int:
    with CaptureQueriesContext(connection) as seen:
        write(*(wish(f"Q{count}-{n}", family="lamp", at={"color||": "red", "name||en": "x"})
                for n in range(count)))  # fmt: skip
    return len(seen)


def test_rules_on_save_cost_the_same_queries_for_one_and_three_products():
    _queries(1)
    none = _queries(2)
    rule("title", TITLE, on_save=True)
    rule("size", SIZE, on_save=True)
    _queries(4)
    added = 28 if connection.vendor == "sqlite" else 43
    assert (_queries(5) - none, _queries(3) - none) == (added, added)
