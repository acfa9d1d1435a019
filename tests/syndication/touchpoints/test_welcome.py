"""The welcome page names what is public and nothing else."""

from tests.factories import shelves


def test_welcome_page_lists_public_outputs(shop, client):
    text = client.get("/").content.decode()
    assert [f'href="/p/{code}/"' in text for code in ("en", "de", "ar")] == [True] * 3


def test_welcome_page_hides_outputs_of_closed_audiences_and_disabled_ones(db, client):
    shelves.open_shop(public=False)
    shelves.landing_output(name="Secret pages")
    text = client.get("/").content.decode()
    assert "Secret pages" not in text
    assert "Nothing is published yet" in text


def test_robots_may_read_pages_only(db, client):
    lines = client.get("/robots.txt").content.decode().splitlines()
    assert [line for line in lines if line.startswith("Disallow")] == [
        "Disallow: /admin/",
        "Disallow: /api/",
        "Disallow: /q/",
        "Disallow: /out/",
    ]
