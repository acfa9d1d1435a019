"""The write path: what is written, what is refused, and that nothing else happens."""

import orjson
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pim.actions.writing.batch import Batch
from pim.actions.writing.counting import completeness_rows
from pim.models import (
    Attribute,
    Category,
    Change,
    Completeness,
    Draft,
    FilterValue,
    Product,
    UniqueValue,
    Version,
)
from pim.queries.drafts import read_drafts
from pim.queries.search import find_products
from pim.queries.structure import load_structure
from tests.factories.catalogue import lamp_catalogue, wish, write

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _catalogue():
    lamp_catalogue()


def stored() -> tuple:
    """Return everything that a write may touch."""
    return tuple(
        sorted(map(str, model.objects.order_by("pk").values()))
        for model in (Product, Draft, FilterValue, UniqueValue, Completeness, Change, Version)
    )


def test_a_new_product_has_its_drafts_its_index_and_one_change():
    result = write(
        wish(
            "L1",
            family="lamp",
            categories=["outdoor", "indoor"],
            at={"name||en": " Lamp ", "color||": "red", "weight||": {"amount": "800.0"}},
        )
    )[0]
    assert (result.outcome, result.refusals, result.row_version) == ("created", [], 1)
    product = Product.objects.get(identifier="L1")
    assert {d.locale: d.values for d in product.drafts.all()} == {
        "": {"color": {"": "red"}, "weight": {"": {"amount": "800", "unit": "GRAM"}}},
        "en": {"name": {"": "Lamp"}},
    }
    assert list(product.categories.values_list("code", flat=True)) == ["indoor", "outdoor"]
    indexed = product.filter_values.order_by("attribute__code")
    assert list(indexed.values_list("attribute__code", "locale", "text")) == [
        ("color", "", "red"),
        ("name", "en", "Lamp"),
    ]
    change = product.changes.get()
    assert (change.action, change.actor, change.source, change.row_version) == (
        "create",
        "anna",
        "admin",
        1,
    )
    assert change.detail["name||en"] == [None, "Lamp"]


def test_writing_what_is_there_writes_nothing():
    wishes = [wish("L1", family="lamp", categories=["indoor"], at={"pieces||": "12.50"})]
    write(*wishes)
    before = stored()
    assert [r.outcome for r in write(*wishes)] == ["unchanged"]
    assert stored() == before


def test_a_change_writes_only_the_locale_it_touches():
    write(wish("L1", at={"name||en": "Lamp", "name||fi": "Lamppu"}))
    result = write(wish("L1", at={"name||fi": "Valaisin"}))[0]
    assert result.differences == {"name||fi": ["Lamppu", "Valaisin"]}
    versions = Draft.objects.order_by("locale").values_list("locale", "row_version")
    assert list(versions) == [("en", 1), ("fi", 2)]


def test_none_erases_a_value():
    write(wish("L1", at={"color||": "red", "notes||": "x"}))
    write(wish("L1", at={"color||": None}))
    assert Draft.objects.get().values == {"notes": {"": "x"}}
    assert FilterValue.objects.count() == 0


@pytest.mark.parametrize(
    ("wishes", "code"),
    [
        ({"family": "nope"}, "unknown_code"),
        ({"categories": ["nope"]}, "unknown_code"),
        ({"groups": ["nope"]}, "unknown_code"),
        ({"parent": "nope"}, "unknown_parent"),
        ({"associations": {"nope": {}}}, "unknown_code"),
        ({"associations": {"cross_sell": {"products": [("nope", None)]}}}, "unknown_product"),
        ({"associations": {"set": {"products": [("there", 0.2)]}}}, "bad_quantity"),
        ({"at": {"nope||": "x"}}, "unknown_code"),
        ({"at": {"name||": "x"}}, "wrong_locale"),
        ({"at": {"notes||en": "x"}}, "wrong_locale"),
        ({"at": {"story||en": "x"}}, "wrong_channel"),
        ({"at": {"color||": "pink"}}, "unknown_option"),
        ({"at": {"photo||": "nope"}}, "unknown_asset"),
        ({"at": {"spare||": ["nope"]}}, "unknown_product"),
        ({"at": {"sku||": "other"}}, "identifier_differs"),
        ({"at": {"ean||": "1"}}, "not_unique"),
    ],
)
def test_a_row_that_does_not_fit_is_refused_and_the_others_are_written(wishes, code):
    write(wish("there", at={"ean||": "1"}))
    refused, good = write(wish("bad", **wishes), wish("good"))
    assert (refused.outcome, [r.code for r in refused.refusals]) == ("refused", [code])
    assert good.outcome == "created"
    assert not Product.objects.filter(identifier="bad").exists()


def test_a_refused_change_changes_nothing():
    write(wish("L1", family="lamp", at={"notes||": "x"}))
    before = stored()
    result = write(wish("L1", enabled=False, at={"notes||": "y", "color||": "pink"}))[0]
    assert result.outcome == "refused"
    assert stored() == before


def test_a_unique_value_is_refused_inside_the_batch_too():
    first, second = write(wish("A", at={"ean||": "1"}), wish("B", at={"ean||": "1"}))
    assert (first.outcome, second.outcome) == ("created", "refused")


def test_a_unique_value_moves_when_its_owner_gives_it_up():
    write(wish("A", at={"ean||": "1"}), wish("B", at={"ean||": "2"}))
    results = write(wish("A", at={"ean||": "2"}), wish("B", at={"ean||": "1"}))
    assert [r.outcome for r in results] == ["changed", "changed"]
    assert UniqueValue.objects.count() == 2


def model_and_variants() -> list:
    return [
        wish("M-red-s", parent="M-red", at={"size||": "s", "ean||": "11"}),
        wish("M-red", parent="M", at={"color||": "red"}),
        wish(
            "M",
            role="model",
            family="lamp",
            family_variant="lamp_color_size",
            at={"name||en": "Model"},
        ),
    ]


def test_a_tree_is_written_in_any_order_of_the_batch():
    results = write(*model_and_variants())
    assert [r.outcome for r in results] == ["created"] * 3
    rows = Product.objects.order_by("level").values_list(
        "identifier", "role", "level", "parent__identifier", "family__code"
    )
    assert list(rows) == [
        ("M", "model", 0, None, "lamp"),
        ("M-red", "model", 1, "M", "lamp"),
        ("M-red-s", "item", 2, "M-red", "lamp"),
    ]


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (wish("x", parent="M-red", at={"size||": "s"}), "not_unique"),
        (wish("x", parent="M-red"), "axis_missing"),
        (wish("x", parent="M-red-s", at={"size||": "m"}), "not_a_model"),
        (wish("x", parent="M-red", role="model", at={"size||": "m"}), "wrong_level"),
        (wish("x", parent="M", role="item", at={"color||": "blue"}), "wrong_level"),
        (wish("M", at={"size||": "m"}), "wrong_level"),
        (wish("M-red-s", at={"color||": "blue"}), "wrong_level"),
        (wish("M", role="item"), "role_fixed"),
        (wish("M", family_variant="lamp_color"), "wrong_level"),
        (wish("x", parent="M-red", family_variant="lamp_color"), "family_differs"),
    ],
)
def test_the_tree_keeps_its_rules(bad, code):
    write(*model_and_variants())
    before = stored()
    result = write(bad)[0]
    assert [r.code for r in result.refusals] == [code]
    assert stored() == before


def test_what_is_inherited_is_not_repeated_but_may_be_overridden():
    write(*model_and_variants())
    before = stored()
    assert write(wish("M-red-s", at={"name||en": "Model"}))[0].outcome == "unchanged"
    assert stored() == before
    assert write(wish("M-red-s", at={"name||en": "Own"}))[0].outcome == "changed"


def test_a_variant_set_free_keeps_what_it_inherited():
    write(*model_and_variants())
    assert write(wish("M-red-s", parent=""))[0].outcome == "changed"
    freed = Product.objects.get(identifier="M-red-s")
    assert (freed.parent_id, freed.level, freed.family_variant_id) == (None, 0, None)
    assert freed.drafts.get(locale="en").values == {"name": {"": "Model"}}
    assert freed.drafts.get(locale="").values["color"] == {"": "red"}


def test_a_refused_parent_refuses_its_new_variants():
    bad_model, *others = reversed(model_and_variants())
    bad_model.categories = ["nope"]
    results = write(bad_model, *others)
    assert [r.refusals[0].code for r in results] == [
        "unknown_code",
        "unknown_parent",
        "unknown_parent",
    ]
    assert Product.objects.count() == 0


def test_completeness_of_variants_follows_their_model():
    write(*model_and_variants())
    leaf = Product.objects.get(identifier="M-red-s")
    counted = leaf.completeness.get(channel__code="web")
    assert counted.missing == [["name", "fi"], ["name", "sv-FI"], ["price", ""]]
    write(wish("M", at={"name||fi": "Malli", "name||sv": "Modell", "price||": {"EUR": "9"}}))
    counted = leaf.completeness.get(channel__code="web")
    assert (counted.required, counted.filled, counted.missing) == (5, 5, [])


STEPS = [
    {"price||": {"EUR": "9"}},
    {"price||": {"EUR": "10"}},
    {"price||": {"DKK": "10"}},
    {"price||": {"EUR": "9", "DKK": "10"}},
    {"price||": {"$state": "unknown"}},
    {"price||": {"$state": "na"}},
    {"price||": None, "name||en": "Lamp"},
    {"name||en": "Lantern"},
    {"name||en": {"$state": "unknown"}},
    {"name||en": {"$state": "empty"}, "name||fi": "Lamppu"},
]


def test_completeness_is_that_of_the_draft_whatever_changes():
    write(wish("L1", family="lamp"))
    for at in STEPS:
        assert write(wish("L1", at=at))[0].outcome == "changed"
        kept = list(
            Completeness.objects.order_by("channel_id").values_list("channel_id", "missing")
        )
        batch = Batch(load_structure())
        state = read_drafts(Product.objects.values_list("id", flat=True)).popitem()[1]
        rows = sorted(row[1:] for row in completeness_rows(state, batch))
        assert kept == [(row[0], orjson.loads(row[3])) for row in rows]


def test_completeness_is_counted_only_where_it_may_have_moved():
    def moves(at: dict) -> bool:
        with CaptureQueriesContext(connection) as seen:
            assert write(wish("L1", at=at))[0].outcome == "changed"
        return any("completeness" in query["sql"] for query in seen.captured_queries)

    write(wish("L1", family="lamp"))
    found = [moves(at) for at in STEPS]
    assert found == [True, False, True, True, True, True, True, False, True, True]


def test_two_way_ties_are_mirrored_and_taken_away_on_both_sides():
    write(wish("A"), wish("B"), wish("C"))
    ties = {"goes_with": {"products": [("B", None), ("C", None)]}}
    write(wish("A", associations=ties))
    b = Product.objects.get(identifier="B")
    assert [a.target.identifier for a in b.associations.all()] == ["A"]
    assert b.row_version == 2
    write(wish("A", associations={"goes_with": {"products": [("C", None)]}}))
    assert b.associations.count() == 0
    assert Product.objects.get(identifier="C").row_version == 2


def test_ties_can_be_added_to_those_that_are_there():
    write(wish("A"), wish("B"), wish("C"))

    def tie(name: str, *targets: str):
        ties = {"products": [(t, None) for t in targets], "add": True}
        return wish(name, associations={"goes_with": ties})

    one_sided = [tie("A", "B"), tie("B"), tie("C", "A")]
    assert [r.outcome for r in write(*one_sided)] == ["changed"] * 3
    before = stored()
    assert [r.outcome for r in write(*one_sided)] == ["unchanged"] * 3
    assert stored() == before
    a = Product.objects.get(identifier="A")
    assert sorted(t.target.identifier for t in a.associations.all()) == ["B", "C"]


def test_forward_references_inside_the_batch_resolve():
    ties = {"set": {"products": [("B", 4)]}, "cross_sell": {"groups": ["new"]}}
    results = write(wish("A", associations=ties, at={"spare||": ["B"]}), wish("B"))
    assert [r.outcome for r in results] == ["created", "created"]
    b = Product.objects.get(identifier="B")
    a = Product.objects.get(identifier="A")
    assert a.drafts.get().values == {"spare": {"": [str(b.uuid)]}}
    ties = a.associations.order_by("type__code").values_list("target_id", "quantity", "group__code")
    assert list(ties) == [(None, None, "new"), (b.id, 4, None)]
    assert write(wish("A", associations={"set": {"products": [("B", 4)]}}))[0].outcome == (
        "unchanged"
    )


def test_a_product_is_renamed_by_its_uuid_and_its_variants_follow():
    write(*model_and_variants())
    red = Product.objects.get(identifier="M-red")
    leaf = Product.objects.get(identifier="M-red-s")
    result = write(wish("M-crimson", uuid=str(red.uuid)))[0]
    assert (result.outcome, result.product_id) == ("changed", red.id)
    assert Product.objects.get(pk=leaf.pk).draft_digest != leaf.draft_digest


def test_two_rows_of_one_product_in_a_batch_are_both_written():
    results = write(wish("A", at={"notes||": "1"}), wish("A", at={"notes||": "2"}))
    assert [r.outcome for r in results] == ["created", "changed"]


@pytest.mark.parametrize(("mode", "outcomes"), [("create", "r c"), ("update", "u r")])
def test_the_mode_refuses_what_it_must_not_do(mode, outcomes):
    write(wish("A"))
    results = write(wish("A"), wish("B"), mode=mode)
    assert " ".join(r.outcome[0] for r in results) == outcomes


def queries_of(count: int, prefix: str, text: str) -> int:
    """Return how many statements a batch of `count` products takes."""
    at = {"color||": "red", "notes||": text}
    wishes = [
        wish(f"{prefix}{i}", family="lamp", categories=["indoor"], at=at) for i in range(count)
    ]
    with CaptureQueriesContext(connection) as seen:
        write(*wishes)
    return len(seen)


@pytest.mark.parametrize("text", ["first", "second"])
def test_the_number_of_queries_does_not_depend_on_the_number_of_products(text):
    queries_of(1, "one", "first")
    queries_of(30, "many", "first")
    prefix = "new-" if text == "first" else ""
    assert queries_of(1, prefix + "one", text) == queries_of(30, prefix + "many", text)


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (wish("nul\0"), "bad_identifier"),
        (wish("half \ud800"), "bad_identifier"),
        (wish("a;b"), "bad_identifier"),
        (wish("x" * 256), "bad_identifier"),
        (wish(""), "bad_identifier"),
        (wish("x", uuid="nope"), "not_a_uuid"),
        (wish("there", uuid="00000000-0000-4000-8000-000000000000"), "exists"),
        (wish("x", parent="nul\0"), "unknown_parent"),
        (wish("x", at={"spare||": ["nul\0"]}), "unknown_product"),
        (wish("x", at={"ean||": "x" * 300}), "too_long"),
    ],
)
def test_no_row_however_odd_stops_the_others(bad, code):
    write(wish("there"))
    refused, good = write(bad, wish("good"), reason="why " * 200)
    assert [r.code for r in refused.refusals] == [code]
    assert good.outcome == "created"


def test_odd_characters_are_taken_out_of_texts():
    write(wish("L1", at={"notes||": "ab\ud800c"}))
    assert Draft.objects.get().values == {"notes": {"": "abc"}}
    refused = write(wish("L1", at={"notes||": "a\0bc"}))[0]
    assert (refused.outcome, Draft.objects.get().values) == ("refused", {"notes": {"": "abc"}})


def test_a_uuid_of_its_own_is_kept():
    result = write(wish("L1", uuid="0b2f66f2-6d6f-4c3c-9a53-5d2c1f6c3c11"))[0]
    assert str(Product.objects.get().uuid) == result.uuid == "0b2f66f2-6d6f-4c3c-9a53-5d2c1f6c3c11"


def test_measurements_are_indexed_in_the_standard_unit():
    Attribute.objects.filter(code="weight").update(filterable=True)
    write(
        wish("light", at={"weight||": {"amount": "800", "unit": "GRAM"}}),
        wish("heavy", at={"weight||": {"amount": "2", "unit": "KILOGRAM"}}),
    )
    over = {"operator": ">", "value": {"amount": "1500", "unit": "GRAM"}}
    assert [p.identifier for p in find_products({"weight": [over]})] == ["heavy"]


def test_a_category_added_behind_our_back_is_read_all_the_same():
    write(wish("L1", categories=["indoor"]))
    attic = Category.objects.create(code="attic", path="/99/")
    Product.objects.get().categories.add(attic)
    assert write(wish("L1", at={"notes||": "x"}))[0].outcome == "changed"
    state = read_drafts([Product.objects.get().id])
    assert [s.categories for s in state.values()] == [["attic", "indoor"]]
