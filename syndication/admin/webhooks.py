"""Webhooks and the event stream on the desk: who is told of what, and how it went."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import display
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminTextInputWidget,
    UnfoldAdminURLInputWidget,
    UnfoldBooleanSwitchWidget,
)

from syndication.actions import hooks
from syndication.models import TYPES, Event, HookDelivery, Webhook
from syndication.refusals import Refused

from .base import DeskAdmin, ReadOnly, channel_choices, chip
from .limits import UnlimitedOnly

DELIVERIES_SHOWN = 50
TONES = {"waiting": "info", "delivered": "good", "failed": "bad"}


class WebhookForm(forms.ModelForm):
    """Where to tell, and of what."""

    types = forms.MultipleChoiceField(
        label=_("Event types"),
        required=False,
        choices=TYPES,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "pm-checks"}),
        help_text=_("None ticked: all."),
    )
    channels = forms.MultipleChoiceField(
        label=_("Channels"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "pm-checks"}),
        help_text=_("None ticked: all. Events of all content come in any case."),
    )

    class Meta:
        model = Webhook
        fields = ("name", "url", "types", "channels", "enabled")
        widgets = {
            "name": UnfoldAdminTextInputWidget,
            "url": UnfoldAdminURLInputWidget,
            "enabled": UnfoldBooleanSwitchWidget,
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["channels"].choices = channel_choices()
        # Patterns that came through the API are shown as the types they stand for.
        held = self.instance.types or []
        self.initial["types"] = [
            code for code, _label in TYPES if any(hooks.fits(code, p) for p in held)
        ]

    def clean_url(self):
        url = self.cleaned_data["url"]
        try:
            hooks.check(url)
        except Refused as refusal:
            raise forms.ValidationError(refusal.say(translate)) from None
        return url


@admin.register(Webhook)
class WebhookAdmin(UnlimitedOnly, DeskAdmin):
    """Webhooks: their address, their secret, and what became of each event."""

    form = WebhookForm
    list_display = ("name", "url", "what", "state", "failing_since")
    list_filter = ("enabled",)
    search_fields = ("name", "url")
    change_form_outer_before_template = "admin/syndication/webhook_head.html"
    change_form_outer_after_template = "admin/syndication/webhook_log.html"

    def get_urls(self):
        wrap = self.admin_site.admin_view
        mine = [
            path(f"<int:pk>/{name}/", wrap(getattr(self, name)), name=f"syndication_webhook_{name}")
            for name in ("rotate", "replay", "again")
        ]
        return mine + super().get_urls()

    def save_model(self, request, obj, form, change):
        if not change:
            hooks.start_hook(obj)
        super().save_model(request, obj, form, change)

    def response_add(self, request, obj, post_url_continue=None):
        """Show the secret once, on a page that nobody keeps."""
        return self._secret(request, obj, hooks.secret_of(obj))

    def change_view(self, request, object_id, form_url="", extra_context=None):
        rows = HookDelivery.objects.filter(webhook_id=object_id).select_related("event")
        log = rows.order_by("-id")[:DELIVERIES_SHOWN]
        extra = {**(extra_context or {}), "log": [(row, TONES[row.state]) for row in log]}
        return super().change_view(request, object_id, form_url, extra)

    def rotate(self, request, pk):
        """Give the webhook a new secret and show it."""
        hook = self._hook(request, pk)
        return self._secret(request, hook, hooks.rotate_secret(hook, at=timezone.now()))

    def replay(self, request, pk):
        """Tell everything after a number once more."""
        hook = self._hook(request, pk)
        after = request.POST.get("after", "")
        if not after.isdigit():
            messages.error(request, translate("Name the number of the last event to leave out."))
            return self._back(hook)
        again = hooks.replay(hook, after=int(after), at=timezone.now())
        messages.success(request, translate("%(count)s events are sent again.") % {"count": again})
        return self._back(hook)

    def again(self, request, pk):
        """Try one delivery again now."""
        hook = self._hook(request, pk)
        delivery = get_object_or_404(HookDelivery, pk=request.POST.get("delivery"), webhook=hook)
        hooks.retry(delivery, at=timezone.now())
        return self._back(hook)

    def _hook(self, request, pk) -> Webhook:
        if request.method != "POST" or not self.has_change_permission(request):
            raise PermissionDenied
        return get_object_or_404(Webhook, pk=pk)

    def _back(self, hook) -> HttpResponseRedirect:
        return HttpResponseRedirect(reverse("admin:syndication_webhook_change", args=[hook.pk]))

    def _secret(self, request, hook, secret) -> TemplateResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": hook.name,
            "hook": hook,
            "secret": secret,
        }
        response = TemplateResponse(request, "admin/syndication/webhook_secret.html", context)
        response["Cache-Control"] = "no-store"
        return response

    @display(description=_("events"))
    def what(self, obj):
        return ", ".join(obj.types) or translate("all")

    @display(description=_("state"), ordering="enabled")
    def state(self, obj):
        if not obj.enabled:
            return chip(_("disabled"))
        return chip(_("failing"), "bad") if obj.failing_since else chip(_("enabled"), "good")


@admin.register(Event)
class EventAdmin(UnlimitedOnly, ReadOnly, DeskAdmin):
    """The stream of events, newest first."""

    list_display = ("seq", "type", "channel", "output", "about", "at")
    list_filter = ("type",)
    fields = ("seq", "type", "channel", "output", "data", "at")

    @display(description=_("about"))
    def about(self, obj):
        products = obj.data.get("products") or []
        names = ", ".join(p["identifier"] for p in products[:3])
        more = f" (+{len(products) - 3})" if len(products) > 3 else ""
        codes = ", ".join(str(code) for code in (obj.data.get("codes") or [])[:5])
        return names + more or codes or str(obj.data.get("state") or obj.data.get("sequence") or "")
