"""The attributes of a family on its page: those it has in words, new ones to be chosen."""

from django import forms
from django.utils.translation import gettext_lazy as _

from pim.models import FamilyAttribute

from .base import PimInline
from .shown import hides


class MemberWidget(forms.Widget):
    """The name of an attribute that a family has, in words."""

    template_name = "admin/pim/widgets/member.html"

    def __init__(self, attribute, **kwargs):
        super().__init__(**kwargs)
        self.attribute = attribute

    def get_context(self, name, value, attrs):
        return {**super().get_context(name, value, attrs), "attribute": self.attribute}


class MemberField(forms.Field):
    """An attribute that a family has: shown, never exchanged for another."""

    def __init__(self, attribute):
        super().__init__(disabled=True, required=False, widget=MemberWidget(attribute))
        self.attribute = attribute

    def clean(self, value):
        return self.attribute


class MemberForm(forms.ModelForm):
    """An attribute in its place; only of a new row there is something to choose."""

    class Meta:
        model = FamilyAttribute
        fields = ("attribute", "sort_order")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            # A picker asks the database for its choice: a hundred rows, a hundred statements.
            self.fields["attribute"] = MemberField(self.instance.attribute)

    def validate_unique(self):
        """Only what is new could be there already."""
        if not self.instance.pk:
            super().validate_unique()


class MemberInline(PimInline):
    """The attributes of a family, in order."""

    model = FamilyAttribute
    form = MemberForm
    hide_title = True
    tab = True
    fields = ("attribute", "sort_order")
    autocomplete_fields = ("attribute",)
    ordering_field = "sort_order"
    hide_ordering_field = True
    verbose_name_plural = _("attributes")

    def get_queryset(self, request):
        rows = super().get_queryset(request).select_related("attribute__group")
        return rows.exclude(attribute__code__in=hides(request, "attribute"))
