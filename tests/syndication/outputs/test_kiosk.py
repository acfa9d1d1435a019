"""The kiosk bundle: a manifest that names every file by its digest, and nothing from outside."""

import hashlib
import json

import pytest

from syndication.contract import Unit
from syndication.outputs.kiosk import Kiosk
from syndication.rendering.qr import qr_runs
from syndication.rendering.qr_sheet import qr_modules
from tests.factories import listings as samples

from .contract_cases import MEMO, OutputKindCases

KIND = Kiosk()


class TestKiosk(OutputKindCases):
    kind = KIND

    def units(self, locale, painted):
        return samples.units(3, locale, pictures=painted)


@pytest.fixture
def issued(tmp_path):
    from tests.factories import pictures

    cases = TestKiosk()
    units = samples.units(3, "en", pictures=pictures.paint(tmp_path, count=2))
    return cases.issue(units, samples.context(KIND, "en", tmp_path, memo=MEMO), tmp_path / "out")


def test_manifest_names_every_other_file_by_digest_and_size(issued):
    manifest = json.loads(issued["bundle.en.json"])
    listed = {f["url"]: (f["sha256"], f["size"]) for f in manifest["files"]}
    assert listed == {
        name: (hashlib.sha256(payload).hexdigest(), len(payload))
        for name, payload in issued.items()
        if name != "bundle.en.json"
    }
    assert manifest["entry"] in listed
    assert [row["data"] in listed for row in manifest["locales"]] == [True]


def test_bundle_asks_nothing_of_the_network(issued):
    manifest = json.loads(issued["bundle.en.json"])
    page = issued[manifest["entry"]].decode()
    assert "default-src 'none'" in page
    app = b"".join(v for n, v in issued.items() if n.startswith(("app.", "index.")))
    outside = app.replace(b"http://www.w3.org/2000/svg", b"")
    assert [b"http://" in outside, b"https://" in outside] == [False, False]


def test_every_picture_that_data_shows_is_in_the_bundle(issued):
    name = json.loads(issued["bundle.en.json"])["locales"][0]["data"]
    products = [p for p in json.loads(issued[name])["products"] if p]
    shown = {f for p in products for each in p.get("pictures", []) for f in (each["s"], each["l"])}
    assert shown == {n for n in issued if n.startswith("img.")}
    assert len(products) == 3


def test_combined_edition_has_the_data_of_all_locales(tmp_path):
    import dataclasses

    cases = TestKiosk()
    context = samples.context(KIND, "en", tmp_path, memo=MEMO)
    labels = {locale: samples.labels(locale) for locale in ("en", "ar")}
    context.tokens["tagline"] = {"en": "Slow"}
    context = dataclasses.replace(context, locales=("en", "ar"), labels=labels)
    unit = Unit(1, {locale: samples.unit(0, locale).listings[locale] for locale in labels}, {})
    files = cases.issue([unit], context, tmp_path / "out")
    rows = json.loads(files["bundle.json"])["locales"]
    assert [(row["locale"], row["direction"], row["tagline"]) for row in rows] == [
        ("en", "ltr", "Slow"), ("ar", "rtl", ""),
    ]  # fmt: skip


def test_matrix_holds_the_modules_of_the_code():
    url = "https://halla.example/q/abcdefgh"
    size, digits = qr_modules(url)
    per_row = -(-size // 4)
    drawn = set()
    for y in range(size):
        bits = f"{int(digits[y * per_row : (y + 1) * per_row], 16):0{per_row * 4}b}"
        drawn |= {(x, y) for x in range(size) if bits[x] == "1"}
    across, runs = qr_runs(url)
    assert size == across
    assert drawn == {(x + n, y) for x, y, length in runs for n in range(length)}


def test_a_file_that_is_not_what_its_name_says_is_refused(tmp_path):
    path = tmp_path / "img.00000000000000000000.webp"
    path.write_bytes(b"something else")
    with pytest.raises(ValueError, match="does not hold"):
        KIND.verify(path, path.name, samples.plan(1))
