"""Errors of the PIM REST API: {code, message, errors[]}, as its existing clients read them."""

from collections.abc import Iterable, Mapping

import orjson
from django.http import HttpResponse

from pim.actions.products import ManyRefused
from pim.actions.rest_documents.errors import DocumentError, as_form_error, format_error
from pim.content.locales import to_posix
from pim.content.refusals import Conflict, NotFound, Refused
from pim.content.rights import NotAllowed

from .wording import sentence_of, wrong_form

JSON = "application/json"
INVALID = "Validation failed."
# In the API any error is one of a document, of the request or of a line of a collection.
RestError = DocumentError

__all__ = ["JSON", "RestError", "error_response", "format_error", "not_found", "validation_error"]


def error_response(error: RestError) -> HttpResponse:
    """Return the response that says the error."""
    return HttpResponse(
        orjson.dumps({"code": error.status, **error.body()}),
        status=error.status,
        content_type=JSON,
        headers={"Cache-Control": "no-store", **error.headers},
    )


def not_found(what: str, code: str) -> RestError:
    """Return the 404 of a resource by code: `Category "x" does not exist.`"""
    return RestError(404, f'{what[:1].upper()}{what[1:]} "{code}" does not exist.')


def validation_error(
    refusals: Iterable[Refused], *, names: Mapping[str, str] | None = None
) -> RestError:
    """Return the error of refusals, all of them; `names` is {our field: their property}."""
    found = list(_flat(refusals))
    for kind, status in ((NotFound, 404), (NotAllowed, 403), (Conflict, 409)):
        special = next((r for r in found if isinstance(r, kind)), None)
        if special:
            return RestError(status, special.say())
    known = names or {}
    errors = [error_of(r, names=known) for r in found]
    form = next((said for r in found if (said := wrong_form(r, _property(r, known)))), "")
    if form:
        return RestError(422, as_form_error(form), errors=errors, documented=True)
    return RestError(422, INVALID, errors=errors)


def _property(refusal: Refused, names: Mapping[str, str]) -> str:
    field = refusal.field
    if _of_tie(refusal):
        return "associations"
    return names.get(field) or names.get(field.partition("-")[0], field)


def _of_tie(refusal: Refused) -> bool:
    """Return whether an association names what there is none of; its field is the type."""
    if refusal.params.get("address"):
        return False
    group = refusal.code == "unknown_code" and refusal.params.get("what") == "group"
    return refusal.code == "unknown_product" or (group and refusal.field not in ("group", "groups"))


def error_of(refusal: Refused, *, names: Mapping[str, str]) -> dict:
    """Return one entry of `errors`: its property, and for a value its attribute and place."""
    property_ = _property(refusal, names)
    entry = {"property": property_, "message": sentence_of(refusal, property_)}
    address = refusal.params.get("address")
    if address:
        attribute, channel, locale = address.split("|")
        entry |= {
            "property": "values",
            "attribute": attribute,
            "locale": to_posix(locale) if locale else None,
            "scope": channel or None,
        }
    return {**entry, "error_code": refusal.code}


def _flat(refusals: Iterable[Refused]) -> Iterable[Refused]:
    for refusal in refusals:
        if isinstance(refusal, ManyRefused):
            yield from _flat(refusal.refusals)
        else:
            yield refusal
