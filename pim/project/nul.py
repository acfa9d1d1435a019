"""NUL, which no text of ours may hold: PostgreSQL has no room for it."""

from collections.abc import Callable

import orjson
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.utils.translation import gettext

from pim.content.nul import ESCAPED, NUL, HoldsNul, places_of_nul

# Answer for themselves, in the form that their clients read.
REST, MACHINES = "/api/rest/", "/api/"


class NoNul:
    """Answers 404 to an address with a NUL in it, 400 to such a parameter, 422 to such a form."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request, or raise what Django answers for it."""
        if not request.path_info.startswith(REST):
            if NUL in request.path_info:
                raise Http404
            if "%00" in request.META.get("QUERY_STRING", ""):
                raise BadRequest
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, args, kwargs) -> HttpResponse | None:
        """Refuse a form that holds a NUL, before anything of it is looked at."""
        if request.method != "POST" or request.path_info.startswith(MACHINES):
            return None
        try:
            posted = list(request.POST.lists())
        except UnreadablePostError:
            return None  # Who sent it is gone; whoever reads it next will tell.
        for name, texts in posted:
            if NUL in name or any(map(_holds_nul, texts)):
                sentence = HoldsNul(name=name.replace(NUL, "")).say(gettext)
                return HttpResponse(sentence, status=422, content_type="text/plain; charset=utf-8")
        return None


def _holds_nul(text: str) -> bool:
    """Return whether a field of a form holds a NUL; grids and pickers send JSON in theirs."""
    if NUL in text:
        return True
    if ESCAPED not in text or text[:1] not in '[{"':
        return False
    try:
        return any(places_of_nul(orjson.loads(text)))
    except orjson.JSONDecodeError:
        return False
