"""The product page writes what was changed, all of it and nothing else."""

import json

import pytest

from pim.models import Attribute, Change, Draft, Family, Product, Version
from pim.queries.structure import forget_structure
from tests.factories.catalogue import ANNA, NOW, lamp_catalogue, wish, write
from tests.factories.desk import posted, product_page, staff, superuser

pytestmark = pytest.mark.django_db


@pytest.fixture
def lamp(client):
    lamp_catalogue()
    write(
        wish(
            "SOLO",
            family="lamp",
            categories=["indoor"],
            at={
                "name||en": "Lamp",
                "story|web|en": "<p>Long <strong>story</strong></p>",
                "notes||": "line one\nline two",
                "weight||": {"amount": "800", "unit": "GRAM"},
                "price||": {"EUR": "99.5"},
                "color||": "red",
                "care||": ["cold", "warm"],
                "maker||": ["aino"],
                "on_sale||": True,
                "pieces||": "4",
            },
        )
    )
    client.force_login(superuser())
    return Product.objects.get(identifier="SOLO")


def values(product, locale="") -> dict:
    return Draft.objects.get(product=product, locale=locale).values


def test_saving_the_page_untouched_writes_nothing(lamp, client):
    before = (lamp.row_version, Change.objects.count())
    form = posted(client.get(product_page(lamp)))
    answer = client.post(product_page(lamp), form | {"_save": "1"})
    assert answer.status_code == 302
    lamp.refresh_from_db()
    assert (lamp.row_version, Change.objects.count()) == before


def test_one_changed_text_writes_one_change(lamp, client):
    form = posted(client.get(product_page(lamp)))
    client.post(product_page(lamp), form | {"v-name": "Lamp of birch", "_save": "1"})
    change = Change.objects.filter(product=lamp).first()
    assert (change.actor, change.source) == ("anna", "admin")
    assert change.detail == {"name||en": ["Lamp", "Lamp of birch"]}
    assert values(lamp, "en")["name"] == {"": "Lamp of birch"}


def test_every_kind_of_value_can_be_changed(lamp, client):
    form = posted(client.get(product_page(lamp)))
    typed = {
        "v-notes": "other",
        "v-weight-amount": "1,5",
        "v-weight-unit": "KILOGRAM",
        "v-price-currency-EUR": "120",
        "v-color": "blue",
        "v-care": json.dumps(["cold"]),
        "v-maker": json.dumps([]),
        "v-on_sale": "false",
        "v-pieces": "12",
        "v-spare": json.dumps([str(lamp.uuid)]),
    }
    client.post(product_page(lamp), form | typed | {"_save": "1"})
    assert {code: held[""] for code, held in values(lamp).items()} == {
        "notes": "other",
        "weight": {"amount": "1.5", "unit": "KILOGRAM"},
        "price": {"EUR": "120"},
        "color": "blue",
        "care": ["cold"],
        "on_sale": False,
        "pieces": "12",
        "spare": [str(lamp.uuid)],
    }


def test_a_value_can_be_empty_on_purpose(lamp, client):
    form = posted(client.get(product_page(lamp)))
    client.post(product_page(lamp), form | {"v-color-state": "empty", "_save": "1"})
    assert values(lamp)["color"] == {"": {"$state": "empty"}}


def test_rich_text_is_cleaned_on_the_server(lamp, client):
    form = posted(client.get(product_page(lamp)))
    evil = '<p onclick="x()">Fine</p><script>alert(1)</script>'
    client.post(product_page(lamp), form | {"v-story": evil, "_save": "1"})
    assert values(lamp, "en")["story"] == {"web": "<p>Fine</p>"}


def test_a_wrong_value_is_refused_and_what_was_typed_stays(lamp, client):
    before = (lamp.row_version, Change.objects.count())
    form = posted(client.get(product_page(lamp)))
    typed = {"v-pieces": "many", "v-name": "Typed meanwhile", "_save": "1"}
    answer = client.post(product_page(lamp), form | typed)
    again = posted(answer)
    assert (again["v-pieces"], again["v-name"]) == ("many", "Typed meanwhile")
    assert answer.content.decode().count('role="alert"') >= 1
    lamp.refresh_from_db()
    assert (lamp.row_version, Change.objects.count()) == before


def test_a_refusal_calls_the_field_as_the_page_does(lamp, client):
    labels = {"en": "Pieces in a pack", "fi": "Kappaleita"}
    Attribute.objects.filter(code="pieces").update(labels=labels)
    forget_structure()
    for locale, label in labels.items():
        page = f"{product_page(lamp)}?channel=web&locale={locale}"
        form = posted(client.get(page))
        answer = client.post(page, form | {"v-pieces": "many", "_save": "1"}).content.decode()
        assert (f"“{label}” needs a number" in answer, "“pieces”" in answer) == (True, False)


def test_categories_and_enabled_are_saved(lamp, client):
    form = posted(client.get(product_page(lamp)))
    typed = {"@categories": json.dumps(["indoor", "outdoor"]), "@enabled": "false", "_save": "1"}
    client.post(product_page(lamp), form | typed)
    lamp.refresh_from_db()
    assert lamp.enabled is False
    assert sorted(lamp.categories.values_list("code", flat=True)) == ["indoor", "outdoor"]


def test_identifier_and_family_can_be_changed(lamp, client):
    Family.objects.create(code="tool")
    forget_structure()
    form = posted(client.get(product_page(lamp)))
    assert (form["@identifier"], form["@family"]) == ("SOLO", "lamp")
    client.post(product_page(lamp), form | {"@identifier": "DUO", "@family": "tool", "_save": "1"})
    lamp.refresh_from_db()
    assert (lamp.identifier, lamp.family.code) == ("DUO", "tool")


def test_associations_with_quantities_are_saved(lamp, client):
    write(wish("OTHER", family="lamp"))
    form = posted(client.get(product_page(lamp)))
    ties = {"set": {"products": [{"identifier": "OTHER", "quantity": 3}], "groups": []}}
    client.post(product_page(lamp), form | {"@associations": json.dumps(ties), "_save": "1"})
    rows = lamp.associations.values_list("type__code", "target__identifier", "quantity")
    assert list(rows) == [("set", "OTHER", 3)]


def test_somebody_elses_other_value_is_no_conflict(lamp, client):
    form = posted(client.get(product_page(lamp)))
    write(wish("SOLO", at={"notes||": "theirs"}))
    client.post(product_page(lamp), form | {"v-name": "Mine", "_save": "1"})
    assert values(lamp, "en")["name"] == {"": "Mine"}
    assert values(lamp)["notes"] == {"": "theirs"}


def test_a_conflict_shows_both_values_and_loses_nothing(lamp, client):
    form = posted(client.get(product_page(lamp)))
    write(wish("SOLO", at={"name||en": "Theirs"}))
    typed = form | {"v-name": "Mine", "v-notes": "also mine", "_save": "1"}
    answer = client.post(product_page(lamp), typed)
    assert answer.status_code == 409
    (clash,) = answer.context["clashes"]
    assert (clash.opened, clash.theirs, clash.yours) == ("Lamp", "Theirs", "Mine")
    assert dict(answer.context["kept"])["v-notes"] == "also mine"
    assert values(lamp, "en")["name"] == {"": "Theirs"}
    assert values(lamp)["notes"] == {"": "line one\nline two"}


@pytest.mark.parametrize(("choice", "name"), [("yours", "Mine"), ("theirs", "Theirs")])
def test_a_conflict_is_settled_as_chosen_with_the_rest_saved(lamp, client, choice, name):
    form = posted(client.get(product_page(lamp)))
    write(wish("SOLO", at={"name||en": "Theirs"}))
    typed = form | {"v-name": "Mine", "v-notes": "also mine", "_save": "1"}
    kept = dict(client.post(product_page(lamp), typed).context["kept"])
    settled = {"_settled": "1", "clash": "name", "choice-name": choice}
    assert client.post(product_page(lamp), kept | settled).status_code == 302
    assert values(lamp, "en")["name"] == {"": name}
    assert values(lamp)["notes"] == {"": "also mine"}


def test_save_and_publish_makes_a_version(lamp, client):
    form = posted(client.get(product_page(lamp)))
    client.post(product_page(lamp), form | {"v-name": "Published", "_publish": "1"})
    version = Version.objects.get(product=lamp)
    assert (version.number, version.actor) == (1, "anna")


def test_publishing_needs_its_own_permission(lamp, client):
    client.force_login(staff("otto", "view_product", "change_product"))
    form = posted(client.get(product_page(lamp)))
    assert client.post(product_page(lamp), form | {"_publish": "1"}).status_code == 403
    assert Version.objects.count() == 0


def test_a_value_of_the_model_is_shown_and_not_written_by_its_variant(lamp, client):
    write(
        wish(
            "M", role="model", family="lamp", family_variant="lamp_color", at={"name||en": "Model"}
        ),
        wish("M-R", parent="M", at={"color||": "red"}),
    )
    variant = Product.objects.get(identifier="M-R")
    answer = client.get(product_page(variant))
    cells = {c.attribute.code: c for tab in answer.context["tabs"] for c in tab.cells}
    assert (cells["name"].place, cells["name"].inherited, cells["name"].inherited_from) == (
        "above",
        "Model",
        "M",
    )
    assert "v-name-on" not in posted(answer)


def test_a_fallback_is_shown_but_not_written(lamp, client):
    write(wish("SOLO", at={"name||sv": "Lampa"}), actor=ANNA, at=NOW)
    answer = client.get(product_page(lamp, locale="sv-FI"))
    (cell,) = [c for tab in answer.context["tabs"] for c in tab.cells if c.attribute.code == "name"]
    assert (cell.data, cell.fallback, cell.fallback_from) == (None, "Lampa", "sv")
    version = lamp.row_version
    client.post(product_page(lamp, locale="sv-FI"), posted(answer) | {"_save": "1"})
    assert Draft.objects.filter(product=lamp, locale="sv-FI").count() == 0
    assert Product.objects.get(pk=lamp.pk).row_version >= version


def test_the_completeness_panel_leads_to_the_missing_field(lamp, client):
    write(wish("SOLO", at={"price||": None}))
    answer = client.get(product_page(lamp))
    web = next(row for row in answer.context["completeness"] if row["code"] == "web")
    links = {miss["label"]: miss["href"] for miss in web["missing"] if not miss["locale"]}
    assert links == {"[price]": "#field-price"}
