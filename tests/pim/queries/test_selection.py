"""Selections: a document means a set of products, and says so in words."""

import pytest

from pim.models import Job, Product
from pim.queries.search import SearchRefused
from pim.queries.selection import BadSelection, describe, select
from tests.factories.catalogue import lamp_catalogue, wish, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def ids():
    lamp_catalogue()
    write(
        wish("M", role="model", family="lamp", family_variant="lamp_color"),
        wish("A", family="lamp", at={"pieces||": "2"}),
        wish("B"),
    )
    return dict(Product.objects.values_list("identifier", "id"))


def found(document) -> str:
    return " ".join(select(document).order_by("identifier").values_list("identifier", flat=True))


def test_products_are_chosen_by_id_and_uuid(ids):
    uuid = str(Product.objects.get(identifier="B").uuid)
    assert found({"ids": [ids["A"], str(ids["M"])]}) == "A M"
    assert found({"ids": [ids["A"], uuid, 999_999]}) == "A B"
    assert found({"ids": []}) == ""


def test_products_are_chosen_by_a_search(ids):
    search = {"family": [{"operator": "IN", "value": ["lamp"]}]}
    assert found({"search": search}) == "A M"
    assert found({"search": search, "models": False}) == "A"
    assert found({"search": search, "except": [ids["A"]]}) == "M"


def test_all_products_are_chosen(ids):
    assert found({"all": True}) == "A B M"
    assert found({"all": True, "models": True}) == "M"


def test_the_products_that_a_job_changed_are_chosen(ids):
    job = Job.objects.create(kind="import", title="x")
    write(wish("A", at={"pieces||": "3"}), wish("M"), job=job)
    assert found({"job": job.pk}) == "A"


@pytest.mark.parametrize(
    "document",
    [
        None,
        [],
        {},
        {"ids": [1], "all": True},
        {"all": False},
        {"ids": "1"},
        {"ids": ["x"]},
        {"ids": [1.5]},
        {"job": "1"},
        {"all": True, "models": "yes"},
        {"search": {}, "locale": ["en"]},
    ],
)
def test_a_document_that_selects_nothing_nameable_is_refused(ids, document):
    with pytest.raises(BadSelection):
        select(document)


def test_a_wrong_search_is_refused_in_selections_too(ids):
    with pytest.raises(SearchRefused):
        select({"search": {"x": 1}})


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({"all": True}, "All products"),
        ({"ids": [1]}, "1 chosen product"),
        ({"ids": [1, 2], "except": [2]}, "2 chosen products, without 1"),
        ({"job": 7}, "Products that job 7 changed"),
        ({"search": {}, "models": True}, "Models"),
        (
            {
                "search": {
                    "family": [{"operator": "IN", "value": ["lamp"]}],
                    "name": [{"operator": "CONTAINS", "value": "desk", "locale": "sv_FI"}],
                    "pieces": [{"operator": ">", "value": 3}],
                    "text": "lamp",
                }
            },
            "Products with family is one of “lamp”; name (sv-FI) contains “desk”;"
            " pieces above “3”; identifier or name contains “lamp”",
        ),
    ],
)
def test_a_selection_is_described_in_words(ids, document, words):
    assert describe(document) == words
