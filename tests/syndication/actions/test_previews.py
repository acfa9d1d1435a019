"""Previews: the page that the next edition would have, nothing written, nothing hidden shown."""

import io
from datetime import UTC, datetime

import pytest
from django.apps import apps
from PIL import Image

from pim.published import EVERYTHING
from syndication.actions import previews
from syndication.actions.previews import Wish, draw_preview
from syndication.models import Output
from syndication.refusals import NoPreview, NotFound
from syndication.rendering.tokens import merged
from syndication.supervise import ask as asking
from tests.factories import listings as samples
from tests.factories import shelves
from tests.factories.rights import grants, rights

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def _service():
    yield
    asking.stop()


@pytest.fixture
def output():
    shelves.open_shop(locales=("en", "de"))
    for unit in samples.units(14, "en"):
        shelves.put(unit, "en")
    return Output.objects.create(
        code="book", name="Book", kind="catalogue", channel=shelves.CHANNEL,
        audience=shelves.AUDIENCE, locales=["en", "de"], options={"layout": "six"},
    )  # fmt: skip


def draw(output, *, who=EVERYTHING, **wish):
    return draw_preview(Wish(output, **({"locale": "en"} | wish)), rights=who, at=NOW)


def counts():
    models = apps.get_app_config("syndication").get_models()
    return {model.__name__: model.objects.count() for model in models}


def size(payload):
    picture = Image.open(io.BytesIO(payload))
    return picture.format, picture.size


def test_page_of_a_product_is_drawn_and_nothing_is_written(output):
    name, before = samples.unit(9, "en").main("en").identifier, counts()
    drawn = draw(output, focus=(name,), width=600)
    [page] = drawn.shown
    assert name in drawn.places[str(page)]
    assert [size(p)[0] for p in drawn.pictures] == ["PNG"]
    assert size(drawn.pictures[0])[1][0] == 600
    assert sorted(drawn.products) == sorted(
        u.main("en").identifier for u in samples.units(14, "en")
    )
    assert counts() == before
    output.refresh_from_db()
    assert output.options == {"layout": "six"}


def test_options_of_a_form_are_seen_before_they_are_saved(output):
    six, two = draw(output), draw(output, options={"layout": "two"})
    assert two.pages > six.pages
    assert len(two.places[str(two.shown[0])]) <= 2


def test_what_the_edition_would_report_as_a_whole_is_told_before_it_is_issued(output, monkeypatch):
    def told(**options):
        drawn = draw(output, page=1, options={"layout": "six", **options})
        return [(row[0], row[2], row[5]) for row in drawn.refusals if not row[0]]

    assert told() == []
    assert told(currency="JPY") == [("", "no_prices", {"currency": "JPY"})]
    assert told(currency="JPY", prices=False) == []
    monkeypatch.setattr(previews, "NEIGHBOURS", 3)  # of fourteen: the rest may have prices
    assert told(currency="JPY") == []


def test_spread_shows_the_pages_that_lie_side_by_side(output):
    drawn = draw(output, page=5, spread=True)
    assert drawn.shown == [4, 5]
    assert len(drawn.pictures) == 2
    assert draw(output, page=1, spread=True).shown == [1]


def test_page_behind_the_last_is_the_last(output):
    drawn = draw(output, page=5000)
    assert drawn.shown == [drawn.pages]


def test_draft_of_a_brand_is_seen_and_reaches_no_output(output):
    plain = draw(output, page=1)
    painted = draw(output, page=1, brand=merged({"colours": {"pine": "#5a1030"}}))
    assert plain.pictures != painted.pictures
    assert draw(output, page=1).pictures == plain.pictures


@pytest.mark.parametrize(
    "areas",
    [{"output": "none"}, {"channel": {shelves.CHANNEL: "none"}}, {"locale": {"en": "none"}}],
)
def test_what_the_roles_hide_cannot_be_previewed(output, areas):
    before = counts()
    with pytest.raises(NotFound):
        draw(output, who=rights(grants(**areas)))
    assert counts() == before


def test_locale_of_another_output_cannot_be_asked_for(output):
    with pytest.raises(NotFound):
        draw(output, locale="ar")


def test_limited_people_see_no_product_but_the_one_they_may(output):
    with pytest.raises(NoPreview, match="no product"):
        draw(output, who=rights(grants(category="none")))


def test_kind_without_pages_says_so(output):
    output.kind = "google_merchant"
    with pytest.raises(NoPreview, match="nothing to see"):
        draw(output)


def test_locale_without_listings_says_so(output):
    with pytest.raises(NoPreview):
        draw(output, locale="de")
