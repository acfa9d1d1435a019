"""Characters that no text of ours may hold: PostgreSQL has no room for NUL."""

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse

# Answers for itself, in the form that its clients read.
REST = "/api/rest/"


class NoNul:
    """Answers 404 to an address with a NUL in it and 400 to such a parameter."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request, or raise what Django answers for it."""
        if not request.path_info.startswith(REST):
            if "\x00" in request.path_info:
                raise Http404
            if "%00" in request.META.get("QUERY_STRING", ""):
                raise BadRequest
        return self.get_response(request)
