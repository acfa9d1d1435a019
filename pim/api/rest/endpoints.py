"""Endpoints: one function per method, and around it everything that all of them share."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from pim.content.refusals import Refused

from .access import authenticate, count_request
from .bodies import COLLECTION
from .errors import JSON, RestError, error_response, validation_error
from .packing import packed
from .repeats import answered_once

Handler = Callable[..., HttpResponse]
_ACCEPTED = {JSON, COLLECTION, "application/*", "*/*"}


def endpoint(*, accepts_any: bool = False, **handlers: Handler) -> Callable:
    """Return the view of an address; `handlers` are {METHOD: function(request, **names)}.

    A handler finds `request.connection` and `request.user`; it raises `RestError` or any
    `Refused`. `accepts_any` is for answers that are no JSON, such as media files.
    """
    allowed = _allowed(handlers)

    @csrf_exempt
    def view(request: HttpRequest, **names: Any) -> HttpResponse:
        if request.method == "OPTIONS":
            return HttpResponse(status=204, headers={"Allow": allowed})
        try:
            response = _serve(request, handlers, allowed, names, accepts_any=accepts_any)
        except RestError as error:
            response = error_response(error)
        except RequestDataTooBig:
            response = error_response(RestError(413, "The body is too large."))
        except Refused as refusal:
            response = error_response(validation_error([refusal]))
        for name, value in getattr(request, "rate", {}).items():
            response.headers.setdefault(name, value)
        return packed(request, response)

    view.methods = tuple(handlers)
    return view


def routes(address: str, view: Callable) -> list:
    """Return the paths of an address, with and without a slash at the end: clients send both."""
    return [path(f"{address}/", view), path(address, view)]


def _allowed(handlers: dict) -> str:
    methods = [*handlers, *(["HEAD"] if "GET" in handlers else []), "OPTIONS"]
    return ", ".join(methods)


def _serve(
    request: HttpRequest, handlers: dict, allowed: str, names: dict, *, accepts_any: bool
) -> HttpResponse:
    method = "GET" if request.method == "HEAD" else request.method
    handler = handlers.get(method)
    if handler is None:
        raise _no_method(request, allowed)
    authenticate(request)
    allowance = count_request(request)
    request.rate = allowance.headers() if allowance else {}
    if not accepts_any:
        _require_acceptable(request)
    if any(isinstance(name, str) and "\x00" in name for name in names.values()):
        raise RestError(404, f"No route found for '{request.method} {request.path}'")
    return answered_once(request, lambda: handler(request, **names))


def _no_method(request: HttpRequest, allowed: str) -> RestError:
    message = (
        f"No route found for '{request.method} {request.path}': "
        f"Method Not Allowed (Allow: {allowed})"
    )
    return RestError(405, message, headers={"Allow": allowed})


def _require_acceptable(request: HttpRequest) -> None:
    given = request.META.get("HTTP_ACCEPT", "")
    kinds = {part.partition(";")[0].strip().lower() for part in given.split(",")}
    if given and not kinds & _ACCEPTED:
        message = f'"{given}" in "Accept" header is not valid. Only "{JSON}" is allowed.'
        raise RestError(406, message)


@csrf_exempt
def no_route(request: HttpRequest, **_names: Any) -> HttpResponse:
    """Answer 404 to an address that is none."""
    message = f"No route found for '{request.method} {request.path}'"
    return error_response(RestError(404, message))
