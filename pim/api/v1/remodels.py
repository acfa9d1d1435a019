"""Changes of the model through our own API: previewed and done as jobs, undone as any other."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework.fields import BooleanField, CharField, DateTimeField, DictField

from pim.actions.remodel import queue_remodel
from pim.actions.rewinding import queue_rewind, rewind_title
from pim.content.refusals import InvalidValue, _

from .access import View, actor_of, body_of
from .jobs import KEY, accepted, truth
from .moments import moment
from .shapes import PROBLEMS, JobShape

REMODEL = inline_serializer(
    "RemodelBody",
    {
        "operation": CharField(help_text="docs/remodelling.md names them and their parameters."),
        "params": DictField(),
        "dry_run": BooleanField(default=True),
    },
)
REWIND = inline_serializer(
    "RewindBody",
    {
        "selection": DictField(help_text="One of: search, ids, job, all."),
        "moment": DateTimeField(),
        "publish": BooleanField(default=False),
        "dry_run": BooleanField(default=True),
    },
)


class Remodels(View):
    """Change the model with the products that use it."""

    noun = "attribute"

    @extend_schema(
        operation_id="remodels_create",
        parameters=[KEY],
        request=REMODEL,
        responses={202: JobShape, **PROBLEMS},
    )
    def post(self, request):
        """Queue a remodelling, or its preview: `dry_run` is true unless you say false."""
        self.require(request, "change")
        self.require(request, "change", noun="product")
        body = {"dry_run": True, **body_of(request)}
        params = body.get("params")
        if not isinstance(params, dict):
            raise InvalidValue(_("“params” is an object."), code="needs_object", field="params")
        return accepted(
            request,
            lambda: queue_remodel(
                str(body.get("operation", "")),
                params,
                user=request.user,
                actor=actor_of(request),
                dry_run=truth(body, "dry_run"),
            ),
        )


class Rewinds(View):
    """Take the drafts of a selection back to a moment."""

    noun = "product"

    @extend_schema(
        operation_id="rewinds_create",
        parameters=[KEY],
        request=REWIND,
        responses={202: JobShape, **PROBLEMS},
    )
    def post(self, request):
        """Queue a rewind, or its preview: `dry_run` is true unless you say false."""
        self.require(request, "change")
        body = {"dry_run": True, **body_of(request)}
        publish = truth(body, "publish")
        if publish:
            self.require(request, "publish")
        when, selection = moment(body.get("moment"), field="moment"), body.get("selection")
        return accepted(
            request,
            lambda: queue_rewind(
                selection,
                moment=when,
                title=rewind_title(when, what=selection),
                actor=actor_of(request),
                at=timezone.now(),
                user=request.user,
                dry_run=truth(body, "dry_run"),
                publish=publish,
            ),
        )
