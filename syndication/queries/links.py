"""Signed links to a file of an edition, for readers without a key; they expire."""

from datetime import datetime
from urllib.parse import quote

from django.core import signing

SALT = "syndication.file-link"


def path_of_file(output: str, number: int, name: str) -> str:
    """Return the address of a file of one edition, below the public address."""
    return f"/out/{quote(output)}/editions/{number}/{quote(name)}"


def signed_path(output: str, number: int, name: str, *, until: datetime) -> str:
    """Return that address with what opens it until a moment, and no other file."""
    token = signing.dumps([output, number, name, int(until.timestamp())], salt=SALT)
    return f"{path_of_file(output, number, name)}?link={token}"


class LinkExpired(Exception):
    """The link was ours, and its time is over."""


def opens(token: str, output: str, number: int, name: str, *, at: datetime) -> bool:
    """Return whether a token opens this file now; raise LinkExpired where it did once."""
    try:
        *what, until = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return False
    if what != [output, number, name]:
        return False
    if at.timestamp() > until:
        raise LinkExpired
    return True
