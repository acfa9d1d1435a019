"""What is taken back, settled and told of a product: reviews, comments, its timeline."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework.exceptions import NotFound
from rest_framework.fields import CharField, DateTimeField, DictField, ListField
from rest_framework.response import Response

from pim.actions.workflow import resolve_comment, withdraw_review
from pim.content.masks import visible_slices
from pim.content.rights import Holding
from pim.models import Product, Review
from pim.queries.rights import rights_of, visible_products
from pim.queries.timeline import Moment, timeline, visible

from .access import View
from .paging import LIMIT, MOST, PAGE, whole
from .past import ProductView
from .shapes import PROBLEMS
from .workflow import COMMENT, REVIEW, show_comment, shown_review

MOMENT = inline_serializer(
    "Moment",
    {
        "at": DateTimeField(),
        "who": CharField(),
        "kind": CharField(),
        "text": CharField(),
        "differences": DictField(),
        "slices": ListField(),
        "decided": DictField(),
    },
    many=True,
)


class WithdrawReview(View):
    """A review taken back."""

    noun = "product"

    @extend_schema(
        operation_id="reviews_withdraw", request=None, responses={200: REVIEW, **PROBLEMS}
    )
    def post(self, request, pk: int):
        """Take a review back that is not decided: by whoever asked, or may decide it all."""
        self.require(request, "view", "change")
        seen = visible_products(Product.objects.all(), rights_of(request.user))
        review = Review.objects.filter(pk=pk, product__in=seen).select_related("product").first()
        if review is None:
            raise NotFound
        withdraw_review(review, user=request.user, at=timezone.now())
        return Response(shown_review(request, review))


class SettleComment(ProductView):
    """A comment settled."""

    @extend_schema(
        operation_id="products_comments_settle", request=None, responses={200: COMMENT, **PROBLEMS}
    )
    def post(self, request, identifier: str, pk: int):
        """Mark it as settled, or open it again."""
        product, holding, structure = self.product(request, identifier)
        made = product.comments.filter(pk=pk).select_related("author", "product").first()
        if made is None or not visible(made.key, holding, structure):
            raise NotFound
        resolve_comment(made, user=request.user, at=timezone.now())
        return Response(show_comment(made))


class Timeline(ProductView):
    """What happened to one product."""

    @extend_schema(
        operation_id="products_timeline", parameters=[LIMIT], responses={200: MOMENT, **PROBLEMS}
    )
    def get(self, request, identifier: str):
        """List who did what and when, newest first, without the values that one may not see."""
        product, holding, structure = self.product(request, identifier)
        limit = min(whole(request, "limit") or PAGE, MOST)
        found = timeline(product.pk, holding=holding, structure=structure, limit=limit)
        return Response([_shown(moment, holding) for moment in found])


def _shown(moment: Moment, holding: Holding) -> dict:
    decided = moment.kind == "decision"
    asked = moment.row.slices if moment.kind == "review" else ()
    return {
        "at": moment.at,
        "who": moment.who,
        "kind": moment.kind,
        "text": moment.text,
        "differences": {} if decided else moment.detail,
        "slices": visible_slices(asked, holding),
        "decided": moment.detail if decided else {},
    }
