"""The event stream and webhooks: what happened since a number, and who is told of it."""

from datetime import datetime
from urllib.parse import urlencode

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.permissions import BasePermission
from rest_framework.response import Response
from rest_framework.views import APIView

from syndication.actions import events as stream
from syndication.actions import hooks
from syndication.models import TYPES, ApiKey, Event, HookDelivery, Webhook
from syndication.queries.editions import outputs_in_scope
from syndication.queries.reach import rights_of

from .editions import LIMIT, PROBLEMS, limit_of, page_of, whole
from .problems import Problem

AFTER = OpenApiParameter("after", int, description="The last sequence number that you have seen.")
KINDS = OpenApiParameter("types", str, description="Event types, parted by commas.")
# What a key for feeds may hear of; drafts and structure are for people of the desk.
PUBLIC = ("listings.changed", "edition.issued", "edition.blocked", "edition.failed",
          "edition.ended")  # fmt: skip


class EventShape(serializers.Serializer):
    """One event, as webhooks get it."""

    type = serializers.ChoiceField(choices=[code for code, _label in TYPES])
    timestamp = serializers.DateTimeField()
    sequence = serializers.IntegerField()
    data = serializers.DictField()


class EventPage(serializers.Serializer):
    """A page of the stream; `next` is where to go on, `more` whether there is more already."""

    events = EventShape(many=True)
    sequence = serializers.IntegerField()
    more = serializers.BooleanField()
    next = serializers.CharField()


class WebhookShape(serializers.ModelSerializer):
    """A webhook; `types` such as "edition.*", empty for all; `channels` empty for all."""

    types = serializers.ListField(child=serializers.CharField(max_length=40), required=False)
    channels = serializers.ListField(child=serializers.CharField(max_length=100), required=False)

    class Meta:
        model = Webhook
        fields = ("id name url types channels enabled failing_since note created_at").split()
        read_only_fields = ("failing_since", "note", "created_at")

    def validate_types(self, types: list[str]) -> list[str]:
        """Refuse a type that no event will ever have."""
        for pattern in types:
            if not hooks.is_known(pattern):
                raise serializers.ValidationError(f"No event has the type “{pattern}”.")
        return types


class DeliveryShape(serializers.ModelSerializer):
    """One event on its way to a webhook."""

    sequence = serializers.IntegerField(source="event.seq")
    type = serializers.CharField(source="event.type")

    class Meta:
        model = HookDelivery
        fields = "id sequence type state attempts due_at done_at status answer seconds".split()


class MayHear(BasePermission):
    """The stream is for API keys, and for people without limits who may see events."""

    def has_permission(self, request, view) -> bool:
        if isinstance(request.auth, ApiKey):
            return True
        user = request.user
        may = bool(user and user.is_active and user.has_perm("syndication.view_event"))
        return may and rights_of(user).unlimited


class MayHook(BasePermission):
    """Webhooks are for people of the desk, each step by its permission."""

    NEEDED = {"GET": "view", "HEAD": "view", "OPTIONS": "view", "DELETE": "delete"}

    def has_permission(self, request, view) -> bool:
        user = request.user
        if not user or not user.is_active or isinstance(request.auth, ApiKey):
            return False
        if not rights_of(user).unlimited:
            return False
        add = request.method == "POST" and view.kwargs.get("pk") is None
        step = "add" if add else self.NEEDED.get(request.method, "change")
        return user.has_perm(f"syndication.{step}_webhook")


class Events(APIView):
    """What happened, in the order of its numbers."""

    permission_classes = [MayHear]

    @extend_schema(parameters=[AFTER, LIMIT, KINDS], responses={200: EventPage, **PROBLEMS})
    def get(self, request):
        """Answer the events after a number; 410 when they are no longer kept."""
        after, limit = whole(request, "after") or 0, limit_of(request)
        if after and after < stream.horizon():
            raise Problem(
                410, "too_old", "Events that old are no longer kept: read everything anew."
            )
        sequence = stream.head()
        rows = list(self._visible(request).filter(seq__gt=after).order_by("seq")[: limit + 1])
        more, rows = len(rows) > limit, rows[:limit]
        last = rows[-1].seq if more else max(sequence, after)
        document = {
            "events": [hooks.message(row) for row in rows],
            "sequence": last,
            "more": more,
            "next": self._next(request, after=last, limit=limit),
        }
        return Response(document)

    def _next(self, request, **numbers: int) -> str:
        """Return the address that goes on, with the types that were chosen."""
        chosen = types_of(request)
        kept = {"types": ",".join(chosen)} if chosen else {}
        query = urlencode({**numbers, **kept}, safe=",*")
        return request.build_absolute_uri(f"{request.path}?{query}")

    def _visible(self, request):
        rows = Event.objects.all()
        if patterns := types_of(request):
            fitting = [t for t, _label in TYPES if any(hooks.fits(t, p) for p in patterns)]
            rows = rows.filter(type__in=fitting)
        if not isinstance(request.auth, ApiKey):
            return rows
        scope = outputs_in_scope(request.auth)
        rows = rows.filter(type__in=PUBLIC)
        if request.auth.channel:
            rows = rows.filter(channel=request.auth.channel)
        return rows.filter(output__in=["", *scope.values_list("code", flat=True)])


class Webhooks(APIView):
    """The webhooks there are."""

    permission_classes = [MayHook]

    @extend_schema(operation_id="webhooks_list", responses={200: WebhookShape(many=True)})
    def get(self, request):
        """List all webhooks."""
        return Response(WebhookShape(Webhook.objects.all(), many=True).data)

    @extend_schema(request=WebhookShape, responses={201: WebhookShape, **PROBLEMS})
    def post(self, request):
        """Make a webhook; its `secret` is in this answer and in no other."""
        shape = WebhookShape(data=request.data)
        shape.is_valid(raise_exception=True)
        hook = Webhook(**shape.validated_data)
        hooks.start_hook(hook)
        hook.save()
        document = {**WebhookShape(hook).data, "secret": hooks.secret_of(hook)}
        return Response(document, status=status.HTTP_201_CREATED)


class OneWebhook(APIView):
    """One webhook."""

    permission_classes = [MayHook]

    @extend_schema(responses={200: WebhookShape, **PROBLEMS})
    def get(self, request, pk: int):
        """Answer the webhook."""
        return Response(WebhookShape(webhook(pk)).data)

    @extend_schema(request=WebhookShape, responses={200: WebhookShape, **PROBLEMS})
    def patch(self, request, pk: int):
        """Change the webhook."""
        hook = webhook(pk)
        shape = WebhookShape(hook, data=request.data, partial=True)
        shape.is_valid(raise_exception=True)
        if url := shape.validated_data.get("url"):
            hooks.check(url)
        shape.save()
        return Response(shape.data)

    @extend_schema(responses={204: None, **PROBLEMS})
    def delete(self, request, pk: int):
        """Delete the webhook with its log."""
        webhook(pk).delete()
        return Response(status=status.HTTP_204_NO_CONTENT)


class Deliveries(APIView):
    """What became of each event on its way to a webhook."""

    permission_classes = [MayHook]

    @extend_schema(parameters=[AFTER, LIMIT], responses={200: DeliveryShape(many=True)})
    def get(self, request, pk: int):
        """List the deliveries, newest first."""
        rows = HookDelivery.objects.filter(webhook=webhook(pk)).select_related("event")
        return page_of(request, DeliveryShape, rows, key="id", descending=True)


class ReplayShape(serializers.Serializer):
    """From where to tell again."""

    after = serializers.IntegerField(min_value=0)


class Replay(APIView):
    """Tell a webhook again what it was told."""

    permission_classes = [MayHook]

    @extend_schema(request=ReplayShape, responses={202: None, **PROBLEMS})
    def post(self, request, pk: int):
        """Queue everything after a number once more; answers how many events that is."""
        shape = ReplayShape(data=request.data)
        shape.is_valid(raise_exception=True)
        again = hooks.replay(webhook(pk), after=shape.validated_data["after"], at=_now())
        return Response({"events": again}, status=status.HTTP_202_ACCEPTED)


class Rotate(APIView):
    """Give a webhook a new secret."""

    permission_classes = [MayHook]

    @extend_schema(request=None, responses={200: None, **PROBLEMS})
    def post(self, request, pk: int):
        """Answer the new secret; for a day messages are signed with the old one too."""
        return Response({"secret": hooks.rotate_secret(webhook(pk), at=_now())})


def types_of(request) -> list[str]:
    """Return the types that a reader chooses, such as "edition.*"; refuse what no event has."""
    chosen = [t for t in request.query_params.get("types", "").split(",") if t]
    for pattern in chosen:
        if not hooks.is_known(pattern):
            raise Problem(422, "unknown_type", f"No event has the type “{pattern}”.")
    return chosen


def webhook(pk: int) -> Webhook:
    """Return a webhook; 404 where there is none."""
    found = Webhook.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _now() -> datetime:
    return timezone.now()
