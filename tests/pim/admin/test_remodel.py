"""The page that changes the model: asks step by step, previews first, and says what is wrong."""

import pytest
from django.urls import reverse

from pim.actions.jobs import repeat_for_good, run_waiting_jobs
from pim.models import AttributeOption, Job, Product
from pim.queries.drafts import read_drafts
from pim.queries.structure import load_structure
from tests.factories.catalogue import lamp_catalogue, wish, write

pytestmark = pytest.mark.django_db
PAGE = "admin:pim_job_remodel"


@pytest.fixture
def desk(admin_client):
    lamp_catalogue()
    write(wish("L1", family="lamp", at={"color||": "red", "notes||": "Pine"}))
    return admin_client


def fields(answer) -> list[str]:
    return list(answer.context["form"].fields)


def test_what_depends_on_a_choice_is_asked_after_it(desk):
    assert fields(desk.get(reverse(PAGE), {"operation": "merge_options"})) == ["attribute"]
    answer = desk.post(
        reverse(PAGE), {"operation": "merge_options", "attribute": "color", "more": "1"}
    )
    assert fields(answer) == ["attribute", "options", "into"]
    # Nothing is asked that cannot be said yet: a browser lets nobody by a required field.
    assert fields(desk.get(reverse(PAGE), {"operation": "rename"})) == ["kind"]
    answer = desk.post(reverse(PAGE), {"operation": "rename", "kind": "option", "more": "1"})
    assert fields(answer) == ["kind", "owner", "code", "to"]
    answer = desk.post(reverse(PAGE), {"operation": "rename", "kind": "family", "more": "1"})
    assert fields(answer) == ["kind", "code", "to"]


def choices(answer, name: str) -> list[str]:
    return [code for code, _label in answer.context["form"].fields[name].choices if code]


def test_only_what_can_move_is_offered_and_levels_have_names(desk):
    variant = {"operation": "move_level", "family_variant": "lamp_color", "more": "1"}
    assert fields(desk.get(reverse(PAGE), {"operation": "move_level"})) == ["family_variant"]
    answer = desk.post(reverse(PAGE), variant)
    assert fields(answer) == ["family_variant", "attribute"]
    lamp = set(load_structure().families["lamp"].attributes)
    assert set(choices(answer, "attribute")) == lamp - {"color"}
    answer = desk.post(reverse(PAGE), {**variant, "attribute": "notes"})
    level = answer.context["form"].fields["level"]
    assert level.choices == [("", "–"), ("1", "variants by color")]
    assert level.help_text == "Today it lives on: the model."
    answer = desk.post(
        reverse(PAGE), {k: v for k, v in variant.items() if k != "more"} | {"attribute": "notes"}
    )
    assert list(answer.context["form"].errors) == ["level"]


def test_a_family_offers_its_own_attributes_to_be_taken_out(desk):
    form = {"operation": "remove_from_family", "family": "lamp", "more": "1"}
    assert set(choices(desk.post(reverse(PAGE), form), "attribute")) == set(
        load_structure().families["lamp"].attributes
    )


def test_a_change_is_previewed_and_then_done_for_good(desk, django_user_model):
    form = {"operation": "merge_options", "attribute": "color", "options": ["red"], "into": "blue"}
    answer = desk.post(reverse(PAGE), form)
    job = Job.objects.get()
    assert answer["Location"] == reverse("admin:pim_job_change", args=[job.pk])
    run_waiting_jobs()
    job.refresh_from_db()
    assert (job.dry_run, job.state, job.counts["products"]) == (True, "done", {"changed": 1})
    assert AttributeOption.objects.filter(code="red").count() == 1
    repeat_for_good(job, user=django_user_model.objects.get())
    run_waiting_jobs()
    pk = Product.objects.get().pk
    assert read_drafts([pk])[pk].values[""]["color"] == {"": "blue"}


def test_products_are_renamed_line_by_line(desk):
    desk.post(reverse(PAGE), {"operation": "rename_products", "names": "L1;LAMP 1\n"})
    desk.post(reverse(PAGE), {"operation": "rename_products", "names": "L1\tLAMP 1\n"})
    assert [job.params["params"] for job in Job.objects.all()] == [{"names": {"L1": "LAMP 1"}}] * 2
    answer = desk.post(reverse(PAGE), {"operation": "rename_products", "names": "L1\n"})
    assert list(answer.context["form"].errors) == ["names"]
    assert Job.objects.count() == 2


def test_what_cannot_be_done_is_said_at_its_field(desk):
    form = {"operation": "delete_attribute", "attribute": "color"}
    answer = desk.post(reverse(PAGE), form)
    assert list(answer.context["form"].errors) == ["attribute"]
    assert Job.objects.count() == 0


def test_the_page_needs_its_permissions(client, django_user_model):
    user = django_user_model.objects.create_user("otto", is_staff=True)
    client.force_login(user)
    assert client.get(reverse(PAGE)).status_code == 403
