"""Time travel: drafts and versions as of a moment, and selections rewound to it."""

from datetime import timedelta

import pytest

from pim.actions.jobs import run_job
from pim.actions.products import delete_product
from pim.actions.publishing import publish_products, withdraw_products
from pim.actions.rewinding import queue_rewind
from pim.actions.undo import queue_undo
from pim.content.refusals import Refused
from pim.models import Job, Product, Version
from pim.queries.drafts import read_drafts
from pim.queries.timetravel import NotKept, drafts_as_of, versions_as_of
from tests.factories.catalogue import ANNA, NOW, lamp_catalogue, wish, write

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _catalogue():
    lamp_catalogue()


def at(hours: int):
    return NOW + hours * HOUR


def story() -> int:
    """A lamp that is made at 0, renamed at 1, recoloured at 2 and emptied at 3."""
    (made,) = write(wish("L1", family="lamp", at={"name||en": "Moon"}), at=at(0))
    write(wish("L1", at={"name||en": "Sun"}, categories=["indoor"]), at=at(1))
    write(wish("L1", at={"color||": "red"}, enabled=False), at=at(2))
    write(wish("L1", at={"name||en": None}, categories=[]), at=at(3))
    return made.product_id


def brief(snapshot: dict | None) -> tuple | None:
    if snapshot is None:
        return None
    return snapshot["values"], snapshot["categories"], snapshot["enabled"]


def test_a_draft_is_what_it_was_after_each_change():
    pk = story()
    moon, sun = {"en": {"name": {"": "Moon"}}}, {"en": {"name": {"": "Sun"}}}
    red = {"": {"color": {"": "red"}}}
    expected = [
        None,
        (moon, [], True),
        (sun, ["indoor"], True),
        ({**sun, **red}, ["indoor"], False),
        (red, [], False),
    ]
    half = timedelta(minutes=30)
    found = [brief(drafts_as_of([pk], at(n) - half)[pk]) for n in range(5)]
    assert found == expected


def test_a_deleted_product_is_read_from_the_log():
    pk = story()
    before = read_drafts([pk])[pk].snapshot()
    delete_product(pk, actor=ANNA, at=at(5))
    assert drafts_as_of([pk], at(4)) == {pk: before}
    assert drafts_as_of([pk], at(6)) == {pk: None}


def test_any_number_of_products_costs_the_same(django_assert_num_queries):
    results = write(*(wish(f"P{n}", at={"name||en": "A"}) for n in range(3)))
    ids = [r.product_id for r in results]
    write(*(wish(f"P{n}", at={"name||en": "B"}) for n in range(3)), at=at(1))
    drafts_as_of(ids[:1], at(0))
    for some in (ids[:1], ids):
        with django_assert_num_queries(7):
            drafts_as_of(some, at(0))


def test_a_version_is_the_latest_of_its_moment():
    pk = story()
    publish_products([pk], actor=ANNA, at=at(4))
    write(wish("L1", at={"name||en": "Star"}), at=at(5))
    publish_products([pk], actor=ANNA, at=at(6))
    withdraw_products([pk], actor=ANNA, at=at(7))
    publish_products([pk], actor=ANNA, at=at(8))
    found = [versions_as_of([pk], at(n)).get(pk) for n in (3, 4, 5, 6, 7, 8)]
    assert [past and (past.number, past.withdrawn) for past in found] == [
        None, (1, False), (1, False), (2, False), (2, True), (2, False),
    ]  # fmt: skip
    assert (found[2].snapshot["values"].get("en"), found[4].snapshot) == (None, None)


def test_a_version_that_was_let_go_is_said_to_be_gone():
    pk = story()
    publish_products([pk], actor=ANNA, at=at(4))
    write(wish("L1", at={"name||en": "Star"}), at=at(5))
    publish_products([pk], actor=ANNA, at=at(6))
    Version.objects.filter(number=1).delete()
    with pytest.raises(NotKept):
        versions_as_of([pk], at(5))


def rewind(selection, *, moment, **how) -> Job:
    job = queue_rewind(selection, moment=moment, title="back", actor=ANNA, at=at(9), **how)
    run_job(job.pk, at=at(9))
    job.refresh_from_db()
    return job


def test_a_selection_is_rewound_previewed_and_undone():
    pk = story()
    (late,) = write(wish("L2", family="lamp"), at=at(4))
    now = read_drafts([pk])[pk].snapshot()
    selection = {"search": {"family": [{"operator": "IN", "value": ["lamp"]}]}}
    preview = rewind(selection, moment=at(1), dry_run=True)
    assert (preview.counts["products"], read_drafts([pk])[pk].snapshot()) == (
        {"changed": 1, "noted": 1},
        now,
    )
    job = rewind(selection, moment=at(1), dry_run=False)
    assert (job.state, job.counts["products"]) == ("done", {"changed": 1, "noted": 1})
    assert brief(read_drafts([pk])[pk].snapshot()) == (
        {"en": {"name": {"": "Sun"}}},
        ["indoor"],
        True,
    )
    assert Product.objects.filter(pk=late.product_id).exists()
    back = queue_undo(job)
    run_job(back.pk, at=at(10))
    assert read_drafts([pk])[pk].snapshot() == now


def test_a_rewound_selection_may_be_published():
    pk = story()
    job = rewind({"ids": [pk]}, moment=at(1), dry_run=False, publish=True)
    assert job.counts["published"] == {"changed": 1}
    assert Version.objects.get(product_id=pk).number == 1


def test_the_future_is_refused():
    with pytest.raises(Refused):
        queue_rewind({"all": True}, moment=at(9), title="", actor=ANNA, at=at(9))
    assert Job.objects.count() == 0
