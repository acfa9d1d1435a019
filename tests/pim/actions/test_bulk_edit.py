"""Bulk edits: every operation, on whatever a selection names, reported and taken back."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pim.actions.bulk_edit import queue_bulk_edit
from pim.actions.jobs import queue_job, run_job
from pim.actions.roles import save_role
from pim.actions.undo import queue_undo
from pim.content.operations import OperationsRefused
from pim.content.refusals import Refused
from pim.models import (
    Attribute,
    AttributeOption,
    Change,
    Family,
    FamilyAttribute,
    Job,
    Product,
)
from pim.queries.drafts import read_drafts
from pim.queries.structure import forget_structure
from tests.factories.catalogue import ANNA, NOW, lamp_catalogue, wish, write
from tests.factories.rights import grants

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _catalogue():
    lamp_catalogue()


def run(job: Job) -> Job:
    run_job(job.pk, at=NOW)
    job.refresh_from_db()
    assert (job.state, job.cause) == ("done", "")
    return job


def edit(*operations: dict, selection=None, **how) -> Job:
    selected = selection or {"all": True}
    return run(queue_bulk_edit(selected, list(operations), actor="anna", **how))


def state(identifier: str):
    pk = Product.objects.values_list("id", flat=True).get(identifier=identifier)
    return read_drafts([pk])[pk]


def value(identifier: str, key: str):
    attribute, channel, locale = key.split("|")
    return state(identifier).values.get(locale, {}).get(attribute, {}).get(channel)


def lines(job: Job) -> list[tuple]:
    return list(job.lines.values_list("subject", "column", "outcome", "code"))


BEFORE = {
    "name||en": "Lamp", "story|web|en": "<p>A lamp &amp; a Lamp</p>", "pieces||": 3,
    "weight||": {"amount": "1500", "unit": "GRAM"}, "care||": ["cold"], "color||": "red",
    "on_sale||": True, "notes||": {"$state": "empty"}, "maker||": ["aino"],
}  # fmt: skip
EN, FI = {"attribute": "name", "locale": "en"}, {"attribute": "name", "locale": "fi"}


@pytest.mark.parametrize(
    ("operation", "key", "after"),
    [
        ({"op": "set", **EN, "value": "New"}, "name||en", "New"),
        ({"op": "set", **EN, "value": "New", "if_empty": True}, "name||en", "Lamp"),
        ({"op": "set", "attribute": "notes", "value": "N", "if_empty": True}, "notes||",
         {"$state": "empty"}),
        ({"op": "set", "attribute": "name", "locale": "*", "value": "X"}, "name||sv", "X"),
        ({"op": "set", "attribute": "name", "locale": ["fi", "sv"], "value": "X"}, "name||sv", "X"),
        ({"op": "set", "attribute": "pieces", "value": {"$state": "na"}}, "pieces||",
         {"$state": "na"}),
        ({"op": "set", "attribute": "spare", "value": ["OTHER"]}, "spare||", "uuid of OTHER"),
        ({"op": "clear", **EN}, "name||en", None),
        ({"op": "clear", "attribute": "story", "locale": "*", "channel": "*"}, "story|web|en",
         None),
        ({"op": "copy", "from": EN, "to": FI}, "name||fi", "Lamp"),
        ({"op": "copy", "from": FI, "to": EN}, "name||en", "Lamp"),
        ({"op": "copy", "from": {"attribute": "color"}, "to": {"attribute": "notes"}}, "notes||",
         "Punainen"),
        ({"op": "copy", "from": {"attribute": "weight"}, "to": FI}, "name||fi", "1500 GRAM"),
        ({"op": "copy", "from": {"attribute": "name", "locale": "*"},
          "to": {"attribute": "story", "locale": "*", "channel": "web"}}, "story|web|en",
         "<p>Lamp</p>"),
        ({"op": "append", "attribute": "care", "values": ["warm", "cold"]}, "care||",
         ["cold", "warm"]),
        ({"op": "remove", "attribute": "care", "values": ["cold"]}, "care||", None),
        ({"op": "replace", **EN, "find": "LAMP", "with": "Light", "any_case": True}, "name||en",
         "Light"),
        ({"op": "replace", **EN, "find": "am", "with": "", "whole_words": True}, "name||en",
         "Lamp"),
        ({"op": "replace", "attribute": "story", "locale": "en", "channel": "web",
          "find": "p & a L", "with": "<b>&"}, "story|web|en", "<p>A lam&lt;b&gt;&amp;amp</p>"),
        ({"op": "concatenate", "to": FI, "template": "{color} {name@en} {ean} {{{pieces}}}"},
         "name||fi", "Punainen Lamp {3}"),
        ({"op": "concatenate", "to": FI, "template": "{ean}"}, "name||fi", None),
        ({"op": "concatenate", "to": FI, "template": "{identifier}"}, "name||fi", "L1"),
        ({"op": "convert", "attribute": "weight", "unit": "KILOGRAM"}, "weight||",
         {"amount": "1.5", "unit": "KILOGRAM"}),
        ({"op": "convert", "attribute": "weight", "unit": "KILOGRAM", "decimals": 0}, "weight||",
         {"amount": "2", "unit": "KILOGRAM"}),
        ({"op": "map", "from": {"attribute": "color"}, "to": {"attribute": "size"},
          "table": {"RED": "m"}}, "size||", "m"),
        ({"op": "map", "from": {"attribute": "care"}, "to": {"attribute": "notes"},
          "table": {"warm": "x"}, "otherwise": "clear"}, "notes||", None),
        ({"op": "map", "from": {"attribute": "pieces"}, "to": {"attribute": "size"},
          "table": {"4": "s"}, "otherwise": {"value": "l"}}, "size||", "l"),
        ({"op": "map", "from": {"attribute": "on_sale"}, "to": {"attribute": "care"},
          "table": {"1": ["warm"]}}, "care||", ["warm"]),
    ],
)  # fmt: skip
def test_operations_on_values(operation, key, after):
    write(wish("OTHER"), wish("L1", family="lamp", at=BEFORE))
    AttributeOption.objects.filter(code="red").update(labels={"en": "Red", "fi": "Punainen"})
    forget_structure()
    chosen = {"search": {"identifier": [{"operator": "=", "value": "L1"}]}}
    if key == "notes||" and after == "Punainen":
        after = "red"  # a text that is the same in all languages names the code
    if after == "uuid of OTHER":
        after = [state("OTHER").uuid]
    job = edit(operation, selection=chosen)
    assert value("L1", key) == after
    changed = Change.objects.filter(job=job)
    assert [c.source for c in changed] == (
        ["bulk"] if job.counts["products"].get("changed") else []
    )
    if changed:
        assert lines(run(queue_undo(job, actor="anna"))) == []
    before = {k.split("|")[0]: v for k, v in BEFORE.items()}
    assert value("L1", "name||en") == before["name"]


@pytest.mark.parametrize(
    ("operation", "name", "after"),
    [
        ({"op": "categories", "codes": ["outdoor"]}, "categories", ["indoor", "outdoor"]),
        ({"op": "categories", "codes": ["indoor"], "mode": "remove"}, "categories", []),
        ({"op": "categories", "codes": ["outdoor"], "mode": "replace"}, "categories", ["outdoor"]),
        ({"op": "groups", "codes": ["new"]}, "groups", ["new"]),
        ({"op": "enabled", "value": False}, "enabled", False),
        ({"op": "family", "family": ""}, "family", ""),
        ({"op": "parent", "parent": "M"}, "parent", "M"),
    ],
)
def test_operations_on_places(operation, name, after):
    write(wish("M", role="model", family="lamp", family_variant="lamp_color"))
    write(wish("L1", family="lamp", categories=["indoor"], at={"color||": "red"}))
    before = state("L1").snapshot()
    chosen = {"search": {"identifier": [{"operator": "=", "value": "L1"}]}}
    job = edit(operation, selection=chosen)
    assert getattr(state("L1"), name) == after
    run(queue_undo(job, actor="anna"))
    assert state("L1").snapshot() == before


def test_values_that_a_new_family_has_no_place_for_stay_out_of_sight_and_are_told():
    Family.objects.create(code="bare").attributes.add(Attribute.objects.get(code="name"))
    forget_structure()
    named, bare = {"name||en": "A", "name||fi": "B"}, {"name||en": "C"}
    write(wish("A", family="lamp", at=named | {"pieces||": 3}), wish("B", family="lamp", at=bare))
    job = edit({"op": "family", "family": "bare"}, dry_run=True)
    assert lines(job) == [("A", "family", "noted", "out_of_sight")]
    assert job.lines.get().message.startswith("The new family has no place for all values (1)")
    edit({"op": "family", "family": "bare"})
    assert value("A", "pieces||") == "3"


@pytest.mark.parametrize(
    ("name", "operation", "said"),
    [
        (
            "A",
            {"op": "family", "family": "lamp", "family_variant": "lamp_color"},
            "name its parent",
        ),
        ("M", {"op": "parent", "parent": "N"}, "where its family variant has the items"),
    ],
)
def test_a_product_on_a_level_that_is_not_its_own_is_told_why(name, operation, said):
    models = {"role": "model", "family": "lamp", "family_variant": "lamp_color"}
    write(wish("M", **models), wish("N", **models), wish("A", family="lamp"))
    job = edit(operation, selection={"search": {"identifier": [{"operator": "=", "value": name}]}})
    assert lines(job) == [(name, "parent", "refused", "wrong_level")]
    assert said in job.lines.get().message


def test_ties_are_added_removed_and_replaced():
    write(wish("A"), wish("B"), wish("C"))
    chosen = {"search": {"identifier": [{"operator": "=", "value": "A"}]}}
    tie = {"op": "associations", "type": "set"}

    def after(**more) -> list:
        edit({**tie, **more}, selection=chosen)
        names = {str(u): n for u, n in Product.objects.values_list("uuid", "identifier")}
        held = state("A").associations.get("set", {"products": [], "groups": []})
        return [[names[u], q] for u, q in held["products"]] + held["groups"]

    assert after(products=[["B", 2], "A"], groups=["new"]) == [["B", 2], "new"]
    assert after(products=["C"]) == [["B", 2], ["C", 1], "new"]
    assert after(products=["B"], mode="remove") == [["C", 1], "new"]
    assert after(mode="replace") == []


def test_later_operations_see_what_earlier_ones_want():
    write(wish("A", family="lamp"))
    edit(
        {"op": "set", **EN, "value": "One"},
        {"op": "concatenate", "to": FI, "template": "{name@en} two"},
        {"op": "clear", **EN},
    )
    assert (value("A", "name||fi"), value("A", "name||en")) == ("One two", None)


def test_a_preview_counts_all_and_shows_the_first_and_writes_nothing():
    write(*(wish(f"A{n}", family="lamp", at={"name||en": "a a"}) for n in range(3)))
    operation = {"op": "replace", **EN, "find": "a", "with": "b"}
    seen = edit(operation, dry_run=True)
    assert seen.counts == {"products": {"changed": 3}, "replaced texts": {"changed": 6}}
    assert seen.preview[0] == ["A0", {"name||en": ["a a", "b b"]}]
    assert (value("A0", "name||en"), Change.objects.filter(action="change").count()) == ("a a", 0)
    done = edit(operation)
    assert (done.counts, value("A2", "name||en")) == (seen.counts, "b b")


def test_products_that_cannot_hold_it_are_noted_and_the_others_are_written():
    write(wish("M", role="model", family="lamp", family_variant="lamp_color"))
    FamilyAttribute.objects.filter(attribute__code="on_sale").delete()
    forget_structure()
    write(wish("FREE"), wish("FAM", family="lamp"))
    job = edit({"op": "set", "attribute": "color", "value": "red"},
               {"op": "set", "attribute": "on_sale", "value": True})  # fmt: skip
    assert (value("FREE", "color||"), value("FAM", "color||"), value("M", "color||")) == (
        "red", "red", None,
    )  # fmt: skip
    assert sorted(lines(job)) == [
        ("FAM", "on_sale", "noted", "not_in_family"),
        ("M", "color", "noted", "wrong_level"),
        ("M", "on_sale", "noted", "not_in_family"),
    ]


def test_models_are_written_before_their_variants_so_that_these_inherit():
    write(wish("M", role="model", family="lamp", family_variant="lamp_color"))
    write(wish("V", parent="M", at={"color||": "red"}))
    job = edit({"op": "set", "attribute": "pieces", "value": 5})
    assert (value("M", "pieces||"), value("V", "pieces||")) == ("5", None)
    assert job.counts == {"products": {"changed": 1, "unchanged": 1}}


def test_a_refused_product_is_told_and_stops_no_other():
    write(wish("A", family="lamp"), wish("B", family="lamp"))
    job = edit({"op": "set", "attribute": "ean", "value": "6417182041026"})
    assert job.counts == {"products": {"changed": 1, "refused": 1}}
    assert lines(job) == [("B", "ean", "refused", "not_unique")]


def test_publishing_is_part_of_the_edit_and_of_its_undo():
    write(wish("A"), wish("B"))
    job = edit({"op": "set", **EN, "value": "X"}, {"op": "publish"})
    assert job.counts == {"products": {"changed": 2}, "published": {"changed": 2, "unchanged": 0}}
    run(queue_undo(job, actor="anna"))
    rows = Product.objects.values_list("withdrawn", "version__number")
    assert (list(rows), value("A", "name||en")) == ([(True, 1), (True, 1)], None)
    edit({"op": "publish"})
    assert edit({"op": "withdraw"}).counts == {"published": {"changed": 2, "unchanged": 0}}


@pytest.mark.parametrize(
    ("operations", "codes"),
    [
        ([], ["operations"]),
        ([{"op": "exec"}], ["unknown_operation"]),
        (["set"], ["unknown_operation"]),
        ([{"op": ["set"]}], ["unknown_operation"]),
        ([{"op": "set", "attribute": "nope", "value": 1}], ["unknown_code"]),
        ([{"op": "set", "attribute": {"a": 1}, "value": 1}], ["unknown_code"]),
        ([{"op": "set", "attribute": "sku", "value": "X"}], ["identifier"]),
        ([{"op": "set", "attribute": "name", "value": "X"}], ["wrong_locale"]),
        ([{"op": "set", "attribute": "name", "locale": "xx", "value": "X"}], ["unknown_code"]),
        ([{"op": "set", "attribute": "color", "value": "green"}], ["unknown_option"]),
        ([{"op": "set", "attribute": "spare", "value": ["NOPE"]}], ["unknown_product"]),
        ([{"op": "set", "attribute": "pieces", "value": None}], ["no_value"]),
        ([{"op": "copy", "from": EN, "to": EN}], ["same_place"]),
        ([{"op": "copy", "from": EN, "to": {"attribute": "color"}}], ["kinds_differ"]),
        ([{"op": "append", "attribute": "color", "values": ["red"]}], ["not_a_list"]),
        ([{"op": "replace", **EN, "find": ""}], ["no_words"]),
        ([{"op": "concatenate", "to": EN, "template": "{name}"}], ["reads_itself"]),
        ([{"op": "concatenate", "to": EN, "template": "{name.__class__}"}], ["unknown_code"]),
        ([{"op": "concatenate", "to": EN, "template": "{pieces"}], ["open_brace"]),
        ([{"op": "concatenate", "to": EN, "template": "none"}], ["no_hole"]),
        ([{"op": "concatenate", "to": EN, "template": "{photo}"}], ["not_spoken"]),
        ([{"op": "convert", "attribute": "pieces", "unit": "GRAM"}], ["not_measurements"]),
        ([{"op": "convert", "attribute": "weight", "unit": "MILE"}], ["unknown_code"]),
        ([{"op": "map", "from": EN, "to": FI, "table": {}}], ["bad_table"]),
        ([{"op": "categories", "codes": ["nope"]}], ["unknown_code"]),
        ([{"op": "associations", "type": "set", "products": [["A", True]]}], ["bad_quantity"]),
        ([{"op": "family", "family": "nope"}], ["unknown_code"]),
        ([{"op": "enabled"}], ["needs_boolean"]),
        ([{"op": "set"}, {"op": "clear"}], ["unknown_code", "unknown_code"]),
    ],
)
def test_documents_that_cannot_be_done_are_refused_with_every_reason(operations, codes):
    with pytest.raises(OperationsRefused) as refused:
        queue_bulk_edit({"all": True}, operations, actor="anna")
    assert ([r.code for r in refused.value.refusals], Job.objects.count()) == (codes, 0)
    assert refused.value.say()


def test_publishing_in_the_middle_and_bad_selections_are_refused():
    for selection, operations in (
        ({"all": True}, [{"op": "publish"}, {"op": "enabled", "value": True}]),
        ({"search": {"nope": []}, "ids": []}, [{"op": "publish"}]),
        ({"search": {"name": [{"operator": "EXEC"}]}}, [{"op": "publish"}]),
    ):
        with pytest.raises(Refused):
            queue_bulk_edit(selection, operations, actor="anna")
    assert Job.objects.count() == 0


def test_an_edit_whose_worker_was_lost_goes_on_and_replaces_nothing_twice():
    write(*(wish(f"A{n}", family="lamp", at={"name||en": "a"}) for n in range(2)))
    operation = {"op": "replace", **EN, "find": "a", "with": "aa"}
    job = queue_bulk_edit({"all": True}, [operation], actor="anna")
    first = Product.objects.get(identifier="A0")
    Job.objects.filter(pk=job.pk).update(
        state="running", attempts=1, lease_until=NOW - timedelta(1)
    )
    write(wish("A0", at={"name||en": "aa"}), job=job)
    run(job)
    assert (value(first.identifier, "name||en"), value("A1", "name||en")) == ("aa", "aa")


def _queries(count: int) -> int:
    write(*(wish(f"Q{count}-{n}", family="lamp", at={"pieces||": 1}) for n in range(count)))
    chosen = {"search": {"identifier": [{"operator": "STARTS WITH", "value": f"Q{count}-"}]}}
    operations = [{"op": "set", "attribute": "pieces", "value": 2},
                  {"op": "categories", "codes": ["indoor"]}]  # fmt: skip
    job = queue_bulk_edit(chosen, operations, actor="anna")
    with CaptureQueriesContext(connection) as seen:
        run(job)
    return len(seen)


def test_one_and_three_products_take_the_same_number_of_queries():
    _queries(2)
    number = 40 if connection.vendor == "sqlite" else 51
    assert (_queries(1), _queries(3)) == (number, number)


def test_the_changed_products_of_a_job_can_be_edited_again():
    write(wish("A"), wish("B"))
    earlier = queue_job("import", title="x")
    write(wish("B", at={"pieces||": 1}), job=earlier)
    edit({"op": "enabled", "value": False}, selection={"job": earlier.pk})
    assert (state("A").enabled, state("B").enabled) == (True, False)


def test_a_value_is_copied_only_where_a_role_of_the_person_shows_it():
    """One role reads data indoors, the other writes texts everywhere: outdoors none reads both."""
    indoor = {"ean||": "4006381333931", "name||en": "In"}
    outdoor = {"ean||": "5901234123457", "name||en": "Out"}
    write(wish("IN", family="lamp", categories=["indoor"], at=indoor))
    write(wish("OUT", family="lamp", categories=["outdoor"], at=outdoor))
    person = User.objects.create_user("pia", is_staff=True)
    for code, document in (
        ("indoors", grants(category={"*": "none", "indoor": "publish"})),
        ("texts", grants(group={"data": "none"})),
    ):
        how = {"permissions": ["pim.change_product"], "users": [person], "at": NOW}
        save_role(code, grants=document, actor=ANNA, **how)
    copy = {"op": "copy", "from": {"attribute": "ean"}, "to": EN}
    job = run(queue_bulk_edit({"all": True}, [copy], user=person))
    assert value("IN", "name||en") == "4006381333931"
    assert value("OUT", "name||en") == "Out"
    assert lines(job) == [("OUT", "ean", "refused", "hidden_attribute")]
