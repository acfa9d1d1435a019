"""Products and pages put elsewhere on the flat plan of an edition, through the API."""

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.response import Response

from syndication.actions.arranging import MOST_AT_ONCE, Arranger, places_by_hand
from syndication.models import ApiKey
from syndication.queries.reach import Level, output_level, rights_of

from .editions import PROBLEMS, View
from .editions_access import actor_of, edition_of
from .problems import Problem
from .proof import proof_of


class PlaceShape(serializers.Serializer):
    """Products with a place chosen by hand; `page` counts the product pages of their chapter."""

    identifiers = serializers.ListField(child=serializers.CharField())
    then = serializers.ChoiceField(["before", "after", "pin", "first"])
    anchor = serializers.CharField()
    page = serializers.IntegerField()


class MoveShape(serializers.Serializer):
    """One of: `before` or `after` a product, `pin` to a page, all of `from_page` `to_page`.

    Pages are numbers in the file, counted from 1.
    """

    file = serializers.CharField(max_length=500)
    identifiers = serializers.ListField(
        child=serializers.CharField(max_length=255), required=False, max_length=MOST_AT_ONCE
    )
    before = serializers.CharField(required=False, max_length=255)
    after = serializers.CharField(required=False, max_length=255)
    pin = serializers.IntegerField(required=False, min_value=1)
    from_page = serializers.IntegerField(required=False, min_value=1)
    to_page = serializers.IntegerField(required=False, min_value=1)


GOES = ("before", "after", "pin", "to_page")


class Placing(View):
    """What was put elsewhere on the flat plan; the next edition has it so."""

    @extend_schema(
        operation_id="editions_placing", responses={200: PlaceShape(many=True), **PROBLEMS}
    )
    def get(self, request, output: str, number: int):
        """List the places by hand of the edition's output."""
        proof = proof_of(request, output, number)
        rows = places_by_hand(proof.edition.output, seen=proof.seen)
        return Response(PlaceShape(rows, many=True).data)

    @extend_schema(
        operation_id="editions_place",
        request=MoveShape,
        responses={200: PlaceShape(many=True), **PROBLEMS},
    )
    def post(self, request, output: str, number: int):
        """Put products, or all of a page, elsewhere in their chapter."""
        edition = _owned(request, output, number)
        shape = MoveShape(data=request.data)
        shape.is_valid(raise_exception=True)
        sent = shape.validated_data
        names, goes = sent.get("identifiers") or [], [name for name in GOES if name in sent]
        if len(goes) != 1 or ("to_page" in sent) != ("from_page" in sent):
            said = "Name one of before, after, pin, or from_page with to_page."
            raise Problem(400, "bad_request", said)
        arranger = _arranger(request, edition, file=sent["file"])
        if "to_page" in sent:
            return _answer(arranger.page(sent["from_page"], to=sent["to_page"]))
        if "pin" in sent:
            return _answer(arranger.pin(names[0] if len(names) == 1 else "", page=sent["pin"]))
        behind = "after" in sent
        return _answer(arranger.beside(names, anchor=sent[goes[0]], behind=behind))

    @extend_schema(
        operation_id="editions_let_go",
        parameters=[OpenApiParameter("identifier", str, required=True, many=True)],
        responses={200: PlaceShape(many=True), **PROBLEMS},
    )
    def delete(self, request, output: str, number: int):
        """Let products stand where the order of the output puts them."""
        edition = _owned(request, output, number)
        names = request.query_params.getlist("identifier")
        return _answer(_arranger(request, edition, file="").let_go(names))


def _owned(request, output: str, number: int):
    edition = edition_of(request, output, number)
    if isinstance(request.auth, ApiKey):
        raise PermissionDenied
    if output_level(rights_of(request.user), edition.output) < Level.OWN:
        raise PermissionDenied
    return edition


def _arranger(request, edition, *, file: str) -> Arranger:
    return Arranger(edition, file=file, actor=actor_of(request), at=timezone.now())


def _answer(output) -> Response:
    return Response(PlaceShape(places_by_hand(output), many=True).data)
