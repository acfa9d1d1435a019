"""Import profiles: mapped, recognised by their header, scheduled, only when something changed."""

import io
import os
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile

from pim.actions import import_sources
from pim.actions.import_options import ImportOptions
from pim.actions.import_preview import preview_import
from pim.actions.import_profiles import (
    duplicate_profile,
    queue_due_imports,
    queue_profile,
    save_profile,
)
from pim.actions.imports import queue_import
from pim.actions.jobs import run_job, run_waiting_jobs
from pim.cadence import InvalidCadence
from pim.content.refusals import InvalidValue, Refused
from pim.content.rights import NotAllowed
from pim.importing.source import open_source
from pim.models import ImportProfile, Job, Product
from pim.outbound import Answer
from tests.factories.desk import staff, superuser
from tests.pim.importing.files import IMPORTER, NOW, lines_of, load, write_folder
from tests.pim.importing.test_import_catalog import values_of

pytestmark = pytest.mark.django_db

SUPPLIER = "Art.-Nr.;Bezeichnung;Preis;Farbe\n1;Lampe;9,50;Red\n2;Tisch;x;Blue\n"
COLUMNS = [
    {"from": ["Art.-Nr."], "to": "sku", "ops": [{"op": "prefix", "text": "H-"}]},
    {"from": ["Bezeichnung"], "to": "name-de_DE"},
    {"from": ["Preis"], "to": "price-EUR", "ops": [{"op": "decimal_comma"}]},
    {"from": ["Farbe"], "to": "color", "ops": [{"op": "code"}]},
    {"from": [], "to": "family", "ops": [{"op": "default", "value": "lamp"}]},
]
MAPPING = {"kind": "products", "columns": COLUMNS}


@pytest.fixture(autouse=True)
def places(settings, tmp_path):
    settings.MEDIA_ROOT, settings.ASSET_ROOT = tmp_path / "media", tmp_path / "assets"
    (tmp_path / "open").mkdir()
    settings.IMPORT_ROOTS = [(tmp_path / "open").resolve()]
    load(write_folder(tmp_path / "in"))
    return tmp_path / "open"


def profile(**fields) -> ImportProfile:
    named = {"code": "halla", "name": "Halla", "mapping": MAPPING}
    person = User.objects.filter(username="anna").first() or superuser()
    return save_profile(ImportProfile(**{**named, **fields}), at=NOW, user=person)


def finish(job: Job) -> Job:
    run_job(job.pk, at=NOW)
    job.refresh_from_db()
    return job


def upload(text: str = SUPPLIER, name: str = "liste.csv"):
    return ContentFile(text.encode(), name=name)


def test_upload_by_a_profile_is_mapped_and_refused_rows_keep_their_layout():
    job = finish(queue_profile(profile(), user=None, upload=upload()))
    assert (job.state, job.counts["products"]) == ("done", {"created": 1, "refused": 1})
    assert values_of("H-1") == {
        "": {"price": {"": {"EUR": "9.5"}}, "color": {"": "red"}},
        "de-DE": {"name": {"": "Lampe"}},
    }
    text = job.result.open("rb").read().decode("utf-8-sig").splitlines()
    assert text[0] == "Art.-Nr.;Bezeichnung;Preis;Farbe;#reason"
    assert text[1].startswith("2;Tisch;x;Blue;Preis: ")
    mended = "\n".join(text).replace(";x;", ";12,00;")
    again = finish(queue_profile(ImportProfile.objects.get(), user=None, upload=upload(mended)))
    assert (again.counts["products"], lines_of(again)) == ({"created": 1}, [])


def test_column_that_a_file_lacks_leaves_things_as_they_are_and_is_named():
    finish(queue_profile(profile(), user=None, upload=upload()))
    lacking = upload("Art.-Nr.;Bezeichnung;Preis\n1;Leuchte;9,50\n")
    job = finish(queue_profile(ImportProfile.objects.get(), user=None, upload=lacking))
    assert job.counts["products"] == {"changed": 1}
    assert values_of("H-1")[""]["color"] == {"": "red"}
    assert [line[-1] for line in lines_of(job)] == ["no_column"]


def test_file_with_the_same_columns_is_recognised_by_its_header():
    profile(header=["Farbe", "Bezeichnung", "Art.-Nr.", "Preis"])
    matched = finish(queue_import(upload(), user=None, options=ImportOptions(match=True)))
    assert matched.counts["products"] == {"created": 1, "refused": 1}
    plain = finish(queue_import(upload(), user=None))
    assert (plain.state, plain.counts) == ("failed", {})


def test_copy_has_a_code_of_its_own_and_no_schedule(places):
    (places / "a.csv").write_text(SUPPLIER)
    first = profile(source="folder", location="a.csv", cadence="hourly")
    copies = [duplicate_profile(first, user=None, at=NOW) for _n in range(2)]
    assert [(c.code, c.mapping, c.cadence) for c in copies] == [
        ("halla_2", MAPPING, ""), ("halla_3", MAPPING, ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"source": "folder", "location": "/etc/passwd"}, import_sources.ForbiddenFolder),
        ({"source": "folder", "location": "../in"}, import_sources.ForbiddenFolder),
        ({"source": "folder", "location": "link/products.csv"}, import_sources.ForbiddenFolder),
        ({"source": "folder", "location": "nothing.csv"}, Refused),
        ({"source": "url", "location": "https://127.0.0.1/a.csv"}, Refused),
        ({"source": "url", "location": "file:///etc/passwd"}, Refused),
        ({"cadence": "daily 02:00"}, InvalidValue),
        ({"cadence": "now and then"}, InvalidCadence),
        ({"mapping": {"kind": "users", "columns": []}}, InvalidValue),
    ],
)
def test_profile_that_makes_no_sense_is_refused(places, tmp_path, fields, refusal):
    os.symlink(tmp_path / "in", places / "link")
    with pytest.raises(refusal):
        profile(**fields)
    assert ImportProfile.objects.count() == 0


def slots(*, minutes: int) -> list[Job]:
    return queue_due_imports(at=NOW + timedelta(minutes=minutes))


def test_folder_is_imported_at_its_slots_while_it_changes(places):
    (places / "a.csv").write_text(SUPPLIER)
    profile(source="folder", location="a.csv", cadence="hourly")
    assert slots(minutes=30) == []
    [job] = slots(minutes=61)
    assert slots(minutes=62) == []
    assert finish(job).counts["products"] == {"created": 1, "refused": 1}
    assert slots(minutes=121) == []  # nothing has changed since
    (places / "a.csv").write_text(SUPPLIER.replace("Lampe", "Leuchte"))
    [job] = slots(minutes=181)
    assert finish(job).counts["products"] == {"changed": 1, "refused": 1}


def test_slot_is_let_go_while_the_last_run_is_under_way(places):
    (places / "a.csv").write_text(SUPPLIER)
    profile(source="folder", location="a.csv", cadence="hourly")
    [job] = slots(minutes=61)
    assert (slots(minutes=121), Job.objects.get(pk=job.pk).state) == ([], "queued")


def test_folder_that_is_gone_leaves_a_failed_job(places):
    (places / "a.csv").write_text(SUPPLIER)
    profile(source="folder", location="a.csv", cadence="hourly")
    (places / "a.csv").unlink()
    [job] = slots(minutes=61)
    assert (job.state, "a.csv" in job.cause) == ("failed", True)


@pytest.fixture
def web(monkeypatch):
    served = {"text": SUPPLIER, "etag": '"1"', "asked": []}

    def fetch(url, *, headers=None, **limits):
        served["asked"].append((headers or {}).get("if-none-match"))
        if served["etag"] and served["asked"][-1] == served["etag"]:
            return Answer(304, {}, io.BytesIO(b""), url)
        found = {"etag": served["etag"], "content-type": "text/csv"}
        return Answer(200, found, io.BytesIO(served["text"].encode()), url)

    monkeypatch.setattr(import_sources, "fetch", fetch)
    monkeypatch.setattr("pim.actions.import_profiles.check_address", lambda url: None)
    return served


@pytest.mark.parametrize("etag", ['"1"', ""])
def test_address_is_fetched_and_passed_over_until_it_changes(web, etag):
    web["etag"] = etag
    profile(source="url", location="https://x.example/list?id=1", cadence="hourly")
    [job] = slots(minutes=61)
    assert finish(job).counts["products"] == {"created": 1, "refused": 1}
    assert job.upload.name.endswith(".csv")
    [second] = slots(minutes=121)
    run_waiting_jobs()
    assert not Job.objects.filter(pk=second.pk).exists()
    web["text"], web["etag"] = SUPPLIER.replace("Lampe", "Leuchte"), etag and '"2"'
    [third] = slots(minutes=181)
    assert finish(third).counts["products"] == {"changed": 1, "refused": 1}


def test_import_by_hand_asks_the_address_whatever_it_was(web):
    made = profile(source="url", location="https://x.example/list.csv")
    finish(queue_profile(made, user=None))
    again = finish(queue_profile(made, user=None))
    assert (again.counts["products"], web["asked"]) == (
        {"unchanged": 1, "refused": 1},
        [None, None],
    )


def test_what_failed_is_fetched_again(web):
    made = profile(source="url", location="https://x.example/list.csv", cadence="hourly")
    web["text"] = "nothing;of\nthe;sort\n"
    [job] = slots(minutes=61)
    assert finish(job).state == "failed"
    made.refresh_from_db()
    assert made.stamp == ""


def test_preview_shows_what_each_row_would_do_and_writes_nothing(tmp_path):
    load_row = tmp_path / "products.csv"
    load_row.write_text("sku;family;name-de_DE;color\nH-1;lamp;Alt;red\n")
    load(load_row)
    before = list(Product.objects.values())
    path = tmp_path / "liste.csv"
    path.write_text(SUPPLIER + "3;;;\n" + "".join(f"9{n};;;\n" for n in range(60)))
    options = ImportOptions(profile=profile().pk)
    at = datetime(2026, 11, 22, tzinfo=UTC)
    with open_source(path, alone=True) as source:
        found = preview_import(source, options=options, actor=IMPORTER, at=at)
    rows = [(r.line, r.subject, r.outcome) for r in found.rows]
    assert rows[:3] == [(2, "H-1", "changed"), (3, "H-2", "refused"), (4, "H-3", "created")]
    assert len(rows) == 50
    assert found.rows[0].differences["name||de-DE"] == ["Alt", "Lampe"]
    assert [column for column, _why in found.rows[1].reasons] == ["Preis"]
    assert found.counts() == {"changed": 1, "refused": 1, "created": 48}
    assert list(Product.objects.values()) == before
    assert Job.objects.filter(kind="import").count() == 2


@pytest.mark.parametrize(
    ("kind", "column", "named", "said"),
    [
        (
            "products",
            "launched",
            {},
            "“launched” needs a date such as 22/11/2026, not “31/02/2026”.",
        ),
        (
            "prices",
            "valid_from",
            {"price_list": "P", "currency": "EUR", "amount": "1"},
            "“valid_from” needs a moment such as 22/11/2026, not “31/02/2026”.",
        ),
    ],
)
def test_a_refused_date_asks_for_the_form_of_the_sender(kind, column, named, said):
    load_products = [{"from": ["Nr"], "to": "sku"}]
    dated = {"from": ["Ab"], "to": column, "ops": [{"op": "trim"}, {"op": "date", "from": "d/m/y"}]}
    fixed = [
        {"from": [], "to": name, "ops": [{"op": "default", "value": value}]}
        for name, value in named.items()
    ]
    made = profile(mapping={"kind": kind, "columns": [*load_products, dated, *fixed]})
    job = finish(
        queue_profile(made, user=made.saved_by, upload=upload("Nr;Ab\nA;31/02/2026\n", "b.csv"))
    )
    assert [(line.column, line.message) for line in job.lines.all()] == [("Ab", said)]


def test_preview_says_which_rows_wait_for_others(tmp_path):
    path = tmp_path / "products.csv"
    path.write_text("sku;parent;color\nV;M;red\nW;;\n")
    with open_source(path, alone=True) as source:
        found = preview_import(source, options=ImportOptions(), actor=IMPORTER, at=NOW)
    assert [row.outcome for row in found.rows] == ["waiting", "created"]


def test_by_the_clock_it_runs_as_whoever_saved_it_last(places):
    (places / "a.csv").write_text(SUPPLIER)
    made, otto = profile(source="folder", location="a.csv", cadence="hourly"), staff("otto")
    save_profile(made, at=NOW, user=otto)
    [job] = slots(minutes=61)
    assert (job.created_by, job.machine) == (otto, False)


@pytest.mark.parametrize("leave", [User.delete, lambda user: User.objects.update(is_active=False)])
def test_whose_person_is_gone_fails_with_a_cause(places, leave):
    (places / "a.csv").write_text(SUPPLIER)
    made = profile(source="folder", location="a.csv", cadence="hourly")
    leave(made.saved_by)
    [job] = slots(minutes=61)
    assert (job.state, job.cause.split(":")[0], job.machine) == (
        "failed", "Whoever saved this profile last is gone or not active", False,
    )  # fmt: skip


def test_profile_that_publishes_is_for_those_who_may():
    made, otto = profile(options={"publish": True}), staff("otto", "add_job", "change_product")
    with pytest.raises(NotAllowed):
        queue_profile(made, user=otto, upload=upload())
    with pytest.raises(NotAllowed):
        save_profile(made, at=NOW, user=otto)
    made.refresh_from_db()
    assert (made.saved_by.username, Job.objects.filter(kind="import", created_by=otto).count()) == (
        "anna", 0,
    )  # fmt: skip
    assert queue_profile(made, user=staff("pia", "publish_product"), upload=upload()).pk


def test_uploads_of_one_name_keep_it_in_their_reports():
    made = profile()
    finish(queue_profile(made, user=None, upload=upload()))
    again = finish(queue_profile(made, user=None, upload=upload()))
    assert [line.file for line in again.lines.all()] == ["liste.csv"]
    assert again.result.name.endswith(f"refused-{again.pk}-liste.csv")
