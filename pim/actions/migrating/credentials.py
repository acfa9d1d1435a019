"""What opens the other system: from the environment, or handed over for one run; never stored."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings

from pim.content.refusals import Refused, _
from pim.importing.remote import Credentials

_given: ContextVar[Credentials | None] = ContextVar("migration_credentials", default=None)


class NoCredentials(Refused):
    """Nobody has said how to get into the other system."""

    code = "no_credentials"
    sentence = _(
        "Set PIM_MIGRATE_URL, PIM_MIGRATE_CLIENT_ID, PIM_MIGRATE_SECRET, PIM_MIGRATE_USERNAME "
        "and PIM_MIGRATE_PASSWORD in the environment, or use the command migrate_from."
    )


@contextmanager
def given(credentials: Credentials) -> Iterator[None]:
    """Let runs in this block use these credentials."""
    token = _given.set(credentials)
    try:
        yield
    finally:
        _given.reset(token)


def credentials_for(url: str) -> Credentials:
    """Return the credentials of a system; those of the environment are for its one address only.

    Otherwise whoever may start a move could have them sent to a host of their own.
    """
    if found := _given.get():
        return found
    known = settings.MIGRATE
    if not all(known.values()) or known["url"].rstrip("/") != url.rstrip("/"):
        raise NoCredentials()
    return Credentials(**{name: value for name, value in known.items() if name != "url"})


def configured_url() -> str:
    """Return the address that the environment names, "" where it is not all there."""
    return settings.MIGRATE["url"].rstrip("/") if all(settings.MIGRATE.values()) else ""
