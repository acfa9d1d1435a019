"""Exports through our own API: profiles read and written with If-Match, and runs of them."""

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.response import Response

from pim.actions.exports import delete_profile, queue_export, queue_profile, save_profile
from pim.actions.exports.saving import FIELDS
from pim.models import ExportProfile
from pim.queries.profiles import seen_profiles
from pim.queries.rights import rights_of

from .access import View, actor_of, body_of, check_match, check_none_match, etag
from .jobs import KEY, accepted
from .paging import AFTER, LIMIT, page_of, page_shape
from .rules import checked_fields
from .shapes import PROBLEMS, JobShape

_TYPES = {
    "name": str, "selection": dict, "settings": dict, "folder": str, "cadence": str,
    "time_zone": str,
}  # fmt: skip


class ExportShape(serializers.Serializer):
    """An export profile; docs/exporting.md names the settings."""

    code = serializers.CharField(read_only=True)
    name = serializers.CharField()
    selection = serializers.DictField()
    settings = serializers.DictField()
    folder = serializers.CharField(default="")
    cadence = serializers.CharField(default="")
    time_zone = serializers.CharField(default="UTC")
    last_job = serializers.IntegerField(read_only=True, allow_null=True)


def show_profile(profile: ExportProfile) -> dict:
    """Return a profile as it is answered."""
    fields = {name: getattr(profile, name) for name in FIELDS}
    return {"code": profile.code, **fields, "last_job": profile.last_job_id}


class ExportView(View):
    """A view of export profiles."""

    noun = "exportprofile"

    def profiles(self, request) -> QuerySet:
        """Return the profiles that the person may see."""
        return seen_profiles(ExportProfile.objects.all(), rights_of(request.user))

    def profile(self, request, code: str) -> ExportProfile:
        """Return the profile of that code."""
        profile = self.profiles(request).filter(code=code).first()
        if profile is None:
            raise NotFound()
        return profile


class Exports(ExportView):
    """All profiles; a POST exports once, without a profile."""

    @extend_schema(
        operation_id="exports_list",
        parameters=[AFTER, LIMIT],
        responses={200: page_shape(ExportShape), **PROBLEMS},
    )
    def get(self, request):
        self.require(request, "view", "change")
        return page_of(request, self.profiles(request), show_profile)

    @extend_schema(
        operation_id="exports_once",
        parameters=[KEY],
        request=inline_serializer(
            "ExportBody",
            {"selection": serializers.DictField(), "settings": serializers.DictField()},
        ),
        responses={202: JobShape, **PROBLEMS},
    )
    def post(self, request):
        self.require(request, "view", noun="product")
        self.require(request, "view", noun="job")
        body = body_of(request)
        return accepted(
            request,
            lambda: queue_export(
                body.get("selection"), body.get("settings"), user=request.user, actor="api"
            ),
        )


class OneExport(ExportView):
    """One profile."""

    @extend_schema(operation_id="exports_read", responses={200: ExportShape, **PROBLEMS})
    def get(self, request, code: str):
        self.require(request, "view", "change")
        return self._answer(self.profile(request, code), 200)

    @extend_schema(
        operation_id="exports_put",
        request=ExportShape,
        responses={200: ExportShape, 201: ExportShape, **PROBLEMS},
    )
    def put(self, request, code: str):
        """Create the profile, or replace it (If-Match)."""
        profile = self.profiles(request).filter(code=code).first()
        self.require(request, "change" if profile else "add")
        check_none_match(request, profile)
        if profile is not None:
            check_match(request, profile)
        empty = {name: ExportProfile._meta.get_field(name).get_default() for name in FIELDS}
        return self._save(request, code, {**empty, **_fields(request)}, profile)

    @extend_schema(
        operation_id="exports_patch", request=ExportShape, responses={200: ExportShape, **PROBLEMS}
    )
    def patch(self, request, code: str):
        """Change the fields that are named (If-Match)."""
        self.require(request, "change")
        profile = self.profile(request, code)
        check_match(request, profile)
        return self._save(request, code, _fields(request), profile)

    @extend_schema(operation_id="exports_delete", responses={204: None, **PROBLEMS})
    def delete(self, request, code: str):
        """Delete the profile (If-Match); the files of its runs stay."""
        self.require(request, "delete")
        profile = self.profile(request, code)
        check_match(request, profile)
        delete_profile(profile, actor=actor_of(request), at=timezone.now())
        return Response(status=204)

    def _save(self, request, code: str, fields: dict, profile: ExportProfile | None) -> Response:
        expected = profile.row_version if profile else 0
        saved, outcome = save_profile(
            code,
            fields,
            actor=actor_of(request),
            at=timezone.now(),
            expected=expected,
            user=request.user,
        )
        return self._answer(saved, 201 if outcome == "created" else 200)

    def _answer(self, profile: ExportProfile, status: int) -> Response:
        return Response(show_profile(profile), status=status, headers={"ETag": etag(profile)})


class RunExport(ExportView):
    """Run the profile; the job's result is the file."""

    @extend_schema(
        operation_id="exports_run",
        parameters=[KEY],
        request=None,
        responses={202: JobShape, **PROBLEMS},
    )
    def post(self, request, code: str):
        self.require(request, "view", "change")
        self.require(request, "view", noun="product")
        profile = self.profile(request, code)
        return accepted(request, lambda: queue_profile(profile, user=request.user, actor="api"))


def _fields(request) -> dict:
    body = body_of(request)
    named = {name: value for name, value in body.items() if name not in ("code", "last_job")}
    return checked_fields(named, _TYPES)
