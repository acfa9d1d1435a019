"""An import that is killed at any moment goes on where it was: exact counts, nothing twice."""

import random
from collections import Counter
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import connection

from pim.actions import import_facts, import_products
from pim.actions.import_options import ImportOptions
from pim.actions.imports import queue_import
from pim.actions.jobs import run_job
from pim.models import Change, Job, JobLine, PriceFact, Product, Version
from pim.queries.structure import forget_structure

from .files import NOW, STRUCTURE, lines_of
from .test_import_catalog import jpeg

pytestmark = pytest.mark.django_db

ROWS = 60


class Killed(BaseException):
    """Stands for kill -9: nobody catches it, what was not committed is rolled back."""


@pytest.fixture(autouse=True)
def _small_batches(settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT, settings.ASSET_ROOT = tmp_path / "media", tmp_path / "assets"
    monkeypatch.setattr(import_products, "BATCH", 7)
    monkeypatch.setattr(import_facts, "BATCH", 7)


def archive() -> bytes:
    """A catalogue with everything that an import does: waiting rows and refused ones too."""
    import io
    import zipfile

    products = ["sku;family;name-en_US;ean;image;X_SELL-products"]
    for n in range(ROWS):
        ahead = f"P{n + 9}" if n % 5 == 0 else ""
        family = "nope" if n % 13 == 0 else "lamp"
        products.append(
            f"P{n};{family};Lamp {n};{1000 + n};{'a.jpg' if n % 9 == 1 else ''};{ahead}"
        )
    prices = ["product;price_list;amount"] + [f"P{n};retail;{n}.5" for n in range(ROWS)]
    tables = {
        **STRUCTURE,
        "price_lists.csv": "code;currency\nretail;EUR\n",
        "assets.csv": "code;file\nfirst;a.jpg\nnone;b.jpg\n",
        "products.csv": "\n".join(products),
        "prices.csv": "\n".join(prices),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, text in tables.items():
            packed.writestr(name, text)
        packed.writestr("images/a.jpg", jpeg())
    return out.getvalue()


class Axe:
    """Kills at a given statement, of those that hold a word; counts them otherwise."""

    def __init__(self, at: int | None = None, *, word: str = ""):
        self.at, self.word, self.seen = at, word, 0

    def __call__(self, execute, sql, params, many, context):
        self.seen += self.word in sql
        if self.seen == self.at and self.word in sql:
            raise Killed
        return execute(sql, params, many, context)


def run(job: Job, *, axe: Axe) -> Job:
    with connection.execute_wrapper(axe):
        try:
            run_job(job.pk, at=NOW)
        except Killed:
            forget_structure()
            # Its lease has run out.
            Job.objects.filter(pk=job.pk).update(lease_until=NOW - timedelta(seconds=1))
    job.refresh_from_db()
    return job


def queue(data: bytes) -> Job:
    options = ImportOptions(publish=True)
    return queue_import(ContentFile(data, name="in.zip"), user=None, options=options)


def outcome(job: Job) -> dict:
    return {
        "counts": job.counts,
        "done": (job.done, job.total, job.state),
        "lines": sorted(lines_of(job)),
        "changes": Counter(Change.objects.values_list("subject", "action")),
        "products": set(Product.objects.values_list("identifier", "row_version")),
        "versions": Version.objects.count(),
        "prices": sorted(PriceFact.objects.values_list("product__identifier", "amount")),
    }


def statements(data: bytes) -> tuple[int, dict]:
    """Return how many statements a whole run takes, and what it leaves behind."""
    from django.db import transaction

    axe = Axe()
    with transaction.atomic():
        found = outcome(run(queue(data), axe=axe))
        transaction.set_rollback(True)
    forget_structure()
    return axe.seen, found


@pytest.mark.parametrize("seed", range(6))
def test_import_killed_at_random_moments_ends_as_if_it_had_not_been(seed, settings, tmp_path):
    data = archive()
    total, expected = statements(data)
    assert expected["counts"]["products"] == {"created": 55, "refused": 5, "noted": 2}
    settings.ASSET_ROOT = tmp_path / "others"
    dice = random.Random(seed)
    job = queue(data)
    for _blow in range(2):
        run(job, axe=Axe(dice.randrange(20, total)))
        Job.objects.filter(pk=job.pk, state="running").update(attempts=1)
    if job.state == "running":
        run(job, axe=Axe())
    assert outcome(job) == expected


def test_import_of_other_files_than_before_begins_anew(tmp_path):
    job = queue(archive())
    run(job, axe=Axe(5, word="pim_uniquevalue"))
    assert (job.state, job.cursor["table"] > 0) == ("running", True)
    job.cursor = {**job.cursor, "of": "other files"}
    job.save(update_fields=["cursor"])
    JobLine.objects.create(job=job, file="products.csv", line=3, outcome="refused", message="old")
    run(job, axe=Axe())
    assert (job.state, job.lines.filter(message="old").count()) == ("done", 0)


def test_import_with_too_many_rows_waiting_is_repeated_from_its_start(monkeypatch):
    monkeypatch.setattr("pim.actions.import_cursor.MOST_WAITING", 1)
    job = queue(archive())
    run(job, axe=Axe(9, word="pim_uniquevalue"))
    assert (job.state, job.cursor) == ("running", {})
    run(job, axe=Axe())
    assert job.state == "done"
    assert sum(job.counts["products"][o] for o in ("created", "unchanged", "changed")) == 55
    assert Product.objects.count() == 55
