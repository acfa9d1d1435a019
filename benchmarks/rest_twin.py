"""The naive twin of a feed page: a plain DRF model serializer over the same products.

A list view with nested serializers, everything prefetched and pages by number, as one writes it
from the tutorial. It resolves nothing (no inheritance, no locale fallback, no origins), hides
nothing and sends no entity tag: it does less.
"""

from django.db.models import Prefetch
from django.http import HttpResponse
from django.urls import include, path
from rest_framework import generics, pagination, permissions, serializers

from pim.models import Draft, PriceFact, Product


class DraftSerializer(serializers.ModelSerializer):
    class Meta:
        model = Draft
        fields = ("locale", "values", "row_version")


class PriceSerializer(serializers.ModelSerializer):
    class Meta:
        model = PriceFact
        fields = ("price_list", "min_quantity", "amount", "valid_from", "valid_to")


class ProductSerializer(serializers.ModelSerializer):
    family = serializers.SlugRelatedField(slug_field="code", read_only=True)
    categories = serializers.SlugRelatedField(slug_field="code", many=True, read_only=True)
    groups = serializers.SlugRelatedField(slug_field="code", many=True, read_only=True)
    drafts = DraftSerializer(many=True, read_only=True)
    prices = PriceSerializer(many=True, read_only=True)

    class Meta:
        model = Product
        fields = (
            "uuid", "identifier", "role", "family", "parent", "level", "enabled", "categories",
            "groups", "drafts", "prices", "created_at", "updated_at",
        )  # fmt: skip


class Pages(pagination.PageNumberPagination):
    page_size = 100


class Products(generics.ListAPIView):
    serializer_class = ProductSerializer
    pagination_class = Pages
    permission_classes = (permissions.AllowAny,)
    authentication_classes = ()
    queryset = (
        Product.objects.select_related("family")
        .prefetch_related("categories", "groups", "prices")
        .prefetch_related(Prefetch("drafts", Draft.objects.filter(locale__in=("", "en"))))
        .order_by("identifier")
    )


def empty(request):
    """Answer nothing: the floor of the web stack."""
    return HttpResponse()


urlpatterns = [
    path("twin/products", Products.as_view()),
    path("empty", empty),
    path("", include("pim.project.urls")),
]
