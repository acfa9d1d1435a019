"""Errors of the PIM REST API: {code, message, errors[]}, as its existing clients read them."""

from collections.abc import Iterable, Mapping

import orjson
from django.conf import settings
from django.http import HttpResponse

from pim.actions.products import ManyRefused
from pim.content.locales import to_posix
from pim.content.refusals import Conflict, NotFound, Refused
from pim.content.rights import NotAllowed

JSON = "application/json"
INVALID = "Validation failed."


class RestError(Exception):
    """Something that ends a request, or one line of a collection, with an error.

    `errors` are [{property, message, …}]; a `documented` one links to the documentation.
    """

    def __init__(self, status: int, message: str, *, errors=(), documented=False, headers=None):
        super().__init__(message)
        self.status, self.message = status, message
        self.errors, self.documented = list(errors), documented
        self.headers = headers or {}

    def body(self) -> dict:
        """Return the error's members without its code: what a line of a collection says."""
        found: dict = {"message": self.message}
        if self.errors:
            found["errors"] = self.errors
        if self.documented:
            found["_links"] = {"documentation": {"href": f"{settings.PUBLIC_URL}/api/docs/"}}
        return found

    def response(self) -> HttpResponse:
        """Return the response that says so."""
        return HttpResponse(
            orjson.dumps({"code": self.status, **self.body()}),
            status=self.status,
            content_type=JSON,
            headers={"Cache-Control": "no-store", **self.headers},
        )


def format_error(messages: Iterable[str]) -> RestError:
    """Return the 422 of a body whose form is wrong; it names everything that is.

    The first message is the error's, as clients of the original read it; where there are
    several, `errors` has them all.
    """
    listed = [f"{m} Check the expected format on the API documentation." for m in messages]
    errors = [{"property": "", "message": m} for m in listed] if len(listed) > 1 else []
    return RestError(422, listed[0], errors=errors, documented=True)


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
    return RestError(422, INVALID, errors=[error_of(r, names=names or {}) for r in found])


def error_of(refusal: Refused, *, names: Mapping[str, str]) -> dict:
    """Return one entry of `errors`: its property, and for a value its attribute and place."""
    entry = {"property": names.get(refusal.field, refusal.field), "message": refusal.say()}
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
