"""Exports for people and for machines: columns, locales, published state, safety, delivery."""

import csv
import gzip
import io
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from pim.actions.exports import (
    delete_profile,
    duplicate_profile,
    queue_due_exports,
    queue_export,
    queue_profile,
    save_profile,
)
from pim.actions.imports import import_catalog
from pim.actions.jobs import run_job
from pim.actions.publishing import publish_products
from pim.content.refusals import Conflict, Refused
from pim.content.rights import NotAllowed
from pim.models import AttributeOption, Change, ExportProfile, Job, Product
from pim.queries.drafts import read_drafts
from pim.queries.structure import forget_structure
from tests.factories.catalogue import ANNA, NOW, lamp_catalogue, wish, write
from tests.factories.desk import superuser
from tests.factories.rights import limited

pytestmark = pytest.mark.django_db
PEOPLE = {"audience": "people", "associations": False}


@pytest.fixture(autouse=True)
def _catalogue(settings, tmp_path):
    settings.EXPORT_ROOT = tmp_path / "exports"
    lamp_catalogue()
    AttributeOption.objects.filter(code="red").update(labels={"en": "Red", "fi": "Punainen"})
    forget_structure()
    at = {"name||en": "=Lamp", "pieces||": "2.5", "color||": "red"}
    write(wish("B", family="lamp", at={**at, "weight||": {"amount": "1", "unit": "GRAM"}}))
    write(wish("M", role="model", family="lamp", family_variant="lamp_color", at={"pieces||": 4}))
    write(wish("V", parent="M", at={"color||": "red"}))


def run(**settings) -> Job:
    selection = settings.pop("selection", {"all": True})
    job = queue_export(selection, settings, title="x", actor="anna")
    run_job(job.pk, at=NOW)
    job.refresh_from_db()
    assert (job.state, job.cause) == ("done", "")
    return job


def table(job: Job, separator: str = ";") -> list[list[str]]:
    text = job.result.open("rb").read().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=separator))


def test_people_get_one_table_with_labels_inherited_values_and_no_formula():
    columns = ["role", "name", "pieces", "color"]
    job = run(**PEOPLE, columns=columns, locales=["en"], labels=True, header_locale="fi")
    assert table(job) == [
        ["sku", "role", "name-en", "pieces", "color"],
        ["B", "item", "'=Lamp", "2.5", "Punainen"],
        ["M", "model", "", "4", ""],
        ["V", "item", "", "4", "Punainen"],
    ]
    assert job.counts == {"exported": {"created": 3}}


def test_people_get_decimal_commas_and_typed_cells():
    job = run(**PEOPLE, columns=["pieces"], decimal_comma=True, separator="\t")
    assert table(job, "\t")[1] == ["B", "2,5"]
    book = run(**PEOPLE, columns=["name", "pieces"], locales=["en"], format="xlsx")
    sheet = CalamineWorkbook.from_path(book.result.path).get_sheet_by_index(0).to_python()
    assert sheet[1] == ["B", "'=Lamp", 2.5]


def test_machines_get_models_and_products_apart():
    job = run(columns=["family_variant", "parent", "pieces", "weight"], associations=False)
    with zipfile.ZipFile(job.result.path) as packed:
        files = {n: packed.read(n).decode().splitlines() for n in packed.namelist()}
    assert files == {
        "product_models.csv": ["code;family_variant;parent;pieces;weight;weight-unit",
                               "M;lamp_color;;4;;"],
        "products.csv": ["sku;parent;pieces;weight;weight-unit", "B;;2.5;1;GRAM", "V;M;;;"],
    }  # fmt: skip


def test_what_is_published_is_exported_as_it_was_published():
    pk = write(wish("B"))[0].product_id
    publish_products([pk], actor=ANNA, at=NOW)
    write(wish("B", at={"pieces||": 9}))
    job = run(state="published", columns=["pieces"], associations=False)
    assert table(job) == [["sku", "pieces"], ["B", "2.5"]]


def test_a_selection_without_products_gives_an_empty_table():
    none = {"search": {"identifier": [{"operator": "=", "value": "NONE"}]}}
    job = run(selection=none, columns=["pieces"], associations=False, gzip=True)
    assert job.result.name.endswith(".csv.gz")
    assert gzip.decompress(job.result.open("rb").read()) == b"sku;pieces\r\n"


@pytest.mark.parametrize(
    "document",
    [
        {"format": "pdf"},
        {"columns": ["nope"]},
        {"columns": "name"},
        {"locales": ["xx"]},
        {"channels": ["xx"]},
        {"gzip": 1},
        {"separator": "x"},
        {"colour": "red"},
        {"header_locale": "xx"},
        [],
    ],
)
def test_settings_that_make_no_export_are_refused(document):
    with pytest.raises(Refused):
        queue_export({"all": True}, document, title="x")
    assert Job.objects.count() == 0


def profile(code="weekly", user=None, **fields) -> ExportProfile:
    given = {"name": "Weekly", "selection": {"all": True}, "settings": {"format": "csv"}}
    return save_profile(code, {**given, **fields}, actor=ANNA, at=NOW, user=user)[0]


def test_a_profile_runs_by_the_clock_and_puts_its_file_into_a_folder(settings):
    document, anna = {**PEOPLE, "columns": ["pieces"]}, superuser()
    made = profile(cadence="daily 02:00", folder="shop", settings=document, user=anna)
    assert queue_due_exports(at=NOW) == []
    (job,) = queue_due_exports(at=NOW + timedelta(days=1))
    run_job(job.pk, at=NOW)
    assert queue_due_exports(at=NOW + timedelta(days=1)) == []
    files = [path.name for path in (settings.EXPORT_ROOT / "shop").iterdir()]
    made.refresh_from_db()
    assert (files, made.last_job_id) == (["weekly.csv"], job.pk)


@pytest.mark.parametrize("folder", ["../x", "/etc", "a/../../x", ".", "a\x00b"])
def test_no_folder_leads_outside(folder):
    with pytest.raises(Refused) as refused:
        profile(folder=folder)
    assert (refused.value.code, ExportProfile.objects.count()) == ("bad_folder", 0)


def test_profiles_are_changed_duplicated_and_deleted_with_a_trace():
    made = profile()
    assert save_profile("weekly", {"name": "Weekly"}, actor=ANNA, at=NOW)[1] == "unchanged"
    with pytest.raises(Conflict):
        save_profile("weekly", {"name": "X"}, actor=ANNA, at=NOW, expected=5)
    copy = duplicate_profile(made, actor=ANNA, at=NOW)
    assert (copy.code, copy.name, copy.selection) == ("weekly_2", "Weekly", {"all": True})
    assert queue_profile(copy).title == "Weekly"
    delete_profile(copy, actor=ANNA, at=NOW)
    assert list(ExportProfile.objects.values_list("code", flat=True)) == ["weekly"]
    assert Change.objects.filter(subject__startswith="export:").count() == 3


def test_by_the_clock_it_runs_as_whoever_saved_it_last_or_not_at_all():
    profile(cadence="daily 02:00", user=superuser("otto"))
    anna = superuser()
    profile(cadence="daily 02:00", user=anna)
    (job,) = queue_due_exports(at=NOW + timedelta(days=1))
    assert (job.created_by, job.machine, job.state) == (anna, False, "queued")
    anna.is_active = False
    anna.save()
    (job,) = queue_due_exports(at=NOW + timedelta(days=2))
    assert (job.state, job.cause.split(":")[0]) == (
        "failed", "Whoever saved this profile last is gone or not active",
    )  # fmt: skip


@pytest.mark.parametrize("fields", [{"cadence": "daily 02:00"}, {"folder": "shop"}])
def test_limited_people_set_neither_schedule_nor_folder(fields):
    actor = limited(locale={"*": "view"})
    with pytest.raises(NotAllowed):
        save_profile("mine", {"name": "Mine", "selection": {"all": True}, **fields},
                     actor=actor, at=NOW)  # fmt: skip
    assert ExportProfile.objects.count() == 0
    profile(**fields)
    with pytest.raises(NotAllowed):
        save_profile("weekly", {"name": "Mine now"}, actor=actor, at=NOW)
    assert ExportProfile.objects.get().name == "Weekly"


def test_a_table_for_people_that_is_sent_back_keeps_rich_texts(tmp_path):
    rich = "<p>Pine &amp; &lt;5 <strong>oak</strong>.</p><ul><li>Oiled</li></ul>"
    write(wish("B", at={"story|web|en": rich}), wish("M", at={"story|web|en": rich}))
    job = run(**PEOPLE, columns=["name", "story"], locales=["en"])
    sent = tmp_path / "products.csv"
    sent.write_bytes(Path(job.result.path).read_bytes())
    assert "<strong>" not in sent.read_text()
    back = import_catalog(sent, actor=ANNA, at=NOW)
    assert dict(back.counts["products"]) == {"unchanged": 3}
    sent.write_text(sent.read_text().replace("Oiled", "Waxed"))
    import_catalog(sent, actor=ANNA, at=NOW)
    pk = Product.objects.get(identifier="B").pk
    assert "Waxed" in read_drafts([pk])[pk].values["en"]["story"]["web"]


def test_json_lines_for_people_hold_models_and_products_and_come_back():
    job = run(**{**PEOPLE, "format": "jsonl", "associations": True})
    back = import_catalog(job.result.path, actor=ANNA, at=NOW)
    assert list(back.lines.values_list("subject", "column", "message")) == []
    assert [sum(c.values()) for c in back.counts.values()] == [3]
    assert [dict(c) for c in back.counts.values()] == [{"unchanged": 3}]
