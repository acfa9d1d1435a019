"""What the connection's user may not see of the structure is not in its documents."""

from django.http import HttpRequest

from pim.content.locales import to_posix
from pim.queries.rights import hidden_from as hidden_codes_from
from pim.queries.rights import rights_of

_PER_LOCALE = ("labels", "guidelines", "group_labels")


def hidden_from(request: HttpRequest, kind: str) -> frozenset[str]:
    """Return the codes of a kind that are not there for the user; kinds as in the log."""
    return hidden_codes_from(rights_of(request.user)).get(kind, frozenset())


def shown_locales(request: HttpRequest, document: dict) -> dict:
    """Return the document without texts in hidden locales."""
    hidden = {to_posix(code) for code in hidden_from(request, "locale")}
    if not hidden:
        return document
    texts = {name: document[name] for name in _PER_LOCALE if name in document}
    return document | {
        name: {locale: text for locale, text in held.items() if locale not in hidden}
        for name, held in texts.items()
    }
