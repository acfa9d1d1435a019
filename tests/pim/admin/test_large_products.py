"""Product pages of a large installation: many options, many languages."""

import json
import re

import pytest

from pim.admin.products.controls import MOST_OPTIONS
from pim.models import (
    Attribute,
    AttributeOption,
    Channel,
    Draft,
    Family,
    Product,
)
from pim.queries.structure import forget_structure
from tests.factories.catalogue import lamp_catalogue, wish, write
from tests.factories.desk import posted, product_page, superuser
from tests.factories.large import MORE, choose_among, shown, speak_more

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    lamp_catalogue()
    client.force_login(superuser())
    return client


@pytest.mark.parametrize(("attribute", "typed"), [("color", "part_7"), ("care", '["part_7"]')])
def test_many_options_are_asked_for_and_saved_as_before(desk, attribute, typed):
    choose_among(MOST_OPTIONS + 1, attribute)
    held = "part_3" if attribute == "color" else ["part_3"]
    write(wish("L1", family="lamp", at={f"{attribute}||": held}))
    product = Product.objects.get(identifier="L1")
    page = desk.get(product_page(product))
    text = page.content.decode()
    assert "Part no. 3 of oak" in text
    assert "Part no. 7 of oak" not in text
    assert posted(page)[f"v-{attribute}"] == json.dumps(held).strip('"')
    desk.post(product_page(product), posted(page) | {f"v-{attribute}": typed, "_save": "1"})
    (draft,) = Draft.objects.filter(product=product, locale="")
    assert draft.values[attribute] == {"": "part_7" if attribute == "color" else ["part_7"]}


def test_options_are_found_by_label_and_code(desk):
    choose_among(MOST_OPTIONS + 1)
    url = "/admin/pim/product/pick/options/?attribute=color"
    found = desk.get(f"{url}&q=no. 12 of").json()["results"]
    assert found == [{"code": "part_12", "label": "Part no. 12 of oak", "hint": "part_12"}]
    assert [o["code"] for o in desk.get(f"{url}&q=part_1").json()["results"]] == ["part_1"]
    assert [o["code"] for o in desk.get(f"{url}&codes=part_4").json()["results"]] == ["part_4"]
    assert len(desk.get(url).json()["results"]) == 30
    assert desk.get("/admin/pim/product/pick/options/?attribute=x").json() == {"results": []}


def test_the_product_list_filters_by_the_words_of_many_options(desk):
    choose_among(MOST_OPTIONS + 1)
    write(*(wish(f"L{n}", family="lamp", at={"color||": f"part_{n}"}) for n in (8, 88, 9)))
    text = shown(desk, "/admin/pim/product/")
    assert 'name="attr_color"' in text
    assert "Part no. 8 of oak" not in text
    for words, wanted in (("no. 8", ["L8", "L88"]), ("part_8", ["L8"]), ("nothing", [])):
        rows = desk.get("/admin/pim/product/", {"attr_color": words}).context["cl"].result_list
        assert [row.identifier for row in rows] == wanted


def test_options_do_not_bring_an_input_for_each_of_many_languages(desk):
    speak_more()
    color = choose_among(30)
    page = shown(desk, f"/admin/pim/attribute/{color.pk}/change/")
    assert len(re.findall(r'name="options-4-labels__([\w-]+)"', page)) == 2


def test_what_is_missing_in_many_languages_is_one_row(desk):
    speak_more()
    write(wish("L1", family="lamp"))
    page = desk.get(product_page(Product.objects.get(identifier="L1"), locale="fi"))
    web = next(row for row in page.context["completeness"] if row["code"] == "web")
    (name,) = [row for row in web["missing"] if row["href"].endswith("#field-name")]
    languages = Channel.objects.get(code="web").locales.count()
    assert (name["locale"], name["href"]) == ("fi", "#field-name")
    assert 1 + len(name["others"]) + name["more"] == languages
    assert len(name["others"]) == 5


def test_locales_are_chosen_by_their_names(desk):
    speak_more()
    text = shown(desk, "/admin/pim/product/?channel=web&locale=en")
    menu = text[text.index('name="locale"') :].split("</select>")[0]
    names = re.findall(r">([^<>]+)</option>", menu)
    assert "Portuguese (Brazil) · pt-BR" in names
    assert names == sorted(names, key=str.casefold)


def test_a_comment_searches_the_many_values_that_it_can_be_about(desk):
    speak_more()
    write(
        wish("L1", at={"name||en": "Lamp"}),
        wish("L2", at={f"name||{code}": "Lamp" for code in MORE}),
    )
    for identifier, searched in (("L1", False), ("L2", True)):
        product = Product.objects.get(identifier=identifier)
        page = shown(desk, f"/admin/pim/product/{product.pk}/talk/")
        assert ("data-pm-search" in page) is searched


def test_the_options_of_an_attribute_are_searched_and_the_others_stay(desk):
    color = choose_among(120)
    page = f"/admin/pim/attribute/{color.pk}/change/"
    assert 'data-pm-narrow="option"' in shown(desk, page)
    before = color.options.count()
    text = shown(desk, f"{page}?option=no. 11 of")
    (pk,) = re.findall(r'name="options-0-id" value="(\d+)"', text)
    assert AttributeOption.objects.get(pk=pk).code == "part_11"
    data = {
        "labels__en": "Colour",
        "group": str(color.group_id),
        "filterable": "on",
        "sort_order": "0",
        "options-TOTAL_FORMS": "1",
        "options-INITIAL_FORMS": "1",
        "options-0-id": pk,
        "options-0-attribute": str(color.pk),
        "options-0-code": "part_11",
        "options-0-labels__en": "Walnut",
        "options-0-sort_order": "0",
    }
    answer = desk.post(f"{page}?option=no. 11 of", data)
    assert answer.status_code == 302, answer.context["errors"]
    assert AttributeOption.objects.get(pk=pk).labels["en"] == "Walnut"
    assert color.options.count() == before
    assert 'data-pm-narrow="option"' not in shown(
        desk, f"/admin/pim/attribute/{Attribute.objects.get(code='size').pk}/change/"
    )


def test_a_new_product_finds_its_family_among_many(desk):
    page = "/admin/pim/product/add/"
    assert "data-pm-tiles" not in shown(desk, page)
    Family.objects.bulk_create(Family(code=f"f{n}") for n in range(20))
    forget_structure()
    assert "data-pm-tiles" in shown(desk, page)
