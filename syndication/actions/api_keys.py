"""API keys: made once, shown once, kept as an HMAC, checked in constant time."""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from syndication.models import ApiKey

USED_EVERY = timedelta(hours=1)
_NOBODY = "0" * 64


def create_key(
    name: str,
    *,
    channel: str = "",
    audiences: Iterable[str] = (),
    may_issue: bool = False,
) -> tuple[ApiKey, str]:
    """Make a key for one channel ("" for all) and some audiences; return it and its text.

    The text, "<prefix>.<secret>", cannot be had again: only its HMAC is stored.
    """
    prefix, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    key = ApiKey.objects.create(
        name=name,
        prefix=prefix,
        secret_hmac=secret_hmac(secret),
        channel=channel,
        audiences=sorted(audiences),
        may_issue=may_issue,
    )
    return key, f"{prefix}.{secret}"


def check_key(text: str, *, at: datetime) -> ApiKey | None:
    """Return the enabled key that `text` is, else None; unknown and wrong take the same time."""
    prefix, _, secret = text.partition(".")
    key = ApiKey.objects.filter(prefix=prefix[:12], enabled=True).first()
    right = hmac.compare_digest(secret_hmac(secret), key.secret_hmac if key else _NOBODY)
    if key is None or not right:
        return None
    if key.last_used_at is None or at - key.last_used_at >= USED_EVERY:
        _note_use(key, at)
    return key


def secret_hmac(secret: str) -> str:
    """Return the HMAC-SHA256 of a secret under the installation's pepper, in hexadecimal."""
    return hmac.new(_pepper(), secret.encode(), hashlib.sha256).hexdigest()


def _pepper() -> bytes:
    given = settings.API_KEY_PEPPER or settings.SECRET_KEY
    return hashlib.sha256(b"api-key-pepper:" + given.encode()).digest()


def _note_use(key: ApiKey, at: datetime) -> None:
    """At most one write an hour, however many requests there are."""
    before = Q(last_used_at__isnull=True) | Q(last_used_at__lte=at - USED_EVERY)
    ApiKey.objects.filter(before, pk=key.pk).update(last_used_at=at)
