"""Deliveries on the page of their output: where files go, what came of each attempt, buttons."""

from django import forms
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _
from unfold.admin import StackedInline
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from syndication.actions.deliveries import send_again, test_delivery
from syndication.actions.delivery_checks import faults_of
from syndication.contract import said
from syndication.models import Delivery, DeliveryAttempt, OutboxEntry, Output

from .base import perform

SHOWN = 8
TONES = {"arrived": "good", "again": "warn", "failed": "bad"}
FIELDS = ("url", "secret", "host_key", "recipients")
HELP = {
    "url": _(
        "file:///folder · sftp://user@host/folder · s3://bucket/prefix?endpoint=https://… "
        "· https://host/folder (by PUT) · mailto: (links to the files)"
    ),
    "secret": _(
        "A name such as SHOP: the login is in the variables PIM_DELIVERY_SHOP_HOST, _USER and "
        "_PASSWORD, _KEY or _TOKEN of the workers, never here."
    ),
    "host_key": _("For sftp: the line that ssh-keyscan prints, compared with the server's own."),
    "recipients": _("For mailto: one address a line; a language may follow: anna@example.com fi"),
}


class DeliveryForm(forms.ModelForm):
    """A place to send to, checked before it is saved; nothing secret is typed here."""

    class Meta:
        model = Delivery
        fields = (*FIELDS, "enabled")
        help_texts = HELP
        widgets = {
            "url": UnfoldAdminTextInputWidget,
            "secret": UnfoldAdminTextInputWidget,
            "host_key": UnfoldAdminTextareaWidget(attrs={"rows": 2}),
            "recipients": UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        }

    def clean(self):
        cleaned = super().clean()
        if "url" in cleaned and (self.has_changed() or not self.instance.pk):
            given = {name: (cleaned.get(name) or "").strip() for name in FIELDS}
            for field, said in faults_of(**given).items():
                self.add_error(field, said)
        return cleaned


class DeliveryInline(StackedInline):
    """Where the artefacts are sent."""

    model = Delivery
    form = DeliveryForm
    fields = ("enabled", "url", "secret", "host_key", "recipients")
    extra = 0
    tab = True


class DeliveryPages:
    """The buttons of deliveries, for the admin of outputs; they need what issuing needs."""

    def delivery_urls(self) -> list:
        wrap = self.admin_site.admin_view
        return [
            path(
                f"<int:pk>/deliveries/<int:delivery>/{verb}/",
                wrap(view),
                name=f"syndication_delivery_{verb}",
            )
            for verb, view in (("again", self.send_again), ("test", self.test_delivery))
        ]

    def send_again(self, request, pk, delivery):
        """Send what is being served once more."""
        found = self._delivery(request, pk, delivery)
        return perform(
            request,
            lambda: send_again(found, actor=request.user.get_username(), at=timezone.now()),
            done=translate("What is served is sent again; the attempts below say how it goes."),
            back=f"{self._back(pk)}#deliveries-log",
        )

    def test_delivery(self, request, pk, delivery):
        """Send a small file to see whether it arrives."""
        found = self._delivery(request, pk, delivery)
        return perform(
            request,
            lambda: test_delivery(found, actor=request.user.get_username(), at=timezone.now()),
            done=translate("A test is on its way; the attempts below say how it goes."),
            back=f"{self._back(pk)}#deliveries-log",
        )

    def _delivery(self, request, pk, delivery) -> Delivery:
        return get_object_or_404(Delivery, output=self._allowed(request, pk), pk=delivery)


def log_of(output: Output) -> list[dict]:
    """Return the saved deliveries with their latest attempts and what still waits."""
    waiting = set(
        OutboxEntry.objects.filter(kind="delivery", done_at=None, attempts=0).values_list(
            "payload__delivery", flat=True
        )
    )
    return [
        {"row": row, "waits": row.pk in waiting, "attempts": _attempts(row)}
        for row in output.deliveries.order_by("id")
    ]


def _attempts(row: Delivery) -> list[tuple[DeliveryAttempt, str, str]]:
    attempts = row.attempts.select_related("edition").order_by("-id")[:SHOWN]
    return [
        (attempt, TONES[attempt.state], said(attempt.cause, attempt.params, translate))
        for attempt in attempts
    ]
