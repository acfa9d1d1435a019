"""What is wrong with a delivery as somebody typed it, said before it is saved."""

from urllib.parse import urlsplit

from django.utils.translation import gettext as translate
from django.utils.translation import gettext_noop as _

from pim import outbound
from pim.published import Refused
from syndication import transport
from syndication.transport import Undeliverable
from syndication.transport.folder import open_folder
from syndication.transport.place import REFERENCE
from syndication.transport.recipients import recipients_of
from syndication.transport.sftp import known_host_key

from .deliveries import MAIL


def faults_of(*, url: str, secret: str, host_key: str, recipients: str) -> dict[str, str]:
    """Return {field: what is wrong}, in the reader's language; empty where it may be saved.

    No secret is read and nothing is sent.
    """
    faults = {"url": _fault(_check_url, url)}
    if secret and not REFERENCE.fullmatch(secret):
        faults["secret"] = _(
            "Capital letters, digits and underscores: it is part of the name of a variable."
        )
    scheme = _scheme(url)
    if scheme == "sftp":
        faults["host_key"] = _fault(_check_key, host_key)
    if scheme == MAIL:
        faults["recipients"] = _fault(recipients_of, recipients)
    return {field: said for field, said in faults.items() if said}


def _fault(check, text: str) -> str:
    try:
        check(text)
    except Refused as refused:
        return refused.say(translate)
    except Undeliverable as error:
        return error.say(translate)
    return ""


def _scheme(url: str) -> str:
    return url.partition(":")[0].lower()


def _check_url(url: str) -> None:
    scheme = _scheme(url)
    if scheme == MAIL:
        if url != f"{MAIL}:":
            raise Undeliverable(_("Write “mailto:” alone; addresses are recipients below."))
        return
    if not transport.known(scheme):
        raise Undeliverable(_("It begins with file://, sftp://, s3://, https:// or mailto:"))
    _check_parts(url)
    if scheme == "file":
        open_folder(url)
    elif scheme in ("http", "https"):
        outbound.check_address(url)
    elif scheme == "s3":
        outbound.check_address(transport.s3.endpoint_of(transport.Place(url)))


def _check_parts(url: str) -> None:
    """Refuse what is no address, and what would show a secret to whoever sees the row."""
    try:
        parts = urlsplit(url)
        _port = parts.port
    except ValueError:
        raise Undeliverable(_("It is not an address.")) from None
    if not url.isprintable() or " " in url or (parts.scheme != "file" and not parts.hostname):
        raise Undeliverable(_("It is not an address."))
    shown = parts.username if parts.scheme != "sftp" else None
    if parts.password is not None or shown is not None:
        raise Undeliverable(_("No login in an address: name a secret instead."))
    if parts.fragment or (parts.query and parts.scheme != "s3"):
        raise Undeliverable(_("No “?” or “#” in an address: tokens belong into a secret."))
    allowed = {"endpoint", "region"}
    if parts.scheme == "s3" and not transport.s3.names_of(url) <= allowed:
        raise Undeliverable(_("After “?” come endpoint= and region= only."))


def _check_key(text: str) -> None:
    try:
        known_host_key(text)
    except ValueError:
        raise Undeliverable(
            _("Give the line that `ssh-keyscan HOST` prints, after comparing it with the server's.")
        ) from None
