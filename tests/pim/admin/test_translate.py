"""The translators' desk: what waits, side by side; saved, confirmed, refused, filed."""

from importlib import import_module

import pytest
from django.urls import reverse

from pim.actions.translation import remember
from pim.models import Job, Locale, OutdatedTranslation, Product
from pim.queries.drafts import read_drafts
from tests.factories.catalogue import NOW, lamp_catalogue, wish, write

pytestmark = pytest.mark.django_db
PAGE = "/admin/pim/product/translate/"


@pytest.fixture
def lamp():
    lamp_catalogue()
    Locale.objects.filter(code="fi").update(source="en")
    write(wish("L1", family="lamp", at={"name||en": "Moon {size}", "story|web|en": "<p>Warm</p>"}))
    return Product.objects.get()


def name(lamp, key: str) -> str:
    return f"{lamp.uuid}:{key}"


def rows(answer) -> list[tuple]:
    return [(row["unit"].key, row["unit"].state) for row in answer.context["rows"]]


def text(lamp, attribute: str):
    return read_drafts([lamp.pk])[lamp.pk].values.get("fi", {}).get(attribute)


def test_the_page_is_where_the_menu_leads():
    assert reverse("admin:pim_product_translate") == PAGE


def test_texts_that_wait_are_saved(admin_client, lamp):
    answer = admin_client.get(PAGE, {"target": "fi"})
    assert rows(answer) == [("name:", "missing"), ("story:web", "missing")]
    admin_client.post(f"{PAGE}?target=fi", {f"t:{name(lamp, 'name:')}": "Kuu {size}"})
    assert text(lamp, "name") == {"": "Kuu {size}"}
    assert rows(admin_client.get(PAGE, {"target": "fi"})) == [("story:web", "missing")]


def test_a_text_that_is_refused_stays_on_the_page(admin_client, lamp):
    answer = admin_client.post(f"{PAGE}?target=fi", {f"t:{name(lamp, 'name:')}": "Kuu"})
    (row, _other) = answer.context["rows"]
    assert (row["text"], bool(row["error"]), text(lamp, "name")) == ("Kuu", True, None)


def test_what_changed_is_shown_in_plain_words(admin_client, lamp):
    write(wish("L1", at={"story|web|fi": "<p>Kuu</p>", "story|web|en": "<p>One</p><p>two</p>"}))
    write(wish("L1", at={"story|web|en": "<p>One</p><ul><li>a &amp; b</li><li>c</li></ul>"}))
    answer = admin_client.get(PAGE, {"target": "fi", "state": "outdated"})
    (row,) = answer.context["rows"]
    assert row["changed"] == "One <del>two</del> <ins>a &amp; b c</ins>"


def test_an_outdated_text_is_shown_with_what_changed_and_confirmed(admin_client, lamp):
    write(wish("L1", at={"name||fi": "Kuu {size}"}))
    write(wish("L1", at={"name||en": "New moon {size}"}))
    answer = admin_client.get(PAGE, {"target": "fi", "state": "outdated"})
    (row,) = answer.context["rows"]
    assert row["changed"] == "<del>Moon</del> <ins>New moon</ins> {size}"
    field = name(lamp, "name:")
    admin_client.post(f"{PAGE}?target=fi", {f"t:{field}": "Kuu {size}", f"ok:{field}": "on"})
    assert OutdatedTranslation.objects.count() == 0


def test_a_file_is_queued(admin_client, lamp):
    answer = admin_client.post(f"{PAGE}?target=fi", {"export": "1", "format": "xliff-1.2"})
    job = Job.objects.get()
    assert (job.kind, job.params["format"]) == ("translation_export", "xliff-1.2")
    assert answer["Location"] == reverse("admin:pim_job_change", args=[job.pk])


def test_a_file_holds_what_the_page_lists(admin_client, lamp):
    admin_client.post(f"{PAGE}?target=fi&state=outdated&q=L1", {"export": "1", "format": "csv"})
    params = Job.objects.get().params
    named = {"search": {"identifier": [{"operator": "CONTAINS", "value": "L1"}]}}
    assert (params["selection"], params["states"]) == (named, ["outdated"])


def test_the_next_page_is_of_the_same_words(admin_client, lamp, monkeypatch):
    desk = import_module("pim.admin.products.translate")
    monkeypatch.setattr(desk, "SHOWN", 2)
    write(wish("L2", family="lamp", at={"name||en": "Sun", "story|web|en": "<p>Hot</p>"}))
    answer = admin_client.get(PAGE, {"target": "fi", "q": "L"})
    assert (len(rows(answer)), "q=L" in answer.context["next"]) == (2, True)


def test_the_api_lists_what_waits_and_queues_files(admin_client, lamp):
    page = admin_client.get("/api/v1/translations", {"target": "fi"}).json()
    assert [(r["attribute"], r["state"], r["source"]) for r in page["results"]] == [
        ("name", "missing", "Moon {size}"),
        ("story", "missing", "<p>Warm</p>"),
    ]
    made = admin_client.post(
        "/api/v1/translations/export", {"target": "fi"}, content_type="application/json"
    )
    assert (made.status_code, made.json()["kind"]) == (202, "translation_export")
    wrong = admin_client.get("/api/v1/translations", {"target": "sv"})
    assert wrong.status_code == 422


def test_the_api_proposes_what_the_memory_holds(admin_client, lamp):
    remember([("Moon {size}", "Kuu {size}")], source="en", target="fi", at=NOW)
    asked = {"target": "fi", "proposals": "true", "limit": 2}
    page = admin_client.get("/api/v1/translations", asked).json()
    proposed = {"alike": 100, "source": "Moon {size}", "target": "Kuu {size}"}
    assert [r["proposals"] for r in page["results"]] == [[proposed], []]
    assert (
        "proposals" not in admin_client.get("/api/v1/translations?target=fi").json()["results"][0]
    )


def test_the_desk_is_for_people_who_see_products(client, lamp, django_user_model):
    client.force_login(django_user_model.objects.create_user("otto", is_staff=True))
    assert client.get(PAGE).status_code == 403


def test_a_machine_is_named_only_where_there_is_one(admin_client, lamp, monkeypatch):
    assert "Files, memory<" in admin_client.get(PAGE).content.decode()
    monkeypatch.setattr(import_module("pim.admin.products.translate"), "machine", object)
    assert "Files, memory, machine<" in admin_client.get(PAGE).content.decode()
