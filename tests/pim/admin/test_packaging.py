"""The editor of packaging: what it shows, what it saves, what it says beside each cell."""

import json

import pytest
from django.urls import reverse

from pim.actions.roles import save_role
from pim.admin.import_targets import target_columns
from pim.admin.products.selecting import _of_attribute
from pim.models import Attribute, Change, Draft, GtinClaim, Product
from pim.queries.search import find_products
from pim.queries.structure import forget_structure, load_structure
from tests.factories.catalogue import ANNA, NOW, lamp_catalogue, wish, write
from tests.factories.desk import posted, product_page, staff, superuser
from tests.factories.packing import gtin, with_packaging
from tests.factories.rights import grants

pytestmark = pytest.mark.django_db
CASE = gtin(1, indicator="1")
LEVELS = [
    {"level": "each", "gtin": gtin(1)},
    {"level": "case", "gtin": CASE, "quantity": 6,
     "width": {"amount": "300", "unit": "MILLIMETER"}},
]  # fmt: skip


@pytest.fixture
def lamp(client):
    lamp_catalogue()
    with_packaging()
    write(wish("A", family="lamp", at={"ean||": gtin(1), "packs||": LEVELS}))
    client.force_login(superuser())
    return Product.objects.get(identifier="A")


def held() -> list | None:
    values = Draft.objects.get(product__identifier="A", locale="").values
    return values.get("packs", {}).get("")


def check(client, levels, **more):
    return client.post(
        reverse("admin:pim_product_packaging"),
        json.dumps({"attribute": "packs", "levels": levels, **more}),
        content_type="application/json",
    )


def test_saving_the_page_untouched_writes_nothing(lamp, client):
    before = Change.objects.count()
    form = posted(client.get(product_page(lamp)))
    assert json.loads(form["v-packs"]) == held()
    client.post(product_page(lamp), form | {"_save": "1"})
    assert Change.objects.count() == before


def test_what_is_typed_is_saved_decimal_comma_and_all(lamp, client):
    form = posted(client.get(product_page(lamp)))
    levels = json.loads(form["v-packs"])
    levels[1] |= {"quantity": "12", "width": {"amount": "300,5", "unit": "MILLIMETER"}}
    client.post(product_page(lamp), form | {"v-packs": json.dumps(levels), "_save": "1"})
    assert (held()[1]["base_units"], held()[1]["width"]["amount"]) == (12, "300.5")
    client.post(
        product_page(lamp),
        posted(client.get(product_page(lamp))) | {"v-packs": "[]", "_save": "1"},
    )
    assert (held(), GtinClaim.objects.count()) == (None, 1)


def test_what_is_wrong_stays_on_the_page_as_it_was_typed(lamp, client):
    before = held()
    form = posted(client.get(product_page(lamp)))
    typed = json.dumps([{"level": "case", "quantity": "0", "gtin": CASE}])
    answer = client.post(product_page(lamp), form | {"v-packs": typed, "_save": "1"})
    assert answer.status_code == 200
    assert "whole number from 1" in answer.content.decode()
    assert json.loads(posted(answer)["v-packs"]) == json.loads(typed)
    assert held() == before


def test_a_gtin_that_another_product_has_is_told_on_the_page(lamp, client):
    write(wish("B", family="lamp", at={"packs||": [{"level": "case", "gtin": gtin(2),
                                                    "quantity": 2}]}))  # fmt: skip
    before = held()
    form = posted(client.get(product_page(lamp)))
    levels = json.loads(form["v-packs"])
    levels[1]["gtin"] = gtin(2)
    answer = client.post(product_page(lamp), form | {"v-packs": json.dumps(levels), "_save": "1"})
    assert "already used by B" in answer.content.decode()
    assert held() == before


def test_every_cell_is_told_what_is_wrong_with_it(lamp, client):
    before = Change.objects.count()
    levels = [{"level": "each", "gtin": "123"}, {"level": "case", "quantity": "0",
              "contains": "pallet"}]  # fmt: skip
    answer = check(client, levels).json()
    assert answer == {
        "problems": [
            {"level": "each", "part": "gtin", "doubt": False, "text":
             "Each: “123” is no GTIN, which has 8, 12, 13 or 14 digits and ends with its check "
             "digit."},
            {"level": "case", "part": "quantity", "doubt": False,
             "text": "Case: Quantity is a whole number from 1 to 999999."},
            {"level": "case", "part": "quantity", "doubt": False,
             "text": "Case contains Pallet, which is not there: add it."},
        ],
        "units": {},
    }  # fmt: skip
    assert Change.objects.count() == before


def test_what_is_only_doubtful_is_told_with_the_pieces(lamp, client):
    kilo = {"amount": "1,5", "unit": "KILOGRAM"}
    levels = [{"level": "each", "gross_weight": kilo, "gtin": gtin(3)},
              {"level": "case", "quantity": "2", "gtin": CASE, "gross_weight": kilo}]  # fmt: skip
    answer = check(client, levels, gtin=gtin(1)).json()
    assert answer["units"] == {"each": 1, "case": 2}
    assert [(p["level"], p["part"], p["doubt"]) for p in answer["problems"]] == [
        ("each", "gtin", True),
        ("case", "gross_weight", True),
    ]
    assert check(client, []).json() == {"problems": [], "units": {}}


@pytest.mark.parametrize(
    "body", ["", "[]", "{", '{"attribute": ["packs"]}', '{"attribute": "sku"}']
)
def test_a_question_about_nothing_is_not_answered(lamp, client, body):
    address = reverse("admin:pim_product_packaging")
    answer = client.post(address, body, content_type="application/json")
    assert answer.status_code == 404
    assert client.get(address).status_code == 405


@pytest.mark.parametrize("levels", ["x", 5, [5], {"case": 5}, [[]], [{"level": {}}]])
def test_hostile_levels_are_answered_with_what_is_wrong(lamp, client, levels):
    answer = check(client, levels)
    assert answer.status_code == 200
    assert [p["doubt"] for p in answer.json()["problems"]] == [False]


def test_roles_decide_who_sees_and_who_changes_packaging(lamp, client):
    save_role("blind", grants=grants(group={"*": "edit", "logistics": "none"}), actor=ANNA, at=NOW)
    save_role("reader", grants=grants(group={"*": "edit", "logistics": "view"}), actor=ANNA, at=NOW)
    for role, seen, status in (("blind", False, 404), ("reader", True, 200)):
        user = staff(role, "view_product", "change_product")
        _give(user, role)
        client.force_login(user)
        page = client.get(product_page(lamp))
        assert ("v-packs" in page.content.decode()) is seen
        assert "v-packs" not in posted(page)
        assert check(client, LEVELS).status_code == status
    client.force_login(staff("nobody"))
    assert check(client, LEVELS).status_code == 403


def _give(user, role: str) -> None:
    from pim.models import Role

    user.groups.add(Role.objects.get(code=role).group)


def test_a_product_is_found_by_the_number_on_its_case(lamp, client):
    write(wish("B", family="lamp"))
    page = client.get(reverse("admin:pim_product_changelist"), {"q": CASE})
    assert [p.identifier for p in page.context["cl"].result_list] == ["A"]
    found = client.get(reverse("admin:pim_product_pick"), {"q": CASE}).json()["results"]
    assert [card["code"] for card in found] == ["A"]


def test_a_variant_shows_what_its_model_is_packed_in(lamp, client):
    write(wish("M", role="model", family="lamp", family_variant="lamp_color",
               at={"packs||": [{"level": "case", "gtin": gtin(5), "quantity": 4}]}))  # fmt: skip
    write(wish("V", parent="M", at={"color||": "red"}))
    page = client.get(product_page(Product.objects.get(identifier="V"))).content.decode()
    assert f"Each; Case: 4 × Each · {gtin(5)}" in page


def test_a_filterable_packaging_filters_the_list_and_what_is_selected_by_it(lamp, client):
    Attribute.objects.filter(code="packs").update(filterable=True)
    forget_structure()
    write(wish("B", family="lamp"))
    page = client.get(reverse("admin:pim_product_changelist"), {"attr_packs": CASE})
    assert [p.identifier for p in page.context["cl"].result_list] == ["A"]
    attribute = load_structure().attributes["packs"]
    test = _of_attribute(attribute, CASE, page.context["working"])
    assert test == {"packs": [{"operator": "=", "value": CASE}]}
    assert [p.identifier for p in find_products(test, at=NOW)] == ["A"]


def test_columns_of_other_tables_can_go_to_every_part(lamp):
    targets = dict(target_columns(load_structure()))
    assert targets["packs-case-gtin"] == "Packed in · case · gtin"
    assert "packs-pallet-width-unit" in targets
    assert "packs-each-quantity" not in targets
