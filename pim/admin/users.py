"""Users in the desk's own dress; groups are roles, see there."""

from django import forms
from django.contrib import admin
from django.contrib.admin import display
from django.contrib.auth.admin import UserAdmin as PlainUserAdmin
from django.contrib.auth.models import Group, User
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from .limits import UnlimitedOnly

admin.site.unregister(User)
admin.site.unregister(Group)


@admin.register(User)
class UserAdmin(UnlimitedOnly, PlainUserAdmin, ModelAdmin):
    """People who may sign in; what they may do is said by their roles."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    filter_horizontal = ("user_permissions",)
    list_display = ("username", "email", "role_names", "is_staff", "is_superuser", "last_login")
    list_filter = ("is_staff", "is_superuser", "is_active", "groups__role")

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("groups__role")

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        """Django's groups are the roles: show them by their names."""
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if db_field.name == "groups":
            roles = Group.objects.select_related("role").order_by("role__code", "name")
            field = RolesField(
                roles,
                label=_("Roles"),
                required=False,
                widget=forms.CheckboxSelectMultiple(attrs={"class": "pm-checks"}),
                help_text=_("Who has none is limited by the permissions below alone."),
            )
        return field

    def get_readonly_fields(self, request, obj=None):
        """Only superusers make superusers."""
        fixed = super().get_readonly_fields(request, obj)
        return fixed if request.user.is_superuser else (*fixed, "is_superuser", "user_permissions")

    @display(description=_("roles"))
    def role_names(self, obj):
        return ", ".join(role_name(group) for group in obj.groups.all()) or "–"


class RolesField(forms.ModelMultipleChoiceField):
    """Groups under the names of their roles."""

    def label_from_instance(self, obj):
        return role_name(obj)


def role_name(group: Group) -> str:
    """Return the name of the role that a group carries, else the group's."""
    role = getattr(group, "role", None)
    return role.label() if role else group.name
