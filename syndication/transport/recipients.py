"""Who gets a mail about an edition: one line for each, an address and perhaps a language."""

from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_noop as _

from .place import Undeliverable

MOST = 100


class Recipient(NamedTuple):
    """An address and the language to write in, "" for that of the edition."""

    address: str
    language: str


def recipients_of(text: str) -> list[Recipient]:
    """Return the recipients of a text, one a line; Undeliverable names the line that is wrong."""
    found: dict[str, Recipient] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            recipient = _recipient(line, number)
            found.setdefault(recipient.address.lower(), recipient)
    if not found:
        raise Undeliverable(_("Name at least one recipient."))
    if len(found) > MOST:
        message = _("At most %(most)d recipients; use a list of your mail server.")
        raise Undeliverable(message, most=MOST)
    return list(found.values())


def _recipient(line: str, number: int) -> Recipient:
    address, language, *more = [*line.replace(";", " ").replace(",", " ").split(), ""]
    try:
        validate_email(address)
    except ValidationError:
        message = _("Line %(line)d: “%(address)s” is no mail address.")
        raise Undeliverable(message, line=number, address=address[:100]) from None
    known = dict(settings.LANGUAGES)
    if (language and language not in known) or any(more):
        message = _("Line %(line)d: after the address comes one of the languages %(known)s.")
        raise Undeliverable(message, line=number, known=", ".join(known))
    return Recipient(address, language)
