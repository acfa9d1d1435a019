"""Listings of the past over the API: what a product's listing was at a moment."""

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.permissions import BasePermission
from rest_framework.response import Response
from rest_framework.views import APIView

from syndication.models import ApiKey
from syndication.queries.listings_past import listing_as_of
from syndication.queries.reach import rights_of

from .editions import PROBLEMS
from .feeds_access import allows, default_audience, existing
from .problems import Problem

MOMENT = OpenApiParameter("as_of", str, description="A moment: 2026-11-22T12:00:00Z")
AUDIENCE = OpenApiParameter("audience", str, description="The channel's first public one if none.")


class PastListing(serializers.Serializer):
    """A listing as it was; `body` and `facts` are null unless it was live."""

    identifier = serializers.CharField()
    as_of = serializers.DateTimeField()
    state = serializers.CharField()
    reasons = serializers.ListField(child=serializers.DictField())
    version = serializers.IntegerField()
    body = serializers.DictField(allow_null=True)
    facts = serializers.DictField(allow_null=True)


class MayLookBack(BasePermission):
    """For keys of the context and people who may see every value: listings are whole."""

    def has_permission(self, request, view) -> bool:
        if isinstance(request.auth, ApiKey):
            return True
        may = bool(request.user and request.user.has_perm("syndication.view_listing"))
        return may and rights_of(request.user).unlimited


class Past(APIView):
    """One listing, as of a moment."""

    permission_classes = [MayLookBack]

    @extend_schema(parameters=[MOMENT, AUDIENCE], responses={200: PastListing, **PROBLEMS})
    def get(self, request, channel: str, locale: str, identifier: str):
        """Answer the listing as it was; 404 when nobody could see it then."""
        state = existing(channel)
        key = request.auth if isinstance(request.auth, ApiKey) else None
        audience = request.query_params.get("audience") or default_audience(state, key)
        if locale not in state.locales or audience not in state.audiences:
            raise Problem(404, "unknown_context", "The channel has no such locale or audience.")
        if key and not allows(key, channel, audience):
            raise Problem(403, "key_out_of_scope", "The key does not cover this audience.")
        moment = moment_of(request)
        context = {"channel": channel, "audience": audience, "locale": locale}
        found = listing_as_of(identifier, moment=moment, **context)
        if found is None:
            raise Problem(404, "unknown_product", "No such product was to be seen there then.")
        return Response({**found, "as_of": moment.isoformat()})


def moment_of(request):
    """Return the moment that a request asks for, with its time zone; 400 where it is none."""
    text = request.query_params.get("as_of", "").replace(" ", "+")
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None:
        raise Problem(400, "bad_moment", "Write as_of as 2026-11-22T12:00:00Z.")
    return moment if moment.tzinfo else timezone.make_aware(moment)
