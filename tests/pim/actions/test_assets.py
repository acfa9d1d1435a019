"""Taking media in: once, by content, with texts; never half."""

import io
from datetime import UTC, datetime

import pytest
from PIL import Image

from pim import files as shelves
from pim.actions.asset_bytes import asset_path, thumbnail_name
from pim.actions.assets import describe_asset, ingest_asset
from pim.content.actor import Actor
from pim.importing.refusals import MediaRefused
from pim.models import Asset, Change, LogEntry

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HOW = {"actor": Actor("anna", "admin"), "at": NOW}


@pytest.fixture(autouse=True)
def root(settings, tmp_path):
    settings.ASSET_ROOT = tmp_path / "assets"
    return tmp_path / "assets"


def jpeg(shade: int = 0) -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", (600, 400), (shade, 90, 90)).save(out, "JPEG")
    return out


def files(root) -> list[str]:
    return sorted(str(p.relative_to(root)) for p in root.rglob("*") if p.is_file())


def test_bytes_lie_under_their_digest_with_a_thumbnail(root):
    import hashlib

    asset = ingest_asset(jpeg(), filename="Röd lampa (1).jpg", **HOW)
    assert asset.code == f"Rod-lampa-1-{asset.original_sha256[:10]}"
    assert (asset.kind, asset.media_type, asset.width, asset.height) == (
        "image",
        "image/jpeg",
        600,
        400,
    )
    data = asset_path(asset.sha256).read_bytes()
    assert (hashlib.sha256(data).hexdigest(), len(data)) == (asset.sha256, asset.size)
    with Image.open(shelves.assets().local(thumbnail_name(asset.sha256))) as thumbnail:
        assert thumbnail.size == (320, 213)
    assert len(files(root)) == 2


def test_same_upload_gives_the_same_asset(root):
    first = ingest_asset(jpeg(), filename="a.jpg", **HOW)
    before = files(root), Change.objects.count()
    again = ingest_asset(jpeg(), filename="other.jpg", **HOW)
    assert (again.pk, files(root), Change.objects.count()) == (first.pk, *before)


def test_a_file_as_it_is_kept_is_known_and_never_cleaned_again(root):
    exif = Image.Exif()
    exif[0x010E] = "shot at home"
    sent = io.BytesIO()
    Image.new("RGB", (600, 400), (9, 90, 90)).save(sent, "JPEG", exif=exif)
    first = ingest_asset(sent, filename="a.jpg", code="hero", **HOW)
    assert first.sha256 != first.original_sha256
    before = files(root), Change.objects.count()
    for code in ("hero", None):
        kept = asset_path(first.sha256)
        again = ingest_asset(kept, filename="hero.jpg", code=code, **HOW)
        assert (again.pk, again.row_version) == (first.pk, 1)
    assert (files(root), Change.objects.count()) == before


def test_new_bytes_under_a_code_replace_and_are_announced():
    first = ingest_asset(jpeg(1), filename="a.jpg", code="hero", **HOW)
    second = ingest_asset(jpeg(200), filename="b.jpg", code="hero", **HOW)
    assert second.pk == first.pk
    assert (second.filename, second.row_version) == ("b.jpg", 2)
    assert second.sha256 != first.sha256
    entry = LogEntry.objects.get()
    assert (entry.kind, entry.scope) == ("structure", {"kind": "asset", "codes": ["hero"]})


def test_texts_are_merged_and_the_same_texts_write_nothing():
    asset = ingest_asset(jpeg(), filename="a.jpg", alt={"en": "A lamp"}, **HOW)
    describe_asset(asset, alt={"fi": "Lamppu"}, **HOW)
    asset.refresh_from_db()
    assert asset.alt == {"en": "A lamp", "fi": "Lamppu"}
    before = Change.objects.count(), LogEntry.objects.count(), asset.row_version
    describe_asset(asset, alt={"fi": "Lamppu"}, **HOW)
    asset.refresh_from_db()
    assert (Change.objects.count(), LogEntry.objects.count(), asset.row_version) == before


def test_refused_upload_leaves_nothing(root):
    broken = io.BytesIO(jpeg().getvalue()[:500])
    with pytest.raises(MediaRefused):
        ingest_asset(broken, filename="a.jpg", **HOW)
    assert (Asset.objects.count(), root.exists()) == (0, False)


def test_bad_code_is_refused(root):
    from pim.content.refusals import Refused

    with pytest.raises(Refused) as caught:
        ingest_asset(jpeg(), filename="a.jpg", code="../x", **HOW)
    assert (caught.value.code, root.exists()) == ("bad_code", False)
