"""What names of files stand for: looked up together, assets before files, the oldest first."""

import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from pim.actions.assets import ingest_asset, take_upload
from pim.actions.files_named import FilesNamed
from pim.content.refusals import UnknownCode
from pim.content.rights import EVERYTHING
from pim.models import Asset, Upload
from pim.queries.asset_media import find_medium, media_code
from tests.factories.catalogue import ANNA, NOW

pytestmark = pytest.mark.django_db
HOW = {"actor": ANNA, "at": NOW}


def picture(shade: int) -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), (shade, 9, 9)).save(out, "PNG")
    return out


def uploads(count: int) -> list[str]:
    return [take_upload(picture(n), filename=f"p{n}.png", **HOW) for n in range(count)]


def test_one_and_three_new_files_take_the_same_statements():
    counts = []
    for names in (uploads(1), uploads(3)):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            files = FilesNamed(names, rights=EVERYTHING)
        assert [files.medium(name, place="x").kind for name in names] == ["image"] * len(names)
        counts.append(len(asked))
    assert counts == [3, 3]


def test_names_are_codes_of_assets_then_of_files():
    asset = ingest_asset(picture(1), filename="a.png", code="hero", **HOW)
    file = media_code(asset.original_sha256, "other.png")
    [upload] = [take_upload(picture(2), filename="b.png", **HOW)]
    files = FilesNamed(["hero", file, upload, "nope", "a\nb"], rights=EVERYTHING)
    found = [files.medium(name, place="x") for name in ("hero", file, upload)]
    assert found == [asset, asset, Upload.objects.get()]
    assert find_medium(file, rights=EVERYTHING) == (asset, "other.png")
    for name in ("nope", "a\nb"):
        with pytest.raises(UnknownCode):
            files.medium(name, place="x")


def test_of_equal_files_the_oldest_asset_is_meant():
    first = ingest_asset(picture(1), filename="a.png", code="one", **HOW)
    ingest_asset(picture(1), filename="a.png", code="two", **HOW)
    assert Asset.objects.count() == 2
    assert find_medium(media_code(first.original_sha256, "a.png"), rights=EVERYTHING)[0] == first
