"""POST /api/oauth/v1/token: tokens for a password or for a refresh token (RFC 6749 4.3, 6)."""

import base64
import binascii

import orjson
from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.signals import user_login_failed
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_variables

from pim.actions.tokens import Tokens, check_client, give_tokens, refresh_tokens
from pim.models import Connection

from .answers import json_answer
from .errors import JSON, RestError, error_response

FORM = "application/x-www-form-urlencoded"
NO_CLIENT = 'Parameter "client_id" is missing or does not match any client, or secret is invalid'
NO_PASSWORD = 'Parameter "grant_type", "username" or "password" is missing, empty or invalid'
NO_REFRESH = 'Parameter "grant_type" or "refresh_token" is missing or empty'
NO_USER = "No user found for the given username and password"
NO_TOKEN = "Refresh token is invalid or has expired"
NO_GRANT = "This grant type is not authorized for this client"
NEVER_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}


@csrf_exempt
def token(request: HttpRequest) -> HttpResponse:
    """Answer a pair of tokens, or 422 with the reason."""
    if request.method != "POST":
        message = f"No route found for '{request.method} {request.path}': Method Not Allowed"
        return error_response(RestError(405, message, headers={"Allow": "POST"}))
    try:
        given = _parameters(request)
        tokens = _grant(request, given, _client(request, given))
    except RestError as error:
        return error_response(error)
    except RequestDataTooBig:
        return error_response(RestError(413, "The body is too large."))
    return _answer(tokens)


def _answer(tokens: Tokens) -> HttpResponse:
    document = {
        "access_token": tokens.access,
        "expires_in": tokens.expires_in,
        "token_type": "bearer",
        "scope": None,
        "refresh_token": tokens.refresh,
    }
    return json_answer(document, headers=NEVER_STORE)


@sensitive_variables()
def _grant(request: HttpRequest, given: dict, connection: Connection) -> Tokens:
    kind = given.get("grant_type")
    if kind == "password":
        return _by_password(request, given, connection)
    if kind == "refresh_token":
        return _by_refresh(given, connection)
    known = ("authorization_code", "client_credentials")
    raise RestError(422, NO_GRANT if kind in known else NO_PASSWORD)


@sensitive_variables()
def _by_password(request: HttpRequest, given: dict, connection: Connection) -> Tokens:
    username, password = given.get("username"), given.get("password")
    if not username or not password:
        raise RestError(422, NO_PASSWORD)
    _refuse_locked(request, username)
    user = authenticate(request, username=username, password=password)
    if user is None or user.pk != connection.user_id:
        raise RestError(422, NO_USER)
    return give_tokens(connection, at=timezone.now())


def _by_refresh(given: dict, connection: Connection) -> Tokens:
    text = given.get("refresh_token")
    if not text:
        raise RestError(422, NO_REFRESH)
    tokens = refresh_tokens(connection, text, at=timezone.now())
    if tokens is None or not connection.user.is_active:
        raise RestError(422, NO_TOKEN)
    return tokens


@sensitive_variables()
def _client(request: HttpRequest, given: dict) -> Connection:
    client_id, secret = _basic(request) or (given.get("client_id"), given.get("client_secret"))
    if not client_id or not secret:
        raise RestError(422, NO_CLIENT)
    _refuse_locked(request, client_id)
    connection = check_client(client_id, secret)
    if connection is None:
        named = {"username": client_id}
        user_login_failed.send(__name__, credentials=named, request=request)
        raise RestError(422, NO_CLIENT)
    return connection


def _refuse_locked(request: HttpRequest, name: str) -> None:
    """Raise 429 where too many wrong secrets came from one place for one name."""
    if not AxesProxyHandler.is_allowed(request, {"username": name}):
        seconds = str(int(settings.AXES_COOLOFF_TIME * 3600))
        message = "Too many failed attempts. Try again later."
        raise RestError(429, message, headers={"Retry-After": seconds})


def _basic(request: HttpRequest) -> tuple[str, str] | None:
    scheme, _space, text = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        client_id, _colon, secret = base64.b64decode(text, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return client_id, secret


def _parameters(request: HttpRequest) -> dict[str, str]:
    """Return the texts of a JSON or form body."""
    kind = request.META.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
    if kind.startswith("multipart/"):
        return request.POST.dict()
    if kind == FORM:
        return QueryDict(request.body, encoding="utf-8").dict()
    if kind and kind != JSON:
        message = f'"{kind}" in "Content-Type" header is not valid. Only "{JSON}" is allowed.'
        raise RestError(415, message)
    try:
        document = orjson.loads(request.body or b"{}")
    except orjson.JSONDecodeError:
        raise RestError(400, "Invalid json message received") from None
    found = document.items() if isinstance(document, dict) else ()
    return {name: value for name, value in found if isinstance(value, str)}
