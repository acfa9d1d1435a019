"""Old codes in the PIM REST API: what was renamed is found and changed, and nothing is made."""

import json
import re

import pytest

from pim.actions.jobs import run_job
from pim.actions.remodel import queue_remodel
from pim.models import (
    AssociationType,
    Attribute,
    AttributeOption,
    Category,
    Family,
    FamilyVariant,
    Product,
    ReferenceRecord,
)
from tests.factories.catalogue import ANNA, NOW, lamp_catalogue, wish, write
from tests.factories.rest import RestClient

pytestmark = pytest.mark.django_db
NOUNS = (Attribute, AttributeOption, Category, Family, FamilyVariant, AssociationType,
         ReferenceRecord)  # fmt: skip
# kind and owner of the renaming, old code, the list, what to change, and where it is seen
ROUTES = [
    ("family", "", "lamp", "/families", {"labels": {"fi": "Uusi"}}),
    ("attribute", "", "notes", "/attributes", {"labels": {"fi": "Uusi"}}),
    ("option", "color", "red", "/attributes/color/options", {"labels": {"fi": "Uusi"}}),
    ("category", "", "indoor", "/categories", {"labels": {"fi": "Uusi"}}),
    ("association_type", "", "goes_with", "/association-types", {"labels": {"fi": "Uusi"}}),
    ("family_variant", "", "lamp_color", "/families/lamp/variants", {"labels": {"fi": "Uusi"}}),
]


@pytest.fixture
def shop():
    lamp_catalogue()
    write(wish("L1", family="lamp", categories=["indoor"], at={"color||": "red"}))
    return RestClient()


def rename(kind: str, code: str, to: str, owner: str = "") -> None:
    params = {"kind": kind, "code": code, "to": to, **({"owner": owner} if owner else {})}
    job = queue_remodel("rename", params, user=None, actor=ANNA, dry_run=False)
    run_job(job.pk, at=NOW)
    job.refresh_from_db()
    assert job.state == "done"


def codes() -> list[list[str]]:
    return [sorted(model.objects.values_list("code", flat=True)) for model in NOUNS]


@pytest.mark.parametrize(("kind", "owner", "old", "page", "change"), ROUTES)
def test_the_old_code_reads_and_changes_what_was_renamed(shop, kind, owner, old, page, change):
    rename(kind, old, "brand_new", owner)
    before = codes()
    found = shop.get(f"{page}/{old}")
    assert (found.status_code, found.json()["code"]) == (200, "brand_new")
    answer = shop.patch(f"{page}/{old}", {"code": old, **change})
    assert (answer.status_code, answer["Location"].rsplit("/", 1)[1]) == (204, "brand_new")
    assert shop.get(f"{page}/brand_new").json()["labels"]["fi"] == "Uusi"
    assert shop.patch(f"{page}/{old}", {"code": "brand_new", **change}).status_code == 204
    lines = shop.answers(page, [{"code": old, **change}, {"code": "brand_new", **change}])
    assert [(line["code"], line["status_code"]) for line in lines] == [
        (old, 204), ("brand_new", 204),
    ]  # fmt: skip
    other = shop.patch(f"{page}/{old}", {"code": "another", **change})
    assert (other.status_code, codes()) == (422, before)


def test_records_follow_their_old_codes(shop):
    rename("record", "aino", "aino2", "maker")
    before = codes()
    page = "/reference-entities/maker/records"
    assert shop.get(f"{page}/aino").json()["code"] == "aino2"
    label = {"label": [{"locale": "en_US", "channel": None, "data": "Aino"}]}
    assert shop.patch(f"{page}/aino", {"values": label}).status_code == 204
    assert (codes(), ReferenceRecord.objects.get().labels) == (before, {"en-US": "Aino"})


def test_owners_and_links_are_understood_by_their_old_codes(shop):
    for kind, old in (("family", "lamp"), ("attribute", "color"), ("category", "master")):
        rename(kind, old, f"{old}_new")
    before = codes()
    assert shop.get("/attributes/color/options/red").json()["attribute"] == "color_new"
    assert shop.get("/families/lamp/variants/lamp_color").status_code == 200
    assert shop.patch("/attributes/color/options/red", {"sort_order": 7}).status_code == 204
    assert shop.patch("/categories/outdoor", {"parent": "master"}).status_code == 204
    wanted = {"attributes": ["sku", "name", "color"], "attribute_requirements": {"web": ["color"]}}
    assert shop.patch("/families/lamp", wanted).status_code == 204
    family = shop.get("/families/lamp_new").json()
    assert family["attributes"] == ["sku", "name", "color_new"]
    assert family["attribute_requirements"]["web"] == ["color_new"]
    assert (codes(), Category.objects.get(code="outdoor").parent.code) == (before, "master_new")


def test_a_code_that_is_in_use_again_wins(shop):
    rename("family", "lamp", "lantern")
    assert shop.post("/families", {"code": "lamp"}).status_code == 201
    assert shop.get("/families/lamp").json()["code"] == "lamp"
    shop.patch("/families/lamp", {"labels": {"en_US": "Again"}})
    assert Family.objects.get(code="lamp").labels == {"en-US": "Again"}
    assert Family.objects.get(code="lantern").labels == {}
    assert shop.patch("/families/nobody", {"labels": {}}).status_code == 201


def test_products_are_read_and_written_by_their_old_names(shop):
    job = queue_remodel("rename_products", {"names": {"L1": "L2"}}, user=None, actor=ANNA,
                        dry_run=False)  # fmt: skip
    run_job(job.pk, at=NOW)
    assert shop.get("/products/L1").json()["identifier"] == "L2"
    assert shop.patch("/products/L1", {"enabled": False}).status_code == 204
    assert list(Product.objects.values_list("identifier", "enabled")) == [("L2", False)]
    search = {"search": json.dumps({"identifier": [{"operator": "=", "value": "L1"}]})}
    assert shop.get("/products", search).json()["_embedded"]["items"] == []


def test_a_hidden_branch_stays_hidden_by_its_old_code(shop):
    from django.contrib.auth.models import Group

    from pim.content.rights import AREAS
    from pim.models import Role

    client = RestClient("blind", rights=["view_category", "change_category"])
    group = Group.objects.create(name="blind-role")
    grants = {area: {"*": "publish"} for area in AREAS}
    grants["category"]["indoor2"] = "none"
    rename("category", "indoor", "indoor2")
    Role.objects.create(group=group, grants=grants)
    client.connection.user.groups.add(group)
    before = list(Category.objects.values())
    assert client.get("/categories/indoor").status_code == 404
    said = [
        client.patch(f"/categories/{code}", {"labels": {"en_US": "X"}})
        for code in ("indoor", "indoor2", "nothing")
    ]
    told = [re.sub(r"indoor2?|nothing", "#", response.content.decode()) for response in said]
    assert told == told[:1] * 3
    assert {response.status_code for response in said} == {422}
    assert list(Category.objects.values()) == before
