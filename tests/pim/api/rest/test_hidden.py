"""What roles hide is in no document of the PIM REST API, and no write takes it away or finds it."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from pim.actions.roles import save_role
from pim.content.actor import Actor
from pim.models import (
    Attribute,
    AttributeGroup,
    AttributeOption,
    Category,
    Channel,
    Family,
    FamilyAttribute,
    FamilyVariant,
    FamilyVariantAttribute,
    Locale,
    Product,
    Requirement,
)
from pim.queries.structure import forget_structure
from tests.factories.catalogue import lamp_catalogue, wish, write
from tests.factories.rest import RestClient
from tests.factories.rights import grants

pytestmark = pytest.mark.django_db
BOSS = Actor("boss", "command")
PERMISSIONS = [
    f"pim.{verb}_{noun}"
    for verb in ("view", "add", "change")
    for noun in ("product", "family", "familyvariant", "channel", "attribute", "attributegroup",
                 "attributeoption", "category", "locale")
]  # fmt: skip
HIDDEN = {"group": {"data": "none"}, "channel": {"web": "none"}, "locale": {"sv-FI": "none"},
          "category": {"outdoor": "none"}}  # fmt: skip


@pytest.fixture(autouse=True)
def _catalogue():
    lamp_catalogue()
    family = Family.objects.get(code="lamp")
    name = Attribute.objects.get(code="name")
    FamilyVariantAttribute.objects.filter(attribute__code="color").exclude(
        family_variant__code="lamp_color"
    ).delete()
    FamilyVariantAttribute.objects.create(
        family_variant=FamilyVariant.objects.get(code="lamp_color"), attribute=name, level=1
    )
    Channel.objects.get(code="print").locales.add(Locale.objects.get(code="sv-FI"))
    assert family.members.count() == 15
    write(
        wish("M", family="lamp", family_variant="lamp_color", role="model",
             categories=["outdoor"], at={"story|print|en": "<p>Tall</p>"}),
        wish("V", parent="M", categories=["indoor"], at={"color||": "red", "name||en": "Red"}),
        wish("H", family="lamp", categories=["outdoor"]),
    )  # fmt: skip
    forget_structure()


def client(name="shop", **areas) -> RestClient:
    made = RestClient(name, rights=[])
    user = get_user_model().objects.get(username=f"{name}-user")
    document = grants(**{**HIDDEN, **areas})
    save_role(name, grants=document, permissions=PERMISSIONS, users=[user], actor=BOSS,
              at=timezone.now())  # fmt: skip
    return made


def members() -> list[tuple]:
    rows = FamilyAttribute.objects.order_by("sort_order")
    return list(rows.values_list("attribute__code", "sort_order"))


def needs() -> set[tuple]:
    return set(Requirement.objects.values_list("channel__code", "attribute__code"))


def placed() -> set[tuple]:
    rows = FamilyVariantAttribute.objects.filter(family_variant__code="lamp_color")
    return set(rows.values_list("attribute__code", "level", "axis"))


def test_a_family_names_only_what_may_be_seen():
    Family.objects.update(label_attribute=Attribute.objects.get(code="sku"))
    found = client().get("/families/lamp").json()
    assert found["attributes"] == ["name", "story", "notes"]
    assert found["attribute_requirements"] == {"print": ["name"]}
    assert (found["attribute_as_label"], found["attribute_as_image"]) == (None, None)
    assert (
        client("other").get("/families").json()["_embedded"]["items"][0]["attributes"]
        == (found["attributes"])
    )


def test_what_was_read_of_a_family_is_sent_back_without_a_change():
    before = (members(), needs(), Family.objects.values().get())
    shop = client()
    found = shop.get("/families/lamp").json()
    response = shop.patch("/families/lamp", found)
    assert (response.status_code, members(), needs()) == (204, before[0], before[1])
    assert Family.objects.values().get() == before[2]


def test_hidden_members_stay_at_their_places_when_others_move():
    order = [code for code, _place in members()]
    response = client().patch(
        "/families/lamp",
        {"attributes": ["notes", "name"], "attribute_requirements": {"print": ["notes"]}},
    )
    assert response.status_code == 204, response.content
    after = [code for code, _place in members()]
    hidden = [code for code in order if code not in ("name", "story", "notes")]
    assert [code for code in after if code in hidden] == hidden
    assert [code for code in after if code not in hidden] == ["notes", "name"]
    assert needs() == {
        ("print", "notes"), ("print", "weight"),
        ("web", "name"), ("web", "color"), ("web", "price"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("hidden", "absent"),
    [
        ({"attributes": ["name", "ean"]}, {"attributes": ["name", "nothing"]}),
        ({"attribute_as_image": "photo"}, {"attribute_as_image": "nothing"}),
        (
            {"attribute_requirements": {"web": ["name"]}},
            {"attribute_requirements": {"nothing": ["name"]}},
        ),
        (
            {"attribute_requirements": {"print": ["ean"]}},
            {"attribute_requirements": {"print": ["nothing"]}},
        ),
    ],
)
def test_a_family_that_names_hidden_things_is_answered_as_if_there_were_none(hidden, absent):
    shop = client()
    answers = [shop.patch("/families/lamp", document) for document in (hidden, absent)]
    said = [re.sub(r"(ean|photo|web|nothing)", "#", a.content.decode()) for a in answers]
    assert said[0] == said[1]
    assert {answer.status_code for answer in answers} == {422}


def test_a_family_variant_keeps_hidden_axes_and_placements():
    shop, before = client(), placed()
    found = shop.get("/families/lamp/variants/lamp_color").json()
    sets = [{"level": 1, "axes": [], "attributes": ["name"]}]
    assert (found["common_attributes"], found["variant_attribute_sets"]) == (
        ["story", "notes"], sets
    )  # fmt: skip
    body = {"variant_attribute_sets": [{"level": 1, "axes": [], "attributes": ["story"]}]}
    assert shop.patch("/families/lamp/variants/lamp_color", body).status_code == 204
    assert placed() == before - {("name", 1, False)} | {("story", 1, False), ("sku", 1, False)}
    body["variant_attribute_sets"][0]["attributes"] = ["ean"]
    assert shop.patch("/families/lamp/variants/lamp_color", body).status_code == 422


def test_a_channel_keeps_hidden_locales():
    shop = client()
    assert shop.get("/channels/print").json()["locales"] == ["en"]
    assert shop.patch("/channels/print", {"locales": ["en", "fi"]}).status_code == 204
    held = Channel.objects.get(code="print").locales.values_list("code", flat=True)
    assert set(held) == {"en", "fi", "sv-FI"}


def test_an_attribute_group_keeps_hidden_attributes():
    texts = AttributeGroup.objects.get(code="texts")
    shop = client(group={"data": "none"}, locale={"": "none"})
    assert shop.get("/attribute-groups/texts").json()["attributes"] == ["name", "story"]
    assert shop.patch("/attribute-groups/texts", {"attributes": ["name"]}).status_code == 204
    assert set(texts.attributes.values_list("code", flat=True)) == {"name", "notes"}


def test_labels_in_hidden_locales_are_neither_read_nor_written():
    Family.objects.update(labels={"en": "Lamp", "sv-FI": "Lampa"})
    shop = client()
    assert shop.get("/families/lamp").json()["labels"] == {"en": "Lamp"}
    for text in ("Lampa", "Ljus"):
        response = shop.patch("/families/lamp", {"labels": {"sv_FI": text}})
        assert response.status_code == 403
    assert shop.patch("/families/lamp", {"labels": {"en": "Light"}}).status_code == 204
    assert Family.objects.get().labels == {"en": "Light", "sv-FI": "Lampa"}


def test_options_of_a_hidden_attribute_are_those_of_none():
    shop = client()
    for path in ("/attributes/color/options", "/attributes/color/options/red"):
        lost = shop.get(path.replace("color", "nothing"))
        found = shop.get(path)
        assert found.status_code == lost.status_code == 404
        assert found.content.replace(b"color", b"nothing") == lost.content
    new = {"code": "green", "attribute": "color"}
    assert shop.post("/attributes/color/options", new).status_code == 404
    assert not AttributeOption.objects.filter(code="green").exists()


@pytest.mark.parametrize(
    ("path", "code", "document"),
    [
        ("/attributes", "ean", {}),
        ("/attributes", "ean", {"type": "pim_catalog_number", "group": "texts"}),
        ("/attribute-groups", "data", {"sort_order": 4}),
        ("/channels", "web", {}),
        ("/categories", "outdoor", {"parent": "master"}),
        ("/categories", "outdoor", {"parent": "nothing"}),
    ],
)
@pytest.mark.parametrize("way", ["patch", "post", "lines"])
def test_who_may_not_make_it_is_answered_alike_whether_it_is_hidden_or_not_there(
    path, code, document, way
):
    shop = client(
        group={"*": "view", "data": "none"},
        channel={"*": "view", "web": "none"},
        category={"*": "view", "outdoor": "none"},
    )
    said = []
    for name in (code, "nowhere"):
        sent = {**document, "code": name}
        if way == "lines":
            answer = shop.lines(path, [sent])
            body = answer.getvalue()
        else:
            where = f"{path}/{name}" if way == "patch" else path
            answer = getattr(shop, way)(where, sent)
            body = answer.content
        said.append((answer.status_code, body.decode().replace(name, "#")))
    assert said[0] == said[1]
    assert not Category.objects.filter(code="nowhere").exists()


def test_a_variant_does_not_name_a_model_that_is_hidden():
    shop = client(group={"data": "view"})
    found = shop.get("/products/V").json()
    assert found["parent"] is None
    assert found["values"]["story"][0]["data"] == "<p>Tall</p>"
    assert client("seer", category="publish").get("/products/V").json()["parent"] == "M"
    names = {"search": '{"parent": [{"operator": "=", "value": "M"}]}'}
    assert shop.get("/products", names).json()["_embedded"]["items"] == []
    alone = {"search": '{"parent": [{"operator": "EMPTY"}]}'}
    items = shop.get("/products", alone).json()["_embedded"]["items"]
    assert [item["identifier"] for item in items] == ["V"]


def test_a_variant_stays_below_a_model_that_its_writer_does_not_see():
    shop = client(group={"data": "publish"})
    found = shop.get("/products/V").json()
    found["values"]["name"] = [{"locale": "en", "scope": None, "data": "Crimson"}]
    sent = {name: found[name] for name in ("identifier", "parent", "categories", "values")}
    response = shop.patch("/products/V", sent)
    assert response.status_code == 204, response.content
    assert Product.objects.get(identifier="V").parent.identifier == "M"


@pytest.mark.parametrize("way", ["patch", "post", "lines"])
@pytest.mark.parametrize("making", ["view", "publish"])
def test_a_hidden_identifier_is_answered_as_one_that_may_not_be_made(way, making):
    shop = client(group={"data": "view", "@structure": making}, category={
        "*": "publish", "outdoor": "none", "": "view"})  # fmt: skip
    said = []
    for name in ("H", "NEW"):
        sent = {"identifier": name, "family": "lamp"}
        if way == "lines":
            said.append(shop.lines("/products", [sent]).getvalue())
        else:
            where = f"/products/{name}" if way == "patch" else "/products"
            response = getattr(shop, way)(where, sent)
            assert response.status_code == 403
            said.append(response.content)
    assert said[0].replace(b"H", b"NEW") == said[1].replace(b"H", b"NEW")
    assert not Product.objects.filter(identifier="NEW").exists()


def test_who_may_not_rename_does_not_learn_what_is_taken():
    shop = client(group={"data": "view", "@structure": "edit"})
    said = [
        shop.patch("/products/V", {"identifier": name}).content.replace(name.encode(), b"#")
        for name in ("H", "NEW")
    ]
    assert said[0] == said[1]
    assert Product.objects.filter(identifier="V").exists()


def test_a_taken_value_does_not_name_a_hidden_product():
    write(wish("H", at={"ean||": "4006381333931"}))
    write(wish("L", family="lamp", categories=["indoor"]))
    shop = client(group={"data": "publish"})
    values = {"ean": [{"locale": None, "scope": None, "data": "4006381333931"}]}
    response = shop.patch("/products/L", {"values": values})
    assert response.status_code == 422
    assert " H." not in response.content.decode()
    assert "another product" in response.content.decode()


def test_a_hidden_category_of_a_product_cannot_be_guessed():
    write(wish("L", family="lamp", categories=["indoor", "outdoor"]))
    shop = client()
    said = [
        shop.patch("/products/L", {"categories": ["indoor", name]}).content.replace(
            name.encode(), b"#"
        )
        for name in ("outdoor", "nothing")
    ]
    assert said[0] == said[1]
