"""The editions API: outputs, issuing, states, item errors, decisions."""

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework.fields import CharField, IntegerField
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import APIView

from syndication.actions import editions as actions
from syndication.models import Edition

from . import editions_shapes as shapes
from .editions_access import MayIssue, actor_of, edition_of, output_of, visible_outputs
from .problems import Problem

PAGE, MOST = 100, 1000
PROBLEMS = dict.fromkeys((401, 403, 404, 409, 422), shapes.ProblemShape)
KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="The same key again answers with the editions it made the first time.",
)
AFTER = OpenApiParameter("after", int, description="From `next` of the page before.")
LIMIT = OpenApiParameter("limit", int, description=f"At most {MOST}.")


class View(APIView):
    """A view of the editions API; its bodies are small and may come as forms, or not at all."""

    permission_classes = [MayIssue]
    parser_classes = [*api_settings.DEFAULT_PARSER_CLASSES, FormParser, MultiPartParser]


def listed(shape):
    """Describe a page of a shape: `results`, `next` (None on the last page) and `count`."""
    page = inline_serializer(
        f"{shape.__name__}Page",
        {
            "results": shape(many=True),
            "next": CharField(allow_null=True),
            "count": IntegerField(),
        },
    )
    return {200: page, **PROBLEMS}


def page_of(request, shape, rows, *, key: str, descending=False, context=None) -> Response:
    """Answer a page of rows by keyset: `after` is the `key` of the last row of the page before."""
    limit, after = limit_of(request), whole(request, "after")
    found = rows.order_by(f"-{key}" if descending else key)
    if after is not None:
        found = found.filter(**{f"{key}__{'lt' if descending else 'gt'}": after})
    found = list(found[: limit + 1])
    more = len(found) > limit
    address = (
        f"{request.path}?after={getattr(found[limit - 1], key)}&limit={limit}" if more else None
    )
    results = shape(found[:limit], many=True, context=context or {}).data
    return Response({"results": results, "next": address, "count": rows.count()})


class Outputs(View):
    """All outputs that the reader may know of."""

    @extend_schema(
        operation_id="outputs_list", parameters=[AFTER, LIMIT], responses=listed(shapes.OutputShape)
    )
    def get(self, request):
        outputs = visible_outputs(request).prefetch_related("pointers__edition")
        return page_of(request, shapes.OutputShape, outputs, key="id")


class OneOutput(View):
    """One output."""

    @extend_schema(operation_id="outputs_read", responses={200: shapes.OutputShape, **PROBLEMS})
    def get(self, request, output: str):
        return Response(shapes.OutputShape(output_of(request, output)).data)


class Editions(View):
    """The editions of an output, newest first; issuing a new one."""

    @extend_schema(
        operation_id="editions_list",
        parameters=[AFTER, LIMIT],
        responses=listed(shapes.EditionShape),
    )
    def get(self, request, output: str):
        rows = output_of(request, output).editions.select_related("output")
        rows = rows.prefetch_related("artefacts__artefact", "artefacts__edition__output")
        return page_of(request, shapes.EditionShape, rows, key="number", descending=True)

    @extend_schema(
        operation_id="editions_issue",
        parameters=[KEY],
        request=shapes.IssueRequest,
        responses={202: shapes.IssuedShape, **PROBLEMS},
    )
    def post(self, request, output: str):
        found = output_of(request, output)
        asked = checked(shapes.IssueRequest, request)
        editions = actions.issue_edition(
            found,
            locale=asked.get("locale"),
            actor=actor_of(request),
            at=timezone.now(),
            idempotency_key=idempotency_key(request),
        )
        numbers = [edition.number for edition in editions]
        address = f"/api/v1/outputs/{found.code}/editions/{numbers[0]}"
        shape = {"number": numbers[0], "numbers": numbers}
        return Response(shape, status=202, headers={"Location": address})


class OneEdition(View):
    """One edition as it stands."""

    @extend_schema(operation_id="editions_read", responses={200: shapes.EditionShape, **PROBLEMS})
    def get(self, request, output: str, number: int):
        return Response(shapes.EditionShape(edition_of(request, output, number)).data)


class Errors(View):
    """The item errors of an edition, in pages."""

    @extend_schema(
        operation_id="editions_errors",
        parameters=[AFTER, LIMIT],
        responses=listed(shapes.ItemErrorShape),
    )
    def get(self, request, output: str, number: int):
        errors = edition_of(request, output, number).item_errors.all()
        return page_of(request, shapes.ItemErrorShape, errors, key="id")


class Decision(View):
    """Something a person or machine decides about an edition."""

    decide = staticmethod(actions.cancel_edition)

    @extend_schema(request=shapes.DecisionRequest, responses={200: shapes.EditionShape, **PROBLEMS})
    def post(self, request, output: str, number: int):
        edition = edition_of(request, output, number)
        note = checked(shapes.DecisionRequest, request).get("note", "")
        decided: Edition = self.decide(
            edition, actor=actor_of(request), at=timezone.now(), note=note
        )
        return Response(shapes.EditionShape(decided).data)


class Approve(Decision):
    """Serve a blocked edition after all."""

    decide = staticmethod(actions.approve_edition)


class Reject(Decision):
    """End a blocked edition."""

    decide = staticmethod(actions.reject_edition)


class Cancel(Decision):
    """End an edition that has not ended."""

    decide = staticmethod(actions.cancel_edition)


class Retry(Decision):
    """Queue a failed, cancelled or waiting edition again."""

    decide = staticmethod(actions.retry_edition)


class Rollback(View):
    """Serve an earlier edition again, and hold the output."""

    @extend_schema(
        operation_id="outputs_rollback",
        request=shapes.RollbackRequest,
        responses={200: shapes.OutputShape, **PROBLEMS},
    )
    def post(self, request, output: str):
        found = output_of(request, output)
        asked = checked(shapes.RollbackRequest, request)
        actions.roll_back(found, actor=actor_of(request), at=timezone.now(), **asked)
        return Response(shapes.OutputShape(output_of(request, output)).data)


class Hold(View):
    """Skip slots and serve nothing new until the output is released."""

    change = staticmethod(actions.hold_output)

    @extend_schema(request=shapes.DecisionRequest, responses={200: shapes.OutputShape, **PROBLEMS})
    def post(self, request, output: str):
        found = output_of(request, output)
        note = checked(shapes.DecisionRequest, request).get("note", "")
        self.change(found, actor=actor_of(request), at=timezone.now(), note=note)
        return Response(shapes.OutputShape(output_of(request, output)).data)


class Release(Hold):
    """Let slots issue editions again."""

    change = staticmethod(actions.release_output)


class Audit(View):
    """The decisions about an output and its editions, newest first."""

    @extend_schema(
        operation_id="outputs_audit",
        parameters=[AFTER, LIMIT],
        responses=listed(shapes.AuditShape),
    )
    def get(self, request, output: str):
        entries = output_of(request, output).audit.select_related("edition")
        return page_of(request, shapes.AuditShape, entries, key="id", descending=True)


def checked(shape, request) -> dict:
    """Return the body as the shape says, or let 400 be answered."""
    given = shape(data=request.data or {})
    given.is_valid(raise_exception=True)
    return given.validated_data


def idempotency_key(request) -> str:
    """Return the Idempotency-Key, "" without one; quoted or not is the same key."""
    key = request.headers.get("Idempotency-Key", "").strip().strip('"')
    if len(key) > 150:
        raise Problem(400, "invalid_idempotency_key", "At most 150 characters.")
    return key


def limit_of(request) -> int:
    return min(whole(request, "limit") or PAGE, MOST)


def whole(request, name: str) -> int | None:
    """Return a whole number from the query, None without one; 400 for anything else."""
    text = request.query_params.get(name)
    if text is None:
        return None
    if not text.isdigit() or len(text) > 18:
        raise Problem(400, "invalid_parameter", f"{name} is a whole number.", field=name)
    return int(text)
