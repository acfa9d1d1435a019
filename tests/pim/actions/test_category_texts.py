"""Introductions and pictures of categories: sanitised, compared, imported, followed."""

import pytest

from pim.actions.upserts import upsert_structure
from pim.models import Asset, Category, Change, LogEntry
from pim.queries.structure import load_structure
from tests.factories.catalogue import ANNA, NOW, lamp_catalogue

pytestmark = pytest.mark.django_db
INDOOR = {"code": "indoor"}


@pytest.fixture(autouse=True)
def _catalogue():
    lamp_catalogue()
    Asset.objects.create(
        code="cover", sha256="a" * 64, filename="cover.jpg", kind="image", media_type="image/jpeg",
        size=1,
    )  # fmt: skip


def upsert(**fields):
    (result,) = upsert_structure("categories", [INDOOR | fields], actor=ANNA, at=NOW)
    return result


def test_introduction_is_kept_per_locale_without_what_is_not_allowed():
    html = '<p onclick="x()">Warm <script>alert(1)</script><b>light</b></p>'
    assert upsert(intro={"en": html, "fi": "<p> </p>"}, image="cover").outcome == "changed"
    row = Category.objects.get(code="indoor")
    assert (row.intro, row.image.code) == ({"en": "<p>Warm <b>light</b></p>"}, "cover")
    held = load_structure().categories["indoor"]
    assert (held.intro, held.image) == (row.intro, "cover")


def test_writing_what_is_there_writes_nothing():
    upsert(intro={"en": "<p>Warm<script></script></p>"}, image="cover")
    changes, entries = Change.objects.count(), LogEntry.objects.count()
    again = upsert(intro={"en": "<p>Warm<script>x</script></p>"}, image="cover")
    assert again.outcome == "unchanged"
    assert (Change.objects.count(), LogEntry.objects.count()) == (changes, entries)


def test_blank_takes_the_text_and_the_picture_away():
    upsert(intro={"en": "<p>Warm</p>", "fi": "<p>Lämmin</p>"}, image="cover")
    upsert(intro={"en": ""}, image="")
    row = Category.objects.get(code="indoor")
    assert (row.intro, row.image) == ({"fi": "<p>Lämmin</p>"}, None)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"image": "nothing"}, "image"),
        ({"intro": "text"}, "intro"),
        ({"intro": {"en": 7}}, "intro"),
        ({"intro": {"no locale": "x"}}, "intro"),
        ({"intro": {"en": "x" * 65_536}}, "intro"),
    ],
)
def test_what_is_no_introduction_is_refused_and_nothing_changes(fields, field):
    result = upsert(**fields)
    assert result.refusal.field == field
    row = Category.objects.get(code="indoor")
    assert (row.intro, row.image, LogEntry.objects.count()) == ({}, None, 0)


def test_category_survives_the_removal_of_its_picture():
    upsert(image="cover")
    Asset.objects.all().delete()
    assert Category.objects.get(code="indoor").image is None
