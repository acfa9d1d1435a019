"""Publishing, withdrawing, restoring and planning."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pim import published
from pim.actions.planning import cancel_publication, plan_publication, run_due_publications
from pim.actions.publishing import publish_products, withdraw_products
from pim.actions.restoring import restore_product
from pim.content.refusals import Conflict, NotFound, Refused
from pim.models import AttributeOption, Change, LogEntry, PlannedPublication, Product, Version
from pim.queries.drafts import unpublished
from pim.queries.structure import forget_structure
from tests.factories.catalogue import ANNA, NOW, lamp_catalogue, wish, write

pytestmark = pytest.mark.django_db
HOW = {"actor": ANNA, "at": NOW}


@pytest.fixture(autouse=True)
def _catalogue():
    lamp_catalogue()


def made(identifier: str = "L1", **wishes) -> int:
    return write(wish(identifier, **wishes))[0].product_id


def publish(*ids: int, **how):
    return publish_products(ids, **{**HOW, **how})


def values(pk: int) -> dict:
    return published.snapshots([pk])[pk].snapshot["values"]


def log() -> list[tuple]:
    return list(LogEntry.objects.values_list("seq", "kind", "product_id"))


def test_publishing_makes_a_version_a_change_and_a_log_entry():
    pk = made(family="lamp", categories=["indoor"], at={"name||en": "Lamp"})
    result = publish(pk)
    assert (result.published, result.unchanged, result.versions) == (1, 0, {pk: 1})
    product = Product.objects.get(pk=pk)
    assert (product.version.number, product.version.digest) == (1, product.draft_digest)
    assert log() == [(1, "published", pk)]
    assert Change.objects.filter(action="publish").get().detail == {"@version": [None, 1]}
    assert values(pk) == {"en": {"name": {"": "Lamp"}}}
    assert unpublished().count() == 0


def test_publishing_what_is_published_changes_nothing():
    pk = made()
    publish(pk)
    assert publish(pk).unchanged == 1
    assert (Version.objects.count(), LogEntry.objects.count()) == (1, 1)


def test_only_the_approved_slices_are_published():
    pk = made(at={"name||en": "One", "pieces||": "1"})
    publish(pk)
    write(wish("L1", enabled=False, at={"name||en": "Two", "name||fi": "Kaksi", "pieces||": "2"}))
    publish(pk, slices=[["texts", "en"]])
    assert values(pk) == {"": {"pieces": {"": "1"}}, "en": {"name": {"": "Two"}}}
    assert published.snapshots([pk])[pk].snapshot["enabled"] is True
    assert unpublished().count() == 1
    assert publish(pk, slices=[["texts", "en"]]).unchanged == 1
    publish(pk)
    assert unpublished().count() == 0


def test_the_number_of_queries_does_not_depend_on_the_number_of_products():
    ids = [r.product_id for r in write(*(wish(f"P{i}") for i in range(31)))]
    counts = []
    for chosen in (ids[:1], ids[1:]):
        with CaptureQueriesContext(connection) as seen:
            publish(*chosen)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_a_withdrawn_product_comes_back_as_it_was():
    pk = made()
    publish(pk)
    assert withdraw_products([pk], **HOW) == 1
    assert withdraw_products([pk], **HOW) == 0
    assert published.snapshots([pk])[pk].live is False
    assert publish(pk).versions == {pk: 1}
    assert published.snapshots([pk])[pk].live is True
    assert [kind for _seq, kind, _pk in log()] == ["published", "withdrawn", "published"]


def test_restoring_writes_the_draft_and_a_new_version():
    pk = made(categories=["indoor"], at={"name||en": "One", "notes||": "old"})
    publish(pk)
    write(wish("L1", categories=["outdoor"], at={"name||en": "Two", "notes||": None}))
    write(wish("L1", at={"name||fi": "Kaksi"}))
    publish(pk)
    restored = restore_product(pk, number=1, **HOW)
    assert (restored.number, restored.dropped) == (3, {})
    assert values(pk) == {"": {"notes": {"": "old"}}, "en": {"name": {"": "One"}}}
    first, last = Version.objects.filter(number__in=[1, 3]).values_list("digest", flat=True)
    assert first == last
    assert unpublished().count() == 0


def test_restoring_shows_unpublished_edits_and_changes_nothing():
    pk = made(at={"name||en": "One"})
    publish(pk)
    write(wish("L1", at={"name||en": "Two"}))
    publish(pk)
    write(wish("L1", at={"name||en": "Three"}))
    with pytest.raises(Conflict) as clash:
        restore_product(pk, number=1, **HOW)
    assert (clash.value.theirs, clash.value.yours) == ({"name||en": "Three"}, {"name||en": "One"})
    assert (Version.objects.count(), unpublished().count()) == (2, 1)
    assert restore_product(pk, number=1, overwrite=True, **HOW).number == 3


def test_restoring_tells_what_today_does_not_take():
    pk = made(at={"color||": "red", "notes||": "x"})
    publish(pk)
    write(wish("L1", at={"color||": "blue"}))
    publish(pk)
    AttributeOption.objects.filter(code="red").delete()
    forget_structure()
    restored = restore_product(pk, number=1, **HOW)
    assert {key: why.code for key, why in restored.dropped.items()} == {"color||": "unknown_option"}
    assert values(pk)[""]["color"] == {"": "blue"}


def test_a_version_that_never_was_cannot_be_restored():
    with pytest.raises(NotFound):
        restore_product(made(), number=7, **HOW)


def test_a_planned_publication_freezes_what_was_approved_until_it_is_due():
    pk = made(at={"name||en": "One"})
    publish(pk)
    write(wish("L1", at={"name||en": "Planned"}))
    due = NOW + timedelta(hours=1)
    plan_publication(pk, due_at=due, **HOW)
    write(wish("L1", at={"name||en": "Later"}))
    assert run_due_publications(at=NOW) == 0
    assert values(pk) == {"en": {"name": {"": "One"}}}
    assert run_due_publications(at=due) == 1
    assert values(pk) == {"en": {"name": {"": "Planned"}}}
    assert run_due_publications(at=due) == 0


def test_a_correction_made_meanwhile_survives_and_a_clash_is_told():
    pk = made(at={"name||en": "One", "notes||": "typo"})
    publish(pk)
    write(wish("L1", at={"name||en": "Planned"}))
    plan_publication(pk, due_at=NOW + timedelta(hours=1), **HOW)
    write(wish("L1", at={"name||en": "Meanwhile", "notes||": "corrected"}))
    publish(pk)
    run_due_publications(at=NOW + timedelta(hours=1))
    assert values(pk) == {"": {"notes": {"": "corrected"}}, "en": {"name": {"": "Planned"}}}
    detail = Change.objects.filter(action="publish").latest("id").detail
    assert detail["@clashes"] == [{"name||en": "Meanwhile"}, None]


def test_withdrawing_cancels_what_is_planned():
    pk = made()
    publish(pk)
    plan_publication(pk, due_at=NOW + timedelta(hours=1), **HOW)
    withdraw_products([pk], **HOW)
    assert run_due_publications(at=NOW + timedelta(hours=1)) == 0
    assert published.snapshots([pk])[pk].live is False


def test_a_plan_is_cancelled_once_and_lies_in_the_future():
    pk = made()
    planned = plan_publication(pk, due_at=NOW + timedelta(hours=1), **HOW)
    cancel_publication(planned.pk, **HOW)
    with pytest.raises(Refused):
        cancel_publication(planned.pk, **HOW)
    with pytest.raises(Refused):
        plan_publication(pk, due_at=NOW, **HOW)
    assert PlannedPublication.objects.get().state == "cancelled"


def test_the_command_publishes_what_differs(capsys):
    made("A", categories=["indoor"])
    made("B")
    call_command("publish", "--category", "indoor")
    call_command("publish")
    assert capsys.readouterr().out == "published 1, unchanged 0\npublished 1, unchanged 0\n"


def test_a_version_names_its_own_parent_until_the_next_is_published():
    model = {"role": "model", "family": "lamp", "family_variant": "lamp_color"}
    first, second = (r.product_id for r in write(wish("M1", **model), wish("M2", **model)))
    pk = made("V", parent="M1", at={"color||": "red"})
    publish(first, second, pk)
    write(wish("V", parent="M2"))
    assert set(published.snapshots([pk])) == {pk, first}
    publish(pk)
    assert set(published.snapshots([pk])) == {pk, second}
