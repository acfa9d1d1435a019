"""Where a delivery goes, what it proves itself with, and why it cannot be delivered."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, unquote, urlsplit

from django.utils.translation import gettext_noop as _

from ..contract import said

REFERENCE = re.compile(r"[A-Z][A-Z0-9_]{0,39}")
NAMES = ("HOST", "USER", "PASSWORD", "KEY", "TOKEN")


class Told:
    """Says why, as a sentence and what fills it, so that every reader has it in their language."""

    def __init__(self, message: str, **params):
        super().__init__(said(message, params))
        self.message, self.params = message, params

    def say(self, translate) -> str:
        """Return the sentence in a language; `translate` is gettext."""
        return said(self.message, self.params, translate)


class Undeliverable(Told, ValueError):
    """As it is set up, it can never arrive; trying again will not help."""


class Unreached(Told, OSError):
    """It did not arrive this time; trying again may help."""


@dataclass(frozen=True)
class Place:
    """An address with what is needed to get in; `host_key` is the server's public key (SFTP).

    `secret` holds what the environment has under a reference: user, password, key, token, host.
    """

    url: str
    host_key: str = ""
    secret: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def parts(self) -> SplitResult:
        return urlsplit(self.url)

    @property
    def folder(self) -> str:
        """The path of the address, without slashes at its ends."""
        return unquote(self.parts.path).strip("/")


def secret_of(reference: str, *, host: str, environment: Mapping[str, str]) -> dict[str, str]:
    """Return what PIM_DELIVERY_<reference>_USER, _PASSWORD, _KEY and _TOKEN hold.

    PIM_DELIVERY_<reference>_HOST names the only host that may be given it: who may edit a
    delivery must not thereby learn its password. Raises Undeliverable.
    """
    if not reference:
        return {}
    stem = f"PIM_DELIVERY_{reference}_"
    found = {name.lower(): environment.get(stem + name, "") for name in NAMES}
    if not found["host"]:
        message = _("%(name)s is not set: it names the host that may be given this secret.")
        raise Undeliverable(message, name=f"{stem}HOST")
    if found["host"].lower() != host.lower():
        message = _("The secret %(secret)s is for another host than %(host)s (%(name)s).")
        raise Undeliverable(message, secret=reference, host=host, name=f"{stem}HOST")
    return {name: value for name, value in found.items() if value}


def safe_name(name: str) -> str:
    """Return a file's name if it stays below where it is put, else raise Undeliverable."""
    parts = name.split("/")
    if any(part in ("", ".", "..") for part in parts) or "\\" in name or not name.isprintable():
        raise Undeliverable(_("“%(name)s” is no name for a file elsewhere."), name=name)
    return name
