"""The product list, its actions on many, creating products, and what goes with publishing."""

import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from pim.actions.jobs import run_job
from pim.actions.publishing import publish_products
from pim.models import (
    Asset,
    AssetFamily,
    Change,
    Group,
    GroupType,
    Job,
    PlannedPublication,
    Product,
    Version,
)
from pim.queries.structure import forget_structure
from tests.factories.catalogue import ANNA, NOW, lamp_catalogue, wish, write
from tests.factories.desk import staff, superuser

pytestmark = pytest.mark.django_db
LIST = "admin:pim_product_changelist"


@pytest.fixture
def desk(client):
    lamp_catalogue()
    write(
        wish("A", family="lamp", categories=["indoor"], at={"name||en": "Alpha", "color||": "red"}),
        wish("B", family="lamp", categories=["outdoor"], at={"name||en": "Beta"}),
        wish("C", enabled=False),
    )
    client.force_login(superuser())
    return client


def shown(client, query="") -> list:
    answer = client.get(f"{reverse(LIST)}?{query}")
    return [product.identifier for product in answer.context["cl"].result_list]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["A", "B", "C"]),
        ("q=bet", ["B"]),
        ("family=lamp", ["A", "B"]),
        ("family=-", ["C"]),
        ("category=indoor", ["A"]),
        ("category=master", ["A", "B"]),
        ("category=-", ["C"]),
        ("state=never", ["A", "B", "C"]),
        ("state=published", []),
        ("enabled__exact=0", ["C"]),
        ("attr_color=red", ["A"]),
        ("complete=no", ["A", "B"]),
    ],
)
def test_a_filter_shows_what_it_says(desk, query, found):
    assert shown(desk, query) == found


def test_the_working_context_is_remembered(desk):
    desk.get(f"{reverse(LIST)}?channel=web&locale=fi")
    assert desk.session["pim_context"] == {"channel": "web", "locale": "fi", "reference": ""}
    assert desk.get(reverse(LIST)).context["working"].locale == "fi"


def act(client, action, *identifiers, **more):
    ids = list(Product.objects.filter(identifier__in=identifiers).values_list("pk", flat=True))
    return client.post(reverse(LIST), {"action": action, "_selected_action": ids, **more})


def run(client, page, *operations, **more) -> Job:
    """Post the bulk edit that a page has asked about, and run its job."""
    done = list(operations) or json.loads(page.context["operations"])
    body = {"selection": page.context["selection"], "operations": json.dumps(done), **more}
    answer = client.post(reverse("admin:pim_product_bulk"), body)
    job = Job.objects.latest("pk")
    assert answer["Location"] == reverse("admin:pim_job_change", args=[job.pk])
    run_job(job.pk, at=NOW)
    job.refresh_from_db()
    return job


def test_publishing_all_that_match_makes_versions_of_those_only(desk):
    one = Product.objects.get(identifier="A").pk
    everything = {"action": "publish", "select_across": "1", "_selected_action": [one]}
    page = desk.post(f"{reverse(LIST)}?family=lamp", everything)
    assert json.loads(page.context["selection"]) == {
        "search": {"family": [{"operator": "IN", "value": ["lamp"]}]}
    }
    assert (page.context["count"], Version.objects.count()) == (2, 0)
    run(desk, page)
    rows = Version.objects.order_by("product__identifier")
    assert list(rows.values_list("product__identifier", flat=True)) == ["A", "B"]


def test_withdrawing_takes_products_out(desk):
    publish_products([Product.objects.get(identifier="A").pk], actor=ANNA, at=NOW)
    run(desk, act(desk, "withdraw", "A", "B"))
    rows = Product.objects.order_by("identifier").values_list("identifier", "withdrawn")
    assert list(rows) == [("A", True), ("B", False), ("C", False)]


def test_many_are_edited_through_the_one_write_path_and_taken_back(desk):
    page = act(desk, "edit_in_bulk", "A", "C")
    off = {"op": "enabled", "value": False}
    seen = run(desk, page, off, preview="1")
    assert (seen.dry_run, seen.counts) == (True, {"products": {"changed": 1, "unchanged": 1}})
    job = run(desk, page, off, {"op": "categories", "codes": ["outdoor"]})
    assert [(c.subject, c.actor, c.source) for c in job.changes.order_by("pk")] == [
        ("A", "anna", "bulk"),
        ("C", "anna", "bulk"),
    ]
    assert (shown(desk, "category=outdoor"), shown(desk, "enabled__exact=0")) == (
        ["A", "B", "C"],
        ["A", "C"],
    )


def test_what_cannot_be_done_is_said_and_the_page_keeps_what_was_chosen(desk):
    page = act(desk, "edit_in_bulk", "A")
    body = {"selection": page.context["selection"], "operations": '[{"op": "set"}]'}
    again = desk.post(reverse("admin:pim_product_bulk"), body)
    assert (again.context["operations"], Job.objects.count()) == ('[{"op": "set"}]', 0)
    assert "1: There is no attribute" in again.context["error"]
    for name in body:
        assert desk.post(reverse("admin:pim_product_bulk"), {**body, name: "{"}).context["error"]


@pytest.mark.parametrize(
    ("query", "selection"),
    [
        ("", {"all": True}),
        ("q=alp", {"search": {"text": [{"operator": "CONTAINS", "value": "alp"}]}}),
        ("family=-", {"search": {"family": [{"operator": "EMPTY"}]}}),
        ("category=-", {"search": {"categories": [{"operator": "UNCLASSIFIED"}]}}),
        (
            "category=master&enabled__exact=1",
            {
                "search": {
                    "categories": [{"operator": "IN CHILDREN", "value": ["master"]}],
                    "enabled": [{"operator": "=", "value": True}],
                }
            },
        ),
        ("state=never", {"search": {"state": [{"operator": "IN", "value": ["never"]}]}}),
        ("attr_color=red", {"search": {"color": [{"operator": "IN", "value": ["red"]}]}}),
        ("complete=no", "ids"),
    ],
)
def test_what_the_filters_find_is_selected_across_pages(desk, query, selection):
    one = Product.objects.get(identifier="A").pk
    everything = {"action": "edit_in_bulk", "select_across": "1", "_selected_action": [one]}
    page = desk.post(f"{reverse(LIST)}?{query}", everything)
    found = json.loads(page.context["selection"])
    assert (found if selection != "ids" else sorted(found)) == (
        selection if selection != "ids" else ["ids"]
    )
    assert page.context["count"] == len(shown(desk, query))


def test_groups_and_family_variants_are_offered_by_their_labels(desk):
    kind = GroupType.objects.create(code="season")
    Group.objects.create(code="summer", type=kind, labels={"en": "In summer", "fi": "Kesä"})
    forget_structure()
    known = act(desk, "edit_in_bulk", "A").context["vocabulary"]
    assert known["productGroups"] == [["new", "[new]"], ["summer", "In summer"]]
    assert (
        next(f for f in known["fields"] if f["code"] == "groups")["choices"]
        == known["productGroups"]
    )
    assert [(code, family) for code, _label, family in known["variants"]] == [
        ("lamp_color", "lamp"), ("lamp_color_size", "lamp"),
    ]  # fmt: skip


def test_operations_are_offered_in_the_language_of_the_reader(desk):
    desk.cookies["django_language"] = "de"
    words = dict(act(desk, "edit_in_bulk", "A").context["vocabulary"]["operations"])
    assert (words["set"], words["publish"]) == ("Setzen", "Veröffentlichen")


def test_actions_are_for_those_who_may(desk):
    page = act(desk, "edit_in_bulk", "A")
    desk.force_login(staff("otto", "view_product"))
    act(desk, "publish", "A")
    body = {"selection": page.context["selection"], "operations": '[{"op": "publish"}]'}
    assert desk.post(reverse("admin:pim_product_bulk"), body).status_code == 403
    desk.force_login(staff("eva", "view_product", "change_product"))
    assert desk.post(reverse("admin:pim_product_bulk"), body).status_code == 403
    assert (Job.objects.count(), Version.objects.count()) == (0, 0)


def test_a_product_is_created_of_a_family(desk):
    answer = desk.post(reverse("admin:pim_product_add"), {"family": "lamp", "identifier": "NEW"})
    made = Product.objects.get(identifier="NEW")
    assert answer["Location"] == reverse("admin:pim_product_change", args=[made.pk])
    assert (made.family.code, made.role) == ("lamp", "item")


def test_a_taken_identifier_is_refused(desk):
    answer = desk.post(reverse("admin:pim_product_add"), {"family": "lamp", "identifier": "A"})
    assert (answer.status_code, "A" in answer.context["error"]) == (200, True)
    assert Product.objects.count() == 3


def test_a_variant_is_created_by_its_axes(desk):
    typed = {"family": "lamp", "identifier": "M", "family_variant": "lamp_color"}
    desk.post(reverse("admin:pim_product_add"), typed)
    model = Product.objects.get(identifier="M")
    assert model.role == "model"
    typed = {"parent": model.pk, "identifier": "M-RED", "v-color": "red"}
    desk.post(reverse("admin:pim_product_add"), typed)
    variant = Product.objects.get(identifier="M-RED")
    assert (variant.parent, variant.role, variant.level) == (model, "item", 1)


def test_a_slice_is_published_alone_and_the_rest_planned(desk):
    product = Product.objects.get(identifier="A")
    url = reverse("admin:pim_product_publish", args=[product.pk])
    desk.post(url, {"slice": ["texts|en"], "reason": "spring"})
    version = Version.objects.get(product=product)
    assert (version.slices, version.reason) == ([["texts", "en"]], "spring")
    desk.post(url, {"due_at": "2099-01-01T08:00"})
    plan = PlannedPublication.objects.get()
    assert (plan.product, plan.state) == (product, "waiting")
    cancel = reverse("admin:pim_product_cancel_plan", args=[product.pk])
    desk.post(cancel, {"plan": plan.pk})
    plan.refresh_from_db()
    assert plan.state == "cancelled"


def test_a_version_is_restored(desk):
    product = Product.objects.get(identifier="A")
    publish_products([product.pk], actor=ANNA, at=NOW)
    write(wish("A", at={"name||en": "Worse"}))
    publish_products([product.pk], actor=ANNA, at=NOW)
    url = reverse("admin:pim_product_version", args=[product.pk, 1])
    rows = {row["label"]: (row["before"], row["after"]) for row in desk.get(url).context["rows"]}
    assert rows == {"[name]": ("Alpha", "Worse")}
    desk.post(url)
    product.refresh_from_db()
    assert product.version.number == 3
    draft = product.drafts.get(locale="en").values
    assert draft["name"] == {"": "Alpha"}


def test_a_model_with_variants_is_not_deleted_and_says_why(desk):
    write(
        wish("M", role="model", family="lamp", family_variant="lamp_color"),
        wish("M-R", parent="M", at={"color||": "red"}),
    )
    model = Product.objects.get(identifier="M")
    answer = desk.post(reverse("admin:pim_product_delete", args=[model.pk]), {"post": "yes"})
    assert Product.objects.filter(identifier__in=["M", "M-R"]).count() == 2
    assert answer.status_code in (200, 302)


def test_a_product_is_deleted_and_the_log_knows(desk):
    product = Product.objects.get(identifier="C")
    desk.post(reverse("admin:pim_product_delete", args=[product.pk]), {"post": "yes"})
    assert not Product.objects.filter(identifier="C").exists()
    assert Change.objects.filter(action="delete").get().actor == "anna"


def picture(name="photo.png") -> SimpleUploadedFile:
    held = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(held, "PNG")
    return SimpleUploadedFile(name, held.getvalue(), content_type="image/png")


def test_an_upload_is_ingested_and_answers_its_card(desk):
    answer = desk.post(reverse("admin:pim_asset_upload"), {"file": picture()})
    asset = Asset.objects.get(filename="photo.png")
    assert answer.json()["code"] == asset.code
    found = desk.get(reverse("admin:pim_asset_pick"), {"q": "photo", "kind": "image"}).json()
    assert [card["code"] for card in found["results"]] == [asset.code]
    thumb = desk.get(reverse("admin:pim_asset_thumb", args=[asset.pk]))
    assert (thumb.status_code, thumb["X-Content-Type-Options"]) == (200, "nosniff")


def test_a_file_that_lies_about_itself_is_refused(desk):
    evil = SimpleUploadedFile("photo.png", b"<script>alert(1)</script>", content_type="image/png")
    before = Asset.objects.count()
    answer = desk.post(reverse("admin:pim_asset_upload"), {"file": evil})
    assert (answer.status_code, Asset.objects.count()) == (400, before)


def test_texts_of_an_asset_are_written_per_locale(desk):
    desk.post(reverse("admin:pim_asset_upload"), {"file": picture()})
    asset = Asset.objects.get(filename="photo.png")
    url = reverse("admin:pim_asset_change", args=[asset.pk])
    desk.post(url, {"alt__en": "A lamp", "alt__fi": "Lamppu"})
    desk.post(url, {"alt__en": "", "alt__fi": "Lamppu", "author": "Aino"})
    asset.refresh_from_db()
    assert (asset.alt, asset.author, asset.row_version) == ({"fi": "Lamppu"}, "Aino", 3)


def test_uploading_needs_its_permission(desk):
    desk.force_login(staff("otto", "view_asset"))
    before = Asset.objects.count()
    answer = desk.post(reverse("admin:pim_asset_upload"), {"file": picture()})
    assert (answer.status_code, Asset.objects.count()) == (403, before)


def test_an_import_is_previewed_then_done(desk):
    upload = SimpleUploadedFile("products.csv", b"sku;name-en\nX1;Xeno\n", content_type="text/csv")
    url = reverse("admin:pim_job_add")
    answer = desk.post(url, {"upload": upload, "dry_run": "on"})
    run = Job.objects.get()
    assert (run.dry_run, run.state, run.created_by.username) == (True, "queued", "anna")
    assert desk.get(answer["Location"]).context["running"] is True
    desk.post(reverse("admin:pim_job_repeat", args=[run.pk]))
    assert list(Job.objects.order_by("pk").values_list("dry_run", flat=True)) == [True, False]


def test_a_file_of_another_kind_is_not_taken(desk):
    upload = SimpleUploadedFile("run.exe", b"MZ", content_type="application/octet-stream")
    answer = desk.post(reverse("admin:pim_job_add"), {"upload": upload})
    assert list(answer.context["form"].errors) == ["upload"]
    assert Job.objects.count() == 0


def test_pickers_answer_by_words_and_by_codes(desk):
    product = Product.objects.get(identifier="A")
    url = reverse("admin:pim_product_pick")
    found = desk.get(url, {"q": "alph", "by": "uuid"}).json()["results"]
    assert [(card["code"], card["label"]) for card in found] == [(str(product.uuid), "Alpha")]
    branch = desk.get(reverse("admin:pim_product_pick_branch"), {"counts": "1"}).json()["results"]
    assert [(row["code"], row["count"], row["deeper"]) for row in branch] == [("master", 2, True)]
    records = desk.get(reverse("admin:pim_record_pick"), {"entity": "maker"}).json()["results"]
    assert json.dumps([record["code"] for record in records]) == '["aino"]'


def test_an_asset_is_put_into_a_family_and_out_again(desk):
    desk.post(reverse("admin:pim_asset_upload"), {"file": picture()})
    asset = Asset.objects.get(filename="photo.png")
    family = AssetFamily.objects.create(code="packshots", licence="CC BY")
    page = reverse("admin:pim_asset_change", args=[asset.pk])
    seen = []
    for chosen in ({"family": family.pk}, {"licence": "CC BY"}):
        assert desk.post(page, chosen).status_code == 302
        asset.refresh_from_db()
        seen.append((asset.family, asset.licence))
    assert seen == [(family, "CC BY"), (None, "CC BY")]
