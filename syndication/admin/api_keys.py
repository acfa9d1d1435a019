"""API keys: the secret is shown once, when the key is made, and never again."""

from django import forms
from django.contrib import admin
from django.contrib.admin import display
from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from pim.published import structure
from syndication.actions.api_keys import create_key
from syndication.models import ApiKey

from .base import DeskAdmin, channel_choices, chip, label_of
from .limits import UnlimitedOnly


class ApiKeyForm(forms.ModelForm):
    """What a key may read."""

    channel = forms.ChoiceField(label=_("Channel"), required=False, widget=UnfoldAdminSelectWidget)
    audiences = forms.MultipleChoiceField(
        label=_("Audiences"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "pm-checks"}),
        help_text=_("None ticked: public audiences only."),
    )

    class Meta:
        model = ApiKey
        fields = ("name", "channel", "audiences", "may_issue", "enabled")
        widgets = {
            "name": UnfoldAdminTextInputWidget,
            "may_issue": UnfoldBooleanSwitchWidget,
            "enabled": UnfoldBooleanSwitchWidget,
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        known = structure()
        self.fields["channel"].choices = [("", _("all channels")), *channel_choices()]
        self.fields["audiences"].choices = [(c, label_of(a)) for c, a in known.audiences.items()]


@admin.register(ApiKey)
class ApiKeyAdmin(UnlimitedOnly, DeskAdmin):
    """Keys for feeds and editions."""

    form = ApiKeyForm
    fields = ("name", "channel", "audiences", "may_issue", "enabled")
    list_display = ("name", "prefix", "channel_text", "audience_text", "state", "last_used_at")
    list_filter = ("enabled", "may_issue")
    search_fields = ("name", "prefix")

    def add_view(self, request, form_url="", extra_context=None):
        """Ask what the key may do, then show its text this one time."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = ApiKeyForm(request.POST or None)
        made = None
        if request.method == "POST" and form.is_valid():
            asked = form.cleaned_data
            key, made = create_key(
                asked["name"],
                channel=asked["channel"],
                audiences=asked["audiences"],
                may_issue=asked["may_issue"],
            )
            self.log_addition(request, key, translate("Key made"))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": translate("New API key"),
            "form": form,
            "made": made,
        }
        response = TemplateResponse(request, "admin/syndication/api_key.html", context)
        response["Cache-Control"] = "no-store"
        return response

    @display(description=_("channel"), ordering="channel")
    def channel_text(self, obj):
        return obj.channel or translate("all channels")

    @display(description=_("audiences"))
    def audience_text(self, obj):
        return ", ".join(obj.audiences) or translate("public")

    @display(description=_("state"), ordering="enabled")
    def state(self, obj):
        return chip(_("enabled"), "good") if obj.enabled else chip(_("disabled"))
