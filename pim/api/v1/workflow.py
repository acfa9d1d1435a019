"""Reviews, comments and tasks through our own API."""

from datetime import date

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework.exceptions import NotFound
from rest_framework.fields import CharField, DateField, DictField, IntegerField, ListField
from rest_framework.response import Response

from pim.actions.workflow import add_task, ask_review, comment, decide_review, finish_task
from pim.content.masks import visible_decisions, visible_slices
from pim.content.refusals import InvalidValue, UnknownCode, _
from pim.content.rights import Holding
from pim.models import Comment, Product, Review, Task
from pim.queries.rights import rights_of, rights_on, visible_products
from pim.queries.timeline import visible

from .access import View, actor_of, body_of
from .paging import AFTER, LIMIT, page_of, page_of_many
from .past import ProductView
from .shapes import PROBLEMS

REVIEW = inline_serializer(
    "ReviewDocument",
    {
        "id": IntegerField(),
        "product": CharField(),
        "slices": ListField(),
        "decided": DictField(),
        "state": CharField(),
        "note": CharField(),
        "asked_by": CharField(),
    },
)
ASK = inline_serializer(
    "ReviewBody",
    {
        "product": CharField(),
        "slices": ListField(help_text='[["texts", "fi"], ["@structure", ""]]'),
        "reviewer": CharField(required=False),
        "note": CharField(required=False),
    },
)
DECIDE = inline_serializer(
    "DecisionBody",
    {
        "decisions": DictField(help_text='{"texts|fi": "approved"}'),
        "answer": CharField(required=False),
    },
)
COMMENT = inline_serializer("CommentBody", {"text": CharField(), "key": CharField(required=False)})
TASK = inline_serializer(
    "TaskBody",
    {
        "title": CharField(),
        "product": CharField(required=False),
        "assignee": CharField(required=False),
        "due_on": DateField(required=False),
        "note": CharField(required=False),
    },
)


class Reviews(View):
    """Reviews of drafts."""

    noun = "product"

    @extend_schema(
        operation_id="reviews_list", parameters=[AFTER, LIMIT], responses={200: REVIEW, **PROBLEMS}
    )
    def get(self, request):
        """List the open reviews of products that the person may see."""
        self.require(request, "view", "change")
        seen = visible_products(Product.objects.all(), rights_of(request.user))
        rows = Review.objects.filter(state=Review.OPEN, product__in=seen)
        rights = rights_of(request.user)

        def show_all(found: list[Review]) -> list[dict]:
            held = rights_on({row.product_id for row in found}, rights)
            return [show_review(row, held[row.product_id]) for row in found]

        return page_of_many(request, rows.select_related("product", "asked_by"), show_all)

    @extend_schema(operation_id="reviews_create", request=ASK, responses={201: REVIEW, **PROBLEMS})
    def post(self, request):
        """Ask for a review of slices of a product's draft."""
        self.require(request, "view", "change")
        body = body_of(request)
        made = ask_review(
            product_of(request, body.get("product")),
            slices_of(body.get("slices")),
            user=request.user,
            at=timezone.now(),
            reviewer=user_of(body.get("reviewer"), "reviewer"),
            note=str(body.get("note") or ""),
        )
        return Response(shown_review(request, made), status=201)


class Decide(View):
    """The decision on a review."""

    noun = "product"

    @extend_schema(
        operation_id="reviews_decide", request=DECIDE, responses={200: REVIEW, **PROBLEMS}
    )
    def post(self, request, pk: int):
        """Approve or reject slices; approved ones are published."""
        self.require(request, "publish")
        seen = visible_products(Product.objects.all(), rights_of(request.user))
        review = Review.objects.filter(pk=pk, product__in=seen).select_related("product").first()
        if review is None:
            raise NotFound
        body = body_of(request)
        decisions = body.get("decisions")
        if not isinstance(decisions, dict):
            raise InvalidValue(
                _("Approve or reject slices that wait."), code="bad_decision", field="decisions"
            )
        decide_review(
            review, decisions, user=request.user, actor=actor_of(request), at=timezone.now(),
            answer=str(body.get("answer") or ""),
            expected=body.get("row_version") if isinstance(body.get("row_version"), int) else None,
        )  # fmt: skip
        return Response(shown_review(request, review))


class Comments(ProductView):
    """Comments on one product."""

    @extend_schema(operation_id="products_comments", responses={200: COMMENT, **PROBLEMS})
    def get(self, request, identifier: str):
        """List them, oldest first."""
        product, holding, structure = self.product(request, identifier)
        rows = product.comments.select_related("author")
        return Response([show_comment(r) for r in rows if visible(r.key, holding, structure)])

    @extend_schema(
        operation_id="products_comments_create",
        request=COMMENT,
        responses={201: COMMENT, **PROBLEMS},
    )
    def post(self, request, identifier: str):
        """Add one; people it mentions by @name are told."""
        product, _holding, _structure = self.product(request, identifier)
        body = body_of(request)
        text, key = str(body.get("text") or ""), str(body.get("key") or "")
        made = comment(product, text, user=request.user, at=timezone.now(), key=key)
        return Response(show_comment(made), status=201)


class Tasks(View):
    """Tasks."""

    noun = "task"

    @extend_schema(
        operation_id="tasks_list", parameters=[AFTER, LIMIT], responses={200: TASK, **PROBLEMS}
    )
    def get(self, request):
        """List the person's own open tasks."""
        rows = seen_tasks(request).filter(assignee=request.user, done_at=None)
        return page_of(request, rows.select_related("product", "assignee"), show_task)

    @extend_schema(operation_id="tasks_create", request=TASK, responses={201: TASK, **PROBLEMS})
    def post(self, request):
        """Give a task; the assignee is told."""
        self.require(request, "add")
        body = body_of(request)
        named = body.get("product")
        made = add_task(
            str(body.get("title") or ""),
            user=request.user,
            at=timezone.now(),
            assignee=user_of(body.get("assignee"), "assignee"),
            product=product_of(request, named) if named else None,
            due_on=day_of(body.get("due_on")),
            note=str(body.get("note") or ""),
        )
        return Response(show_task(made), status=201)


class FinishTask(View):
    """One task done."""

    @extend_schema(operation_id="tasks_finish", request=None, responses={200: TASK, **PROBLEMS})
    def post(self, request, pk: int):
        """Mark it as done, or as to be done again."""
        task = seen_tasks(request).filter(pk=pk).select_related("product", "assignee").first()
        if task is None:
            raise NotFound
        finish_task(task, user=request.user, at=timezone.now())
        return Response(show_task(task))


def seen_tasks(request) -> QuerySet:
    """Return the tasks about no product, and those about one that the person may see."""
    rights = rights_of(request.user)
    if rights.unlimited:
        return Task.objects.all()
    seen = visible_products(Product.objects.order_by(), rights)
    return Task.objects.filter(Q(product=None) | Q(product__in=seen.values("pk")))


def product_of(request, name) -> Product:
    """Return the product that the person may see; raise `UnknownCode`."""
    seen = visible_products(Product.objects.all(), rights_of(request.user))
    found = seen.filter(identifier=str(name or "")).first()
    if found is None:
        raise UnknownCode(what="product", name=str(name or "")[:60], field="product")
    return found


def user_of(name, field: str):
    """Return the active user of that name, None where none is named; raise `UnknownCode`."""
    if not name:
        return None
    found = get_user_model().objects.filter(username=str(name), is_active=True).first()
    if found is None:
        raise UnknownCode(what="user", name=str(name)[:60], field=field)
    return found


def slices_of(raw) -> list[list[str]]:
    """Return slices of a body: [[group, locale], …]; raise `InvalidValue`."""
    good = isinstance(raw, list) and all(
        isinstance(s, list) and len(s) == 2 and all(isinstance(p, str) for p in s) for s in raw
    )
    if not good:
        raise InvalidValue(
            _("Slices are [[attribute group, locale], …]."), code="bad_slices", field="slices"
        )
    return raw


def day_of(raw) -> date | None:
    """Return the day of a body; raise `InvalidValue`."""
    try:
        return date.fromisoformat(str(raw)) if raw else None
    except ValueError:
        raise InvalidValue(
            _("“%(name)s” needs a date such as 2026-11-22."), code="bad_date", name="due_on"
        ) from None


def shown_review(request, row: Review) -> dict:
    """Return a review as the person is answered it."""
    return show_review(row, rights_on([row.product_id], rights_of(request.user))[row.product_id])


def show_review(row: Review, holding: Holding) -> dict:
    """Return a review as it is answered, with the slices that may be seen; if none, no words."""
    seen = visible_slices(row.slices, holding)
    return {
        "id": row.pk,
        "product": row.product.identifier,
        "slices": seen,
        "decided": visible_decisions(row.decided, holding),
        "state": row.state,
        "note": row.note if seen else "",
        "answer": row.answer if seen else "",
        "asked_by": row.asked_by.get_username() if row.asked_by else "",
        "asked_at": row.asked_at,
    }


def show_comment(row: Comment) -> dict:
    """Return a comment as it is answered."""
    return {
        "id": row.pk,
        "key": row.key,
        "author": row.author.get_username() if row.author else "",
        "text": row.text,
        "at": row.at,
        "resolved_at": row.resolved_at,
    }


def show_task(row: Task) -> dict:
    """Return a task as it is answered."""
    return {
        "id": row.pk,
        "title": row.title,
        "product": row.product.identifier if row.product else None,
        "assignee": row.assignee.get_username() if row.assignee else None,
        "due_on": row.due_on,
        "done_at": row.done_at,
    }
