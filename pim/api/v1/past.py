"""Products as of a moment, and their versions, through our own API."""

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework.exceptions import NotFound
from rest_framework.fields import BooleanField, CharField, DictField, IntegerField, ListField
from rest_framework.response import Response

from pim.content.masks import visible_keys, visible_slices, visible_snapshot
from pim.content.rights import Holding
from pim.content.structure import Structure
from pim.models import CodeAlias, Product, Version
from pim.queries.history import versions_differ
from pim.queries.rights import rights_of, rights_on, visible_products
from pim.queries.structure import load_structure
from pim.queries.timetravel import drafts_as_of, versions_as_of
from pim.queries.titles import reason_of, versions_with_titles

from .access import PublishedOnly, View, reads_published
from .moments import moment
from .paging import whole
from .shapes import PROBLEMS

AS_OF = OpenApiParameter("as_of", str, description="A moment: 2026-11-22T12:00:00Z; now if none.")
STATE = OpenApiParameter("state", str, enum=["draft", "published"])
PAST = inline_serializer(
    "PastProduct",
    {
        "as_of": CharField(),
        "state": CharField(),
        "version": IntegerField(allow_null=True),
        "withdrawn": BooleanField(),
        "snapshot": DictField(allow_null=True),
    },
)
VERSION = inline_serializer(
    "ProductVersion",
    {
        "number": IntegerField(),
        "at": CharField(),
        "actor": CharField(),
        "reason": CharField(),
        "slices": ListField(),
    },
    many=True,
)
DIFFERENCES = inline_serializer(
    "VersionDifferences", {"from": IntegerField(), "to": IntegerField(), "differences": DictField()}
)


class ProductView(View):
    """A view of one product that the person may see, by identifier (an old one too) or uuid."""

    noun = "product"

    def product(self, request, name: str) -> tuple[Product, Holding, Structure]:
        """Return the product, what the person may of it, and the structure; raise 404."""
        self.require(request, "view", "change")
        rights, structure = rights_of(request.user), load_structure()
        found = visible_products(Product.objects.all(), rights).filter(identifier=name).first()
        if found is None:
            alias = CodeAlias.objects.filter(kind="product", owner="", old=name).first()
            now = alias.code if alias else ""
            found = visible_products(Product.objects.all(), rights).filter(identifier=now).first()
        if found is None:
            raise NotFound
        return found, rights_on([found.pk], rights)[found.pk], structure


class Past(ProductView):
    """One product, at a moment."""

    shows = "any"

    @extend_schema(
        operation_id="products_past", parameters=[AS_OF, STATE], responses={200: PAST, **PROBLEMS}
    )
    def get(self, request, identifier: str):
        """Answer the draft, or what was published, as of a moment."""
        product, holding, structure = self.product(request, identifier)
        text = request.query_params.get("as_of")
        when = moment(text, field="as_of") if text else timezone.now()
        usual = "published" if reads_published(request) else "draft"
        state = request.query_params.get("state", usual)
        if state != "published" and reads_published(request):
            raise PublishedOnly()
        number, withdrawn = None, False
        if state == "published":
            past = versions_as_of([product.pk], when).get(product.pk)
            number, shot, withdrawn = past if past else (None, None, False)
        else:
            state, shot = "draft", drafts_as_of([product.pk], when)[product.pk]
        if shot is None and number is None:
            raise NotFound
        document = {
            "as_of": when.isoformat(),
            "state": state,
            "version": number,
            "withdrawn": withdrawn,
            "snapshot": shot and visible_snapshot(shot, holding, structure),
        }
        return Response(document)


class Versions(ProductView):
    """The versions of a product."""

    shows = "any"

    @extend_schema(operation_id="products_versions", responses={200: VERSION, **PROBLEMS})
    def get(self, request, identifier: str):
        """List them, newest first."""
        product, holding, _structure = self.product(request, identifier)
        rows = versions_with_titles(product.versions.defer("snapshot"))[:1000]
        return Response([_show_version(row, holding) for row in rows])


def _show_version(row: Version, holding: Holding) -> dict:
    return {
        "number": row.number,
        "at": row.at,
        "actor": row.actor,
        "reason": reason_of(row),
        "slices": row.slices and visible_slices(row.slices, holding),
    }


class Differences(ProductView):
    """What differs between two versions."""

    shows = "any"

    @extend_schema(
        operation_id="products_versions_differences",
        parameters=[OpenApiParameter("from", int), OpenApiParameter("to", int)],
        responses={200: DIFFERENCES, **PROBLEMS},
    )
    def get(self, request, identifier: str):
        """Answer {"attribute|channel|locale": [in the one, in the other]}."""
        product, holding, structure = self.product(request, identifier)
        older, newer = whole(request, "from") or 0, whole(request, "to") or 0
        found = visible_keys(versions_differ(product.pk, older, newer), holding, structure)
        return Response({"from": older, "to": newer, "differences": found})
