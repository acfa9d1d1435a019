"""Connections in the admin: credentials once, settings logged, rotation and deletion."""

import re

import pytest
from django.urls import reverse

from pim.actions.tokens import check_client
from pim.models import Change, Connection
from tests.factories.desk import superuser
from tests.factories.rest import RestClient

pytestmark = pytest.mark.django_db
ADD = reverse("admin:pim_connection_add")
GIVEN = {
    "code": "shop",
    "label": "Shop",
    "user": "",
    "reads": "published",
    "writes": "draft",
    "page_limit": 100,
    "collection_limit": 100,
    "rate_limit": 0,
    "enabled": "on",
}


@pytest.fixture
def desk(client):
    client.force_login(superuser())
    return client


def shown(response) -> list[str]:
    """Return the credentials on a page."""
    return re.findall(r"<dd><code>([^<]+)</code>", response.content.decode())


def test_a_new_connection_shows_its_credentials_once(desk):
    response = desk.post(ADD, GIVEN)
    client_id, secret, username, password = shown(response)
    connection = Connection.objects.get()
    assert "no-store" in response.headers["Cache-Control"]
    assert check_client(client_id, secret) == connection
    assert (connection.reads, connection.user.username) == ("published", username)
    assert connection.user.check_password(password)
    assert Change.objects.get().actor == "anna"
    page = desk.get(reverse("admin:pim_connection_change", args=[connection.pk]))
    assert secret not in page.content.decode()


def test_a_connection_may_act_as_somebody(desk):
    anna = superuser("bert")
    desk.post(ADD, {**GIVEN, "user": anna.pk})
    connection = Connection.objects.get()
    assert (connection.user, connection.own_user) == (anna, False)


def test_a_code_that_is_taken_is_a_form_error(desk):
    RestClient("shop")
    assert desk.post(ADD, GIVEN).status_code == 200
    assert Connection.objects.count() == 1


def test_switching_off_is_logged_and_voids_tokens(desk):
    shop = RestClient("shop")
    page = reverse("admin:pim_connection_change", args=[shop.connection.pk])
    desk.post(page, {n: v for n, v in GIVEN.items() if n != "enabled"})
    shop.connection.refresh_from_db()
    assert (shop.connection.enabled, shop.connection.reads) == (False, "published")
    assert shop.connection.tokens.count() == 0
    assert set(Change.objects.latest("id").detail) == {"enabled", "label", "rate_limit", "reads"}


def test_rotation_asks_first_and_then_shows(desk):
    shop = RestClient("shop")
    page = reverse("admin:pim_connection_rotate", args=[shop.connection.pk])
    assert shown(desk.get(page)) == []
    assert check_client(shop.credentials.client_id, shop.credentials.secret)
    client_id, secret, _name, _password = shown(desk.post(page))
    assert check_client(client_id, secret) == shop.connection
    assert check_client(client_id, shop.credentials.secret) is None


def test_deleting_shuts_its_own_user_out(desk):
    shop = RestClient("shop")
    page = reverse("admin:pim_connection_delete", args=[shop.connection.pk])
    desk.post(page, {"post": "yes"})
    assert Connection.objects.count() == 0
    shop.connection.user.refresh_from_db()
    assert shop.connection.user.is_active is False
