"""The link to the data sheet on a live page: the served one, where everybody may open it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml import html

from syndication.models import (
    Artefact,
    ChannelSequence,
    Edition,
    EditionArtefact,
    Listing,
    Output,
    Pointer,
)
from tests.factories import listings as samples
from tests.factories import shelves

SIZE = 240_400


def sheets(code="sheets", **fields) -> Output:
    values = {"code": code, "kind": "data_sheet", "options": {}} | fields
    return shelves.landing_output(**values)


def promote(output: Output, name: str, *, locale="de", size=SIZE, audience="consumer") -> Edition:
    """Serve an edition of one file."""
    number = 1 + output.editions.count()
    sha256 = f"{output.pk:032x}{number:032x}"
    file = Artefact.objects.create(sha256=sha256, size=size, media_type="application/pdf")
    edition = Edition.objects.create(
        output=output,
        number=number,
        locale=locale,
        trigger_key=f"test:{number}",
        state="issued",
        created_at=shelves.AT,
    )
    EditionArtefact.objects.create(edition=edition, artefact=file, name=name, audience=audience)
    Pointer.objects.update_or_create(
        output=output, locale=locale, defaults={"edition": edition, "moved_at": shelves.AT}
    )
    return edition


def linked(client, slug: str, locale="de") -> list[tuple[str, str]]:
    """Return where the page leads to a file of an output, and what the links say."""
    page = html.document_fromstring(client.get(f"/p/{locale}/{slug}").content)
    links = page.xpath("//a[starts-with(@href, '/out/')]")
    return [(a.get("href"), " ".join(a.text_content().split())) for a in links]


@pytest.fixture
def lamp(shop):
    return Listing.objects.filter(locale="de", role="item", parent_id=None).first()


@pytest.fixture
def name(lamp):
    return f"data-sheets/{lamp.identifier}.de.pdf"


def test_served_sheet_is_linked_with_its_size_in_the_readers_language(lamp, name, client):
    promote(sheets(), name)
    promote(Output.objects.get(code="sheets"), name.replace(".de.", ".ar."), locale="ar")
    assert linked(client, lamp.slug) == [(f"/out/sheets/{name}", "PDF Datenblatt 240 kB")]
    assert linked(client, lamp.slug, "en") == []
    ((path, text),) = linked(client, lamp.slug, "ar")
    assert path == f"/out/sheets/{name}".replace(".de.", ".ar.")
    assert text.startswith("PDF بطاقة المنتج")


def test_link_leads_to_the_file(lamp, tmp_path, client):
    output = sheets(locales=["en"], options={"codes": "none"})
    shelves.issue(output, {"en": samples.units(1, "en")}, tmp_path)
    root = Listing.objects.filter(locale="en", parent_id=None).order_by("product_id").first()
    ((path, _text),) = linked(client, root.slug, "en")
    answer = client.get(path)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert b"".join(answer.streaming_content)[:5] == b"%PDF-"


def test_another_edition_changes_the_size_and_the_etag_not_the_address(lamp, name, client):
    output = sheets()
    assert linked(client, lamp.slug) == []
    promote(output, name)
    before = client.get(f"/p/de/{lamp.slug}")
    promote(output, name, size=1_234_567)
    after = client.get(f"/p/de/{lamp.slug}", HTTP_IF_NONE_MATCH=before["ETag"])
    assert after.status_code == 200
    assert linked(client, lamp.slug) == [(f"/out/sheets/{name}", "PDF Datenblatt 1,2 MB")]
    promote(output, "data-sheets/other.de.pdf")
    assert linked(client, lamp.slug) == []


def test_edition_that_is_not_served_is_not_linked(lamp, name, client):
    promote(sheets(), name)
    Pointer.objects.all().delete()
    assert linked(client, lamp.slug) == []


@pytest.mark.parametrize(
    "fields",
    [
        {"audience": "reseller"},
        {"enabled": False},
        {"channel": "elsewhere"},
        {"options": {"form": "press"}},
        {"locales": ["en"]},
        {"kind": "catalogue"},
    ],
)
def test_sheet_that_is_not_for_every_reader_of_the_page_is_not_linked(fields, lamp, name, client):
    protect("reseller")
    open_to_all = {"locales": ["de"], "audiences": [["consumer", True]]}
    ChannelSequence.objects.create(channel="elsewhere", value=1, contexts=open_to_all)
    output = sheets(**fields)
    promote(output, name, audience=output.audience)
    assert linked(client, lamp.slug) == []


def test_sheet_issued_for_a_protected_audience_stays_unlinked_when_the_output_opens(
    lamp, name, client
):
    protect("reseller")
    promote(sheets(), name, audience="reseller")
    assert linked(client, lamp.slug) == []
    assert client.get(f"/out/sheets/{name}").status_code == 401


def test_own_audience_comes_before_another_open_one(lamp, name, client):
    protect("technician", public=True)
    promote(sheets("a-technician", audience="technician"), name, audience="technician")
    assert [path for path, _ in linked(client, lamp.slug)] == [f"/out/a-technician/{name}"]
    promote(sheets("b-consumer"), name)
    assert [path for path, _ in linked(client, lamp.slug)] == [f"/out/b-consumer/{name}"]


def test_accessible_and_combined_sheets_are_linked_by_their_own_names(lamp, client):
    output = sheets(locales=["en", "de"], combined=True, options={"form": "accessible"})
    name = f"data-sheets/{lamp.identifier}.en-de.accessible.pdf"
    promote(output, name, locale="")
    assert [path for path, _ in linked(client, lamp.slug)] == [f"/out/sheets/{name}"]
    assert linked(client, lamp.slug, "ar") == []


def test_page_of_a_variant_links_to_the_sheet_of_its_model(shirt, client):
    name = f"data-sheets/{shirt[0].identifier}.en.pdf"
    promote(sheets(), name, locale="en")
    assert [path for path, _ in linked(client, shirt[1].slug, "en")] == [f"/out/sheets/{name}"]


def test_sheets_cost_a_page_one_query_however_many_outputs_there_are(lamp, name, client):
    counts = []
    for n in range(4):
        client.get(f"/p/de/{lamp.slug}")
        with CaptureQueriesContext(connection) as asked:
            client.get(f"/p/de/{lamp.slug}")
        counts.append(len(asked))
        promote(sheets(f"sheets-{n}"), name)
    assert counts == [counts[0], *[counts[0] + 1] * 3]


def protect(audience: str, *, public: bool = False):
    """Give the channel one more audience, with or without a key."""
    row = ChannelSequence.objects.get(channel=shelves.CHANNEL)
    row.contexts["audiences"].append([audience, public])
    row.save()
