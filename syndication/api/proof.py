"""The proof of an edition through the API: its change list, and what stands on its pages."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from pim.published import EVERYTHING
from syndication.models import ApiKey, EditionChange, EditionPage
from syndication.queries.proof import Proof, placed_on
from syndication.queries.reach import rights_of

from .editions import AFTER, LIMIT, PROBLEMS, View, listed, page_of
from .editions_access import edition_of


class ChangeRowShape(serializers.Serializer):
    """One changed text or value, as it reads in the edition's language."""

    what = serializers.CharField()
    code = serializers.CharField()
    identifier = serializers.CharField()
    locale = serializers.CharField()
    before = serializers.CharField()
    after = serializers.CharField()


class ChangeShape(serializers.ModelSerializer):
    """A product that was added, changed or removed."""

    rows = serializers.SerializerMethodField()

    class Meta:
        model = EditionChange
        fields = ["identifier", "name", "kind", "rows"]

    def get_rows(self, change) -> list[ChangeRowShape]:
        """Return what differs, without what the reader may not see."""
        return ChangeRowShape(self.context["proof"].rows_of(change), many=True).data


class PlacedShape(serializers.Serializer):
    """A product on a page; `box` is x, y, width, height in points from the lower left corner."""

    identifier = serializers.CharField()
    box = serializers.ListField(child=serializers.FloatField())


class PageShape(serializers.ModelSerializer):
    """A page of a file."""

    products = serializers.SerializerMethodField()

    class Meta:
        model = EditionPage
        fields = ["file", "number", "folio", "title", "products"]

    def get_products(self, page) -> list[PlacedShape]:
        """Return what stands on the page."""
        return [{"identifier": identifier, "box": box} for identifier, box in placed_on(page)]


class MovedShape(serializers.Serializer):
    """A product that stands on another page than before."""

    identifier = serializers.CharField()
    before = serializers.CharField()
    after = serializers.CharField()


def proof_of(request, output: str, number: int) -> Proof:
    """Return the proof as the key or the person may read it."""
    edition = edition_of(request, output, number)
    whole = isinstance(request.auth, ApiKey)
    return Proof(edition, rights=EVERYTHING if whole else rights_of(request.user))


class Changes(View):
    """What an edition shows that the one before it did not."""

    @extend_schema(
        operation_id="editions_changes",
        parameters=[
            OpenApiParameter("kind", str, enum=["added", "changed", "removed"]),
            AFTER,
            LIMIT,
        ],
        responses=listed(ChangeShape),
    )
    def get(self, request, output: str, number: int):
        """List added, changed and removed products with old and new."""
        proof = proof_of(request, output, number)
        rows = proof.changes(kind=request.query_params.get("kind", ""))
        return page_of(request, ChangeShape, rows, key="id", context={"proof": proof})


class Pages(View):
    """The pages of an edition's files, and the products that moved."""

    @extend_schema(operation_id="editions_pages", responses={200: PageShape(many=True), **PROBLEMS})
    def get(self, request, output: str, number: int):
        """List pages with what stands on them."""
        return Response(PageShape(proof_of(request, output, number).pages(), many=True).data)


class MovedProducts(View):
    """The products that stand on another page than in the edition before."""

    @extend_schema(
        operation_id="editions_moved", responses={200: MovedShape(many=True), **PROBLEMS}
    )
    def get(self, request, output: str, number: int):
        """List them in the order of the pages."""
        return Response(MovedShape(proof_of(request, output, number).moved, many=True).data)
