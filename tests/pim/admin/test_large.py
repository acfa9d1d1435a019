"""The desk of a large installation: what grows with it is neither in the page nor in statements."""

import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pim.admin import dashboard
from pim.admin.products.controls import MOST_OPTIONS
from pim.models import (
    Attribute,
    AttributeGroup,
    AttributeOption,
    Channel,
    Draft,
    Family,
    FamilyAttribute,
    Locale,
    Product,
)
from pim.queries.structure import forget_structure
from syndication.admin import dashboard as outputs_of_dashboard
from syndication.admin.output_form import MANY
from syndication.models import Output
from tests.factories.catalogue import lamp_catalogue, wish, write
from tests.factories.desk import posted, product_page, superuser

pytestmark = pytest.mark.django_db

MORE = "ar bg cs da de el es et fr he hi hr hu it ja ko lt lv nl pl pt-BR ro ru sk th zh-CN".split()


def speak_more() -> None:
    """Add the languages MORE, and have the channel web speak them."""
    web = Channel.objects.get(code="web")
    web.locales.add(*(Locale.objects.create(code=code) for code in MORE))


def statements(client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as counted:
        assert client.get(url).status_code == 200
    return len(counted)


def shown(client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def desk(client):
    lamp_catalogue()
    client.force_login(superuser())
    return client


def grow(family: Family, number: int) -> None:
    group = AttributeGroup.objects.first()
    made = Attribute.objects.bulk_create(
        Attribute(code=f"more_{number}_{n}", kind="text", group=group) for n in range(number)
    )
    FamilyAttribute.objects.bulk_create(FamilyAttribute(family=family, attribute=a) for a in made)


def test_the_page_of_a_family_costs_the_same_for_any_number_of_attributes(desk):
    family = Family.objects.get(code="lamp")
    page = f"/admin/pim/family/{family.pk}/change/"
    few = statements(desk, page)
    grow(family, 40)
    assert statements(desk, page) == few
    assert "more_40_39 · " in shown(desk, page)


def test_an_attribute_of_a_family_is_not_exchanged_for_another(desk):
    family = Family.objects.get(code="lamp")
    before = set(family.members.values_list("attribute__code", flat=True))
    page = f"/admin/pim/family/{family.pk}/change/"
    text = shown(desk, page)
    data = dict(re.findall(r'name="(members-[\w-]+)" value="([^"]*)"', text))
    other = Attribute.objects.create(
        code="other", kind="text", group=AttributeGroup.objects.first()
    )
    data["members-0-attribute"] = str(other.pk)
    last = len(before)
    data |= {
        "members-TOTAL_FORMS": str(last + 1),
        f"members-{last}-attribute": str(other.pk),
        f"members-{last}-family": str(family.pk),
        **{f"members-{n}-sort_order": str(n) for n in range(last + 1)},
        "labels__en": "Lamp",
        "matrix": "",
    }
    answer = desk.post(page, data)
    assert answer.status_code == 302, answer.context["errors"]
    after = set(family.members.values_list("attribute__code", flat=True))
    assert after == before | {"other"}


def test_the_list_of_families_counts_members_and_products_apart(desk):
    write(*(wish(f"L{n}", family="lamp") for n in range(3)))
    family = Family.objects.get(code="lamp")
    row = desk.get("/admin/pim/family/").context["cl"].result_list[0]
    assert (row.size, row.products_size) == (family.members.count(), 3)


def test_the_overview_estimates_languages_where_there_are_many_products(desk, monkeypatch):
    speak_more()
    write(*(wish(f"L{n}", family="lamp", at={"name||en": "Lamp"}) for n in range(12)))
    exact = desk.get("/admin/").context["content"]["completeness"]
    monkeypatch.setattr(dashboard, "SAMPLE", 4)
    few = desk.get("/admin/")
    web = next(row for row in few.context["content"]["completeness"] if row["code"] == "web")
    assert (web["total"], web["about"], exact[0]["about"]) == (12, True, False)
    assert len(web["locales"]) == dashboard.MANY_LOCALES
    assert (
        len(web["locales"]) + len(web["more_locales"])
        == Channel.objects.get(code="web").locales.count()
    )
    shares = [one["percent"] for one in [*web["locales"], *web["more_locales"]]]
    assert shares == sorted(shares)
    assert "≈ " in few.content.decode()


def test_the_overview_shows_the_foremost_outputs(desk, monkeypatch):
    monkeypatch.setattr(outputs_of_dashboard, "MOST_OUTPUTS", 2)
    for n in range(5):
        Output.objects.create(code=f"o{n}", name=f"O{n}", kind="web_json", channel="web")
    figures = desk.get("/admin/").context["publishing"]
    assert (len(figures["outputs"]), figures["more_outputs"]) == (2, 3)


def choose_among(number: int, attribute: str = "color") -> Attribute:
    held = Attribute.objects.get(code=attribute)
    AttributeOption.objects.bulk_create(
        AttributeOption(attribute=held, code=f"part_{n}", labels={"en": f"Part no. {n} of oak"})
        for n in range(number)
    )
    return held


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


def test_texts_in_many_languages_are_folded_and_kept(desk):
    speak_more()
    held = {"en": "Lamp", "th": "โคมไฟ", "de": "Lampe"}
    Family.objects.update(labels=held)
    family = Family.objects.get(code="lamp")
    page = f"/admin/pim/family/{family.pk}/change/"
    text = shown(desk, page)
    seen = re.findall(r'name="labels__([\w-]+)"', text)
    assert seen == ["en", "ar", "bg", "de", "th", "kept"]
    rows = {"members-TOTAL_FORMS": "0", "members-INITIAL_FORMS": "0", "matrix": ""}
    given = {"labels__en": "Light", "labels__de": "Lampe", "labels__fi": "Lamppu"}
    kept = {"labels__kept": json.dumps({"th": "โคมไฟ", "fi": "Vanha"})}
    assert desk.post(page, rows | given | kept).status_code == 302
    family.refresh_from_db()
    assert family.labels == {"en": "Light", "de": "Lampe", "fi": "Lamppu", "th": "โคมไฟ"}


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


def test_an_output_searches_families_and_categories_where_there_are_many(desk):
    page = "/admin/syndication/output/add/"
    assert shown(desk, page).count("data-pm-search") == 1
    Family.objects.bulk_create(Family(code=f"f{n}") for n in range(MANY))
    forget_structure()
    text = shown(desk, page)
    assert text.count("data-pm-search") == 2
    assert 'type="checkbox" name="select_families"' not in text
    output = Output.objects.create(
        code="o",
        name="O",
        kind="web_json",
        channel="web",
        audience="consumer",
        locales=["en"],
        selection={"families": ["f7"]},
    )
    page = f"/admin/syndication/output/{output.pk}/change/"
    families = shown(desk, page).split('name="select_families"')[1].split("</select>")[0]
    assert re.findall(r'value="(\w+)" selected', families) == ["f7"]


def test_a_builder_is_sent_every_category_once(desk):
    text = shown(desk, "/admin/pim/rule/add/")
    words = json.loads(text.split('id="pm-vocabulary"')[1].split(">", 1)[1].split("</script>")[0])
    assert [code for code, _path in words["categories"]].count("indoor") == 1
    (field,) = [field for field in words["fields"] if field["code"] == "categories"]
    assert "choices" not in field


def test_the_list_of_outputs_costs_the_same_and_shortens_many_languages(desk):
    def add(code: str) -> None:
        Output.objects.create(
            code=code, name=code, kind="web_json", channel="web", audience="consumer", locales=MORE
        )

    add("one")
    few = statements(desk, "/admin/syndication/output/")
    add("two")
    add("three")
    assert statements(desk, "/admin/syndication/output/") == few
    text = shown(desk, "/admin/syndication/output/")
    assert f">+{len(MORE) - 8}</span>" in text
    speak_more()
    more = Channel.objects.get(code="web").locales.count() - 8
    assert f">+{more}</span>" in shown(desk, "/admin/pim/channel/")


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
