"""`/p/…`: live pages, their validators, where old names lead, and polite refusals."""

import json

import pytest
from lxml import html

from syndication.models import LIVE, REMOVED, ContextDocument, Listing, ListingBody, Output
from syndication.queries.pages import pictured
from tests.factories import shelves


def test_live_page_has_validators_language_and_policy(shop, client):
    row = Listing.objects.filter(locale="de", role="item").first()
    response = client.get(f"/p/de/{row.slug}")
    assert response.status_code == 200
    assert response["Content-Language"] == "de"
    assert response["Cache-Control"] == "no-cache"
    assert response["Referrer-Policy"] == "no-referrer"
    assert "script-src" not in response["Content-Security-Policy"]
    assert response["Content-Security-Policy"].startswith("default-src 'none'")
    again = client.get(f"/p/de/{row.slug}", HTTP_IF_NONE_MATCH=response["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == response["ETag"]


def test_brand_speaks_the_language_of_the_page_and_of_its_refusals(shop, client):
    output = Output.objects.get(kind="landing")
    output.options = {"tokens": {"tagline": {"en": "Slow", "de": "Langsam"}}}
    output.save()
    rows = {code: Listing.objects.filter(locale=code, role="item").first() for code in ("en", "de")}
    pages = [f"/p/{code}/{row.slug}" for code, row in rows.items()]
    said = {"/p/en/": "Slow", "/p/de/": "Langsam", "/p/de/nothing": "Langsam"}
    for page, text in {**dict(zip(pages, ("Slow", "Langsam"), strict=True)), **said}.items():
        foot = html.document_fromstring(client.get(page).content).xpath("//footer//p/text()")
        assert [line for line in foot if line in ("Slow", "Langsam")] == [text], page


def test_changed_text_shows_at_once_and_changes_the_etag(shop, client):
    row = Listing.objects.filter(locale="en", role="item", parent_id=None).first()
    before = client.get(f"/p/en/{row.slug}")
    body = ListingBody.objects.get(digest=row.digest)
    changed = json.dumps({**json.loads(body.body), "name": "Quite another name"})
    ListingBody.objects.create(digest="0" * 64, body=changed)
    Listing.objects.filter(pk=row.pk).update(digest="0" * 64)
    after = client.get(f"/p/en/{row.slug}", HTTP_IF_NONE_MATCH=before["ETag"])
    assert after.status_code == 200
    assert b"Quite another name" in after.content


def test_page_links_to_itself_in_every_locale_it_is_live_in(shop, client):
    row = Listing.objects.filter(locale="en", role="item", parent_id=None).first()
    Listing.objects.filter(product_id=row.product_id, locale="ar").update(state="withheld")
    root = html.document_fromstring(client.get(f"/p/en/{row.slug}").content)
    assert root.xpath("//link[@rel='alternate']/@hreflang") == ["en", "de", "x-default"]
    assert root.xpath("//nav[@class='languages']//a/@hreflang") == ["en", "de"]


def test_variant_has_a_page_of_its_own_that_marks_it(shirt, client):
    root = html.document_fromstring(client.get(f"/p/en/{shirt[1].slug}").content)
    marked = root.xpath("//table[@class='variants']//tr[@class='current']/th//text()")
    assert marked == [shirt[1].identifier]


@pytest.mark.parametrize("header", ["", "en-GB,en;q=0.8", "de", "ar-EG, de;q=0.5"])
def test_negotiated_address_leads_to_the_readers_language(header, shop, client):
    slug = Listing.objects.filter(locale="en", role="item", parent_id=None).first().slug
    response = client.get(f"/p/-/{slug}", HTTP_ACCEPT_LANGUAGE=header)
    wanted = {"": "en", "e": "en", "d": "de", "a": "ar"}[header[:1]]
    assert (response.status_code, response["Location"]) == (307, f"/p/{wanted}/{slug}")
    assert "Accept-Language" in response["Vary"]
    alone = client.get(f"/p/{slug}", HTTP_ACCEPT_LANGUAGE=header)
    assert alone["Location"] == response["Location"]


def test_older_slug_leads_to_the_present_one_by_its_article_number(shirt, client):
    response = client.get(f"/p/en/some-older-name-{shirt[1].identifier.lower()}")
    assert (response.status_code, response["Location"]) == (307, f"/p/en/{shirt[1].slug}")


def test_slug_of_another_language_leads_to_this_ones(shop, client):
    row = Listing.objects.filter(locale="de", role="item", parent_id=None).first()
    Listing.objects.filter(pk=row.pk).update(slug="ein-deutscher-name")
    response = client.get("/p/en/ein-deutscher-name")
    assert (response.status_code, response["Location"]) == (307, f"/p/en/{row.slug}")


def test_locale_with_underscore_or_other_case_leads_to_the_proper_address(shop, client):
    slug = Listing.objects.filter(locale="de").first().slug
    assert client.get(f"/p/DE/{slug}")["Location"] == f"/p/de/{slug}"


def test_unknown_page_is_404_in_the_readers_language(shop, client):
    response = client.get("/p/de/gibt-es-nicht")
    assert response.status_code == 404
    assert "Diese Seite gibt es nicht" in response.content.decode()
    assert client.get("/p/xx/whatever").status_code == 404


def test_removed_product_is_410_with_something_else_of_its_category(shop, client):
    row = Listing.objects.filter(locale="en", role="item", parent_id=None).first()
    Listing.objects.filter(product_id=row.product_id).update(state=REMOVED, digest="")
    response = client.get(f"/p/en/{row.slug}")
    links = html.document_fromstring(response.content).xpath("//ul[@class='cards']//a/@href")
    assert response.status_code == 410
    assert links != []
    assert f"/p/en/{row.slug}" not in links
    assert [client.get(link).status_code for link in links] == [200] * len(links)


def test_withheld_product_is_404_and_names_its_other_languages(shop, client):
    row = Listing.objects.filter(locale="en", role="item", parent_id=None).first()
    Listing.objects.filter(pk=row.pk).update(state="withheld", digest="")
    response = client.get(f"/p/en/{row.slug}")
    assert response.status_code == 404
    assert f"/p/de/{row.slug}" in response.content.decode()


def test_pages_of_an_audience_that_is_not_public_are_not_served(db, client):
    from tests.factories import listings as samples

    shelves.open_shop(public=False)
    shelves.landing_output()
    rows = shelves.put(samples.unit(0, "en"), "en")
    paths = [f"/p/en/{rows[0].slug}", "/p/en/", f"/p/-/{rows[0].slug}", "/sitemap-en.xml"]
    assert [client.get(path).status_code for path in paths] == [404] * 4


def test_overview_shows_live_roots_by_category(shop, client):
    root = html.document_fromstring(client.get("/p/en/").content)
    rows = Listing.objects.filter(locale="en", parent_id=None, state=LIVE)
    shown = root.xpath("//ul[@class='cards']//a/@href")
    assert sorted(shown) == sorted(f"/p/en/{row.slug}" for row in rows)
    assert client.get("/p/en/?category=nothing").status_code == 404
    assert client.get("/p/en/?page=99999").status_code == 200


def test_overview_of_a_category_opens_with_its_introduction_and_picture(shop, client):
    row = ContextDocument.objects.get(locale="en")
    body = json.loads(row.body)
    code = next(code for code, held in body["categories"].items() if held["parent"])
    plain = html.document_fromstring(client.get(f"/p/en/?category={code}").content)
    assert plain.xpath("//div[contains(@class, 'about')]") == []
    body["categories"][code] |= {
        "intro": '<p>Warm <script>alert(1)</script><a href="https://example.com/">light</a></p>',
        "image": {
            "sha256": "ab" * 32, "filename": "Lamps.jpg", "kind": "image", "width": 2000,
            "height": 1000, "media_type": "image/jpeg", "size": 1, "alt": "Lamps <at> night",
        },
    }  # fmt: skip
    row.body, row.digest = json.dumps(body), "told"
    row.save()
    page = html.document_fromstring(client.get(f"/p/en/?category={code}").content)
    (about,) = page.xpath("//div[contains(@class, 'about')]")
    assert about.text_content().strip() == "Warm light"
    assert about.xpath(".//a/@href") == ["https://example.com/"]
    assert about.xpath(".//img/@alt") == ["Lamps <at> night"]
    assert page.xpath("//script[not(@src)]") == []
    assert page.xpath("//title/text()")[0].startswith(body["categories"][code]["label"])


def test_page_asks_the_database_as_often_for_one_variant_as_for_many(shirt, client):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    single = Listing.objects.filter(locale="en", role="item", parent_id=None).first()
    counts = []
    for slug in (single.slug, shirt[0].slug):
        client.get(f"/p/en/{slug}")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(f"/p/en/{slug}")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_site_map_lists_every_live_page(shop, client):
    text = client.get("/sitemap-de.xml").content.decode()
    slugs = Listing.objects.filter(locale="de", state=LIVE).values_list("slug", flat=True)
    assert [f"/p/de/{slug}</loc>" in text for slug in slugs] == [True] * len(slugs)


def test_only_reading_is_allowed(shop, client):
    slug = Listing.objects.filter(locale="en").first().slug
    assert client.post(f"/p/en/{slug}").status_code == 405


def test_model_without_a_picture_stands_in_the_overview_with_a_variants(shirt):
    model = Listing.objects.filter(locale="en", role="model").first()
    variants = Listing.objects.filter(locale="en", root_id=model.product_id)
    variants.update(image="")
    model.image = ""
    assert pictured([model]) == {model.product_id: model}
    variants.filter(role="item").update(image="blue")
    shown = pictured([model])[model.product_id]
    assert (shown.role, shown.image, shown.root_id) == ("item", "blue", model.product_id)
