"""The pages of roles: who is in it, what they may do with the content, which pages they open."""

from django import forms
from django.contrib import admin
from django.contrib.admin import display
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from pim.actions.roles import delete_role, save_role
from pim.content.refusals import Refused
from pim.models import Role
from pim.models.base import code_validator
from pim.queries.structure import load_structure

from .base import PimModelAdmin, localized_formfield
from .context import working_context
from .limits import UnlimitedOnly, actor_of
from .role_matrix import LEVELS, areas, in_words, read_matrix

VERBS = ("view", "add", "change", "delete")


class RoleForm(forms.Form):
    """What a role is called and who is in it."""

    code = forms.CharField(
        label=_("Code"),
        max_length=100,
        validators=[code_validator],
        widget=forms.TextInput(attrs={"class": "pm-input"}),
    )
    users = forms.ModelMultipleChoiceField(
        label=_("Members"),
        queryset=get_user_model().objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "pm-checks"}),
    )

    def __init__(self, *args, role: Role | None, **kwargs):
        super().__init__(*args, **kwargs)
        self.role = role
        self.fields["users"].queryset = get_user_model().objects.order_by("username")
        self.fields["labels"] = localized_formfield(Role._meta.get_field("labels"), compact="yes")
        if role:
            self.fields["code"].disabled = True
            self.initial = {
                "code": role.code,
                "labels": role.labels,
                "users": list(role.group.user_set.values_list("pk", flat=True)),
            }

    def clean_code(self):
        code = self.cleaned_data["code"]
        if self.role is None and Role.objects.filter(code=code).exists():
            raise forms.ValidationError(translate("%s exists already.") % code)
        return code


@admin.register(Role)
class RoleAdmin(UnlimitedOnly, PimModelAdmin):
    """Roles: one place for what people may do."""

    list_display = ("title", "members", "content", "pages")
    list_display_links = None
    search_fields = ("code", "labels")

    def get_queryset(self, request):
        rows = super().get_queryset(request).select_related("group")
        return rows.prefetch_related("group__user_set", "group__permissions")

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        role = get_object_or_404(self.get_queryset(request), pk=object_id) if object_id else None
        allowed = self.has_change_permission if role else self.has_add_permission
        may_save = allowed(request, role) if role else allowed(request)
        if not may_save and (request.method == "POST" or not self.has_view_permission(request)):
            raise PermissionDenied
        form = RoleForm(request.POST or None, role=role)
        if request.method == "POST" and form.is_valid() and self._saved(request, form):
            return HttpResponseRedirect(reverse("admin:pim_role_changelist"))
        return self._page(request, role, form, may_save=may_save)

    def _saved(self, request, form) -> bool:
        given = form.cleaned_data
        try:
            role = save_role(
                given["code"],
                labels=given["labels"] or {},
                grants=read_matrix(request.POST),
                permissions=request.POST.getlist("permission"),
                users=given["users"],
                actor=actor_of(request),
                at=timezone.now(),
            )
        except Refused as refused:
            form.add_error(None, refused.say(translate))
            return False
        self.message_user(request, translate("The role %s is saved.") % role.label())
        return True

    def _page(self, request, role, form, *, may_save: bool) -> TemplateResponse:
        structure = load_structure()
        posted = request.method == "POST"
        grants = read_matrix(request.POST) if posted else role.grants if role else {}
        held = set(request.POST.getlist("permission")) if posted else _held(role)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": role.label() if role else translate("New role"),
            "role": role,
            "form": form,
            "levels": LEVELS,
            "areas": areas(grants, structure, working_context(request, structure).locale),
            "pages": pages(held),
            "may_save": may_save,
            "may_delete": bool(role) and self.has_delete_permission(request, role),
        }
        return TemplateResponse(request, "admin/pim/role.html", context)

    def delete_model(self, request, obj):
        delete_role(obj, actor=actor_of(request), at=timezone.now())

    def delete_queryset(self, request, queryset):
        for role in queryset:
            self.delete_model(request, role)

    @display(description=_("role"), ordering="code")
    def title(self, obj):
        href = reverse("admin:pim_role_change", args=[obj.pk])
        template = '<a class="pm-title" href="{}"><strong>{}</strong><small>{}</small></a>'
        return format_html(template, href, obj.label(), obj.code)

    @display(description=_("members"))
    def members(self, obj):
        return ", ".join(sorted(u.get_username() for u in obj.group.user_set.all())) or "–"

    @display(description=_("content"))
    def content(self, obj):
        rows = in_words(obj.grants)
        return format_html_join(
            " · ", "{}: {}{}", ((a, w, f" +{n}" if n else "") for a, w, n in rows)
        )

    @display(description=_("pages"))
    def pages(self, obj):
        return len(obj.group.permissions.all())


def pages(held: set[str]) -> list[dict]:
    """Return the pages of the desk with the permissions that each needs, by their names."""
    models = {
        m for m in admin.site._registry if m._meta.app_label in ("pim", "syndication", "auth")
    }
    rows: dict[tuple, dict] = {}
    permissions = Permission.objects.select_related("content_type")
    for permission in permissions.order_by("content_type__app_label", "codename"):
        model = permission.content_type.model_class()
        if model not in models:
            continue
        row = rows.setdefault(
            (str(model._meta.verbose_name_plural).lower(), model._meta.label),
            {"label": capfirst(model._meta.verbose_name_plural), "cells": {}, "more": []},
        )
        name = f"{permission.content_type.app_label}.{permission.codename}"
        cell = {"name": name, "held": name in held, "label": permission.name}
        verb = permission.codename.removesuffix(f"_{model._meta.model_name}")
        if verb in VERBS:
            row["cells"][verb] = cell
        else:
            row["more"].append(cell | {"label": translate(permission.name)})
    return [
        row | {"cells": [row["cells"].get(verb) for verb in VERBS]}
        for _key, row in sorted(rows.items())
    ]


def _held(role: Role | None) -> set[str]:
    if role is None:
        return set()
    rows = role.group.permissions.values_list("content_type__app_label", "codename")
    return {f"{app}.{name}" for app, name in rows}
