"""Errors as RFC 9457 problem documents, whoever finds them."""

import sys
from http import HTTPStatus

import orjson
from django.db import OperationalError
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext
from django.views import defaults
from rest_framework.exceptions import APIException
from rest_framework.views import exception_handler, set_rollback

from pim.published import Conflict, NotAllowed, NotFound, Refused

MEDIA_TYPE = "application/problem+json"
MACHINES = ("/api/", "/feeds/", "/out/")
RETRY_AFTER = 5  # seconds


class Problem(Exception):
    """Something that ends a request with a problem document.

    `code` never changes and is for machines; `extra` are further members of the document.
    """

    def __init__(self, status: int, code: str, detail: str = "", *, headers=None, **extra):
        super().__init__(detail or code)
        self.status, self.code, self.detail = status, code, detail
        self.headers, self.extra = headers or {}, extra

    def response(self) -> HttpResponse:
        """Return the response that says so."""
        return problem(self.status, self.code, self.detail, headers=self.headers, **self.extra)


def problem(status: int, code: str, detail: str = "", *, headers=None, **extra) -> HttpResponse:
    """Return a problem document (RFC 9457 section 3); the title is the status's own phrase."""
    document = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        **({"detail": detail} if detail else {}),
        **extra,
    }
    return HttpResponse(
        orjson.dumps(document, option=orjson.OPT_NON_STR_KEYS),  # a list's wrong items by number
        status=status,
        content_type=MEDIA_TYPE,
        headers={"Cache-Control": "no-store", **(headers or {})},
    )


def problem_response(exc: Exception, context: dict) -> HttpResponse | None:
    """Return the response for an exception raised in a REST view, or None for a bug."""
    if isinstance(exc, Problem):
        set_rollback()
        return exc.response()
    if isinstance(exc, Refused):
        set_rollback()
        return refused(exc)
    response = exception_handler(exc, context)
    if response is None:
        return None
    return _from_rest(exc, response)


def refused(exc: Refused) -> HttpResponse:
    """Return the document of an anticipated refusal, in the reader's language."""
    extra = {"field": exc.field} if exc.field else {}
    if several := getattr(exc, "refusals", ()):
        extra["errors"] = [_one_of_several(one) for one in several]
    if isinstance(exc, Conflict):
        extra |= {"theirs": exc.theirs, "yours": exc.yours} if exc.theirs or exc.yours else {}
    return problem(status_of(exc), exc.code, exc.say(gettext), **extra)


def _one_of_several(exc: Refused) -> dict:
    place = {"place": exc.params["place"]} if "place" in exc.params else {}
    return {**place, "code": exc.code, "field": exc.field, "detail": exc.say(gettext)}


def status_of(exc: Refused) -> int:
    """Return the HTTP status of a refusal."""
    if isinstance(exc, NotFound):
        return 404
    if isinstance(exc, NotAllowed):
        return 403
    return 409 if isinstance(exc, Conflict) else 422


def _from_rest(exc: Exception, response) -> HttpResponse:
    kept = {h: response[h] for h in ("WWW-Authenticate", "Retry-After", "Allow") if h in response}
    detail, extra = response.data, {}
    if isinstance(detail, dict) and set(detail) == {"detail"}:
        detail = str(detail["detail"])
    else:
        detail, extra = "", {"errors": response.data}
    code = getattr(exc, "default_code", "not_found" if response.status_code == 404 else "error")
    if isinstance(exc, APIException) and isinstance(exc.get_codes(), str):
        code = exc.get_codes()
    return problem(response.status_code, code, detail, headers=kept, **extra)


def bad_request(request, exception):
    """Answer 400: as a problem document to machines, as a page to people."""
    if _is_machine(request):
        return problem(400, "bad_request")
    return defaults.bad_request(request, exception)


def permission_denied(request, exception):
    """Answer 403."""
    if _is_machine(request):
        return problem(403, "permission_denied", str(exception))
    return defaults.permission_denied(request, exception)


def not_found(request, exception):
    """Answer 404."""
    if _is_machine(request):
        return problem(404, "not_found", gettext("There is nothing at this address."))
    return defaults.page_not_found(request, exception)


def server_error(request):
    """Answer 500; what happened is in the log, not in the answer. A lock is a 503: ask again."""
    if _locked(sys.exc_info()[1]):
        return _busy(request)
    if _is_machine(request):
        return problem(500, "server_error", gettext("This is our fault; it has been logged."))
    return defaults.server_error(request)


def _locked(fault: BaseException | None) -> bool:
    """Return whether SQLite has let a request wait for other writers until its patience ended."""
    return isinstance(fault, OperationalError) and "database is locked" in str(fault)


def _busy(request) -> HttpResponse:
    headers = {"Retry-After": str(RETRY_AFTER), "Cache-Control": "no-store"}
    if _is_machine(request):
        detail = gettext("Others are writing just now: ask again shortly.")
        return problem(503, "busy", detail, headers=headers)
    return HttpResponse(render_to_string("503.html"), status=503, headers=headers)


def _is_machine(request) -> bool:
    return request.path_info.startswith(MACHINES)
