"""The structure and the media of a catalogue, exported and taken back into an empty house."""

import io
import zipfile

import pytest
from PIL import Image

from pim import models
from pim.actions.asset_bytes import asset_path
from pim.actions.assets import ingest_asset
from pim.actions.exports import queue_export
from pim.actions.imports import import_catalog
from pim.actions.jobs import run_job
from pim.content.actor import Actor
from pim.content.refusals import Refused
from pim.models import Asset, Attribute, Job, Product
from pim.queries.structure import forget_structure, read_structure
from tests.factories.catalogue import ANNA, NOW

from .test_round_trip import catalogue, contents, products

pytestmark = pytest.mark.django_db
EMPTIED = (
    "Association Product Change FamilyVariant Family AttributeOption Attribute AttributeGroup "
    "MeasurementFamily ReferenceRecord ReferenceEntity Channel PriceList Category AssociationType "
    "Group GroupType Audience Currency Locale"
).split()


def exported(**settings) -> Job:
    job = queue_export({"all": True}, settings, title="x", actor="anna")
    run_job(job.pk, at=NOW)
    job.refresh_from_db()
    assert (job.state, job.cause) == ("done", "")
    return job


def imported(job: Job) -> models.Job:
    return import_catalog(job.result.path, actor=Actor("anna", "import"), at=NOW)


def structure() -> dict:
    """Return the structure by codes alone: what is numbered by the database is left out."""
    found = read_structure()
    names = ("locales", "channels", "groups", "attributes", "options", "families",
             "family_variants", "categories", "association_types", "product_groups",
             "measurements", "entities")  # fmt: skip
    plain = {name: _plain(getattr(found, name)) for name in names}
    for channel in plain["channels"].values():
        channel["currencies"] = sorted(channel["currencies"])
    return plain


def _plain(held):
    if isinstance(held, dict):
        return {key: _plain(value) for key, value in held.items()}
    slots = getattr(held, "__slots__", None)
    if slots and not isinstance(held, str):
        return {name: _plain(getattr(held, name)) for name in slots if name != "id"}
    return held


def empty() -> None:
    for name in EMPTIED:
        model = getattr(models, name)
        while model.objects.exists():
            for row in model.objects.all():
                try:
                    row.delete()
                except Exception:
                    continue
    forget_structure()


@pytest.fixture
def furnished() -> None:
    """A catalogue as imports leave it: every unit and column of a table with all its parts."""
    catalogue()
    # In an empty house, an attribute without a role gets the one that its code suggests.
    for code in ("weight", "price", "color", "size"):
        Attribute.objects.filter(code=code).update(role=code)
    Attribute.objects.filter(code="maker").update(role="brand")
    imported(exported(content="structure"))


def test_a_catalogue_imports_back_without_a_change(furnished):
    products()
    before = structure()
    counts = imported(exported(content="catalogue")).counts
    changed = {kind: held for kind, held in counts.items() if set(held) - {"unchanged", "noted"}}
    assert (changed, structure()) == ({}, before)


def test_an_empty_house_is_furnished_from_the_file(furnished):
    before, job = structure(), exported(content="structure")
    empty()
    assert structure() != before
    run = imported(job)
    assert [line.message for line in run.lines.all()] == []
    assert structure() == before
    assert Product.objects.count() == 0


def test_media_come_in_a_zip_and_go_back_byte_for_byte():
    catalogue()
    picture = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(picture, "PNG")
    asset = ingest_asset(picture, filename="lamp.png", code="lamp", actor=ANNA, at=NOW,
                         alt={"en": "A lamp"}, licence="CC0")  # fmt: skip
    job = exported(content="structure", media=True)
    with zipfile.ZipFile(job.result.path) as packed:
        data = packed.read("files/lamp/lamp.png")
    assert data == asset_path(asset.sha256).read_bytes()
    Asset.objects.filter(code="lamp").delete()
    imported(job)
    again = Asset.objects.get(code="lamp")
    assert (again.sha256, again.alt, again.licence) == (asset.sha256, {"en": "A lamp"}, "CC0")


def test_pictures_of_categories_and_entities_come_with_the_structure():
    catalogue()
    picture = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(picture, "PNG")
    asset = ingest_asset(picture, filename="lamp.png", code="lamp", actor=ANNA, at=NOW)
    pictured = [models.Category.objects.order_by("pk").first(),
                models.ReferenceEntity.objects.order_by("pk").first()]  # fmt: skip
    for row in pictured:
        row.image = asset
        row.save()
    job = exported(content="structure", media=True)
    imported(job)
    assert [type(row).objects.get(pk=row.pk).image_id for row in pictured] == [asset.pk] * 2
    for row in pictured:
        type(row).objects.update(image=None)
    Asset.objects.all().delete()
    assert list(imported(job).lines.all()) == []
    again = Asset.objects.get(code="lamp").pk
    assert [type(row).objects.get(pk=row.pk).image_id for row in pictured] == [again] * 2
    assert [type(row).objects.exclude(image=None).count() for row in pictured] == [1, 1]


@pytest.mark.parametrize(
    "settings",
    [{"content": "x"}, {"content": "structure", "audience": "people"},
     {"media": True, "format": "xlsx"}, {"content": "catalogue", "gzip": True}],
)  # fmt: skip
def test_structure_and_media_are_for_machines_in_a_zip(settings):
    with pytest.raises(Refused):
        queue_export({"all": True}, settings, title="x")
    assert (Job.objects.count(), contents()) == (0, {})
