"""The door: what syndication sees of the content."""

import pytest

from pim import published
from pim.actions.publishing import publish_products
from pim.models import Asset, Product, ReferenceRecord
from tests.factories.catalogue import ANNA, NOW, lamp_catalogue, wish, write

pytestmark = pytest.mark.django_db
HOW = {"actor": ANNA, "at": NOW}


@pytest.fixture
def ids() -> dict[str, int]:
    lamp_catalogue()
    model = {"family": "lamp", "family_variant": "lamp_color_size", "role": "model"}
    write(
        wish("M", **model, categories=["indoor"], at={"notes||": "x"}),
        wish("M-red", parent="M", at={"color||": "red"}),
        wish("M-red-s", parent="M-red", at={"size||": "s"}),
        wish("A", categories=["outdoor"], at={"notes||": "y", "name||en": "A"}),
    )
    return dict(Product.objects.values_list("identifier", "id"))


def test_snapshots_come_with_all_ancestors_in_constant_queries(ids, django_assert_num_queries):
    publish_products([ids["M"], ids["M-red-s"]], **HOW)
    with django_assert_num_queries(3):
        found = published.snapshots([ids["M-red-s"]])
    assert [(p.identifier, p.level, p.version, p.live) for p in found.values()] == [
        ("M-red-s", 2, 1, True),
        ("M-red", 1, 0, False),
        ("M", 0, 1, True),
    ]
    assert found[ids["M-red-s"]].parent_id == ids["M-red"]
    assert found[ids["M-red"]].snapshot is None
    assert found[ids["M"]].digest == Product.objects.get(pk=ids["M"]).draft_digest


def test_drafts_are_never_seen(ids):
    publish_products(ids.values(), **HOW)
    write(wish("A", uuid=published.snapshots([ids["A"]])[ids["A"]].uuid, at={"notes||": "secret"}))
    write(wish("A2", uuid=published.snapshots([ids["A"]])[ids["A"]].uuid))
    seen = published.snapshots([ids["A"]])[ids["A"]]
    assert (seen.identifier, seen.snapshot["values"][""]["notes"]) == ("A", {"": "y"})


def test_descendants_of_any_level_are_found(ids):
    assert published.descendants([ids["M"]]) == {ids["M-red"], ids["M-red-s"]}
    assert published.descendants([ids["M-red"], ids["A"]]) == {ids["M-red-s"]}


def test_all_ids_are_paged_and_only_what_was_published(ids):
    publish_products([ids["M"], ids["A"]], **HOW)
    assert published.all_product_ids() == sorted([ids["M"], ids["A"]])
    assert published.all_product_ids(after=ids["M"]) == [ids["A"]]
    assert published.all_product_ids(limit=1) == [ids["M"]]


def test_what_a_change_may_touch_is_never_too_little(ids):
    publish_products(ids.values(), **HOW)
    tree = {ids["M"], ids["M-red"], ids["M-red-s"]}
    assert published.products_in_families(["lamp"]) == tree
    assert published.products_in_categories(["outdoor"]) == {ids["A"]}
    assert published.products_having_attribute(["notes"]) == {ids["M"], ids["A"]}
    assert published.products_having_attribute([]) == set()
    write(wish("A", categories=["indoor"], at={"notes||": None}))
    assert published.products_in_categories(["outdoor"]) == {ids["A"]}
    assert published.products_having_attribute(["notes"]) == {ids["M"], ids["A"]}


def test_assets_and_records_come_by_code(ids):
    Asset.objects.create(
        code="photo", sha256="ab" * 32, original_sha256="cd" * 32, filename="p.jpg",
        kind="image", media_type="image/jpeg", size=7, width=4, height=3, alt={"en": "A lamp"},
    )  # fmt: skip
    found = published.assets(["photo", "nope"])
    assert list(found) == ["photo"]
    assert (found["photo"].sha256, found["photo"].alt) == ("ab" * 32, {"en": "A lamp"})
    ReferenceRecord.objects.update(labels={"en": "Aino"}, values={"country": {"": "FI"}})
    assert published.records({"maker": ["aino", "nope"]}) == {
        ("maker", "aino"): published.PublishedRecord(
            "maker", "aino", {"en": "Aino"}, {"country": {"": "FI"}}
        )
    }
    assert published.records({}) == {}
