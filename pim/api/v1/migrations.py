"""Moving in from a running system through our own API: queued as a job, followed like any."""

from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework.fields import BooleanField

from pim.actions.migrations import queue_migration

from .access import View, body_of
from .jobs import KEY, accepted, truth
from .shapes import PROBLEMS, JobShape

BODY = inline_serializer(
    "MigrationBody",
    {
        "dry_run": BooleanField(default=False),
        "publish": BooleanField(default=False),
    },
)


class Migrations(View):
    """Move in from the system that the environment names."""

    noun = "job"

    @extend_schema(
        operation_id="migrations_create",
        parameters=[KEY],
        request=BODY,
        responses={202: JobShape, **PROBLEMS},
    )
    def post(self, request):
        self.require(request, "add")
        self.require(request, "add", "change", noun="product")
        body = body_of(request)
        dry_run, publish = truth(body, "dry_run"), truth(body, "publish")
        if publish:
            self.require(request, "publish", noun="product")
        return accepted(
            request, lambda: queue_migration(user=request.user, dry_run=dry_run, publish=publish)
        )
