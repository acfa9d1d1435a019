"""Saving one product: conflicts between people, refusals that rise, and deleting."""

import pytest

from pim.actions.products import ManyRefused, delete_product, save_product
from pim.actions.publishing import publish_products
from pim.content.refusals import Conflict, NotFound, Refused, UnknownCode
from pim.models import (
    Association,
    Attribute,
    Change,
    Channel,
    Completeness,
    Draft,
    FilterValue,
    ImportMark,
    LogEntry,
    Product,
)
from tests.factories.catalogue import ANNA, NOW, lamp_catalogue, wish, write

pytestmark = pytest.mark.django_db
HOW = {"actor": ANNA, "at": NOW}


@pytest.fixture(autouse=True)
def _catalogue():
    lamp_catalogue()


def save(*args, **wishes):
    return save_product(wish(*args, **wishes), **HOW)


def test_a_stale_writer_is_shown_both_values_and_nothing_is_lost():
    save("L1", at={"name||en": "One", "notes||": "x"})
    save("L1", at={"name||en": "Theirs"}, expected_version=1)
    with pytest.raises(Conflict) as clash:
        save("L1", at={"name||en": "Yours"}, expected_version=1)
    assert clash.value.theirs == {"name||en": "Theirs"}
    assert clash.value.yours == {"name||en": "Yours"}
    assert Draft.objects.get(locale="en").values == {"name": {"": "Theirs"}}


def test_writers_of_different_addresses_do_not_collide():
    save("L1", at={"name||en": "One", "name||fi": "Yksi"})
    save("L1", at={"name||fi": "Eka"}, expected_version=1)
    result = save("L1", enabled=False, at={"name||en": "First"}, expected_version=1)
    assert (result.outcome, result.row_version) == ("changed", 3)


def test_writing_what_somebody_else_wrote_already_is_no_conflict():
    save("L1", at={"notes||": "x"})
    save("L1", at={"notes||": "y"}, expected_version=1)
    assert save("L1", at={"notes||": "y"}, expected_version=1).outcome == "unchanged"


def test_where_the_log_is_gone_every_difference_is_suspect():
    save("L1", at={"notes||": "x", "name||en": "One"})
    save("L1", at={"name||en": "Two"})
    Change.objects.all().delete()
    with pytest.raises(Conflict):
        save("L1", at={"notes||": "y"}, expected_version=1)


def test_one_refusal_rises_as_itself_and_several_together():
    with pytest.raises(UnknownCode):
        save("L1", family="nope")
    with pytest.raises(ManyRefused) as refused:
        save("L1", family="nope", at={"color||": "pink 100%"})
    assert [r.code for r in refused.value.refusals] == ["unknown_code", "unknown_option"]
    assert "pink 100%" in refused.value.say()
    assert Product.objects.count() == 0


def test_deleting_unties_the_others_and_tells_the_log():
    ties = {"goes_with": {"products": [("B", None)]}, "cross_sell": {"products": [("C", None)]}}
    save("B")
    save("C", associations={"cross_sell": {"products": [("B", None)]}})
    first = save("A", associations=ties).product_id
    last = Product.objects.get(identifier="C")
    publish_products([first], **HOW)
    delete_product(first, **HOW)
    assert list(Product.objects.values_list("identifier", flat=True)) == ["B", "C"]
    assert [(a.source.identifier, a.target.identifier) for a in Association.objects.all()] == [
        ("C", "B")
    ]
    b = Product.objects.get(identifier="B")
    assert b.changes.latest("id").detail["@associations"][1] == {}
    assert Product.objects.get(identifier="C").row_version == last.row_version
    entry = LogEntry.objects.latest("seq")
    assert (entry.kind, entry.product_id) == ("withdrawn", first)
    deleted = Change.objects.get(action="delete")
    assert (deleted.product_id, deleted.detail["@deleted"][0]["identifier"]) == (first, "A")


def test_nothing_kept_on_the_side_outlives_its_product_or_attribute():
    first = save("A", family="lamp", at={"pieces||": "3", "color||": "red"}).product_id
    save("B", family="lamp", at={"pieces||": "4"})
    ImportMark.objects.create(product_id=first, layout="l", digest="d", row_version=1)
    delete_product(first, **HOW)
    for model in (FilterValue, Completeness, ImportMark):
        assert not model.objects.filter(product_id=first).exists(), model
    assert (FilterValue.objects.count(), Completeness.objects.count()) == (1, 2)
    Attribute.objects.get(code="pieces").delete()
    Channel.objects.get(code="print").delete()
    assert (FilterValue.objects.count(), Completeness.objects.count()) == (0, 1)


def test_a_model_with_variants_is_not_deleted():
    model = save("M", role="model", family="lamp", family_variant="lamp_color").product_id
    save("V", parent="M", at={"color||": "red"})
    with pytest.raises(Refused) as refused:
        delete_product(model, **HOW)
    assert refused.value.code == "has_variants"
    assert (Product.objects.count(), LogEntry.objects.count()) == (2, 0)


def test_what_is_not_there_cannot_be_deleted():
    with pytest.raises(NotFound):
        delete_product(7, **HOW)


def test_nothing_of_a_batch_is_kept_when_a_bug_rises(monkeypatch):
    from pim.actions.writing import store

    def broken(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(store, "_store_changes", broken)
    with pytest.raises(RuntimeError):
        write(wish("A"), wish("B"))
    assert (Product.objects.count(), Draft.objects.count()) == (0, 0)
