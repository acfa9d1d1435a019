"""Packaging through the write path: GTINs of one product only, found by any of them."""

import importlib

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pim.actions.publishing import publish_products, restore_product
from pim.actions.quality import follow_quality, save_quality_rule
from pim.content.refusals import Refused
from pim.models import (
    Attribute,
    Channel,
    Completeness,
    Draft,
    Family,
    FilterValue,
    GtinClaim,
    Product,
    Quality,
    QualityRule,
    Requirement,
)
from pim.queries.search import SearchRefused, find_products
from pim.queries.structure import forget_structure
from tests.factories.catalogue import ANNA, NOW, lamp_catalogue, wish, write
from tests.factories.packing import gtin, with_packaging
from tests.factories.rights import limited

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _catalogue():
    lamp_catalogue()
    with_packaging()


def packs(case: str, **parts) -> dict:
    return {"packs||": [{"level": "case", "gtin": case, "quantity": 6, **parts}]}


def claims() -> dict[str, str]:
    return dict(GtinClaim.objects.values_list("gtin", "product__identifier"))


def codes(result) -> list[str]:
    return [refusal.code for refusal in result.refusals]


def stored() -> list:
    models = (Product, Draft, FilterValue, GtinClaim)
    return [list(m.objects.order_by("pk").values()) for m in models]


def test_every_level_claims_its_gtin_with_those_of_the_gtin_attribute():
    case, pallet = gtin(1, indicator="1"), gtin(1, indicator="2")
    levels = [
        {"level": "each", "gtin": gtin(1)},
        {"level": "case", "gtin": case, "quantity": 6},
        {"level": "pallet", "gtin": pallet, "quantity": 10},
    ]
    result = write(wish("A", family="lamp", at={"ean||": gtin(1), "packs||": levels}))[0]
    assert (result.outcome, result.refusals) == ("created", [])
    assert claims() == {f"0{gtin(1)}": "A", case: "A", pallet: "A"}
    rows = FilterValue.objects.filter(attribute__code="packs").order_by("text")
    assert [(text, number and int(number)) for text, number in rows.values_list("text", "number")] \
        == [(f"0{gtin(1)}", None), (case, None), (pallet, None), ("case", 6), ("each", 1),
            ("pallet", 60)]  # fmt: skip


@pytest.mark.parametrize(
    "second",
    [
        {"packs||": [{"level": "case", "gtin": gtin(1), "quantity": 2}]},
        {"packs||": [{"level": "each", "gtin": f"0{gtin(1)}"}]},
        {"ean||": gtin(1)},
        {"ean||": f"0{gtin(1)}"},
    ],
)
@pytest.mark.parametrize("first", [{"ean||": gtin(1)}, packs(gtin(1))])
def test_a_gtin_that_another_product_has_anywhere_is_refused(first, second):
    write(wish("A", family="lamp", at=first))
    before = stored()
    result = write(wish("B", family="lamp", at=second))[0]
    assert codes(result) in (["not_unique"], ["not_unique", "not_unique"])
    assert "A" in result.refusals[0].say()
    assert stored() == before


def test_of_two_products_in_one_batch_the_first_keeps_the_gtin():
    case = gtin(1, indicator="1")
    results = write(*(wish(name, family="lamp", at=packs(case)) for name in "AB"))
    assert [codes(r) for r in results] == [[], ["not_unique"]]
    about = results[1].refusals[0]
    assert (about.field, about.params["level"], about.params["address"]) == (
        "packs", "case", "packs||",
    )  # fmt: skip
    assert claims() == {case: "A"}


def test_a_gtin_given_up_in_the_same_batch_may_be_taken():
    case, other = gtin(1, indicator="1"), gtin(2, indicator="1")
    write(wish("A", family="lamp", at=packs(case)))
    results = write(wish("A", at=packs(other)), wish("B", family="lamp", at=packs(case)))
    assert [r.outcome for r in results] == ["changed", "created"]
    assert claims() == {case: "B", other: "A"}
    write(wish("B", at={"packs||": None}))
    assert claims() == {other: "A"}


def test_a_case_with_the_number_of_the_product_itself_is_refused():
    result = write(wish("A", family="lamp", at={"ean||": gtin(1), **packs(gtin(1))}))[0]
    assert codes(result) == ["gtin_of_product"]
    assert Product.objects.count() == 0
    write(wish("A", family="lamp", at={"ean||": gtin(1)}))
    before = stored()
    assert codes(write(wish("A", at=packs(f"0{gtin(1)}")))[0]) == ["gtin_of_product"]
    assert stored() == before


def test_a_gtin_attribute_that_is_not_unique_claims_nothing():
    Attribute.objects.filter(code="ean").update(unique=False)
    forget_structure()
    write(wish("A", family="lamp", at={"ean||": gtin(1)}))
    result = write(wish("B", family="lamp", at=packs(gtin(1))))[0]
    assert (result.outcome, claims()) == ("created", {f"0{gtin(1)}": "B"})


def test_a_claim_left_behind_does_not_keep_the_number_from_others():
    write(wish("A", family="lamp", at={"ean||": gtin(1)}))
    Attribute.objects.filter(code="ean").update(unique=False)
    forget_structure()
    result = write(wish("B", family="lamp", at=packs(gtin(1))))[0]
    assert (result.outcome, claims()) == ("created", {f"0{gtin(1)}": "B"})


def test_the_number_of_statements_does_not_depend_on_the_number_of_products():
    write(wish("warm", family="lamp"))
    counts = []
    for size in (1, 30):
        wishes = [
            wish(f"P{size}-{n}", family="lamp", at=packs(gtin(size + n, indicator="3")))
            for n in range(size)
        ]
        with CaptureQueriesContext(
            connection,
        ) as queries:
            results = write(*wishes)
        assert {r.outcome for r in results} == {"created"}
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_installed_catalogues_claim_what_their_unique_attributes_hold():
    write(wish("A", family="lamp", at={"ean||": gtin(1)}), wish("B", family="lamp",
          at={"ean||": f"0{gtin(2)}"}), wish("C", family="lamp", at={"ean||": "none"}))  # fmt: skip
    GtinClaim.objects.all().delete()
    importlib.import_module("pim.migrations.0019_packaging").claim(apps, None)
    assert claims() == {f"0{gtin(1)}": "A", f"0{gtin(2)}": "B"}


def found(search, **how) -> str:
    rows = find_products(search, **{"at": NOW, **how}).order_by("identifier")
    return " ".join(rows.values_list("identifier", flat=True))


def ask(operator, value=None) -> dict:
    return {"packs": [{"operator": operator, "value": value}]}


def shelf() -> None:
    case = packs(gtin(1, indicator="1"))
    write(wish("A", family="lamp", at={"ean||": gtin(1), **case}))
    write(wish("M", role="model", family="lamp", family_variant="lamp_color",
               at=packs(gtin(2, indicator="1"))))  # fmt: skip
    write(wish("M-red", parent="M", at={"color||": "red"}), wish("Z", family="lamp"))


def test_packaging_is_searched_by_gtins_and_levels():
    shelf()
    case = gtin(1, indicator="1")
    assert found(ask("=", case)) == found(ask("IN", [f"{case[0]} {case[1:]}"])) == "A"
    assert found(ask("=", gtin(2, indicator="1"))) == "M M-red"
    assert found(ask("IN", ["case"])) == "A M M-red"
    assert found(ask("=", "pallet")) == ""
    assert found(ask("NOT IN", [case])) == "M M-red Z"
    assert found(ask("EMPTY")) == "Z"
    assert found(ask("NOT EMPTY")) == "A M M-red"
    with pytest.raises(SearchRefused):
        found(ask("=", "12345"))


def test_a_search_in_words_finds_a_product_by_the_number_on_its_box():
    shelf()
    for text, names in (
        (gtin(1, indicator="1"), "A"), (gtin(2, indicator="1"), "M M-red"), (gtin(1), "A"),
        (f"0{gtin(1)}", "A"), (gtin(9), ""),
    ):  # fmt: skip
        assert found({"text": [{"operator": "CONTAINS", "value": text}]}) == names


def test_who_may_not_see_logistics_neither_finds_nor_changes_it():
    shelf()
    blind = limited(group={"logistics": "none"})
    text = {"text": [{"operator": "CONTAINS", "value": gtin(1, indicator="1")}]}
    assert found(text, rights=blind.rights) == ""
    with pytest.raises(SearchRefused):
        found(ask("=", gtin(1, indicator="1")), rights=blind.rights)
    before = stored()
    reader = limited(group={"logistics": "view"})
    for actor, code in ((blind, "unknown_code"), (reader, "not_allowed")):
        result = write(wish("Z", at=packs(gtin(3, indicator="1"))), actor=actor)[0]
        assert codes(result) == [code]
    assert stored() == before


def test_a_version_brings_its_packaging_back_with_its_claims():
    shelf()
    product = Product.objects.get(identifier="A")
    publish_products([product.pk], actor=ANNA, at=NOW)
    write(wish("A", at={"packs||": None}))
    assert gtin(1, indicator="1") not in claims()
    product.refresh_from_db()
    restore_product(product.pk, number=1, actor=ANNA, at=NOW, overwrite=True)
    assert claims()[gtin(1, indicator="1")] == "A"


def test_packaging_that_does_not_add_up_lowers_the_quality():
    QualityRule.objects.all().delete()
    save_quality_rule("boxes", kind="packaging", actor=ANNA, at=NOW)
    levels = [
        {"level": "each", "gross_weight": {"amount": "1", "unit": "KILOGRAM"}},
        {"level": "case", "gtin": gtin(1, indicator="1"), "quantity": 6,
         "gross_weight": {"amount": "5900", "unit": "GRAM"}},
    ]  # fmt: skip
    write(wish("A", family="lamp", at={"packs||": levels}), wish("B", family="lamp"))
    follow_quality(at=NOW)
    rows = Quality.objects.filter(locale="en", channel__code="web").order_by("product__identifier")
    assert [(row.score, row.findings) for row in rows] == [
        (50, [["boxes", "lighter_than_content", "packs", "", {"level": "case"}]]),
        (100, []),
    ]


def test_a_refusal_of_a_cell_is_one_sentence_about_it():
    result = write(wish("A", family="lamp", at={"packs||": {"case": {"quantity": "0"}}}))[0]
    refusal = result.refusals[0]
    assert isinstance(refusal, Refused)
    assert (refusal.code, refusal.params["address"]) == ("contains_nothing", "packs||")
    assert Product.objects.count() == 0


def test_a_channel_may_require_packaging():
    Requirement.objects.create(
        family=Family.objects.get(code="lamp"),
        channel=Channel.objects.get(code="print"),
        attribute=Attribute.objects.get(code="packs"),
    )
    forget_structure()
    shelf()
    missing = {
        row.product.identifier: ["packs", ""] in row.missing
        for row in Completeness.objects.filter(channel__code="print")
    }
    assert missing == {"A": False, "M": False, "M-red": False, "Z": True}
