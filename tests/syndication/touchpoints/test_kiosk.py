"""`/kiosk/{output}/`: shell, manifest, worker and files of the current bundle."""

import hashlib

import pytest

from syndication.models import Edition
from syndication.queries.bundles import merge
from tests.factories import listings as samples
from tests.factories import shelves


@pytest.fixture
def totem(shop, settings, tmp_path):
    settings.ARTEFACT_ROOT = tmp_path / "artefacts"
    output = shelves.landing_output(code="totem", kind="kiosk", combined=True)
    units = {locale: samples.units(2, locale) for locale in ("en", "ar")}
    shelves.issue(output, units, tmp_path)
    return output


def _body(response) -> bytes:
    return b"".join(response) if response.streaming else response.content


def test_shell_manifest_and_worker_are_always_checked_again(totem, client):
    for path in ("", "bundle.json", "sw.js"):
        response = client.get(f"/kiosk/totem/{path}")
        assert (response.status_code, response["Cache-Control"]) == (200, "no-cache")
        assert "script-src 'self';" in response["Content-Security-Policy"]
    etag = client.get("/kiosk/totem/bundle.json")["ETag"]
    assert client.get("/kiosk/totem/bundle.json", HTTP_IF_NONE_MATCH=etag).status_code == 304


def test_every_file_of_the_manifest_is_served_with_the_bytes_it_names(totem, client):
    manifest = client.get("/kiosk/totem/bundle.json").json()
    for file in manifest["files"]:
        response = client.get(f"/kiosk/totem/{file['url']}")
        assert hashlib.sha256(_body(response)).hexdigest() == file["sha256"]
        assert response["Content-Type"] == file["type"]
        assert "immutable" in response["Cache-Control"]


def test_files_of_an_earlier_edition_stay_within_reach(totem, client, tmp_path):
    before = client.get("/kiosk/totem/bundle.json").json()
    units = {locale: samples.units(3, locale) for locale in ("en", "ar")}
    shelves.issue(totem, units, tmp_path)
    after = client.get("/kiosk/totem/bundle.json").json()
    assert after["version"] != before["version"]
    gone = {f["url"] for f in before["files"]} - {f["url"] for f in after["files"]}
    assert [client.get(f"/kiosk/totem/{url}").status_code for url in gone] == [200] * len(gone)


def test_kiosk_without_an_edition_is_404(totem, client):
    totem.pointers.all().delete()
    Edition.objects.all().delete()
    paths = ["/kiosk/totem/", "/kiosk/totem/bundle.json", "/kiosk/other/", "/kiosk/pages/"]
    assert [client.get(path).status_code for path in paths] == [404] * 4


def test_manifests_of_several_locales_become_one():
    def one(locale, edition):
        own = {"url": f"data.{locale}.json", "sha256": locale, "size": 1, "type": "x"}
        both = {"url": "app.js", "sha256": "app", "size": 2, "type": "x"}
        row = {"locale": locale, "data": own["url"]}
        return {
            "version": locale,
            "created": f"2026-11-0{edition}",
            "edition": edition,
            "entry": f"index.{locale}.html",
            "locales": [row],
            "files": [both, own],
        }

    found = merge([one("de", 4), one("en", 3)], order=["en", "de"])
    assert [row["locale"] for row in found["locales"]] == ["en", "de"]
    assert [f["url"] for f in found["files"]] == ["app.js", "data.de.json", "data.en.json"]
    assert (found["edition"], found["created"]) == (4, "2026-11-04")
    assert found["entry"] == "index.en.html"
