"""Whole catalogues, the demonstration's and a real one, from files to the forms of the press and of
everybody's reading: read by validators that had no part in making them.
"""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings as project
from django.db.models import F

from syndication import store
from syndication.actions.editions import issue_edition, run_edition
from syndication.actions.listings import upkeep
from syndication.management.demo import stock
from syndication.models import Edition, EditionArtefact, Listing, Output
from syndication.supervise import supervisor
from tests.factories import pressroom, readers
from tests.pim.importing.files import load, shared_data

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.one_database]
AT = datetime(2026, 11, 26, 9, tzinfo=UTC)
APPAREL = shared_data("apparel-models")
# Above references at the heads of cards: on many pages, yet no running head. Arabic is found in the
# order of painting.
SHARED = {"Passt gut zu", "يتناسق مع"[::-1]}
GOOD = ("issued", "issued_with_warnings")


@pytest.fixture(autouse=True)
def _folders(settings, tmp_path):
    settings.ASSET_ROOT, settings.DATA_DIR = tmp_path / "assets", tmp_path
    settings.ARTEFACT_ROOT, settings.SCRATCH_ROOT = tmp_path / "artefacts", tmp_path / "scratch"
    yield
    supervisor.stop_all()


def issued(output: Output) -> dict[str, Path]:
    """Issue an output in each of its languages; return {language: its PDF}."""
    found = {}
    for edition in issue_edition(output, actor="anna", at=AT):
        run_edition(edition.pk)
        edition = Edition.objects.get(pk=edition.pk)
        assert edition.state in GOOD, (output.code, edition.locale, edition.cause)
        links = EditionArtefact.objects.filter(edition=edition, name__endswith=".pdf")
        found[edition.locale] = store.path_of(links.get().artefact_id)
    return found


def printed(locale: str) -> int:
    """Return how many products a catalogue in print has: all its variants stand with a model."""
    live = Listing.objects.filter(channel="print", audience="consumer", locale=locale, state="live")
    return live.filter(product_id=F("root_id")).count()


def check_press(output: Output, folder: Path) -> None:
    for locale, path in issued(output).items():
        pages = pressroom.all_plates(path, folder / f"plates-{locale}")
        assert pressroom.faults(path, pages) == [], locale
        assert len(set(pressroom.codes(pages))) == printed(locale) > 20, locale


def check_accessible(output: Output, excused) -> None:
    for locale, path in issued(output).items():
        assert readers.faults(path, excused) == [], locale
        text = readers.read_aloud(path)
        assert text.count("Sect ") >= printed(locale) > 20, locale
        # In the index, each name is followed by its page.
        names = re.findall(r'Link \(inline\) Object \d+ 0(?: "[^"]+")+ "\d+"', text)
        assert len(names) >= printed(locale), locale


@pytest.fixture
def demo():
    assert load(project.BASE_DIR / "pim" / "demo" / "catalogue", publish=True).state == "done"
    upkeep(at=AT)
    stock.make_brands()
    stock.make_outputs()
    Output.objects.update(locales=["de", "ar"])
    return {output.code: output for output in Output.objects.all()}


def test_demo_catalogue_is_fit_for_the_press(demo, tmp_path):
    check_press(demo["catalogue-press"], tmp_path)


def test_demo_catalogue_is_fit_for_everybodys_reading(demo):
    check_accessible(
        demo["catalogue-accessible"],
        lambda found: found.rule == "PAG-001" and found.evidence in SHARED,
    )


@pytest.mark.skipif(APPAREL is None, reason="real data not at hand")
def test_real_catalogue_is_fit_for_the_press_and_for_everybodys_reading(tmp_path):
    assert load(APPAREL, publish=True).state == "done"
    upkeep(at=AT)
    press, accessible = (
        Output.objects.create(
            code=form,
            name=form,
            kind="catalogue",
            channel="print",
            audience="consumer",
            locales=locales,
            options={"form": form},
        )
        for form, locales in (("press", ["en-US"]), ("accessible", ["en-US", "de-DE"]))
    )
    check_press(press, tmp_path)
    # Articles without a German name are called by their numbers: no validator can know of it.
    check_accessible(
        accessible,
        lambda found: found.rule == "HDG-010" and re.fullmatch(r"\d{10}", found.evidence),
    )
