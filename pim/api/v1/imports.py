"""Imports through our own API: a file, or a profile with or without one, and a job that does it."""

from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework.fields import BooleanField, CharField, ChoiceField, FileField, ListField
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from pim.actions.import_options import EMPTY, MODES, ImportOptions
from pim.actions.import_profiles import queue_profile
from pim.actions.import_sources import ENDINGS
from pim.actions.imports import queue_import
from pim.content.refusals import InvalidValue, NotFound, _
from pim.models import ImportProfile
from pim.queries.profiles import seen_profiles
from pim.queries.rights import rights_of

from .access import View, body_of
from .jobs import KEY, accepted
from .paging import AFTER, LIMIT, page_of, page_shape
from .parsers import DocumentParser
from .shapes import PROBLEMS, JobShape

BODY = inline_serializer(
    "ImportBody",
    {
        "file": FileField(required=False, help_text=", ".join(ENDINGS)),
        "profile": CharField(required=False, help_text="The code of an import profile."),
        "dry_run": BooleanField(default=False),
        "publish": BooleanField(default=False),
        "decimal_comma": BooleanField(default=False),
        "fetch": BooleanField(default=True),
        "mode": ChoiceField(MODES, default="upsert"),
        "empty": ChoiceField(EMPTY, default="clear"),
        "locale": CharField(required=False),
        "currency": CharField(required=False),
        "reason": CharField(required=False),
    },
)


class ImportProfileShape(Serializer):
    """An import profile as the API shows it."""

    code = CharField()
    name = CharField()
    source = CharField()
    location = CharField()
    cadence = CharField()
    enabled = BooleanField()
    header = ListField(child=CharField(), help_text="The columns of its files.")


TRUE, FALSE = ("true", "1", "on", "yes"), ("false", "0", "off", "no", "")
TRUTHS = {"dry_run": False, "publish": False, "decimal_comma": False, "fetch": True}
CHOICES = {"mode": MODES, "empty": EMPTY}
TEXTS = ("locale", "currency", "reason")


class Imports(View):
    """Import a file, or what an import profile names."""

    noun = "job"
    parser_classes = [MultiPartParser, DocumentParser, FormParser]

    @extend_schema(
        operation_id="imports_create",
        parameters=[KEY],
        request={"multipart/form-data": BODY, "application/json": BODY},
        responses={202: JobShape, **PROBLEMS},
    )
    def post(self, request):
        self.require(request, "add")
        body, file = body_of(request), request.FILES.get("file")
        dry_run, options = _truth(body, "dry_run"), _options(body)
        if options.publish:
            self.require(request, "publish", noun="product")
        if file is not None:
            _check(file)
        if code := body.get("profile"):
            profile = _profile(request, str(code))
            return accepted(
                request,
                lambda: queue_profile(profile, user=request.user, upload=file, dry_run=dry_run),
            )
        if file is None:
            raise InvalidValue(
                _("Send a file, or the code of an import profile."), code="no_file", field="file"
            )
        return accepted(
            request,
            lambda: queue_import(file, user=request.user, dry_run=dry_run, options=options),
        )


class Profiles(View):
    """All import profiles."""

    noun = "importprofile"

    @extend_schema(
        operation_id="import_profiles_list",
        parameters=[AFTER, LIMIT],
        responses={200: page_shape(ImportProfileShape), **PROBLEMS},
    )
    def get(self, request):
        self.require(request, "view")
        return page_of(request, _profiles(request), _show)


class OneProfile(View):
    """One import profile with its columns."""

    noun = "importprofile"

    @extend_schema(
        operation_id="import_profiles_read", responses={200: ImportProfileShape, **PROBLEMS}
    )
    def get(self, request, code: str):
        self.require(request, "view")
        profile = _profile(request, code)
        more = {"mapping": profile.mapping, "options": profile.options}
        return Response({**_show(profile), **more})


def _show(profile: ImportProfile) -> dict:
    names = ("code", "name", "source", "location", "cadence", "enabled", "header")
    return {name: getattr(profile, name) for name in names}


def _profiles(request) -> QuerySet:
    return seen_profiles(ImportProfile.objects.all(), rights_of(request.user))


def _profile(request, code: str) -> ImportProfile:
    profile = _profiles(request).filter(code=code).first()
    if profile is None:
        raise NotFound(what="import profile", name=code[:100])
    return profile


def _options(body: dict) -> ImportOptions:
    given = {name: _truth(body, name) for name in TRUTHS if name != "dry_run"}
    for name, listed in CHOICES.items():
        value = body.get(name) or listed[0]
        if value not in listed:
            raise InvalidValue(
                _("“%(name)s” is one of: %(known)s."),
                code="unknown_choice",
                field=name,
                name=name,
                known=", ".join(listed),
            )
        given[name] = value
    given |= {name: str(body.get(name) or "")[:300] for name in TEXTS}
    return ImportOptions(**given)


def _truth(body: dict, name: str) -> bool:
    """Return a yes or no, which forms send as words."""
    value = body.get(name, TRUTHS[name])
    word = str(value).lower()
    if word not in TRUE + FALSE:
        raise InvalidValue(
            _("“%(name)s” is true or false."), code="needs_boolean", field=name, name=name
        )
    return word in TRUE


def _check(file: UploadedFile) -> None:
    if not file.name.lower().endswith(ENDINGS):
        raise InvalidValue(
            _("Upload one of: %(endings)s."),
            code="unknown_file",
            field="file",
            endings=", ".join(ENDINGS),
        )
