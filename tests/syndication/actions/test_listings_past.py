"""Listings of the past: content of then, over the API, for those who may."""

from datetime import timedelta

import pytest

from pim.actions.publishing import publish_products, withdraw_products
from syndication.actions.api_keys import create_key
from syndication.actions.listings import upkeep
from syndication.queries.listings_past import listing_as_of
from tests.factories import lamps
from tests.factories.catalogue import ANNA, wish, write
from tests.factories.lamps import NOW

pytestmark = pytest.mark.django_db
CONTEXT = {"channel": "web", "audience": "consumer", "locale": "en"}
PAGE = "/api/v1/listings/web/en/L1"


def at(hours: int):
    return NOW + timedelta(hours=hours)


@pytest.fixture
def story():
    """Published as Moon at 1, as Sun at 2, withdrawn at 3."""
    lamps.build_structure()
    for hour, name in ((1, "Moon"), (2, "Sun")):
        made = write(
            wish("L1", family="lamp", categories=["lamps"], at={"name||en": name}), at=at(hour)
        )
        publish_products([made[0].product_id], actor=ANNA, at=at(hour))
    withdraw_products([made[0].product_id], actor=ANNA, at=at(3))
    upkeep(at=at(3))
    publish_products([made[0].product_id], actor=ANNA, at=at(4))
    upkeep(at=at(4))


def test_a_listing_is_what_it_was(story):
    found = [listing_as_of("L1", moment=at(n), **CONTEXT) for n in range(5)]
    names = [f and (f["state"], f["version"], f["body"] and f["body"]["name"]) for f in found]
    assert names == [
        None, ("live", 1, "Moon"), ("live", 2, "Sun"), ("removed", 2, None), ("live", 2, "Sun"),
    ]  # fmt: skip


def test_people_and_keys_look_back_over_the_api(admin_client, client, story):
    moment = at(1).isoformat().replace("+00:00", "Z")
    answer = admin_client.get(PAGE, {"as_of": moment})
    assert (answer.status_code, answer.json()["body"]["name"]) == (200, "Moon")
    key = create_key("k", channel="web", audiences=["consumer"])[1]
    held = {"HTTP_AUTHORIZATION": f"Bearer {key}"}
    assert client.get(PAGE, {"as_of": moment}, **held).json()["version"] == 1
    other = {"audience": "reseller", "as_of": moment}
    assert client.get(PAGE, other, **held).status_code == 403
    assert client.get(PAGE, {"as_of": moment}).status_code in (401, 403)


def test_a_moment_that_is_none_is_refused(admin_client, story):
    assert admin_client.get(PAGE, {"as_of": "yesterday"}).status_code == 400
    assert admin_client.get(PAGE, {"as_of": "2020-01-01T00:00:00Z"}).status_code == 404
