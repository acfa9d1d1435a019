"""What the editions API takes and gives, as serializers: also the source of the OpenAPI schema."""

import json

from rest_framework import serializers

from syndication.models import AuditEntry, Edition, EditionArtefact, ItemError, Output


class OutputShape(serializers.ModelSerializer):
    """An output and what is being served of it."""

    serving = serializers.SerializerMethodField()

    class Meta:
        model = Output
        fields = (
            "code name kind channel audience locales combined cadence time_zone held enabled"
            " needs_approval strict only_if_changed serving"
        ).split()

    def get_serving(self, output) -> dict[str, int]:
        """Return {locale: number of the edition being served}; "" for a combined one."""
        return {pointer.locale: pointer.edition.number for pointer in output.pointers.all()}


class LeaseShape(serializers.Serializer):
    """Who works on an edition."""

    owner = serializers.CharField(source="lease_owner")
    pid = serializers.IntegerField(source="lease_pid", allow_null=True)
    child_pids = serializers.ListField(child=serializers.IntegerField())
    until = serializers.DateTimeField(source="lease_until", allow_null=True)


class ArtefactShape(serializers.ModelSerializer):
    """A file of an edition."""

    sha256 = serializers.CharField(source="artefact.sha256")
    size = serializers.IntegerField(source="artefact.size")
    media_type = serializers.CharField(source="artefact.media_type")
    url = serializers.SerializerMethodField()

    class Meta:
        model = EditionArtefact
        fields = ["name", "sha256", "size", "media_type", "url"]

    def get_url(self, link) -> str:
        """Return where this very file is served."""
        edition = link.edition
        return f"/out/{edition.output.code}/editions/{edition.number}/{link.name}"


class EditionShape(serializers.ModelSerializer):
    """An edition as it stands."""

    output = serializers.CharField(source="output.code")
    cause = serializers.CharField(source="why")
    lease = LeaseShape(source="*")
    artefacts = ArtefactShape(many=True)

    class Meta:
        model = Edition
        fields = (
            "output number locale state attempt counts cause lease artefacts data_version"
            " trigger_key created_by approved_by created_at started_at finished_at not_before"
            " expires_at"
        ).split()


class ItemErrorShape(serializers.ModelSerializer):
    """An item, or a value of it, that could not be issued as it should.

    `message` is in the language that the request accepts; `code` is for machines.
    """

    message = serializers.CharField(source="say")
    params = serializers.SerializerMethodField()

    class Meta:
        model = ItemError
        fields = ["identifier", "field", "code", "message", "params", "severity", "part"]

    def get_params(self, error) -> dict[str, str | float]:
        """Return what the message was filled with: {name: text or number}."""
        return json.loads(error.params)


class AuditShape(serializers.ModelSerializer):
    """A decision of a person."""

    edition = serializers.IntegerField(source="edition.number", allow_null=True)

    class Meta:
        model = AuditEntry
        fields = ["at", "actor", "action", "note", "edition"]


class IssueRequest(serializers.Serializer):
    """What to issue: every locale of the output unless one is named."""

    locale = serializers.CharField(required=False)


class IssuedShape(serializers.Serializer):
    """The editions that were queued: `number` is the first of `numbers`."""

    number = serializers.IntegerField()
    numbers = serializers.ListField(child=serializers.IntegerField())


class DecisionRequest(serializers.Serializer):
    """Why, for the audit."""

    note = serializers.CharField(required=False, allow_blank=True, max_length=1000)


class RollbackRequest(DecisionRequest):
    """Which pointers to move, and where to: all locales, and the edition before, by default."""

    locale = serializers.CharField(required=False)
    number = serializers.IntegerField(required=False)


class ProblemShape(serializers.Serializer):
    """An RFC 9457 problem document."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField(required=False)
