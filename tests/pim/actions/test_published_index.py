"""Searching published content: the same answers as from drafts, whatever the drafts say since."""

from datetime import timedelta

import pytest

from pim.actions.following import follow_structure
from pim.actions.published_index import CURSOR, keep_published
from pim.actions.publishing import publish_products, withdraw_products
from pim.actions.removal import delete_product
from pim.actions.structure import record_structure_change
from pim.models import (
    Attribute,
    Counter,
    Product,
    PublishedCompleteness,
    PublishedFilterValue,
    PublishedProduct,
    Requirement,
)
from pim.queries.search import PUBLISHED, SearchRefused, find_products
from pim.queries.structure import forget_structure
from tests.factories.catalogue import ANNA, NOW, lamp_catalogue, wish, write

pytestmark = pytest.mark.django_db
HOW = {"actor": ANNA, "at": NOW}
PRICE = {"amount": "9", "currency": "EUR"}
SEARCHES = [
    {"name": [{"operator": "CONTAINS", "value": "oak", "locale": "en"}]},
    {"name": [{"operator": "EMPTY", "locale": "en"}]},
    {"notes": [{"operator": "CONTAINS", "value": "wood"}]},
    {"notes": [{"operator": "NOT EMPTY"}]},
    {"story": [{"operator": "CONTAINS", "value": "big", "locale": "en", "scope": "web"}]},
    {"pieces": [{"operator": ">", "value": "3"}]},
    {"pieces": [{"operator": "EMPTY"}]},
    {"weight": [{"operator": "<", "value": {"amount": 2, "unit": "KILOGRAM"}}]},
    {"price": [{"operator": ">=", "value": PRICE}]},
    {"color": [{"operator": "IN", "value": ["red"]}]},
    {"color": [{"operator": "NOT IN", "value": ["red"]}]},
    {"care": [{"operator": "IN", "value": ["cold"]}]},
    {"spare": [{"operator": "NOT EMPTY"}]},
    {"family": [{"operator": "IN", "value": ["lamp"]}]},
    {"family": [{"operator": "EMPTY"}]},
    {"family_variant": [{"operator": "IN", "value": ["lamp_color"]}]},
    {"enabled": [{"operator": "=", "value": False}]},
    {"groups": [{"operator": "IN", "value": ["new"]}]},
    {"groups": [{"operator": "EMPTY"}]},
    {"categories": [{"operator": "IN", "value": ["indoor"]}]},
    {"categories": [{"operator": "IN CHILDREN", "value": ["master"]}]},
    {"categories": [{"operator": "UNCLASSIFIED"}]},
    {"completeness": [{"operator": "<", "value": 100, "scope": "web"}]},
    {"completeness": [{"operator": "=", "value": 66, "scope": "web", "locale": "en"}]},
    {"completeness": [{"operator": "AT LEAST INCOMPLETE", "scope": "web", "locale": "en"}]},
    {"parent": [{"operator": "=", "value": "M"}]},
    {"parent": [{"operator": "EMPTY"}]},
    {"identifier": [{"operator": "STARTS WITH", "value": "m-"}]},
    {"role": [{"operator": "IN", "value": ["model"]}]},
    {"text": "oak"},
    {"created": [{"operator": ">", "value": "2020-01-01"}]},
]


@pytest.fixture(autouse=True)
def _catalogue():
    lamp_catalogue()
    write(
        wish("M", role="model", family="lamp", family_variant="lamp_color", categories=["indoor"],
             at={"name||en": "Oak lamp", "notes||": "wood", "pieces||": "7"}),
        wish("M-red", parent="M", groups=["new"], at={"color||": "red", "price||": {"EUR": "10"}}),
        wish("M-blue", parent="M", at={"color||": "blue", "pieces||": {"$state": "empty"}}),
        wish("A", family="lamp", enabled=False, categories=["outdoor"],
             at={"name||en": "Moon", "story|web|en": "<p>Big</p>", "care||": ["cold"],
                 "weight||": {"amount": 500, "unit": "GRAM"}}),
        wish("B", at={"name||en": "Stool of oak"}),
        wish("C", family="lamp", at={"on_sale||": True}),
    )  # fmt: skip
    write(wish("A", at={"spare||": ["B"]}))


def names(search, **how) -> list[str]:
    found = find_products(search, **how).order_by("identifier")
    return list(found.values_list("identifier", flat=True))


def issue(*identifiers: str, at=NOW) -> None:
    rows = Product.objects.filter(identifier__in=identifiers) if identifiers else Product.objects
    publish_products(list(rows.values_list("pk", flat=True)), actor=ANNA, at=at)


def scramble() -> None:
    """Change every draft in everything that a search may ask about."""
    write(
        wish("M", categories=["outdoor"], at={"name||en": "Pine", "notes||": None,
                                              "pieces||": "1"}),
        wish("M-red", groups=[], enabled=False, at={"price||": None}),
        wish("M-blue", groups=["new"], at={"pieces||": "9", "price||": {"EUR": "1"}}),
        wish("A", enabled=True, categories=[], family=None,
             at={"name||en": "Oak", "story|web|en": None, "care||": ["warm"], "spare||": None}),
        wish("B", family="lamp", categories=["indoor"],
             at={"name||en": None, "notes||": "wood", "color||": "red"}),
    )  # fmt: skip


def test_published_content_is_found_as_the_drafts_were_when_it_was_published():
    expected = {str(search): names(search) for search in SEARCHES}
    assert [n for n, found in expected.items() if not found] == []
    issue()
    scramble()
    assert keep_published(most=100) is True
    assert {str(s): names(s, tables=PUBLISHED) for s in SEARCHES} == expected
    assert {str(s): names(s) for s in SEARCHES} != expected


def test_only_what_is_live_is_found():
    issue("A", "B")
    keep_published(most=100)
    assert names({}, tables=PUBLISHED) == ["A", "B"]
    assert names({"role": [{"operator": "IN", "value": ["item"]}]}, tables=PUBLISHED) == ["A", "B"]
    withdraw_products([Product.objects.get(identifier="B").pk], **HOW)
    keep_published(most=100)
    assert names({"text": "oak"}, tables=PUBLISHED) == []
    issue("B")
    keep_published(most=100)
    assert names({"text": "oak"}, tables=PUBLISHED) == ["B"]
    delete_product(Product.objects.get(identifier="B").pk, **HOW)
    assert list(PublishedProduct.objects.values_list("identifier", flat=True)) == ["A"]


def test_a_model_that_is_published_again_recounts_its_variants():
    issue()
    keep_published(most=100)
    half = {"completeness": [{"operator": "=", "value": 33, "scope": "web", "locale": "en"}]}
    assert names(half, tables=PUBLISHED) == ["A"]
    write(wish("M", at={"name||en": None}))
    keep_published(most=100)
    assert names(half, tables=PUBLISHED) == ["A"]
    issue("M")
    keep_published(most=100)
    assert names(half, tables=PUBLISHED) == ["A", "M-blue"]


def test_when_something_was_updated_is_when_it_was_published():
    issue(at=NOW)
    later = NOW + timedelta(days=3)
    write(wish("A", at={"name||en": "Star"}), at=later)
    keep_published(most=100)
    search = {"updated": [{"operator": ">", "value": "2026-11-24"}]}
    assert (names(search), names(search, tables=PUBLISHED)) == (["A"], [])
    issue("A", at=later)
    keep_published(most=100)
    assert names(search, tables=PUBLISHED) == ["A"]


def test_what_is_about_drafts_is_refused():
    for search in (
        {"state": [{"operator": "IN", "value": ["unpublished"]}]},
        {"quality_score": [{"operator": "<", "value": 50, "scope": "web", "locale": "en"}]},
    ):
        with pytest.raises(SearchRefused) as refused:
            find_products(search, tables=PUBLISHED)
        assert [r.code for r in refused.value.refusals] == ["drafts_only"]


def test_the_log_is_followed_in_steps_and_never_twice(monkeypatch):
    monkeypatch.setattr("pim.actions.published_index.CHUNK", 2)
    issue()
    assert keep_published(most=2) is False
    assert PublishedProduct.objects.count() == 2
    assert keep_published(most=100) is True
    held = Counter.objects.get(name=CURSOR).value
    rows = list(PublishedFilterValue.objects.values_list("pk", flat=True))
    assert keep_published(most=100) is True
    assert list(PublishedFilterValue.objects.values_list("pk", flat=True)) == rows
    assert Counter.objects.get(name=CURSOR).value == held


def test_the_index_follows_the_structure():
    issue()
    keep_published(most=100)
    Attribute.objects.filter(code="notes").update(filterable=True)
    Requirement.objects.filter(attribute__code="color").delete()
    record_structure_change("attribute", ["notes"], **HOW)
    record_structure_change("family", ["lamp"], **HOW)
    forget_structure()
    scramble()
    follow_structure(at=NOW)
    in_wood = {"notes": [{"operator": "CONTAINS", "value": "wood"}]}
    assert names(in_wood, tables=PUBLISHED) == ["M", "M-blue", "M-red"]
    indexed = PublishedFilterValue.objects.filter(attribute__code="notes")
    assert list(indexed.values_list("product__identifier", "text")) == [("M", "wood")]
    row = PublishedCompleteness.objects.get(channel__code="web", product__identifier="A")
    assert (row.required, row.filled) == (4, 1)  # a name in three locales, and the price
