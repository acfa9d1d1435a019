"""Printed kinds through the real run: files in the store at their addresses, forms that open."""

import hashlib
import io
import zipfile
from datetime import UTC, datetime

import orjson
import pikepdf
import pytest
from django.urls import reverse

from syndication.actions import served
from syndication.actions.api_keys import create_key
from syndication.actions.editions import issue_edition, run_edition
from syndication.models import ContextDocument, Edition, Listing, ListingBody, Output
from tests.factories import listings as samples
from tests.factories import shelf
from tests.factories.desk import superuser
from tests.factories.lamps import build_structure

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
FILES = {
    "data_sheet": ["data-sheets.en.json", "data-sheets.en.zip", "data-sheets/A-1.en.pdf",
                   "data-sheets/A-2.en.pdf"],
    "labels": ["labels.en.pdf"],
    "price_list": ["price-list.en.booklet.pdf", "price-list.en.pdf"],
    "leaflet": ["leaflet.en.booklet.pdf", "leaflet.en.pdf"],
}  # fmt: skip
OPTIONS = {
    "data_sheet": {},
    "labels": {"code": "code128"},
    "price_list": {"booklet": "saddle"},
    "leaflet": {"booklet": "saddle"},
}


def stock_goods() -> None:
    """Put two articles of the sample range on the shelf, with all that a sheet says of them."""
    shelf.stock({"A-1": "one", "A-2": "two"})
    told = orjson.dumps(samples.labels("en").body).decode()
    ContextDocument.objects.update(body=told, digest=samples.labels("en").digest)
    for n, identifier in enumerate(("A-1", "A-2")):
        body = samples.unit(n).main("en").body | {"identifier": identifier, "root": identifier}
        listing = Listing.objects.get(identifier=identifier)
        text = orjson.dumps(body).decode()
        listing.digest = hashlib.sha256(text.encode()).hexdigest()
        ListingBody.objects.create(digest=listing.digest, body=text)
        listing.save()


@pytest.mark.parametrize("kind", sorted(FILES))
def test_edition_is_issued_and_its_files_are_served(kind, settings, tmp_path, client):
    settings.ARTEFACT_ROOT, settings.SCRATCH_ROOT = tmp_path / "artefacts", tmp_path / "scratch"
    settings.DATA_DIR = tmp_path
    stock_goods()
    output = shelf.make_output(kind, kind=kind, options=OPTIONS[kind])
    (edition,) = issue_edition(output, actor="anna", at=NOW)
    run_edition(edition.pk)
    edition = Edition.objects.get(pk=edition.pk)
    assert edition.state in ("issued", "issued_with_warnings"), (edition.cause, edition.counts)
    _key, text = create_key("reader", channel="shop", audiences=["consumer"])
    headers = {"Authorization": f"Bearer {text}"}
    names = sorted(edition.artefacts.values_list("name", flat=True))
    assert names == FILES[kind]
    for name in names:
        answer = client.get(f"/out/{output.code}/{name}", headers=headers)
        payload = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert answer.status_code == 200, name
        if name.endswith(".pdf"):
            with pikepdf.open(io.BytesIO(payload)) as pdf:
                assert len(pdf.pages) >= 1
        elif name.endswith(".zip"):
            assert zipfile.ZipFile(io.BytesIO(payload)).testzip() is None


@pytest.mark.parametrize("kind", sorted(FILES))
def test_form_shows_every_option_of_the_kind(kind, client):
    from syndication.registry import output_kind

    build_structure()
    client.force_login(superuser())
    output = Output.objects.create(
        code="printed", name="Printed", kind=kind, channel="web", audience="consumer",
        locales=["en"],
    )  # fmt: skip
    answer = client.get(reverse("admin:syndication_output_change", args=[output.pk]))
    assert answer.status_code == 200
    shown = answer.content.decode()
    missing = [o.code for o in output_kind(kind).options if f"option_{o.code}" not in shown]
    assert missing == []


def test_opening_the_page_of_an_output_has_the_service_warm_for_it(client, settings, monkeypatch):
    woken = []
    monkeypatch.setattr(served, "wake", lambda *given, **_modules: woken.append(given))
    settings.PREVIEW_AHEAD = True
    build_structure()
    client.force_login(superuser())
    for kind in ("catalogue", "web_json"):
        output = Output.objects.create(
            code=kind, name=kind, kind=kind, channel="web", audience="consumer", locales=["en"]
        )
        client.get(reverse("admin:syndication_output_change", args=[output.pk]))
    assert woken == [("syndication.outputs.catalogue:Catalogue", ["en"])]
