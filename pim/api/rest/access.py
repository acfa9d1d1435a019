"""Who comes: bearer tokens, rights of the connection's user, the rate limit."""

from django.http import HttpRequest
from django.utils import timezone

from pim.actions.requests import Allowance, take_request
from pim.actions.tokens import TokenRefused, check_access
from pim.content.actor import Actor
from pim.queries.rights import rights_of

from .errors import RestError

SCHEME = "bearer"


def authenticate(request: HttpRequest) -> None:
    """Set `request.connection` and `request.user` by the bearer token; raises 401."""
    scheme, _space, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    if scheme.lower() != SCHEME or not token.strip():
        raise RestError(
            401, "Authentication is required", headers={"WWW-Authenticate": 'Bearer realm="pim"'}
        )
    try:
        connection = check_access(token.strip(), at=timezone.now())
    except TokenRefused as refusal:
        challenge = f'Bearer realm="pim", error="invalid_token", error_description="{refusal}"'
        raise RestError(401, refusal.say(), headers={"WWW-Authenticate": challenge}) from refusal
    request.connection, request.user = connection, connection.user


def actor_of(request: HttpRequest) -> Actor:
    """Return who is writing, with what they may."""
    return Actor(request.user.get_username(), "api", rights_of(request.user))


def require(request: HttpRequest, verb: str, noun: str) -> None:
    """Raise 403 unless the connection's user may view, add, change or delete that noun."""
    if not request.user.has_perm(f"pim.{verb}_{noun}"):
        raise RestError(403, f"Access forbidden. You are not allowed to {verb} {noun} resources.")


def count_request(request: HttpRequest) -> Allowance | None:
    """Count the request against the connection's rate limit; raises 429."""
    allowance = take_request(request.connection, at=timezone.now())
    if allowance and not allowance.granted:
        headers = {**allowance.headers(), "Retry-After": str(allowance.reset)}
        message = f"Too many requests: {allowance.limit} a minute are allowed."
        raise RestError(429, message, headers=headers)
    return allowance
