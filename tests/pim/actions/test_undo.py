"""Undo: every address goes back to what it was, only where nobody has changed it since."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pim.actions.jobs import queue_job, run_job
from pim.actions.publishing import publish_products, withdraw_products
from pim.actions.undo import queue_undo
from pim.content.refusals import Refused
from pim.models import AttributeOption, Change, Job, Product
from pim.queries.drafts import read_drafts
from pim.queries.structure import forget_structure
from tests.factories.catalogue import ANNA, NOW, lamp_catalogue, wish, write

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _catalogue():
    lamp_catalogue()


def job() -> Job:
    """Return a job that is over; whoever names it in a write has written in it."""
    made = queue_job("import", title="Spring range", actor="anna")
    Job.objects.filter(pk=made.pk).update(state="done")
    made.refresh_from_db()
    return made


def undo(of: Job, **how) -> Job:
    made = queue_undo(of, actor="anna", **how)
    run_job(made.pk, at=NOW)
    made.refresh_from_db()
    assert (made.state, made.cause) == ("done", "")
    return made


def state(identifier: str):
    pk = Product.objects.values_list("id", flat=True).get(identifier=identifier)
    return read_drafts([pk])[pk]


def content(identifier: str) -> dict:
    return state(identifier).snapshot()


def lines(of: Job) -> list[tuple]:
    return list(of.lines.values_list("subject", "column", "outcome", "code"))


FULL = {
    "name||en": "Lamp", "story|web|fi": "<p>Valo</p>", "pieces||": 3,
    "weight||": {"amount": "2", "unit": "KILOGRAM"}, "price||": {"EUR": "9.50"},
    "care||": ["cold"], "ean||": "6417182041026", "on_sale||": True, "notes||": {"$state": "empty"},
}  # fmt: skip


def full(identifier="L1", **more):
    write(wish("OTHER", role="item"))
    at = {**FULL, **more}
    return write(
        wish(
            identifier,
            family="lamp",
            at=at,
            categories=["indoor"],
            groups=["new"],
            associations={"cross_sell": {"products": [("OTHER", None)]}},
        )
    )


def test_everything_that_a_job_wrote_goes_back():
    full()
    before = content("L1")
    run = job()
    changed = {
        "name||en": None,
        "name||fi": "Lamppu",
        "pieces||": 4,
        "notes||": "Old",
        "care||": [],
    }
    write(
        wish(
            "L1",
            at={**changed, "weight||": {"amount": "1", "unit": "GRAM"}, "ean||": None},
            categories=["outdoor"],
            groups=[],
            enabled=False,
            associations={"cross_sell": {"products": []}},
        ),
        job=run,
    )
    write(wish("L1", at={"pieces||": 5}), job=run)
    assert content("L1") != before
    done = undo(run)
    assert content("L1") == before
    assert (done.counts, lines(done)) == ({"products": {"changed": 1}}, [])
    assert {c.job_id for c in Change.objects.filter(actor="anna", source="job")} == {done.pk}


def test_a_preview_says_the_same_and_changes_nothing():
    full()
    run = job()
    write(wish("L1", at={"pieces||": 4}), job=run)
    before, changes = content("L1"), Change.objects.count()
    seen = undo(run, dry_run=True)
    assert (content("L1"), Change.objects.count()) == (before, changes)
    assert seen.counts == {"products": {"changed": 1}}
    assert seen.preview == [["L1", {"pieces||": ["4", "3"]}]]


def test_what_somebody_changed_since_is_left_and_told_with_both_values():
    full()
    run = job()
    write(wish("L1", at={"pieces||": 4, "name||en": "New"}), job=run)
    write(wish("L1", at={"name||en": "Newer"}))
    done = undo(run)
    assert (state("L1").values["en"]["name"][""], state("L1").values[""]["pieces"][""]) == (
        "Newer",
        "3",
    )
    assert lines(done) == [("L1", "name||en", "noted", "changed_since")]
    told = done.lines.get().message
    assert told == ("It was left as it is: the job wrote New, since then it has become Newer.")


def test_the_hand_that_came_between_two_writes_of_the_job_is_kept():
    full()
    run = job()
    write(wish("L1", at={"name||en": "First"}), job=run)
    write(wish("L1", at={"name||en": "By hand"}))
    write(wish("L1", at={"name||en": "Second"}), job=run)
    undo(run)
    assert state("L1").values["en"]["name"][""] == "By hand"


def test_categories_and_ties_go_back_one_by_one():
    full()
    write(wish("A"), wish("B"), wish("C"))
    run = job()
    write(
        wish("L1", categories=["indoor", "outdoor"],
             associations={"cross_sell": {"products": [("A", None), ("B", None)]}}),
        job=run,
    )  # fmt: skip
    write(
        wish("L1", categories=["indoor", "master", "outdoor"],
             associations={"cross_sell": {"products": [("C", None)], "add": True}}),
    )  # fmt: skip
    done = undo(run)
    held = state("L1")
    assert held.categories == ["indoor", "master"]
    names = dict(Product.objects.values_list("uuid", "identifier"))
    ties = [u for u, _q in held.associations["cross_sell"]["products"]]
    assert sorted(n for u, n in names.items() if str(u) in ties) == ["C", "OTHER"]
    assert lines(done) == []


def test_two_way_ties_go_back_on_both_sides():
    write(wish("A"), wish("B"))
    before = content("A"), content("B")
    run = job()
    write(wish("A", associations={"goes_with": {"products": [("B", None)]}}), job=run)
    assert content("B") != before[1]
    undo(run)
    assert (content("A"), content("B")) == before


def test_an_undo_can_be_undone():
    full()
    run = job()
    write(wish("L1", at={"pieces||": 4}, categories=[]), wish("N1", family="lamp"), job=run)
    after = content("L1"), content("N1")
    first = undo(run)
    assert not Product.objects.filter(identifier="N1").exists()
    again = undo(first)
    assert (content("L1"), content("N1")) == after
    assert again.counts == {"products": {"created": 1, "changed": 1}}


def tree(**how) -> None:
    write(wish("M", role="model", family="lamp", family_variant="lamp_color_size"), **how)
    write(wish("S", role="model", parent="M", at={"color||": "red"}), **how)
    write(wish("V", parent="S", at={"size||": "s"}), **how)


def test_what_a_job_created_is_removed_children_first():
    write(wish("OLD"))
    run = job()
    tree(job=run)
    write(wish("OLD", associations={"cross_sell": {"products": [("V", None)]}}), job=run)
    done = undo(run)
    assert list(Product.objects.values_list("identifier", flat=True)) == ["OLD"]
    assert state("OLD").associations == {}
    assert done.counts == {"products": {"changed": 1, "removed": 3}}


def test_a_tree_that_was_removed_comes_back_whole():
    run = job()
    tree(job=run)
    write(wish("S", associations={"cross_sell": {"products": [("V", None)]}}), job=run)
    before = [content(n) for n in "MSV"]
    undo(undo(run))
    assert [content(n) for n in "MSV"] == before


def test_created_products_that_others_touched_or_use_stay():
    run = job()
    write(wish("TOUCHED"), wish("USED"), wish("FREE"), job=run)
    tree(job=run)
    write(wish("TOUCHED", at={"pieces||": 1}))
    write(wish("USER", associations={"cross_sell": {"products": [("USED", None)]}}))
    write(wish("W", parent="S", at={"size||": "m"}))
    done = undo(run)
    left = Product.objects.order_by("identifier").values_list("identifier", flat=True)
    assert list(left) == ["M", "S", "TOUCHED", "USED", "USER", "W"]
    assert sorted(lines(done)) == [
        ("M", "", "refused", "has_variants"),
        ("S", "", "refused", "has_variants"),
        ("TOUCHED", "", "refused", "touched"),
        ("USED", "", "refused", "is_used"),
    ]


def test_a_product_that_was_set_free_goes_back_under_its_model():
    tree()
    write(wish("M", at={"pieces||": 9}), wish("S", at={"notes||": "n"}))
    before = content("V")
    run = job()
    write(wish("V", parent=""), job=run)
    assert content("V")["values"][""]["pieces"] == {"": "9"}
    undo(run)
    assert content("V") == before


def test_a_product_that_was_put_under_a_model_leaves_without_what_it_inherited():
    tree()
    write(wish("M", at={"pieces||": 9}))
    write(wish("F", family="lamp", at={"size||": "m"}))
    before = content("F")
    run = job()
    write(wish("F", parent="S"), job=run)
    undo(run)
    assert content("F") == before
    last = Change.objects.filter(subject="F").first()
    assert "pieces||" not in last.detail


def test_renaming_and_changing_the_family_go_back():
    write(wish("A", family="lamp", at={"pieces||": 1}))
    uuid, before = state("A").uuid, content("A")
    run = job()
    write(wish("B", uuid=uuid, family=""), job=run)
    undo(run)
    assert content("A") == before


def test_publications_of_a_job_are_taken_back():
    ids = [r.product_id for r in write(wish("A"), wish("B"), wish("C"))]
    how = {"actor": ANNA, "at": NOW}
    publish_products(ids[1:], **how)
    write(*(wish(n, at={"pieces||": 1}) for n in "ABC"))
    run = job()
    publish_products(ids[:2], job=run, **how)
    withdraw_products(ids[2:], job=run, **how)
    done = undo(run)
    heads = Product.objects.order_by("id").values_list("version__number", "withdrawn")
    assert list(heads) == [(1, True), (3, False), (1, False)]
    assert done.counts == {"published": {"changed": 3}}
    undo(done)
    assert list(heads.all()) == [(1, False), (4, False), (1, True)]


def test_what_was_published_since_is_left():
    pk = write(wish("A"))[0].product_id
    run = job()
    publish_products([pk], actor=ANNA, at=NOW, job=run)
    write(wish("A", at={"pieces||": 1}))
    publish_products([pk], actor=ANNA, at=NOW)
    done = undo(run)
    assert Product.objects.values_list("version__number", "withdrawn").get() == (2, False)
    assert lines(done) == [("A", "@version", "noted", "changed_since")]


def test_what_no_longer_fits_is_left_out_and_the_rest_goes_back():
    write(wish("A", family="lamp", at={"care||": ["cold"], "pieces||": 1, "ean||": "X1"}))
    run = job()
    write(wish("A", at={"care||": ["warm"], "pieces||": 2, "ean||": "X2"}), job=run)
    AttributeOption.objects.filter(code="cold").delete()
    forget_structure()
    write(wish("B", at={"ean||": "X1"}))
    done = undo(run)
    held = state("A").values[""]
    assert (held["pieces"], held["care"], held["ean"]) == ({"": "1"}, {"": ["warm"]}, {"": "X2"})
    assert sorted(lines(done)) == [
        ("A", "care||", "noted", "unknown_option"),
        ("A", "ean", "noted", "not_unique"),
    ]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"state": "running"}, "job_runs"),
        ({"kind": "read"}, "not_undoable"),
        ({"dry_run": True}, "not_undoable"),
    ],
)
def test_what_cannot_be_taken_back_is_refused(changes, code):
    run = job()
    Job.objects.filter(pk=run.pk).update(**changes)
    run.refresh_from_db()
    with pytest.raises(Refused) as refused:
        queue_undo(run, actor="anna")
    assert (refused.value.code, Job.objects.count()) == (code, 1)


def test_a_job_is_not_undone_twice_at_once():
    run = job()
    write(wish("A"), job=run)
    queue_undo(run, actor="anna")
    with pytest.raises(Refused) as refused:
        queue_undo(run, actor="anna")
    assert (refused.value.code, Job.objects.count()) == ("being_undone", 2)


def test_no_and_zero_are_taken_back_to_nothing():
    write(wish("A", family="lamp"), wish("B", family="lamp", at={"on_sale||": False}))
    before = content("A"), content("B")
    run = job()
    write(wish("A", at={"on_sale||": False, "pieces||": 0}), job=run)
    write(wish("B", at={"on_sale||": None}), job=run)
    undo(run)
    assert (content("A"), content("B")) == before


def test_what_is_undone_is_offered_again_only_once_that_is_taken_back():
    write(wish("A", family="lamp", at={"pieces||": 1}))
    before = content("A")
    run = job()
    write(wish("A", at={"pieces||": 4}), job=run)
    undo(run, dry_run=True)
    first = undo(run)
    with pytest.raises(Refused) as refused:
        queue_undo(run, actor="anna")
    assert (refused.value.code, Job.objects.filter(undoes=run).count()) == ("undone", 2)
    undo(first)
    assert content("A") != before
    undo(run)
    assert content("A") == before


def _queries(count: int) -> int:
    names = [f"Q{count}-{n}" for n in range(count)]
    write(*(wish(n, family="lamp", at={"pieces||": 1}) for n in names))
    run = job()
    write(*(wish(n, at={"pieces||": 2}, categories=["indoor"]) for n in names), job=run)
    made = queue_undo(run, actor="anna")
    with CaptureQueriesContext(connection) as seen:
        run_job(made.pk, at=NOW)
    return len(seen)


def test_one_and_three_products_take_the_same_number_of_queries():
    _queries(2)
    number = 43 if connection.vendor == "sqlite" else 57
    assert (_queries(1), _queries(3)) == (number, number)
