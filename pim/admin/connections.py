"""Connections of the PIM REST API: credentials are shown once, when made and when rotated."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import display
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget

from pim.actions.connections import (
    create_connection,
    delete_connection,
    rotate_connection,
    set_connection,
)
from pim.models import Connection

from .base import PimModelAdmin, chip
from .limits import UnlimitedOnly, actor_of

TEMPLATE = "admin/pim/connection_credentials.html"
SETTINGS = (
    "label",
    "reads",
    "writes",
    "page_limit",
    "collection_limit",
    "rate_limit",
    "enabled",
)


class ConnectionForm(forms.ModelForm):
    """What a connection may do; a new one gets a user of its own unless one is chosen."""

    class Meta:
        model = Connection
        fields = ("code", "label", "user", *SETTINGS[1:])

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "user" in self.fields:
            self.fields["user"] = forms.ModelChoiceField(
                get_user_model().objects.filter(is_active=True).order_by("username"),
                label=_("Acts as"),
                required=False,
                empty_label=translate("a new user of its own"),
                help_text=_("Its rights are the rights of the connection."),
                widget=UnfoldAdminSelectWidget,
            )


@admin.register(Connection)
class ConnectionAdmin(UnlimitedOnly, PimModelAdmin):
    """Machines that read and write through the PIM REST API."""

    form = ConnectionForm
    list_display = ("code", "label", "acts_as", "reads", "writes", "state", "last_used_at")
    list_filter = ("enabled", "reads", "writes")
    list_select_related = ("user",)
    search_fields = ("code", "label", "client_id", "user__username")

    def get_fieldsets(self, request, obj=None):
        """Who it is, what it may, how much of it."""
        who = ["code", "label", "user"]
        if obj:
            who = ["code", "label", "acts_as", "client_id", "credentials", "enabled"]
        limits = ["page_limit", "collection_limit", "rate_limit"]
        return [
            (None, {"fields": who}),
            (_("Content"), {"fields": ["reads", "writes"]}),
            (_("Limits"), {"fields": limits}),
        ]

    def get_readonly_fields(self, request, obj=None):
        return ("code", "acts_as", "client_id", "credentials") if obj else ()

    def get_urls(self):
        rotate = self.admin_site.admin_view(self.rotate_view)
        ours = path("<int:pk>/rotate/", rotate, name="pim_connection_rotate")
        return [ours, *super().get_urls()]

    def save_model(self, request, obj, form, change):
        how = {"actor": actor_of(request), "at": timezone.now()}
        if change:
            fields = {n: form.cleaned_data[n] for n in form.changed_data if n in SETTINGS}
            held = Connection.objects.select_related("user").get(pk=obj.pk)
            set_connection(held, **fields, **how)
            return
        given = form.cleaned_data
        fields = {name: given[name] for name in SETTINGS if name in given}
        made, request.made_credentials = create_connection(
            given["code"], user=given["user"], **fields, **how
        )
        obj.pk = made.pk
        obj.user, obj.own_user = made.user, made.own_user

    def response_add(self, request, obj, post_url_continue=None):
        return self._show(request, obj, request.made_credentials)

    def delete_model(self, request, obj):
        delete_connection(obj, actor=actor_of(request), at=timezone.now())

    def delete_queryset(self, request, queryset):
        for obj in queryset.select_related("user"):
            self.delete_model(request, obj)

    def rotate_view(self, request, pk):
        """Ask, then give new credentials and show them this one time."""
        obj = Connection.objects.select_related("user").filter(pk=pk).first()
        if obj is None:
            raise Http404
        if not self.has_change_permission(request, obj):
            raise PermissionDenied
        if request.method != "POST":
            return self._show(request, obj, None)
        made = rotate_connection(obj, actor=actor_of(request), at=timezone.now())
        messages.success(request, translate("The old credentials and all tokens are void."))
        return self._show(request, obj, made)

    def _show(self, request, obj, credentials) -> TemplateResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": str(obj),
            "connection": obj,
            "made": credentials,
        }
        response = TemplateResponse(request, TEMPLATE, context)
        response["Cache-Control"] = "no-store"
        return response

    @display(description=_("acts as"), ordering="user__username")
    def acts_as(self, obj):
        return obj.user.get_username()

    @display(description=_("credentials"))
    def credentials(self, obj):
        address = reverse("admin:pim_connection_rotate", args=[obj.pk])
        text = translate("Give new credentials")
        return format_html('<a class="pm-btn" href="{}">{}</a>', address, text)

    @display(description=_("state"), ordering="enabled")
    def state(self, obj):
        return chip(_("enabled"), "good") if obj.enabled else chip(_("disabled"))
