"""What a printer should know of a book, said with the page and the product that it is about."""

from collections.abc import Iterable

from django.utils.translation import gettext_noop as _

from syndication.contract import Refusal

MESSAGES = {
    "picture_coarse": _(
        "Page %(page)s: the picture is printed with %(dpi)s pixels an inch; "
        "%(least)s are wanted. Upload a larger one or print it smaller."
    ),
    "picture_very_coarse": _(
        "Page %(page)s: the picture is printed with only %(dpi)s pixels an inch and will look "
        "bad; %(least)s are wanted. Upload a larger one or print it smaller."
    ),
    "page_unread": _(
        "Page %(page)s was supplied as a PDF and cannot be read aloud. Say elsewhere what it says."
    ),
    "ink_heavy": _(
        "Page %(page)s: up to %(ink)s %% of ink lie one over another; %(limit)s %% are allowed. "
        "Choose a lighter colour or picture, or a profile with a lower limit."
    ),
}


def reported(
    found: Iterable[tuple[int, dict]], *, cards: dict | None = None, of: str = ""
) -> list[Refusal]:
    """Return findings, (page, finding) each, as warnings about a product.

    `cards` is {(page, name of a form on it): identifier}; what lies on no card is about `of`, or
    about the page alone.
    """
    cards = cards or {}
    told = []
    for page, finding in found:
        values = {key: value for key, value in finding.items() if key not in ("code", "within")}
        names = ((page, name) for name in finding.get("within") or ())
        identifier = next((cards[name] for name in names if name in cards), of)
        code = finding["code"]
        values = {"page": page, **values}
        told.append(Refusal(identifier, code, MESSAGES[code], "image", "warning", values))
    return told
