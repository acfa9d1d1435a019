"""Where assets are used, through our own API."""

from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework.exceptions import NotFound
from rest_framework.fields import BooleanField, CharField, IntegerField, ListField
from rest_framework.serializers import Serializer

from pim.models import Asset
from pim.queries.media_rights import visible_media
from pim.queries.media_uses import products_using, uses_of
from pim.queries.rights import rights_of

from .access import View
from .paging import AFTER, LIMIT, page_of
from .shapes import PROBLEMS


class UsingProduct(Serializer):
    """A product whose draft shows the asset."""

    uuid = CharField()
    identifier = CharField()


USES = inline_serializer(
    "AssetUses",
    {
        "count": IntegerField(help_text="Of all products that use it."),
        "categories": ListField(child=CharField(), help_text="Whose picture it is."),
        "in_records": BooleanField(help_text="Whether records of reference entities show it."),
        "results": UsingProduct(many=True),
        "next": CharField(allow_null=True),
    },
)


class Uses(View):
    """What uses one asset."""

    noun = "asset"

    @extend_schema(
        operation_id="asset_uses", parameters=[AFTER, LIMIT], responses={200: USES, **PROBLEMS}
    )
    def get(self, request, code: str):
        """Answer the products, page by page, and the categories whose drafts show an asset."""
        self.require(request, "view")
        self.require(request, "view", noun="product")
        rights = rights_of(request.user)
        if not visible_media(Asset.objects.filter(code=code), rights).exists():
            raise NotFound
        uses = uses_of(code, rights, limit=0)
        answer = page_of(request, products_using(code, rights), _product)
        answer.data |= {
            "count": uses.count,
            "categories": [category.code for category in uses.categories],
            "in_records": uses.in_records,
        }
        return answer


def _product(product) -> dict:
    return {"uuid": str(product.uuid), "identifier": product.identifier}
