"""Tokens of connections: given for a password or a refresh token, kept as HMACs, rotated."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from pim.content.refusals import Refused, _
from pim.models import Connection, ConnectionToken

from .connections import secret_hmac

ACCESS_LIFE = timedelta(hours=1)
REFRESH_LIFE = timedelta(days=14)
USED_EVERY = timedelta(minutes=5)
_NOBODY = "0" * 64


@dataclass(frozen=True, slots=True)
class Tokens:
    """A pair of tokens; `expires_in` is the access token's life in seconds."""

    access: str
    refresh: str
    expires_in: int


class TokenRefused(Refused):
    """A token that is not there or no longer good; `code` tells which."""

    code = "invalid_token"
    sentence = _("The access token provided is invalid.")


def check_client(client_id: str, secret: str) -> Connection | None:
    """Return the enabled connection of these credentials; unknown and wrong take as long."""
    found = Connection.objects.filter(client_id=client_id[:64], enabled=True)
    connection = found.select_related("user").first()
    held = connection.secret_hmac if connection else _NOBODY
    right = hmac.compare_digest(secret_hmac(secret), held)
    return connection if right else None


def give_tokens(connection: Connection, *, at: datetime) -> Tokens:
    """Make a pair of tokens for a connection, and drop those that have expired."""
    access, refresh = secrets.token_urlsafe(48), secrets.token_urlsafe(48)
    ConnectionToken.objects.filter(connection=connection, expires_at__lt=at).delete()
    lives = {"access": (access, ACCESS_LIFE), "refresh": (refresh, REFRESH_LIFE)}
    ConnectionToken.objects.bulk_create(
        ConnectionToken(
            connection=connection, kind=kind, digest=secret_hmac(text), expires_at=at + life
        )
        for kind, (text, life) in lives.items()
    )
    return Tokens(access, refresh, int(ACCESS_LIFE.total_seconds()))


def refresh_tokens(connection: Connection, refresh: str, *, at: datetime) -> Tokens | None:
    """Trade a refresh token for a new pair; it is good once. None when it is not good."""
    with transaction.atomic():
        held = ConnectionToken.objects.filter(
            connection=connection,
            kind=ConnectionToken.REFRESH,
            digest=secret_hmac(refresh),
            expires_at__gt=at,
        )
        # Of two who bring the same token, the one whose deletion counts gets the pair.
        gone, _models = held.delete()
        return give_tokens(connection, at=at) if gone else None


def check_access(token: str, *, at: datetime) -> Connection:
    """Return the connection of an access token, noting its use; raises `TokenRefused`."""
    held = (
        ConnectionToken.objects.filter(digest=secret_hmac(token), kind=ConnectionToken.ACCESS)
        .select_related("connection__user")
        .first()
    )
    if held is None or not held.connection.enabled or not held.connection.user.is_active:
        raise TokenRefused()
    if held.expires_at <= at:
        raise TokenRefused(_("The access token provided has expired."), code="expired_token")
    _note_use(held.connection, at)
    return held.connection


def _note_use(connection: Connection, at: datetime) -> None:
    """At most one write every few minutes, however many requests there are."""
    if connection.last_used_at is None or at - connection.last_used_at >= USED_EVERY:
        Connection.objects.filter(pk=connection.pk).update(last_used_at=at)
