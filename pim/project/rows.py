"""Addresses of rows at the desk: what is no number of a row is a page that does not exist."""

import re
from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse

# Every row at the desk is known by a number that both databases can hold.
ROW = re.compile(r"[0-9]{1,18}", re.ASCII)


class DeskRows:
    """Answers 404 to a page of the desk whose row is named by anything but a number."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, args, kwargs) -> None:
        """Look at the row's number before a page asks the database for it."""
        named = kwargs.get("object_id")
        desk = "admin" in request.resolver_match.namespaces
        if desk and named is not None and not ROW.fullmatch(str(named)):
            raise Http404
