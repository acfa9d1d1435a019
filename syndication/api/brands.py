"""Brands over the API: read, drafted and put into use; nobody overwrites unseen (If-Match)."""

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.response import Response
from rest_framework.views import APIView

from syndication.actions import brands as actions
from syndication.models import ApiKey, Brand
from syndication.queries.reach import rights_of
from syndication.refusals import NotFound

from .editions import PROBLEMS
from .matching import IF_MATCH, MOST, matched, tag
from .problems import Problem

IF_NONE = OpenApiParameter(
    "If-None-Match", str, OpenApiParameter.HEADER, description="`*` to create a brand."
)


class MayBrand(BasePermission):
    """Brands are for people of the desk without limits, each step by its permission."""

    def has_permission(self, request, view) -> bool:
        user = request.user
        if not user or not user.is_active or isinstance(request.auth, ApiKey):
            return False
        if not (user.is_staff and rights_of(user).unlimited):
            return False
        step = "view" if request.method in SAFE_METHODS else view.step
        return user.has_perm(f"syndication.{step}_brand")


class BrandShape(serializers.ModelSerializer):
    """A brand: what is in use, and what is drafted (null where there is no draft)."""

    tokens = serializers.DictField(read_only=True)
    draft = serializers.SerializerMethodField()
    default = serializers.BooleanField(source="is_default", read_only=True)

    class Meta:
        model = Brand
        fields = ["code", "name", "default", "number", "used_at", "changed_at", "tokens", "draft"]

    def get_draft(self, brand: Brand) -> dict | None:
        return brand.draft or None


class BrandBody(serializers.Serializer):
    """What becomes the draft; tokens that are left out are as the house has them."""

    name = serializers.CharField(max_length=200, required=False)
    tokens = serializers.DictField()


class Brands(APIView):
    """The brands there are."""

    permission_classes = [MayBrand]
    step = "view"

    @extend_schema(operation_id="brands_list", responses={200: BrandShape(many=True), **PROBLEMS})
    def get(self, request):
        """List all brands."""
        return Response(BrandShape(Brand.objects.all(), many=True).data)


class OneBrand(APIView):
    """One brand."""

    permission_classes = [MayBrand]
    step = "change"

    @extend_schema(operation_id="brands_read", responses={200: BrandShape, **PROBLEMS})
    def get(self, request, code: str):
        """Answer the brand with its ETag."""
        return _answer(_brand(code))

    @extend_schema(
        operation_id="brands_draft",
        parameters=[IF_MATCH, IF_NONE],
        request=BrandBody,
        responses={200: BrandShape, 201: BrandShape, **MOST},
    )
    def put(self, request, code: str):
        """Make the tokens the brand's draft (If-Match), or make the brand (If-None-Match: *)."""
        body = BrandBody(data=request.data)
        body.is_valid(raise_exception=True)
        asked = body.validated_data
        who = {"actor": request.user.get_username(), "at": timezone.now()}
        if request.headers.get("If-None-Match", "").strip() == "*":
            return self._create(request, code, asked, who)
        brand = _brand(code)
        version = matched(request, brand)
        actions.edit_brand(
            brand, asked["tokens"], name=asked.get("name"), row_version=version, **who
        )
        return _answer(brand)

    def _create(self, request, code: str, asked: dict, who: dict) -> Response:
        if not request.user.has_perm("syndication.add_brand"):
            self.permission_denied(request)
        if Brand.objects.filter(code=code).exists():
            raise Problem(412, "exists", "There is a brand of that code: change it with If-Match.")
        name = asked.get("name") or code
        made = actions.create_brand(code, name=name, document=asked["tokens"], **who)
        return _answer(made, status=201)


class UseBrand(APIView):
    """Putting a draft into use."""

    permission_classes = [MayBrand]
    step = "use"

    @extend_schema(
        operation_id="brands_use",
        parameters=[IF_MATCH],
        request=None,
        responses={200: BrandShape, **MOST},
    )
    def post(self, request, code: str):
        """Put the draft into use; what follows changes is issued anew at once."""
        brand = _brand(code)
        version = matched(request, brand)
        who = {"actor": request.user.get_username(), "at": timezone.now()}
        actions.use_brand(brand, row_version=version, **who)
        return _answer(brand)


def _brand(code: str) -> Brand:
    found = Brand.objects.filter(code=code).first()
    if found is None:
        raise NotFound(what="brand", name=code)
    return found


def _answer(brand: Brand, *, status: int = 200) -> Response:
    brand.refresh_from_db()
    headers = {"ETag": tag(brand), "Cache-Control": "no-store"}
    return Response(BrandShape(brand).data, status=status, headers=headers)
