"""Tokens: given for a password, renewed once, void when they must be; errors to the letter."""

import base64
import json
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from pim.actions.connections import rotate_connection, set_connection
from pim.actions.tokens import ACCESS_LIFE, REFRESH_LIFE
from pim.models import Change, Connection, ConnectionToken
from tests.factories.rest import NOW, SETUP, RestClient, user_with

pytestmark = pytest.mark.django_db
URL = "/api/oauth/v1/token"
NO_CLIENT = 'Parameter "client_id" is missing or does not match any client, or secret is invalid'
NO_USER = "No user found for the given username and password"
NO_TOKEN = "Refresh token is invalid or has expired"
NO_REFRESH = 'Parameter "grant_type" or "refresh_token" is missing or empty'
NO_GRANT = "This grant type is not authorized for this client"
NO_PASSWORD = 'Parameter "grant_type", "username" or "password" is missing, empty or invalid'


@pytest.fixture
def shop():
    return RestClient()


def basic(client_id, secret):
    return "Basic " + base64.b64encode(f"{client_id}:{secret}".encode()).decode()


def ask(client, shop, document, *, secret=None, content_type="application/json"):
    given = shop.credentials
    body = document if isinstance(document, str) else json.dumps(document)
    return client.post(
        URL,
        body,
        content_type=content_type,
        headers={"Authorization": basic(given.client_id, secret or given.secret)},
    )


def password(shop, **changed):
    given = shop.credentials
    return {
        "grant_type": "password",
        "username": given.username,
        "password": given.password,
        **changed,
    }


def listed(client, token):
    return client.get("/api/rest/v1/locales", headers={"Authorization": f"Bearer {token}"})


def test_a_password_is_traded_for_tokens_that_open_the_api(client, shop):
    response = ask(client, shop, password(shop))
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["Cache-Control"] == "no-store"
    answer = response.json()
    assert set(answer) == {"access_token", "expires_in", "token_type", "scope", "refresh_token"}
    assert (answer["expires_in"], answer["token_type"], answer["scope"]) == (3600, "bearer", None)
    assert listed(client, answer["access_token"]).status_code == 200


def test_a_form_is_understood_and_so_are_credentials_in_it(client, shop):
    given = shop.credentials
    form = {**password(shop), "client_id": given.client_id, "client_secret": given.secret}
    response = client.post(URL, form)
    assert response.status_code == 200
    text = f"grant_type=password&username={given.username}&password={given.password}"
    form = "application/x-www-form-urlencoded"
    assert ask(client, shop, text, content_type=form).status_code == 200


def test_a_refresh_token_is_good_once(client, shop):
    first = ask(client, shop, password(shop)).json()
    renew = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    second = ask(client, shop, renew)
    assert second.status_code == 200
    assert listed(client, second.json()["access_token"]).status_code == 200
    again = ask(client, shop, renew)
    assert (again.status_code, again.json()) == (422, {"code": 422, "message": NO_TOKEN})


def test_no_token_is_kept_in_clear(client, shop):
    answer = ask(client, shop, password(shop)).json()
    kept = " ".join(ConnectionToken.objects.values_list("digest", flat=True))
    assert answer["access_token"] not in kept
    assert answer["refresh_token"] not in kept
    shop.connection.refresh_from_db()
    assert shop.credentials.secret != shop.connection.secret_hmac


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"password": "wrong"}, NO_USER),
        ({"username": "nobody"}, NO_USER),
        ({"password": ""}, NO_PASSWORD),
        ({"grant_type": "nonsense"}, NO_PASSWORD),
        ({"grant_type": None}, NO_PASSWORD),
        ({"grant_type": "client_credentials"}, NO_GRANT),
        (
            {"grant_type": "refresh_token"},
            'Parameter "grant_type" or "refresh_token" is missing or empty',
        ),
        ({"grant_type": "refresh_token", "refresh_token": "x"}, NO_TOKEN),
    ],
)
def test_what_is_wrong_is_said_as_clients_know_it(client, shop, changed, message):
    before = ConnectionToken.objects.count()
    response = ask(client, shop, password(shop, **changed))
    assert (response.status_code, response.json()) == (422, {"code": 422, "message": message})
    assert ConnectionToken.objects.count() == before


def test_a_wrong_client_is_refused(client, shop):
    for response in (
        ask(client, shop, password(shop), secret="wrong"),
        client.post(URL, json.dumps(password(shop)), content_type="application/json"),
        client.post(
            URL,
            json.dumps(password(shop)),
            content_type="application/json",
            headers={"Authorization": "Basic ?"},
        ),
    ):
        assert (response.status_code, response.json()) == (422, {"code": 422, "message": NO_CLIENT})


def test_the_password_of_somebody_else_opens_nothing(client, shop):
    user_with("other", [])
    other = password(shop, username="other-user", password="secret-word-9")
    assert ask(client, shop, other).json()["message"] == NO_USER


def test_a_broken_body_is_400(client, shop):
    response = ask(client, shop, "{")
    assert (response.status_code, response.json()["message"]) == (
        400,
        "Invalid json message received",
    )


def test_a_get_is_405(client):
    response = client.get(URL)
    assert (response.status_code, response.headers["Allow"]) == (405, "POST")


def test_without_a_token_nothing_is_answered(client):
    response = client.get("/api/rest/v1/locales")
    assert (response.status_code, response.json()) == (
        401,
        {"code": 401, "message": "Authentication is required"},
    )
    assert response.headers["WWW-Authenticate"] == 'Bearer realm="pim"'


def test_an_expired_token_says_so_and_an_unknown_one_too(client, shop):
    ConnectionToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    expired, unknown = listed(client, shop.token), listed(client, "x")
    assert (expired.status_code, expired.json()["message"]) == (
        401,
        "The access token provided has expired.",
    )
    assert (unknown.status_code, unknown.json()["message"]) == (
        401,
        "The access token provided is invalid.",
    )


def test_a_refresh_token_opens_nothing_itself(client, shop):
    answer = ask(client, shop, password(shop)).json()
    assert listed(client, answer["refresh_token"]).status_code == 401


def test_what_is_switched_off_or_rotated_is_void_at_once(client, shop):
    how = {"actor": SETUP, "at": NOW}
    rotated = rotate_connection(shop.connection, **how)
    assert listed(client, shop.token).status_code == 401
    assert ask(client, shop, password(shop)).json()["message"] == NO_CLIENT
    shop.credentials = rotated
    token = ask(client, shop, password(shop)).json()["access_token"]
    set_connection(shop.connection, enabled=False, **how)
    assert listed(client, token).status_code == 401
    assert ask(client, shop, password(shop)).json()["message"] == NO_CLIENT
    assert list(Change.objects.order_by("id").values_list("action", flat=True)) == [
        "connect",
        "rotate",
        "connection",
    ]


def test_a_person_keeps_the_password_when_a_connection_is_rotated():
    user_with("anna", [])
    anna = get_user_model().objects.get(username="anna-user")
    shop = RestClient("shop")
    shop.connection.user, shop.connection.own_user = anna, False
    shop.connection.save()
    assert rotate_connection(shop.connection, actor=SETUP, at=NOW).password == ""
    anna.refresh_from_db()
    assert anna.check_password("secret-word-9")


def test_a_user_who_may_no_longer_sign_in_is_out(client, shop):
    get_user_model().objects.update(is_active=False)
    assert listed(client, shop.token).status_code == 401
    assert ask(client, shop, password(shop)).json()["message"] == NO_USER


def test_guessing_is_locked_out(client, shop, settings):
    settings.AXES_ENABLED, settings.AXES_FAILURE_LIMIT = True, 3
    for _ in range(3):
        ask(client, shop, password(shop, password="wrong"))
    response = ask(client, shop, password(shop))
    assert (response.status_code, response.headers["Retry-After"]) == (429, "900")
    for _ in range(3):
        ask(client, shop, password(shop), secret="wrong")
    assert ask(client, shop, {"grant_type": "refresh_token"}).status_code == 429


def test_lives_are_those_that_clients_count_on(shop):
    assert (ACCESS_LIFE.total_seconds(), REFRESH_LIFE.days) == (3600, 14)


def test_use_is_noted_but_not_at_every_request(client, shop, django_assert_num_queries):
    listed(client, shop.token)
    first = Connection.objects.get().last_used_at
    assert first is not None
    listed(client, shop.token)
    assert Connection.objects.get().last_used_at == first
