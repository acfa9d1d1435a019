"""The deliveries of an output in the API: where they go, every attempt, tests, sending again."""

from django.utils import timezone
from django.utils.translation import gettext as translate
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from syndication.actions.deliveries import send_again, test_delivery
from syndication.contract import said
from syndication.models import ApiKey, Delivery, DeliveryAttempt
from syndication.refusals import NotFound

from .editions import AFTER, LIMIT, PROBLEMS, View, checked, listed, page_of
from .editions_access import MayIssue, actor_of, output_of


class MayDeliver(MayIssue):
    """As for editions, but that keys need `may_issue` to read too: addresses are nobody else's."""

    def has_permission(self, request, view) -> bool:
        if isinstance(request.auth, ApiKey) and not request.auth.may_issue:
            return False
        return super().has_permission(request, view)


class AttemptShape(serializers.ModelSerializer):
    """One attempt: of an edition by number, or of a test (`edition` null)."""

    edition = serializers.IntegerField(source="edition.number", allow_null=True, default=None)
    test = serializers.BooleanField(source="is_test")
    cause = serializers.SerializerMethodField()

    class Meta:
        model = DeliveryAttempt
        fields = "id edition test n state cause files size asked_by at seconds next_at".split()

    def get_cause(self, attempt) -> str:
        """Return why it did not arrive, in the language that is asked for."""
        return said(attempt.cause, attempt.params, translate)


class DeliveryShape(serializers.ModelSerializer):
    """A delivery with its latest attempt; of a secret there is only its name."""

    recipients = serializers.SerializerMethodField()
    latest = serializers.SerializerMethodField()

    class Meta:
        model = Delivery
        fields = ["id", "url", "secret", "recipients", "enabled", "latest"]

    def get_recipients(self, delivery) -> int:
        """Return to how many people it writes."""
        return len([line for line in delivery.recipients.splitlines() if line.strip()])

    def get_latest(self, delivery) -> AttemptShape(allow_null=True):
        latest = delivery.attempts.select_related("edition").order_by("-id").first()
        return AttemptShape(latest).data if latest else None


class SendRequest(serializers.Serializer):
    """Which edition to send: those being served unless one is named by its number."""

    edition = serializers.IntegerField(required=False, min_value=1)


class SentShape(serializers.Serializer):
    """The numbers of the editions that were queued for the delivery."""

    numbers = serializers.ListField(child=serializers.IntegerField())


class Deliveries(View):
    """The deliveries of an output."""

    permission_classes = [MayDeliver]

    @extend_schema(
        operation_id="deliveries_list", parameters=[AFTER, LIMIT], responses=listed(DeliveryShape)
    )
    def get(self, request, output: str):
        return page_of(request, DeliveryShape, output_of(request, output).deliveries, key="id")


class Attempts(View):
    """Every attempt at a delivery, newest first."""

    permission_classes = [MayDeliver]

    @extend_schema(
        operation_id="deliveries_attempts",
        parameters=[AFTER, LIMIT],
        responses=listed(AttemptShape),
    )
    def get(self, request, output: str, delivery: int):
        rows = delivery_of(request, output, delivery).attempts.select_related("edition")
        return page_of(request, AttemptShape, rows, key="id", descending=True)


class Send(View):
    """Send what is being served, or one edition, once more."""

    permission_classes = [MayDeliver]

    @extend_schema(
        operation_id="deliveries_send", request=SendRequest, responses={202: SentShape, **PROBLEMS}
    )
    def post(self, request, output: str, delivery: int):
        found = delivery_of(request, output, delivery)
        number = checked(SendRequest, request).get("edition")
        sent = send_again(found, actor=actor_of(request), at=timezone.now(), number=number)
        return Response({"numbers": [edition.number for edition in sent]}, status=202)


class Test(View):
    """Send a small file or a mail, to see in the attempts whether it arrives."""

    permission_classes = [MayDeliver]

    @extend_schema(operation_id="deliveries_test", request=None, responses={202: None, **PROBLEMS})
    def post(self, request, output: str, delivery: int):
        found = delivery_of(request, output, delivery)
        test_delivery(found, actor=actor_of(request), at=timezone.now())
        return Response(status=202)


def delivery_of(request, output: str, pk: int) -> Delivery:
    """Return a delivery of a visible output."""
    found = output_of(request, output).deliveries.select_related("output").filter(pk=pk).first()
    if found is None:
        raise NotFound(what="delivery", name=str(pk))
    return found
