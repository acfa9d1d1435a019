"""Connections of the PIM REST API: made, rotated, switched off; credentials are shown once."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db import transaction

from pim.content.actor import Actor
from pim.content.refusals import Refused, _
from pim.models import Change, Connection, ConnectionToken

ROLE = "API connections"
# What the role of machines may not touch: roles, and connections themselves.
_CLOSED = ("role", "connection", "connectiontoken", "requestwindow", "keptanswer")


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a client needs; secret and password cannot be had again. `password` may be ""."""

    client_id: str
    secret: str
    username: str
    password: str


def create_connection(
    code: str, *, actor: Actor, at: datetime, user=None, **fields
) -> tuple[Connection, Credentials]:
    """Make a connection that acts as `user`, by default a new user of its own.

    `fields` are columns of `Connection`: label, reads, writes, the limits. A user of its own
    gets the role "API connections", which is made with all rights on content when missing.
    """
    if Connection.objects.filter(code=code).exists():
        raise Refused(
            _("There is a connection “%(name)s” already."), code="taken", field="code", name=code
        )
    secret, password = _fresh(), ""
    with transaction.atomic():
        own = user is None
        if own:
            user, password = _own_user(code)
        connection = Connection.objects.create(
            code=code,
            user=user,
            own_user=own,
            client_id=secrets.token_hex(16),
            secret_hmac=secret_hmac(secret),
            **fields,
        )
        _note(connection, "connect", actor=actor, at=at)
    return connection, Credentials(connection.client_id, secret, user.get_username(), password)


def rotate_connection(connection: Connection, *, actor: Actor, at: datetime) -> Credentials:
    """Give a connection a new secret, and its own user a new password; tokens are void."""
    secret, password = _fresh(), ""
    with transaction.atomic():
        connection.secret_hmac = secret_hmac(secret)
        connection.save(update_fields=["secret_hmac"])
        if connection.own_user:
            password = _fresh()
            connection.user.set_password(password)
            connection.user.save(update_fields=["password"])
        ConnectionToken.objects.filter(connection=connection).delete()
        _note(connection, "rotate", actor=actor, at=at)
    username = connection.user.get_username()
    return Credentials(connection.client_id, secret, username, password)


def set_connection(connection: Connection, *, actor: Actor, at: datetime, **fields) -> None:
    """Change settings of a connection; one that is switched off loses its tokens."""
    with transaction.atomic():
        before = {name: getattr(connection, name) for name in fields}
        for name, value in fields.items():
            setattr(connection, name, value)
        connection.save(update_fields=list(fields))
        if not connection.enabled:
            ConnectionToken.objects.filter(connection=connection).delete()
        detail = {n: [str(before[n]), str(v)] for n, v in fields.items() if before[n] != v}
        if detail:
            _note(connection, "connection", actor=actor, at=at, detail=detail)


def delete_connection(connection: Connection, *, actor: Actor, at: datetime) -> None:
    """Delete a connection and its tokens; its own user stays, for the log, and is shut out."""
    with transaction.atomic():
        user, own = connection.user, connection.own_user
        _note(connection, "disconnect", actor=actor, at=at)
        connection.delete()
        if own:
            user.is_active = False
            user.save(update_fields=["is_active"])


def secret_hmac(secret: str) -> str:
    """Return the HMAC-SHA256 of a secret or token under the installation's pepper."""
    given = settings.API_KEY_PEPPER or settings.SECRET_KEY
    pepper = hashlib.sha256(b"connection-pepper:" + given.encode()).digest()
    return hmac.new(pepper, secret.encode(), hashlib.sha256).hexdigest()


def _fresh() -> str:
    return secrets.token_urlsafe(24)


def _own_user(code: str):
    password = _fresh()
    username = f"{code}_{secrets.randbelow(10_000):04}"
    user = get_user_model().objects.create_user(username, password=password)
    user.groups.add(_role())
    return user, password


def _role() -> Group:
    group, made = Group.objects.get_or_create(name=ROLE)
    if made:
        rights = Permission.objects.filter(content_type__app_label="pim")
        group.permissions.set(rights.exclude(content_type__model__in=_CLOSED))
    return group


def _note(connection: Connection, action: str, *, actor, at, detail: dict | None = None) -> None:
    Change.objects.create(
        subject=f"connection:{connection.code}",
        action=action,
        actor=actor.name,
        source=actor.source,
        at=at,
        detail=detail or {},
    )
