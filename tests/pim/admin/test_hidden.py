"""What roles hide is neither on the desk's pages of structure nor taken away by saving them."""

import json

import pytest
from django.contrib.auth.models import Permission, User
from django.urls import reverse

from pim.actions.roles import save_role
from pim.content.actor import Actor
from pim.models import (
    Attribute,
    Audience,
    Channel,
    ExportProfile,
    Family,
    FamilyVariant,
    FamilyVariantAttribute,
    Locale,
    MeasurementFamily,
    Product,
    Requirement,
    Review,
    Task,
)
from tests.factories.catalogue import NOW, lamp_catalogue, wish, write
from tests.factories.rights import grants

pytestmark = pytest.mark.django_db
BOSS = Actor("boss", "command")
HIDDEN = {"group": {"data": "none"}, "channel": {"web": "none"}, "locale": {"sv-FI": "none"},
          "category": {"outdoor": "none"}}  # fmt: skip
NOUNS = ("family", "familyvariant", "channel", "attribute", "attributegroup", "product", "task",
         "exportprofile", "change", "review", "locale")  # fmt: skip


@pytest.fixture
def desk(client):
    lamp_catalogue()
    tove = User.objects.create_user("tove", password="secret-enough", is_staff=True)
    held = [f"pim.{verb}_{noun}" for noun in NOUNS for verb in ("view", "add", "change", "delete")]
    save_role("some", grants=grants(**HIDDEN), permissions=held, users=[tove], actor=BOSS, at=NOW)
    client.force_login(tove)
    return client


def change(model, row) -> str:
    return reverse(f"admin:pim_{model}_change", args=[row.pk])


def formset(prefix: str) -> dict:
    return {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}


def needs() -> set[tuple]:
    return set(Requirement.objects.values_list("channel__code", "attribute__code"))


def test_saving_a_family_keeps_what_its_page_does_not_show(desk):
    family = Family.objects.get()
    family.labels = {"en": "Lamp", "sv-FI": "Lampa"}
    family.label_attribute = Attribute.objects.get(code="ean")
    family.save()
    page = desk.get(change("family", family)).content.decode()
    assert [code for code in ("[ean]", "[web]", "Lampa", "sv-FI") if code in page] == []
    before, members = needs(), list(family.members.values_list("attribute__code", "sort_order"))
    typed = {"labels__en": "Light", "label_attribute": "", "image_attribute": "",
             "matrix__notes__print": "required", **formset("members")}  # fmt: skip
    answer = desk.post(change("family", family), typed)
    assert answer.status_code == 302, answer.context["errors"]
    family.refresh_from_db()
    assert family.labels == {"en": "Light", "sv-FI": "Lampa"}
    assert (family.label_attribute.code, family.image_attribute.code) == ("ean", "photo")
    assert needs() == before - {("print", "name")} | {("print", "notes")}
    assert list(family.members.values_list("attribute__code", "sort_order")) == members


def test_a_family_is_labelled_by_what_may_be_chosen_only(desk):
    hidden = Attribute.objects.get(code="ean")
    typed = {"label_attribute": hidden.pk, **formset("members")}
    answer = desk.post(change("family", Family.objects.get()), typed)
    assert answer.status_code == 200
    assert Family.objects.get().label_attribute.code == "name"


def test_saving_a_family_variant_keeps_hidden_axes(desk):
    variant = FamilyVariant.objects.get(code="lamp_color")
    name = Attribute.objects.get(code="name")
    FamilyVariantAttribute.objects.create(family_variant=variant, attribute=name, level=1)
    assert "[color]" not in desk.get(reverse("admin:pim_familyvariant_changelist")).content.decode()
    page = desk.get(change("familyvariant", variant)).content.decode()
    assert "matrix__name__level" in page
    assert "matrix__color__level" not in page
    answer = desk.post(change("familyvariant", variant), {"matrix__story__level": "1"})
    assert answer.status_code == 302, answer.context["errors"]
    placed = set(variant.placements.values_list("attribute__code", "level", "axis"))
    assert placed == {("color", 1, True), ("ean", 1, False), ("story", 1, False)}


def test_saving_a_channel_keeps_hidden_locales(desk):
    channel = Channel.objects.get(code="print")
    channel.locales.add(Locale.objects.get(code="sv-FI"))
    listed = desk.get(reverse("admin:pim_channel_changelist")).content.decode()
    assert "sv-FI" not in listed
    english = Locale.objects.get(code="en")
    finnish = Locale.objects.get(code="fi")
    typed = {
        "locales": [english.pk, finnish.pk], "gate": "0",
        "currencies": [c.pk for c in channel.currencies.all()],
        "category_tree": channel.category_tree.pk,
        "audiences": [a.pk for a in Audience.objects.all()],
    }  # fmt: skip
    answer = desk.post(change("channel", channel), typed)
    assert answer.status_code == 302, answer.context["errors"]
    assert set(channel.locales.values_list("code", flat=True)) == {"en", "fi", "sv-FI"}


def test_reviews_tasks_and_notices_are_those_of_what_may_be_seen(desk):
    write(
        wish("L", family="lamp", categories=["indoor"]),
        wish("H", family="lamp", categories=["outdoor"]),
    )
    tove = User.objects.get(username="tove")
    for product in Product.objects.all():
        Task.objects.create(title="Write", product=product, assignee=tove, created_at=NOW)
        slices = [["data", ""], ["texts", "en"], ["texts", "sv-FI"]]
        Review.objects.create(product=product, slices=slices, asked_at=NOW, asked_by=tove)
    mine = desk.get(reverse("admin:pim_task_mine")).content.decode()
    assert (">L<" in mine, ">H<" in mine) == (True, False)
    shown = desk.get("/api/v1/reviews").json()["results"]
    assert [(row["product"], row["slices"]) for row in shown] == [("L", [["texts", "en"]])]
    assert [row["product"] for row in desk.get("/api/v1/tasks").json()["results"]] == ["L"]
    hidden = Task.objects.get(product__identifier="H")
    assert desk.post(f"/api/v1/tasks/{hidden.pk}/finish").status_code == 404
    hidden.refresh_from_db()
    assert hidden.done_at is None


def test_a_bulk_edit_counts_the_products_that_are_seen(desk):
    write(
        wish("L", family="lamp", categories=["indoor"]),
        wish("H", family="lamp", categories=["outdoor"]),
    )
    body = {"selection": '{"all": true}', "operations": '[{"op": "set"}]'}
    assert desk.post(reverse("admin:pim_product_bulk"), body).context["count"] == 1
    [seen] = Product.objects.filter(identifier="L")
    everything = {"action": "edit_in_bulk", "select_across": "1", "_selected_action": [seen.pk]}
    page = desk.post(f"{reverse('admin:pim_product_changelist')}?family=lamp", everything)
    assert (page.context["count"], "search" in json.loads(page.context["selection"])) == (1, True)


def test_export_profiles_that_name_hidden_things_are_not_there(desk):
    profiles = {
        "plain": {"columns": ["name"]},
        "column": {"columns": ["name", "ean"]},
        "channel": {"channels": ["web"]},
        "locale": {"locales": ["sv-FI"]},
    }
    for code, settings in profiles.items():
        ExportProfile.objects.create(code=code, name=code, settings=settings, selection={})
    filtered = {"search": {"categories": [{"operator": "IN", "value": ["outdoor"]}]}}
    ExportProfile.objects.create(code="branch", name="branch", settings={}, selection=filtered)
    listed = desk.get("/api/v1/exports").json()["results"]
    assert [row["code"] for row in listed] == ["plain"]
    assert desk.get("/api/v1/exports/column").status_code == 404
    row = ExportProfile.objects.get(code="channel")
    assert desk.get(change("exportprofile", row)).status_code == 404


def test_what_deleting_takes_along_is_told_by_kind_alone(desk):
    write(wish("H", family="lamp", categories=["outdoor"]))
    page = desk.get(reverse("admin:pim_family_delete", args=[Family.objects.get().pk]))
    assert page.status_code == 200
    assert ">H<" not in page.content.decode()


def test_creating_what_is_hidden_is_answered_as_creating_where_one_may_not(desk):
    write(wish("H", family="lamp", categories=["outdoor"]))
    role = grants(**{**HIDDEN, "category": {"outdoor": "none", "": "view"}})
    tove = User.objects.get(username="tove")
    permissions = ["pim.view_product", "pim.add_product"]
    save_role("some", grants=role, permissions=permissions, users=[tove], actor=BOSS, at=NOW)
    said = []
    for name in ("H", "NEW"):
        typed = {"identifier": name, "family": "lamp"}
        page = desk.post(reverse("admin:pim_product_add"), typed)
        said.append(page.context["error"].replace(name, "#"))
    assert said[0] == said[1]
    assert said[0]
    assert not Product.objects.filter(identifier="NEW").exists()


def test_tables_show_no_labels_in_hidden_locales_and_keep_them(desk):
    tove = User.objects.get(username="tove")
    tove.user_permissions.set(Permission.objects.filter(codename__endswith="measurementfamily"))
    family = MeasurementFamily.objects.get()
    family.units = [{**unit, "labels": {"en": "Some", "sv-FI": "Dolt"}} for unit in family.units]
    family.save()
    page = desk.get(change("measurementfamily", family)).content.decode()
    assert ("Some" in page, "Dolt" in page, "sv-FI" in page) == (True, False, False)
    shown = [{**unit, "labels": {"en": "Other"}} for unit in family.units]
    more = {"code": "TON", "factor": "1000", "labels": {"en": "Ton", "sv-FI": "Smuggled"}}
    typed = {"standard_unit": family.standard_unit, "units": json.dumps([*shown, more])}
    assert desk.post(change("measurementfamily", family), typed).status_code == 302
    family.refresh_from_db()
    labels = [unit["labels"] for unit in family.units]
    assert labels == [{"en": "Other", "sv-FI": "Dolt"}] * 2 + [{"en": "Ton"}]


def test_a_profile_under_the_code_of_a_hidden_one_is_one_not_to_be_made(desk):
    ExportProfile.objects.create(
        code="weekly", name="Weekly", selection={"all": True}, settings={"columns": ["ean"]}
    )
    typed = {"code": "weekly", "name": "Mine", "selection": json.dumps({"all": True}),
             "format": "csv", "audience": "people", "state": "draft", "separator": ";",
             "time_zone": "UTC", "row_version": "0"}  # fmt: skip
    answer = desk.post(reverse("admin:pim_exportprofile_add"), typed)
    assert answer.context["error"] == "Your roles do not let you create weekly here."
    assert ExportProfile.objects.get().name == "Weekly"
