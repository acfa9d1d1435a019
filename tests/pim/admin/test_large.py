"""The desk of a large installation: what grows with it is neither in pages nor in statements."""

import json
import re

import pytest

from pim.admin import dashboard
from pim.importing import suggestions
from pim.models import (
    Attribute,
    AttributeGroup,
    Channel,
    Family,
    FamilyAttribute,
)
from pim.queries.structure import forget_structure, load_structure
from syndication.admin import dashboard as outputs_of_dashboard
from syndication.admin.output_form import MANY
from syndication.models import Output
from tests.factories.catalogue import lamp_catalogue, wish, write
from tests.factories.desk import superuser
from tests.factories.large import MORE, shown, speak_more, statements

pytestmark = pytest.mark.django_db


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


def test_what_columns_mean_reads_the_options_once_for_all_columns(desk, monkeypatch):
    read = []
    whole = suggestions.codes_by_label

    def counted(target, structure):
        read.append(target)
        return whole(target, structure)

    monkeypatch.setattr(suggestions, "codes_by_label", counted)
    header = [f"Column {n}" for n in range(30)]
    rows = [[f"{row} {n}" for n in range(30)] for row in range(4)]
    suggestions.suggest(header, rows, structure=load_structure(), locale="en", currency="EUR")
    assert sorted(read) == sorted(set(read))
