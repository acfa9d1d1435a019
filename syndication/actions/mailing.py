"""Mail about an edition: links to its files, to each recipient in a language of their own."""

from datetime import datetime, timedelta
from smtplib import SMTPException, SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.template.defaultfilters import filesizeformat
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from syndication.models import Edition, EditionArtefact
from syndication.queries.editions import public_audiences
from syndication.queries.links import path_of_file, signed_path
from syndication.transport import Undeliverable
from syndication.transport.recipients import Recipient

REFUSES = gettext_noop("The mail server refuses %(addresses)s.")
NO_SERVER = gettext_noop("No mail server is set up (PIM_MAIL_URL).")
MOST = 20  # files that are named; who wants more of them has other ways


def mail_links(
    edition: Edition, recipients: list[Recipient], *, told: list[str], at: datetime
) -> None:
    """Write to every recipient who is not among `told`, and add whom was written to.

    Raises OSError where trying again may help (those told are not written to again), and
    Undeliverable where the mail server refuses an address for good.
    """
    refused = []
    for recipient in recipients:
        if recipient.address in told:
            continue
        language = recipient.language or _language_of(edition)
        with override(language):
            subject, text = _about(edition, at=at)
        if _send(recipient.address, subject, text):
            told.append(recipient.address)
        else:
            refused.append(recipient.address)
    if refused:
        raise Undeliverable(REFUSES, addresses=", ".join(refused))


def mail_test(output, recipients: list[Recipient]) -> None:
    """Write to every recipient that this is a test."""
    for recipient in recipients:
        with override(recipient.language or settings.LANGUAGE_CODE):
            subject = _("Test: links to editions of “%(output)s”") % {"output": output}
            text = _(
                "This is a test. Links to new editions of “%(output)s” will come to this address."
            ) % {"output": output}
        if not _send(recipient.address, subject, text):
            raise Undeliverable(REFUSES, addresses=recipient.address)


def _send(address: str, subject: str, text: str) -> bool:
    """Return whether the mail server took it; one that does not answer is an OSError."""
    if not settings.MAIL_URL:
        raise Undeliverable(NO_SERVER)
    mail = EmailMessage(
        " ".join(subject.split()),
        text,
        to=[address],
        headers={"Auto-Submitted": "auto-generated"},
        connection=get_connection(),
    )
    try:
        mail.send()
    except SMTPRecipientsRefused as error:
        codes = [code for code, _said in error.recipients.values()]
        if all(500 <= code < 600 for code in codes):
            return False
        raise
    except SMTPException as error:
        raise ConnectionError(f"{type(error).__name__}: {error}") from error
    return True


def _language_of(edition: Edition) -> str:
    spoken = edition.locale.partition("-")[0]
    return spoken if spoken in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def _about(edition: Edition, *, at: datetime) -> tuple[str, str]:
    """Return subject and text about an edition, in the language that is switched on."""
    what = {"output": edition.output.name, "number": edition.number, "locale": edition.locale}
    if edition.locale:
        subject = _("%(output)s (%(locale)s): edition %(number)s") % what
    else:
        subject = _("%(output)s: edition %(number)s") % what
    until = at + timedelta(days=settings.MAIL_LINK_DAYS)
    lines = [_("Edition %(number)s of “%(output)s” has been issued.") % what, ""]
    return subject, "\n".join([*lines, *_links(edition, until)]).rstrip() + "\n"


def _links(edition: Edition, until: datetime) -> list[str]:
    links = list(edition.artefacts.select_related("artefact").order_by("name"))
    lines = []
    for link in links[:MOST]:
        size = filesizeformat(link.artefact.size)
        lines += [f"{link.name} ({size})", _address(link, edition, until), ""]
    if len(links) > MOST:
        lines += [_("… and %(count)d more files.") % {"count": len(links) - MOST}, ""]
    if any(not _is_public(link, edition) for link in links):
        message = _(
            "The links are valid until %(day)s. Whoever has one can open its file: pass it on "
            "only to those who may see it."
        )
        lines.append(message % {"day": date_format(localtime(until), "DATE_FORMAT")})
    return lines


def _is_public(link: EditionArtefact, edition: Edition) -> bool:
    return link.audience in public_audiences(edition.settings["channel"])


def _address(link: EditionArtefact, edition: Edition, until: datetime) -> str:
    place = (edition.output.code, edition.number, link.name)
    path = path_of_file(*place) if _is_public(link, edition) else signed_path(*place, until=until)
    return f"{settings.PUBLIC_URL}{path}"
