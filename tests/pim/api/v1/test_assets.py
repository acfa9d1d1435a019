"""Where assets are used, through our own API."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from pim.actions.roles import save_role
from tests.factories.catalogue import ANNA, NOW
from tests.factories.desk import staff, superuser
from tests.factories.rights import grants
from tests.pim.queries.test_media_rights import shelf

pytestmark = pytest.mark.django_db
RIGHTS = ("view_asset", "view_product")


def asked(user: User, code: str, **query):
    browser = Client()
    browser.force_login(user)
    return browser.get(f"/api/v1/assets/{code}/uses", query)


def test_products_come_in_pages_with_all_else_that_shows_it():
    shelf()
    first = asked(superuser(), "shared", limit=1).json()
    assert [row["identifier"] for row in first.pop("results")] == ["in2"]
    rest = {"count": 2, "categories": [], "in_records": False}
    assert first == {**rest, "next": first["next"]}
    browser = Client()
    browser.force_login(User.objects.get(username="anna"))
    second = browser.get(first["next"]).json()
    assert [row["identifier"] for row in second["results"]] == ["out2"]
    assert second["next"] is None
    assert asked(User.objects.get(username="anna"), "page").json()["categories"] == ["outdoor"]
    assert asked(User.objects.get(username="anna"), "house").json()["in_records"] is True


def test_what_is_hidden_is_not_there():
    shelf()
    tove = staff("tove", *RIGHTS)
    areas = grants(category={"outdoor": "none"})
    save_role("in", grants=areas, permissions=[], users=[tove], actor=ANNA, at=NOW)
    assert [asked(tove, code).status_code for code in ("outside", "none", "free")] == [
        404,
        404,
        200,
    ]
    answer = asked(tove, "shared").json()
    assert (answer["count"], [row["identifier"] for row in answer["results"]]) == (1, ["in2"])


@pytest.mark.parametrize("missing", RIGHTS)
def test_it_takes_the_rights_of_both_pages(missing):
    shelf()
    user = staff("olli", *(name for name in RIGHTS if name != missing))
    assert asked(user, "shared").status_code == 403
