"""Import profiles on the desk: read the columns, map, preview, run, copy."""

import json
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from pim.models import ImportProfile, Job, Product
from pim.outbound import Answer, OutboundFailed
from tests.pim.importing.files import load, write_folder

pytestmark = pytest.mark.django_db

HOME = "/admin/pim/importprofile/"
SUPPLIER = "Art.-Nr.;Bezeichnung;Preis;Farbe\n1;Lampe;9,50;Red\n2;Tisch;x;Blue\n3;Bank;1,5;Red\n"
BASE = {"code": "halla", "name": "Halla", "source": "upload", "time_zone": "UTC", "enabled": "on"}


@pytest.fixture(autouse=True)
def _catalogue(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    load(write_folder(tmp_path / "in"))


def sample(text: str = SUPPLIER, name: str = "liste.csv"):
    return SimpleUploadedFile(name, text.encode(), content_type="text/csv")


def made(client, **fields) -> ImportProfile:
    answer = client.post(f"{HOME}add/", {**BASE, "sample": sample(), "locale": "de_DE", **fields})
    assert answer.status_code == 302, answer.context["form"].errors
    return ImportProfile.objects.get()


def test_columns_are_read_from_the_example_and_suggested(admin_client):
    profile = made(admin_client)
    assert profile.header == ["Art.-Nr.", "Bezeichnung", "Preis", "Farbe"]
    targets = [column["to"] for column in profile.mapping["columns"]]
    assert targets == ["sku", "name-de_DE", "price-EUR", "color"]
    page = admin_client.get(f"{HOME}{profile.pk}/change/").content.decode()
    assert "Bezeichnung" in page
    assert 'value="name-de_DE"' in page


def test_columns_sent_are_kept(admin_client):
    profile = made(admin_client)
    columns = [{"from": ["Art.-Nr."], "to": "sku", "ops": [{"op": "prefix", "text": "H-"}]}]
    data = {**BASE, "mapping": json.dumps({"columns": columns}), "kind": "product_models"}
    admin_client.post(f"{HOME}{profile.pk}/change/", {**data, "mode": "create", "empty": "keep"})
    profile.refresh_from_db()
    assert profile.mapping == {"kind": "product_models", "columns": columns}
    assert (profile.options["mode"], profile.options["empty"]) == ("create", "keep")


def test_refused_columns_are_said_and_nothing_is_kept(admin_client):
    profile = made(admin_client)
    columns = [{"from": ["a"], "to": "sku"}, {"from": ["b"], "to": "sku"}]
    data = {**BASE, "name": "Other", "mapping": json.dumps({"columns": columns})}
    answer = admin_client.post(f"{HOME}{profile.pk}/change/", data)
    assert "Two columns go to “sku”" in answer.content.decode()
    assert ImportProfile.objects.get().name == "Halla"


def test_preview_shows_the_rows_and_writes_nothing(admin_client):
    profile = made(admin_client)
    page = admin_client.get(f"{HOME}{profile.pk}/preview/").content.decode()
    assert "“price” needs a number" in page
    assert "2 new" in " ".join(page.split())
    assert Product.objects.count() == 0


def test_run_queues_the_uploaded_file(admin_client, admin_user):
    profile = made(admin_client)
    answer = admin_client.post(f"{HOME}{profile.pk}/run/", {"file": sample(), "dry_run": "on"})
    job = Job.objects.latest("pk")
    assert answer.url == f"/admin/pim/job/{job.pk}/change/"
    assert (job.dry_run, job.created_by, job.params["profile"]) == (True, admin_user, profile.pk)


def test_copy_opens(admin_client):
    profile = made(admin_client)
    answer = admin_client.post(f"{HOME}{profile.pk}/duplicate/")
    copy = ImportProfile.objects.latest("pk")
    assert (answer.url, copy.code) == (f"{HOME}{copy.pk}/change/", "halla_2")


def test_uploads_are_matched_with_profiles(admin_client):
    made(admin_client)
    admin_client.post("/admin/pim/job/add/", {"upload": sample(), "profile": "", "dry_run": "on"})
    assert Job.objects.latest("pk").params["match"] is True


@pytest.mark.parametrize("page", ["add/", "1/change/", "1/preview/"])
def test_nobody_sees_profiles_without_the_right(client, django_user_model, page):
    client.force_login(django_user_model.objects.create_user("anna", is_staff=True))
    assert client.get(f"{HOME}{page}").status_code == 403


def test_nobody_runs_a_profile_by_looking_at_it(admin_client):
    profile = made(admin_client)
    before = Job.objects.count()
    assert admin_client.get(f"{HOME}{profile.pk}/run/").status_code == 403
    assert Job.objects.count() == before


def test_list_takes_the_same_queries_for_one_and_three(admin_client, django_assert_num_queries):
    made(admin_client)
    job = Job.objects.latest("pk")
    ImportProfile.objects.update(last_job=job)
    with django_assert_num_queries(5):
        admin_client.get(HOME)
    for number in range(2):
        ImportProfile.objects.create(code=f"x{number}", name="x", last_job=job)
    with django_assert_num_queries(5):
        admin_client.get(HOME)


def test_a_code_is_made_of_the_name(admin_client):
    assert made(admin_client, code="", name="Möbel 2026!").code == "mobel_2026"


def test_the_example_of_an_address_is_fetched_the_first_time(admin_client, monkeypatch):
    asked = []

    def fetch(url, **how):
        asked.append(url)
        return Answer(200, {"content-type": "text/csv"}, BytesIO(SUPPLIER.encode()), url)

    monkeypatch.setattr("pim.actions.import_samples.fetch", fetch)
    address = {"source": "url", "location": "https://example.com/liste.csv", "sample": ""}
    profile = made(admin_client, **address)
    assert profile.header == ["Art.-Nr.", "Bezeichnung", "Preis", "Farbe"]
    again = {**BASE, **address}
    admin_client.post(f"{HOME}{profile.pk}/change/", again)
    assert len(asked) == 1
    admin_client.post(f"{HOME}{profile.pk}/change/", {**again, "fetch_now": "on"})
    assert len(asked) == 2


def test_a_profile_of_an_address_that_does_not_answer_is_kept(admin_client, monkeypatch):
    def fetch(url, **how):
        raise OutboundFailed(url=url, why="nobody is there")

    monkeypatch.setattr("pim.actions.import_samples.fetch", fetch)
    address = {"source": "url", "location": "https://example.com/liste.csv", "sample": ""}
    profile = made(admin_client, **address)
    assert profile.header == []
    page = admin_client.get(f"{HOME}{profile.pk}/change/").content.decode()
    assert "nobody is there" in page
