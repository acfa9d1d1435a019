"""Completeness, worklists and history as lists show them."""

from datetime import timedelta

import pytest

from pim.actions.following import follow_structure
from pim.actions.publishing import plan_publication, publish_products
from pim.actions.structure import record_structure_change
from pim.content.address import Address
from pim.models import Attribute, Channel, Family, FilterValue, Product, Requirement
from pim.queries.completeness import (
    Share,
    complete_per_channel,
    complete_variants,
    completeness_of,
    incomplete,
)
from pim.queries.history import (
    changes_of,
    draft_differs,
    value_history,
    versions_differ,
    versions_of,
)
from pim.queries.search import find_products
from pim.queries.worklists import (
    due_publications,
    missing_translations,
    never_published,
    translations_to_do,
)
from tests.factories.catalogue import ANNA, NOW, lamp_catalogue, wish, write

pytestmark = pytest.mark.django_db
HOW = {"actor": ANNA, "at": NOW}


@pytest.fixture
def ids() -> dict[str, int]:
    lamp_catalogue()
    model = {"family": "lamp", "family_variant": "lamp_color", "role": "model"}
    names = {"name||en": "Lamp", "name||sv": "Lampa", "price||": {"EUR": "9"}}
    write(
        wish("M", **model, at=names),
        wish("M-red", parent="M", at={"color||": "red", "name||fi": "Lamppu"}),
        wish("M-blue", parent="M", at={"color||": "blue"}),
    )
    return dict(Product.objects.values_list("identifier", "id"))


def names(queryset) -> str:
    return " ".join(queryset.order_by("identifier").values_list("identifier", flat=True))


def test_completeness_is_told_per_channel_with_what_is_missing(ids):
    found = completeness_of([ids["M-blue"]])[ids["M-blue"]]
    assert found["web"] == (Share(4, 5), [["name", "fi"]])
    assert found["print"] == (Share(1, 2), [["weight", ""]])
    assert found["web"][0].percent == 80


def test_models_tell_how_many_variants_are_complete(ids):
    assert complete_variants([ids["M"]], channel="web") == {ids["M"]: Share(1, 2)}
    assert names(incomplete(channel="web")) == "M M-blue"
    assert complete_per_channel() == {"print": Share(0, 2), "web": Share(1, 2)}


def test_missing_translations_are_listed_by_locale(ids):
    assert names(missing_translations("fi")) == "M M-blue"
    assert names(missing_translations("sv-FI", channel="web")) == ""
    assert names(missing_translations("fi", channel="print")) == ""
    assert translations_to_do("fi", channel="web", after="M") == [
        (ids["M-blue"], "M-blue", ["name"])
    ]


def test_what_waits_for_publication_is_listed(ids):
    publish_products([ids["M"]], **HOW)
    assert names(never_published()) == "M-blue M-red"
    planned = plan_publication(ids["M-red"], due_at=NOW + timedelta(days=1), **HOW)
    assert list(due_publications(until=NOW)) == []
    assert list(due_publications(until=NOW + timedelta(days=1))) == [planned]


def test_the_history_tells_changes_versions_and_differences(ids):
    pk = ids["M-red"]
    publish_products([pk], **HOW)
    write(wish("M-red", at={"name||fi": "Punainen"}), reason="nicer")
    assert draft_differs(pk) == {"name||fi": ["Lamppu", "Punainen"]}
    publish_products([pk], **HOW)
    assert draft_differs(pk) == {}
    assert versions_differ(pk, 1, 2) == {"name||fi": ["Lamppu", "Punainen"]}
    assert [v.number for v in versions_of(pk)] == [2, 1]
    steps = value_history(pk, Address("name", "", "fi"))
    assert [(s.before, s.after, s.reason) for s in steps] == [
        ("Lamppu", "Punainen", "nicer"),
        (None, "Lamppu", ""),
    ]
    newest, *rest = changes_of(pk)
    assert newest.action == "publish"
    assert changes_of(pk, before=newest.id) == rest


def test_completeness_follows_the_requirements(ids):
    Requirement.objects.create(
        family=Family.objects.get(),
        channel=Channel.objects.get(code="web"),
        attribute=Attribute.objects.get(code="notes"),
    )
    assert follow_structure(at=NOW) == 0
    record_structure_change("family", ["lamp"], **HOW)
    assert follow_structure(at=NOW) == 3
    assert completeness_of([ids["M-red"]])[ids["M-red"]]["web"] == (
        Share(5, 6),
        [["notes", ""]],
    )
    assert follow_structure(at=NOW) == 0


def test_an_attribute_made_filterable_is_indexed_and_the_other_way_round(ids):
    write(wish("M", at={"notes||": "oak"}))
    for filterable, found in ((True, "M M-blue M-red"), (False, None)):
        Attribute.objects.filter(code="notes").update(filterable=filterable)
        record_structure_change("attribute", ["notes"], **HOW)
        follow_structure(at=NOW)
        if found:
            search = {"notes": [{"operator": "=", "value": "oak"}]}
            assert names(find_products(search)) == found
    assert not FilterValue.objects.filter(attribute__code="notes").exists()
