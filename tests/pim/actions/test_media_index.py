"""The index knows which product uses which medium, whatever way the product was written."""

import importlib

import pytest
from django.apps import apps

from pim.actions.following import reindex_attribute
from pim.actions.jobs import queue_job, run_job
from pim.actions.products import delete_product
from pim.actions.publishing import publish_products
from pim.actions.remodel import queue_remodel
from pim.actions.restoring import restore_product
from pim.actions.undo import queue_undo
from pim.models import (
    Asset,
    Attribute,
    Family,
    FamilyAttribute,
    FilterValue,
    Job,
    Product,
    PublishedFilterValue,
)
from pim.queries.structure import forget_structure
from tests.factories.catalogue import ANNA, NOW, lamp_catalogue, wish, write
from tests.pim.importing.files import load

pytestmark = pytest.mark.django_db
LONG = "x" * 200


@pytest.fixture(autouse=True)
def _catalogue():
    lamp_catalogue()
    data = Attribute.objects.get(code="photo").group
    gallery = Attribute.objects.create(
        code="gallery", kind="media", group=data, scopable=True, localizable=True,
        rules={"max_items": 5},
    )  # fmt: skip
    FamilyAttribute.objects.create(family=Family.objects.get(code="lamp"), attribute=gallery)
    for code in ("a", "b", "c", LONG):
        Asset.objects.create(code=code, filename=f"{code[:9]}.png", kind="image", size=1)
    forget_structure()


def uses() -> list[tuple]:
    """Return (product, attribute, channel, locale, medium) of the index."""
    rows = FilterValue.objects.filter(attribute__kind="media").order_by("id")
    columns = ("product__identifier", "attribute__code", "channel", "locale", "text")
    return sorted(rows.values_list(*columns))


def lamp(name: str = "L", **at):
    """Write a lamp; `at` is {"photo": [codes]}, and for the gallery its place on the web."""
    places = {"photo": "photo||", "gallery": "gallery|web|en"}
    made = {places[code]: found for code, found in at.items()}
    (result,) = write(wish(name, family="lamp", at=made))
    assert result.refusals == []
    return result.product_id


def test_every_medium_of_a_value_has_its_row_and_states_have_none():
    lamp(photo=["a"], gallery=["b", LONG])
    lamp("M", gallery={"$state": "empty"})
    assert uses() == [
        ("L", "gallery", "web", "en", "b"),
        ("L", "gallery", "web", "en", LONG),
        ("L", "photo", "", "", "a"),
        ("M", "gallery", "web", "en", ""),
    ]


def test_writing_again_replaces_the_rows():
    lamp(photo=["a"], gallery=["b", "c"])
    lamp(photo=["b"], gallery=["c", "a"])
    assert [row[-1] for row in uses()] == ["a", "c", "b"]
    lamp(photo=None, gallery=None)
    assert uses() == []


def test_a_product_without_media_has_no_rows():
    write(wish("L", family="lamp", at={"name||en": "Lamp"}))
    assert uses() == []


def test_a_deleted_product_uses_nothing():
    pk = lamp(photo=["a"])
    delete_product(pk, actor=ANNA, at=NOW)
    assert uses() == []


def test_restoring_and_undoing_bring_the_uses_back():
    pk = lamp(photo=["a"])
    publish_products([pk], actor=ANNA, at=NOW)
    job = queue_job("import", title="Spring", actor="anna")
    write(wish("L", at={"photo||": ["b"]}), job=job)
    Job.objects.filter(pk=job.pk).update(state="done")
    job.refresh_from_db()
    run_job(queue_undo(job, actor="anna").pk, at=NOW)
    assert [row[-1] for row in uses()] == ["a"]
    lamp(photo=["c"])
    restore_product(pk, number=1, actor=ANNA, at=NOW, overwrite=True)
    assert [row[-1] for row in uses()] == ["a"]


def test_remodelling_keeps_the_uses():
    lamp(photo=["a"], gallery=["b"])
    job = queue_remodel(
        "rename",
        {"kind": "attribute", "code": "photo", "to": "shot"},
        user=None,
        actor=ANNA,
        dry_run=False,
    )
    run_job(job.pk, at=NOW)
    assert [row[1:] for row in uses()] == [
        ("gallery", "web", "en", "b"),
        ("shot", "", "", "a"),
    ]
    params = {"attribute": "gallery"}
    job = queue_remodel("delete_attribute", params, user=None, actor=ANNA, dry_run=False)
    run_job(job.pk, at=NOW)
    job.refresh_from_db()
    assert (job.state, [row[1:] for row in uses()]) == ("done", [("shot", "", "", "a")])
    run_job(queue_job("undo_remodel", title="undo", actor="anna", undoes=job).pk, at=NOW)
    assert len(uses()) == 2


def folder_of(folder, products: str):
    folder.mkdir()
    (folder / "products.csv").write_text(products, encoding="utf-8")
    return folder


def test_an_import_of_new_and_of_known_products_keeps_them(tmp_path):
    load(folder_of(tmp_path / "one", "sku;family;photo\nN1;lamp;a\nN2;lamp;\nN3;lamp;b\n"))
    assert [(row[0], row[-1]) for row in uses()] == [("N1", "a"), ("N3", "b")]
    load(folder_of(tmp_path / "two", "sku;photo\nN1;c\nN2;a\n"))
    assert [(row[0], row[-1]) for row in uses()] == [("N1", "c"), ("N2", "a"), ("N3", "b")]


def test_the_index_is_made_anew_from_the_drafts():
    lamp(photo=["a"], gallery=["b", "c"])
    held = uses()
    FilterValue.objects.filter(attribute__kind="media").update(text="a, b")
    for code in ("photo", "gallery"):
        reindex_attribute(code)
    assert uses() == held


def test_products_that_were_there_before_the_index_are_put_into_it():
    lamp(photo=["a"], gallery=["b", LONG])
    lamp("M", gallery={"$state": "empty"})
    write(wish("N", family="lamp", at={"pieces||": 3}))
    held, others = uses(), FilterValue.objects.exclude(attribute__kind="media").count()
    FilterValue.objects.filter(attribute__kind="media").delete()
    FilterValue.objects.create(
        product=Product.objects.get(identifier="L"),
        attribute=Attribute.objects.get(code="photo"),
        text="a, as it was",
    )
    importlib.import_module("pim.migrations.0031_media_uses").index_media(apps, None)
    assert uses() == held
    assert FilterValue.objects.exclude(attribute__kind="media").count() == others


def test_what_is_published_is_not_indexed_by_media():
    publish_products([lamp(photo=["a"])], actor=ANNA, at=NOW)
    assert not PublishedFilterValue.objects.exists()
