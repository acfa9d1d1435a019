"""Bulk edits through our own API: a selection, operations, and a job that does them."""

from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework.fields import BooleanField, CharField, DictField, ListField

from pim.actions.bulk_edit import queue_bulk_edit
from pim.actions.jobs import publishes

from .access import View, body_of
from .jobs import KEY, accepted, truth
from .shapes import PROBLEMS, JobShape

BODY = inline_serializer(
    "BulkEditBody",
    {
        "selection": DictField(help_text="One of: search, ids, job, all. docs/search.md"),
        "operations": ListField(child=DictField(), help_text="docs/bulk.md names them."),
        "dry_run": BooleanField(default=False),
        "title": CharField(required=False),
    },
)


class BulkEdits(View):
    """Edit every product of a selection."""

    noun = "product"

    @extend_schema(
        operation_id="bulk_edits_create",
        parameters=[KEY],
        request=BODY,
        responses={202: JobShape, **PROBLEMS},
    )
    def post(self, request):
        self.require(request, "change")
        body = body_of(request)
        operations = body.get("operations")
        if publishes({"operations": operations}):
            self.require(request, "publish")
        dry_run = truth(body, "dry_run")
        return accepted(
            request,
            lambda: queue_bulk_edit(
                body.get("selection"),
                operations,
                user=request.user,
                dry_run=dry_run,
                title=str(body.get("title") or ""),
            ),
        )
