"""The short way to the feeds: no session, cookie, language or page is asked for there."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import get_resolver

PREFIX = "/feeds/"


class FeedShortcut:
    """Answer feeds before the middleware that only people's pages need; it costs most of a 304.

    Stands right after SecurityMiddleware, so that HTTPS and its headers hold for feeds too.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response
        self.resolver = get_resolver("syndication.api.feeds_urls")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        match = self.resolver.resolve(request.path_info)
        request.resolver_match = match
        return match.func(request, *match.args, **match.kwargs)
