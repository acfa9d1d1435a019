"""Structure edited at the desk: real fields instead of JSON, and the log always hears of it."""

import json

import pytest
from django.urls import reverse

from pim.models import (
    Asset,
    AssetFamily,
    Attribute,
    AttributeGroup,
    Category,
    Family,
    FamilyVariant,
    LogEntry,
    MeasurementFamily,
    PriceFact,
    PriceList,
    Product,
    ReferenceRecord,
)
from pim.queries.structure import load_structure
from tests.factories.catalogue import lamp_catalogue, wish, write
from tests.factories.desk import superuser

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    lamp_catalogue()
    client.force_login(superuser())
    return client


def change(model, row) -> str:
    return reverse(f"admin:pim_{model}_change", args=[row.pk])


def logged() -> list:
    return [(e.scope["kind"], e.scope["codes"]) for e in LogEntry.objects.filter(kind="structure")]


def formset(prefix: str) -> dict:
    return {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}


def test_labels_are_edited_per_locale_and_logged(desk):
    channel = reverse("admin:pim_grouptype_add")
    typed = {"code": "series", "labels__en": "Series", "labels__fi": "Sarja", "labels__sv": ""}
    assert desk.post(channel, typed).status_code == 302
    from pim.models import GroupType

    assert GroupType.objects.get(code="series").labels == {"en": "Series", "fi": "Sarja"}
    assert logged() == [("group_type", ["series"])]


FIELDS = [
    {"code": "angle", "kind": "select", "labels": {"en": "Angle"}},
    {"code": "moods", "kind": "multiselect"},
    {"code": "note", "localizable": True},
]
OPTIONS = [
    {"field": "angle", "code": "front", "labels": {"en": "Front"}},
    {"field": "moods", "code": "warm"},
    {"field": "moods", "code": "calm"},
]


def typed_fields(**more) -> dict:
    grids = {"record_fields": json.dumps(FIELDS), "field_options": json.dumps(OPTIONS)}
    return {"code": "shots", "labels__en": "Shots", "sort_order": "0", **grids, **more}


def test_fields_of_an_asset_family_and_their_options_are_edited_as_grids(desk):
    page = reverse("admin:pim_assetfamily_add")
    assert desk.post(page, typed_fields()).status_code == 302
    family = AssetFamily.objects.get()
    assert family.fields == [
        {"code": "angle", "kind": "select", "localizable": False, "labels": {"en": "Angle"},
         "options": [{"code": "front", "labels": {"en": "Front"}}]},
        {"code": "moods", "kind": "multiselect", "localizable": False,
         "options": [{"code": "warm", "labels": {}}, {"code": "calm", "labels": {}}]},
        {"code": "note", "kind": "text", "localizable": True},
    ]  # fmt: skip
    AssetFamily.objects.update(fields=[{**family.fields[2], "rules": {"max_length": 9}}])
    kept = typed_fields(record_fields=json.dumps([FIELDS[2]]), field_options="[]")
    assert desk.post(change("assetfamily", family), kept).status_code == 302
    assert AssetFamily.objects.get().fields[0]["rules"] == {"max_length": 9}


def test_an_option_of_no_field_that_chooses_is_refused(desk):
    for option in ({"field": "note", "code": "x"}, {"field": "angle"}, OPTIONS[0]):
        typed = typed_fields(field_options=json.dumps([*OPTIONS, option]))
        assert desk.post(reverse("admin:pim_assetfamily_add"), typed).status_code == 200
    assert not AssetFamily.objects.exists()


def test_values_of_an_asset_are_those_of_its_family(desk):
    desk.post(reverse("admin:pim_assetfamily_add"), typed_fields())
    family = AssetFamily.objects.get()
    asset = Asset.objects.create(
        code="front", sha256="a" * 64, original_sha256="a" * 64, filename="front.jpg",
        kind="image", media_type="image/jpeg", size=1, family=family,
    )  # fmt: skip
    typed = {
        "family": family.pk, "value__angle__": "front", "value__moods__": ["warm", "calm"],
        "value__note__en": "Best",
    }  # fmt: skip
    page = change("asset", asset)
    assert b"value__note__fi" in desk.get(page).content
    assert desk.post(page, typed).status_code == 302
    asset.refresh_from_db()
    assert asset.values == {
        "angle": {"": "front"}, "moods": {"": ["calm", "warm"]}, "note": {"en": "Best"},
    }  # fmt: skip
    assert desk.post(page, {**typed, "value__angle__": "nope"}).status_code == 200
    assert desk.post(page, {**typed, "value__angle__": ""}).status_code == 302
    asset.refresh_from_db()
    assert set(asset.values) == {"moods", "note"}


def test_introduction_of_a_category_is_sanitised_and_its_picture_chosen(desk):
    cover = Asset.objects.create(
        code="cover", sha256="a" * 64, filename="cover.jpg", kind="image", media_type="image/jpeg",
        size=1,
    )  # fmt: skip
    row = Category.objects.get(code="indoor")
    typed = {
        "labels__en": "Indoor", "parent": row.parent_id, "image": cover.pk,
        "intro__en": '<p onclick="x()">Warm</p>', "intro__fi": "<p></p>",
    }  # fmt: skip
    assert desk.post(change("category", row), typed).status_code == 302
    row.refresh_from_db()
    assert (row.intro, row.image) == ({"en": "<p>Warm</p>"}, cover)
    assert ("category", ["indoor"]) in logged()
    entries = LogEntry.objects.count()
    assert (
        desk.post(change("category", row), typed | {"intro__en": "<p>Warm</p>"}).status_code == 302
    )
    assert LogEntry.objects.count() == entries
    page = desk.get(change("category", row)).text
    assert 'name="intro__en"' in page
    assert "data-django-prose-editor-configurable" in page


def test_rules_are_those_of_the_kind_only(desk):
    attribute = Attribute.objects.get(code="pieces")
    typed = {
        "labels__en": "Pieces", "group": attribute.group_id, "sort_order": "4", "filterable": "on",
        "rule_min": "1", "rule_max": "12.50", "rule_negative": "", "rule_decimals": "on",
        "rule_pattern": "ignored",
    }  # fmt: skip
    answer = desk.post(change("attribute", attribute), typed)
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    attribute.refresh_from_db()
    assert attribute.rules == {"min": "1", "max": "12.5", "decimals": True, "negative": False}
    assert logged() == [("attribute", ["pieces"])]


def test_a_second_identifier_is_unique_and_does_not_take_the_place_of_the_first(desk):
    main = load_structure().identifier_attribute
    typed = {
        "code": "a_number", "kind": "identifier", "labels__en": "Number", "sort_order": "-1",
        "group": Attribute.objects.get(code=main.code).group_id,
    }  # fmt: skip
    answer = desk.post(reverse("admin:pim_attribute_add"), typed | formset("options"))
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    assert Attribute.objects.get(code="a_number").unique
    assert load_structure().identifier_attribute == main


def test_a_pattern_of_a_text_area_is_kept(desk):
    attribute = Attribute.objects.create(
        code="motto", kind="textarea", group=AttributeGroup.objects.first(), rules={"pattern": "^A"}
    )
    typed = {"labels__en": "Motto", "group": attribute.group_id, "sort_order": "1"}
    shown = desk.get(change("attribute", attribute)).context["adminform"].form
    typed["rule_pattern"] = shown["rule_pattern"].value()
    assert desk.post(change("attribute", attribute), typed).status_code == 302
    attribute.refresh_from_db()
    assert attribute.rules == {"pattern": "^A"}


def test_the_requirements_follow_the_matrix(desk):
    family = Family.objects.get(code="lamp")
    typed = {
        "labels__en": "Lamp", "label_attribute": family.label_attribute_id,
        "image_attribute": family.image_attribute_id,
        "matrix__name__web": "fallback", "matrix__ean__print": "required", **formset("members"),
    }  # fmt: skip
    answer = desk.post(change("family", family), typed)
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    rows = family.requirements.order_by("attribute__code").values_list(
        "attribute__code", "channel__code", "fallback_counts"
    )
    assert list(rows) == [("ean", "print", False), ("name", "web", True)]


def test_levels_and_axes_follow_the_matrix(desk):
    variant = FamilyVariant.objects.get(code="lamp_color")
    typed = {"matrix__color__level": "1", "matrix__color__axis": "on", "matrix__photo__level": "1"}
    assert desk.post(change("familyvariant", variant), typed).status_code == 302
    rows = variant.placements.order_by("attribute__code").values_list(
        "attribute__code", "level", "axis"
    )
    assert list(rows) == [("color", 1, True), ("photo", 1, False)]


def test_the_axes_stay_while_products_are_told_apart_by_them(desk):
    variant = FamilyVariant.objects.get(code="lamp_color")
    write(wish("M", role="model", family="lamp", family_variant="lamp_color"))
    before = set(variant.placements.values_list("attribute__code", "level", "axis"))
    color = {"matrix__color__level": "1", "matrix__color__axis": "on"}
    deeper = color | {"matrix__size__level": "2", "matrix__size__axis": "on"}
    other = {"matrix__size__level": "1", "matrix__size__axis": "on"}
    for typed in (deeper, other):
        answer = desk.post(change("familyvariant", variant), typed)
        assert answer.context["adminform"].form.errors["matrix"] == [
            "The axes of “[lamp_color]” cannot change: products are told apart by them."
        ]
        assert set(variant.placements.values_list("attribute__code", "level", "axis")) == before
    typed = color | {"matrix__photo__level": "1"}
    assert desk.post(change("familyvariant", variant), typed).status_code == 302
    placed = set(variant.placements.values_list("attribute__code", "level", "axis"))
    assert placed == {("color", 1, True), ("photo", 1, False)}
    Product.objects.all().delete()
    assert desk.post(change("familyvariant", variant), deeper).status_code == 302
    assert variant.placements.count() == 2


def test_a_level_without_an_axis_is_refused(desk):
    variant = FamilyVariant.objects.get(code="lamp_color")
    before = list(variant.placements.values_list("pk", flat=True))
    answer = desk.post(change("familyvariant", variant), {"matrix__photo__level": "1"})
    assert list(answer.context["adminform"].form.errors) == ["matrix"]
    assert list(variant.placements.values_list("pk", flat=True)) == before
    assert logged() == []


def test_units_are_edited_as_a_table(desk):
    family = MeasurementFamily.objects.get(code="Weight")
    units = [
        *family.units,
        {"code": "TONNE", "factor": "1000", "labels": {"en": "Tonne", "fi": ""}},
    ]
    typed = {"standard_unit": "KILOGRAM", "units": json.dumps(units)}
    assert desk.post(change("measurementfamily", family), typed).status_code == 302
    family.refresh_from_db()
    assert family.units[-1] == {"code": "TONNE", "factor": "1000", "labels": {"en": "Tonne"}}


def test_a_record_has_the_fields_of_its_entity(desk):
    record = ReferenceRecord.objects.get(code="aino")
    entity = reverse("admin:pim_referenceentity_change", args=[record.entity_id])
    fields = [
        {"code": "story", "kind": "textarea", "localizable": True},
        {"code": "since", "kind": "number"},
    ]
    assert desk.post(entity, {"record_fields": json.dumps(fields)}).status_code == 302
    typed = {"value__story__fi": "Tarina", "value__since__": "1956"}
    answer = desk.post(change("referencerecord", record), typed)
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    record.refresh_from_db()
    assert record.values == {"story": {"fi": "Tarina"}, "since": {"": "1956"}}
    assert (record.row_version, logged()[-1]) == (2, ("record", ["maker/aino"]))


def test_an_entity_shows_its_picture(desk):
    entity = ReferenceRecord.objects.get(code="aino").entity
    how = {"sha256": "a" * 64, "original_sha256": "a" * 64, "media_type": "image/png", "size": 1}
    logo = Asset.objects.create(code="logo", filename="logo.png", kind="image", **how)
    film = Asset.objects.create(code="film", filename="film.mp4", kind="video", **how)
    page = change("referenceentity", entity)
    assert desk.post(page, {"image": film.pk}).status_code == 200
    assert desk.post(page, {"image": logo.pk}).status_code == 302
    entity.refresh_from_db()
    assert entity.image == logo
    assert '<img class="pm-preview"' in desk.get(page).content.decode()
    assert logged()[-1] == ("reference_entity", ["maker"])


def test_the_media_of_a_record_are_assets(desk):
    record = ReferenceRecord.objects.get(code="aino")
    record.entity.fields = [{"code": "logo", "kind": "media"}]
    record.entity.save()
    page = change("referencerecord", record)
    assert desk.post(page, {"value__logo__": "nope"}).status_code == 200
    how = {"sha256": "a" * 64, "original_sha256": "a" * 64, "media_type": "image/png", "size": 1}
    Asset.objects.create(code="logo", filename="logo.png", kind="image", **how)
    assert desk.post(page, {"value__logo__": "logo"}).status_code == 302
    record.refresh_from_db()
    assert record.values == {"logo": {"": "logo"}}


def test_a_new_category_stands_last_below_its_parent(desk):
    master = Category.objects.get(code="master")
    typed = {"code": "garden", "labels__en": "Garden", "parent": master.pk}
    assert desk.post(reverse("admin:pim_category_add"), typed).status_code == 302
    garden = Category.objects.get(code="garden")
    paths = dict(Category.objects.values_list("code", "path"))
    assert (garden.parent, garden.path) == (master, f"/{master.pk}/{garden.pk}/")
    assert paths["indoor"].startswith(f"/{master.pk}/")


def test_a_category_moves_with_its_branch_and_not_below_itself(desk):
    master, indoor, outdoor = (
        Category.objects.get(code=c) for c in ("master", "indoor", "outdoor")
    )
    place = reverse("admin:pim_category_place", args=[outdoor.pk])
    assert desk.post(place, {"parent": indoor.pk}).status_code == 200
    outdoor.refresh_from_db()
    assert outdoor.path == f"/{master.pk}/{indoor.pk}/{outdoor.pk}/"
    up = reverse("admin:pim_category_place", args=[indoor.pk])
    assert desk.post(up, {"parent": outdoor.pk}).status_code == 409
    indoor.refresh_from_db()
    assert (indoor.parent, indoor.path) == (master, f"/{master.pk}/{indoor.pk}/")


def test_a_price_is_written_as_a_fact_and_logged(desk):
    from pim.models import Currency, Product

    write(wish("SOLO", family="lamp"))
    prices = PriceList.objects.create(code="retail", currency=Currency.objects.get(code="EUR"))
    typed = {
        "price_list": prices.pk, "product": Product.objects.get().pk, "min_quantity": "1",
        "amount": "99.50", "valid_from_0": "", "valid_from_1": "", "valid_to_0": "",
        "valid_to_1": "",
    }  # fmt: skip
    assert desk.post(reverse("admin:pim_pricefact_add"), typed).status_code == 302
    price = PriceFact.objects.get()
    assert str(price.amount.normalize()) == "99.5"
    again = typed | {"min_quantity": "10", "amount": "90"}
    assert desk.post(change("pricefact", price), again).status_code == 302
    rows = [(p.min_quantity, int(p.amount)) for p in PriceFact.objects.all()]
    assert rows == [(10, 90)]
    assert LogEntry.objects.filter(kind="facts").count() >= 2


def test_choices_stand_in_the_order_of_the_model(desk):
    AttributeGroup.objects.all().update(sort_order=5)
    for code, order in (("zz_first", 1), ("aa_last", 9)):
        AttributeGroup.objects.create(code=code, sort_order=order)
    asked = {"app_label": "pim", "model_name": "attribute", "field_name": "group"}
    found = desk.get(reverse("admin:autocomplete"), asked).json()["results"]
    groups = AttributeGroup.objects.order_by("sort_order", "code")
    assert [int(row["id"]) for row in found] == [group.pk for group in groups]
