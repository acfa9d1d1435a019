"""Ways to import: only new, only known, blanks that keep, rows that delete, refused rows again."""

import io
import json
import zipfile

import pytest
from django.core.files.base import ContentFile

from pim.actions.import_options import ImportOptions
from pim.actions.imports import queue_import
from pim.actions.jobs import run_job
from pim.models import Asset, Job, Product

from .files import NOW, lines_of, load, write_folder
from .test_import_catalog import jpeg, values_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.ASSET_ROOT, settings.MEDIA_ROOT = tmp_path / "assets", tmp_path / "media"
    folder = write_folder(
        tmp_path / "in", products="sku;family;ean;X_SELL-products\nA;lamp;1;\nB;lamp;2;A\n"
    )
    load(folder)
    return folder


def table(tmp_path, text: str, name: str = "products.csv"):
    path = tmp_path / "next" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return path


def names() -> set[str]:
    return set(Product.objects.values_list("identifier", flat=True))


def test_create_only_passes_over_what_exists(tmp_path):
    run = load(table(tmp_path, "sku;ean\nA;9\nC;96385074\n"), mode="create")
    assert (run.counts["products"], lines_of(run)) == ({"skipped": 1, "created": 1}, [])
    assert (values_of("A")[""], names()) == ({"ean": {"": "1"}}, {"A", "B", "C"})


def test_update_only_passes_over_what_does_not(tmp_path):
    run = load(table(tmp_path, "sku;ean\nA;9\nC;3\n"), mode="update")
    assert run.counts["products"] == {"skipped": 1, "changed": 1}
    assert (values_of("A")[""], names()) == ({"ean": {"": "9"}}, {"A", "B"})


def test_blank_cells_clear_or_keep(tmp_path):
    path = table(tmp_path, "sku;family;ean;categories;X_SELL-products\nB;;;;\n")
    assert load(path, empty="keep").counts["products"] == {"unchanged": 1}
    assert values_of("B")[""] == {"ean": {"": "2"}}
    assert load(path).counts["products"] == {"changed": 1}
    assert values_of("B") == {}


def test_row_that_says_so_deletes_its_product(tmp_path):
    path = table(tmp_path, "sku;#delete\nA;1\nB;0\nC;1\n")
    assert load(path).counts["products"] == {"removed": 1, "unchanged": 2}
    assert names() == {"B"}
    assert load(path).counts["products"] == {"unchanged": 3}


def test_model_and_its_variants_are_deleted_in_any_order(tmp_path):
    models = "code;family_variant\nM;lamp_color\n"
    load(table(tmp_path, models, "product_models.csv"))
    load(table(tmp_path, "sku;parent;color\nV;M;red\n"))
    both = tmp_path / "both"
    both.mkdir()
    (both / "product_models.csv").write_text("code;#delete\nM;yes\n")
    (both / "products.csv").write_text("sku;#delete\nV;yes\n")
    run = load(both)
    assert (run.counts["product_models"], run.counts["products"]) == (
        {"removed": 1},
        {"removed": 1},
    )
    assert names() == {"A", "B"}


def run_upload(text: str, name: str = "products.csv", **options) -> Job:
    upload = ContentFile(text.encode(), name=name)
    dry = options.pop("dry_run", False)
    job = queue_import(upload, user=None, dry_run=dry, options=ImportOptions(**options))
    run_job(job.pk, at=NOW)
    job.refresh_from_db()
    return job


@pytest.mark.parametrize("dry_run", [True, False])
def test_refused_rows_come_back_as_a_file_of_the_same_layout(dry_run):
    text = 'sku,pieces,family,odd\nC,3,lamp,x\n"D",4,nope,"a, ""b"""\nE,5\nF,f,what,=1+1\n'
    job = run_upload(text, dry_run=dry_run)
    assert job.counts["products"] == {"created": 2, "refused": 2, "noted": 1}
    with job.result.open("rb") as stream:
        assert stream.read().decode("utf-8-sig").splitlines() == [
            "sku;pieces;family;odd;#reason",
            'D;4;nope;"a, ""b""";family: There is no family “nope”.',
            "F;f;what;=1+1;family: There is no family “what”. "
            "pieces: “pieces” needs a number such as 12.5, not “f”.",
        ]


def test_refused_rows_are_taken_once_they_are_mended():
    job = run_upload("sku;family\nC;nope\nD;lamp\n")
    mended = job.result.open("rb").read().decode("utf-8-sig").replace("C;nope;", "C;lamp;")
    again = run_upload(mended)
    assert (again.counts["products"], lines_of(again)) == ({"created": 1}, [])
    assert not again.result


def test_refused_rows_of_several_tables_come_as_an_archive():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("attributes.csv", "code;type\nnew;nope\n")
        archive.writestr("products.jsonl", json.dumps({"identifier": "C", "family": "new"}))
    upload = ContentFile(out.getvalue(), name="in.zip")
    job = queue_import(upload, user=None)
    run_job(job.pk, at=NOW)
    job.refresh_from_db()
    with zipfile.ZipFile(job.result.open("rb")) as archive:
        assert sorted(archive.namelist()) == ["attributes.csv", "products.jsonl"]
        refused = json.loads(archive.read("products.jsonl"))
    assert refused == {
        "identifier": "C", "family": "new", "#reason": "family: There is no family “new”.",
    }  # fmt: skip


class Body(io.BytesIO):
    """The body of an answer."""


@pytest.fixture
def web(monkeypatch):
    from pim.actions import import_addresses
    from pim.outbound import Answer, OutboundRefused

    asked = []

    def fetch(url, **limits):
        asked.append(url)
        if "private" in url:
            raise OutboundRefused(url=url, why="it is not public")
        if "gone" in url:
            return Answer(404, {}, Body(b""), url)
        return Answer(200, {}, Body(jpeg(len(asked))), url)

    monkeypatch.setattr(import_addresses, "fetch", fetch)
    return asked


PICTURES = (
    "sku;image;gallery\n"
    "A;https://x.example/a%20b.jpg;https://x.example/1.jpg,https://x.example/2.jpg\n"
    "B;https://x.example/a%20b.jpg;\n"
)


def test_pictures_are_fetched_from_their_addresses_once(tmp_path, web):
    path = table(tmp_path, PICTURES)
    assert load(path).counts["products"] == {"changed": 2}
    assert sorted(web) == [
        "https://x.example/1.jpg", "https://x.example/2.jpg", "https://x.example/a%20b.jpg",
    ]  # fmt: skip
    codes = values_of("A")[""]
    assert [code.rsplit("-", 1)[0] for code in codes["image"][""] + codes["gallery"][""]] == [
        "a-b", "1", "2",
    ]  # fmt: skip
    load(table(tmp_path, PICTURES.replace("B;", "C;")))
    assert (len(web), Asset.objects.count()) == (3, 3)


def test_picture_that_cannot_be_fetched_is_noted_and_tried_again(tmp_path, web):
    text = "sku;pieces;image\nC;7;https://private.example/a.jpg\nD;8;https://x.example/gone.jpg\n"
    run = load(table(tmp_path, text))
    assert [(line[2], line[5]) for line in lines_of(run)] == [
        ("image", "address_refused"), ("image", "fetch_failed"),
    ]  # fmt: skip
    assert (run.counts["products"], names()) == (
        {"created": 2, "noted": 2}, {"A", "B", "C", "D"},
    )  # fmt: skip
    load(table(tmp_path, text))
    assert len(web) == 4


def test_dry_run_fetches_nothing_and_says_what_the_real_one_would(tmp_path, web):
    path = table(tmp_path, PICTURES)
    run = load(path, dry_run=True)
    assert (run.counts["products"], web, Asset.objects.count()) == ({"changed": 2}, [], 0)


def test_import_may_fetch_nothing(tmp_path, web):
    run = load(table(tmp_path, PICTURES), fetch=False)
    assert ({line[5] for line in lines_of(run)}, web) == ({"not_fetched"}, [])
