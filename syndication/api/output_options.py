"""The options of an output over the API: read with what each may be, set with If-Match."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework.exceptions import PermissionDenied
from rest_framework.fields import CharField, DictField, JSONField, ListField
from rest_framework.response import Response

from syndication.actions.output_options import change_options, options_of
from syndication.contract import Option
from syndication.models import ApiKey, Output
from syndication.queries.reach import Level, output_level, rights_of
from syndication.registry import output_kind

from .editions import PROBLEMS, View
from .editions_access import actor_of, output_of
from .matching import IF_MATCH, MOST, matched, tag
from .problems import Problem

OPTION = inline_serializer(
    "OutputOption",
    {
        "code": CharField(),
        "kind": CharField(),
        "label": CharField(),
        "default": JSONField(allow_null=True),
        "choices": ListField(child=CharField(), required=False),
        "columns": ListField(child=DictField(), required=False),
    },
    many=True,
)
SHAPE = inline_serializer("OutputOptions", {"options": DictField(), "known": OPTION})


class Options(View):
    """The options of an output."""

    @extend_schema(operation_id="output_options_read", responses={200: SHAPE, **PROBLEMS})
    def get(self, request, output: str):
        """Answer what is set, and what each option may be."""
        return _answer(output_of(request, output))

    @extend_schema(
        operation_id="output_options_change",
        parameters=[IF_MATCH],
        request=DictField(help_text="{code: value}; null for the default."),
        responses={200: SHAPE, **MOST},
    )
    def patch(self, request, output: str):
        """Set options; those that are not named stay as they are."""
        found = output_of(request, output)
        if isinstance(request.auth, ApiKey):
            raise PermissionDenied
        if output_level(rights_of(request.user), found) < Level.OWN:
            raise PermissionDenied
        if not isinstance(request.data, dict):
            raise Problem(400, "bad_request", "The body is a JSON object.")
        how = {"actor": actor_of(request), "at": timezone.now()}
        row_version = matched(request, found)
        return _answer(change_options(found, dict(request.data), row_version=row_version, **how))


def _answer(output: Output) -> Response:
    known = [_told(option) for option in output_kind(output.kind).options]
    document = {"options": options_of(output), "known": known}
    return Response(document, headers={"ETag": tag(output), "Cache-Control": "no-store"})


def _told(option: Option) -> dict:
    told = {
        "code": option.code,
        "kind": option.kind,
        "label": str(option.label),
        "default": option.default,
    }
    if option.choices:
        told["choices"] = [code for code, _label in option.choices]
    if option.columns:
        told["columns"] = [_told(column) for column in option.columns]
    return told
