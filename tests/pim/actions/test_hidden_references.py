"""References to products that somebody may not see: neither shown, nor taken away by writing."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from pim.actions.exports import queue_export
from pim.actions.jobs import run_job
from pim.actions.publishing import publish_products
from pim.actions.roles import save_role
from pim.models import Product
from pim.queries.drafts import read_drafts
from tests.factories.catalogue import ANNA, NOW, lamp_catalogue, wish, write
from tests.factories.desk import product_page
from tests.factories.rest import RestClient
from tests.factories.rights import grants, limited

pytestmark = pytest.mark.django_db
INSIDE = {"category": {"outdoor": "none"}}


@pytest.fixture(autouse=True)
def _catalogue():
    lamp_catalogue()
    write(
        wish("SEEN", family="lamp", categories=["indoor"]),
        wish("MORE", family="lamp", categories=["indoor"]),
        wish("HIDDEN", family="lamp", categories=["outdoor"]),
    )
    write(wish("L", family="lamp", categories=["indoor"], at={"spare||": ["SEEN", "HIDDEN"]}))
    write(wish("ONLY", family="lamp", categories=["indoor"], at={"spare||": ["HIDDEN"]}))


def uuid_of(identifier: str) -> str:
    return str(Product.objects.get(identifier=identifier).uuid)


def spares(identifier: str = "L") -> list[str]:
    """Return the identifiers that the product refers to, in their order."""
    pk = Product.objects.get(identifier=identifier).pk
    uuids = read_drafts([pk])[pk].values.get("", {}).get("spare", {}).get("", [])
    names = {str(u): name for u, name in Product.objects.values_list("uuid", "identifier")}
    return [names[uuid] for uuid in uuids]


def refused(*wishes) -> list[str]:
    found = write(*wishes, actor=limited(**INSIDE))
    return [refusal.code for result in found for refusal in result.refusals]


def tove(**areas) -> User:
    user = User.objects.create_user("tove", password="secret-enough", is_staff=True)
    names = ["pim.view_product", "pim.change_product", "pim.view_job", "pim.view_change"]
    areas = grants(**(areas or INSIDE))
    save_role("inside", grants=areas, permissions=names, users=[user], actor=ANNA, at=NOW)
    return user


def test_hidden_ones_stay_when_the_others_are_written():
    assert refused(wish("L", at={"spare||": ["MORE"]})) == []
    assert spares() == ["MORE", "HIDDEN"]
    assert refused(wish("L", at={"spare||": None})) == []
    assert spares() == ["HIDDEN"]


def test_what_is_shown_and_sent_back_changes_nothing_and_needs_no_right():
    version = Product.objects.get(identifier="L").row_version
    assert refused(wish("L", at={"spare||": ["SEEN"]})) == []
    looking = limited(group="view", **INSIDE)
    results = write(wish("L", at={"spare||": ["SEEN"]}), actor=looking)
    assert [result.refusals for result in results] == [[]]
    assert (spares(), Product.objects.get(identifier="L").row_version) == (
        ["SEEN", "HIDDEN"],
        version,
    )


def test_a_hidden_one_is_named_by_nobody():
    assert refused(wish("L", at={"spare||": ["SEEN", "HIDDEN"]})) == ["unknown_product"]
    assert refused(wish("MORE", at={"spare||": [uuid_of("HIDDEN")]})) == ["unknown_product"]
    assert (spares(), spares("MORE")) == (["SEEN", "HIDDEN"], [])


def test_whoever_has_no_limits_takes_them_away():
    write(wish("L", at={"spare||": ["MORE"]}))
    assert spares() == ["MORE"]


def test_no_api_names_hidden_ones():
    user = tove()
    lamp = Product.objects.get(identifier="L").pk
    publish_products([lamp], actor=ANNA, at=NOW)
    write(wish("L", at={"spare||": ["HIDDEN", "MORE"]}))
    publish_products([lamp], actor=ANNA, at=NOW)
    browser, hidden = Client(), uuid_of("HIDDEN")
    browser.force_login(user)
    for address in ("products/L", "products/L?state=published", "products/L/timeline",
                    "products/L/versions/differences?from=1&to=2"):  # fmt: skip
        answer = browser.get(f"/api/v1/{address}")
        assert (answer.status_code, hidden in answer.content.decode()) == (200, False)
    machine = RestClient(rights=["view_product", "change_product"])
    user.groups.first().user_set.add(machine.connection.user)
    values = machine.get("/products-uuid").json()["_embedded"]["items"]
    shown = {item["uuid"]: item["values"].get("spare") for item in values}
    assert [entry["data"] for entry in shown[uuid_of("L")]] == [[uuid_of("MORE")]]
    assert shown[uuid_of("ONLY")] is None


def test_the_desk_shows_and_keeps_what_may_be_seen():
    browser, hidden = Client(), uuid_of("HIDDEN")
    browser.force_login(tove())
    lamp = Product.objects.get(identifier="L")
    for name in ("change", "history", "talk"):
        page = browser.get(reverse(f"admin:pim_product_{name}", args=[lamp.pk])).content.decode()
        assert hidden not in page
    assert uuid_of("SEEN") in browser.get(product_page(lamp)).content.decode()


@pytest.mark.parametrize("audience", ["machines", "people"])
def test_files_name_no_hidden_ones(audience):
    settings = {"format": "csv", "audience": audience, "columns": ["spare"]}
    job = queue_export({"all": True}, settings, title="All", user=tove())
    run_job(job.pk, at=NOW)
    job.refresh_from_db()
    text = job.result.open("rb").read().decode()
    assert (uuid_of("HIDDEN") in text, "HIDDEN" in text) == (False, False)
    assert (uuid_of("SEEN") if audience == "machines" else "SEEN") in text
