"""Admin pages of attribute groups, attributes with their options, and measurement families."""

from django import forms
from django.contrib import admin
from django.contrib.admin import display
from django.db.models import Count, Q
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget

from pim.models import Attribute, AttributeGroup, AttributeOption, MeasurementFamily

from .base import PimInline, StructureAdmin, chip
from .grid import GridField, column, label_columns
from .localized import enabled_locales
from .rules import RULES, UNIQUE, RulesFormMixin, conditions
from .shown import ShownFilter, hides

CHOICES = ("select", "multiselect")


@admin.register(AttributeGroup)
class AttributeGroupAdmin(StructureAdmin):
    """Groups in the order of the product page's tabs."""

    log_kind = "attribute_group"
    list_display = ("name", "code", "attributes_count", "sort_order")
    list_editable = ("sort_order",)
    search_fields = ("code", "labels")

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(size=_count(request))

    @display(description=_("attributes"), ordering="size")
    def attributes_count(self, obj):
        return obj.size


def _count(request) -> Count:
    hidden = hides(request, "attribute")
    return Count("attributes", filter=~Q(attributes__code__in=hidden) if hidden else None)


class AttributeForm(RulesFormMixin):
    """An attribute with its rules."""

    available_locales = forms.MultipleChoiceField(
        label=_("Only in these locales"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "pm-checks"}),
        help_text=_("None ticked: in all."),
    )

    request = None

    class Meta:
        model = Attribute
        exclude = ("rules",)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        hidden = hides(self.request, "locale") if self.request else ()
        offered = [code for code in enabled_locales() if code not in hidden]
        self.fields["available_locales"].choices = [(code, code) for code in offered]
        held = self.initial.get("available_locales") or ()
        self.unseen = [code for code in held if code in hidden]

    def clean(self):
        cleaned = super().clean()
        if "available_locales" in cleaned and self.unseen:
            cleaned["available_locales"] = [*cleaned["available_locales"], *self.unseen]
        kind = cleaned.get("kind") or self.instance.kind
        if kind == "measurement" and not cleaned.get("measurement_family"):
            self.add_error("measurement_family", _("A measurement needs its measurement family."))
        if kind == "reference" and not cleaned.get("reference_entity"):
            self.add_error("reference_entity", _("A reference needs its reference entity."))
        if cleaned.get("unique") and kind not in UNIQUE:
            self.add_error("unique", _("Only text, numbers and dates can be unique."))
        if kind == "identifier":
            cleaned["unique"] = True
        return cleaned


class OptionInline(PimInline):
    """The choices of a select, in their order."""

    model = AttributeOption
    tab = True
    hide_title = True
    fields = ("code", "labels", "sort_order")
    ordering_field = "sort_order"
    hide_ordering_field = True
    per_page = 100
    template_before = "admin/pim/option_search.html"

    def get_queryset(self, request):
        """The options; with ?option= those whose label or code holds the words."""
        rows = super().get_queryset(request)
        words = request.GET.get("option", "").strip()
        if not words:
            return rows
        found = Q(code__icontains=words)
        if not hides(request, "locale"):  # labels in hidden locales are not to be guessed at
            found |= Q(labels__icontains=words)
        return rows.filter(found)


@admin.register(Attribute)
class AttributeAdmin(StructureAdmin):
    """Attributes: what they hold, where their values stand, and what is allowed."""

    log_kind = "attribute"
    form = AttributeForm
    list_display = ("name", "code", "kind_chip", "group", "address", "role", "uses")
    list_filter = (
        ("group", ShownFilter),
        "kind",
        "localizable",
        "scopable",
        "filterable",
        "role",
    )
    list_select_related = ("group",)
    search_fields = ("code", "labels")
    conditional_fields = conditions()
    autocomplete_fields = ("group", "measurement_family", "reference_entity", "audiences")
    inlines = (OptionInline,)
    fieldsets = (
        (None, {"fields": ("code", "kind", "labels", "group", "role", "sort_order")}),
        (
            _("Where its values stand"),
            {"fields": ("localizable", "scopable", "available_locales", "audiences")},
        ),
        (
            _("Rules"),
            {
                "fields": (
                    "unique",
                    "filterable",
                    "measurement_family",
                    "default_unit",
                    "reference_entity",
                    *(f"rule_{name}" for name in RULES),
                )
            },
        ),
        (_("Guidelines for editors"), {"fields": ("guidelines",)}),
    )

    def get_readonly_fields(self, request, obj=None):
        fixed = super().get_readonly_fields(request, obj)
        return (*fixed, "kind", "localizable", "scopable") if obj else fixed

    def get_fieldsets(self, request, obj=None):
        """Show only the rules of the kind once the kind is fixed."""
        if obj is None:
            return self.fieldsets
        hidden = {f"rule_{name}" for name, kinds in RULES.items() if obj.kind not in kinds}
        if obj.kind not in UNIQUE:
            hidden.add("unique")
        if obj.kind != "measurement":
            hidden |= {"measurement_family", "default_unit"}
        if obj.kind != "reference":
            hidden.add("reference_entity")
        return [
            (title, options | {"fields": [f for f in options["fields"] if f not in hidden]})
            for title, options in self.fieldsets
        ]

    def get_inlines(self, request, obj):
        return self.inlines if obj and obj.kind in CHOICES else ()

    @display(description=_("kind"), ordering="kind")
    def kind_chip(self, obj):
        return chip(obj.get_kind_display())

    @display(description=_("use"))
    def uses(self, obj):
        words = [_("filter")] * obj.filterable + [_("unique")] * obj.unique
        return format_html_join(" ", "{}", ((chip(word, "info"),) for word in words)) or "–"

    @display(description=_("values per"))
    def address(self, obj):
        words = [_("locale")] * obj.localizable + [_("channel")] * obj.scopable
        return " × ".join(str(word) for word in words) or "–"


def _unit_columns():
    return [
        column("code", _("Code"), required="yes"),
        column("symbol", _("Symbol")),
        column("factor", _("× factor"), kind="number"),
        column("offset", _("+ offset"), kind="number"),
        column("cldr", _("CLDR unit")),
        *label_columns(),
    ]


class MeasurementFamilyForm(forms.ModelForm):
    """A quantity with the table of its units."""

    units = GridField(
        label=_("Units"),
        columns=_unit_columns,
        required=True,
        help_text=_("Amount in the standard unit = amount × factor + offset."),
    )
    standard_unit = forms.CharField(label=_("Standard unit"))

    class Meta:
        model = MeasurementFamily
        fields = ("code", "labels", "standard_unit", "units")

    def clean(self):
        cleaned = super().clean()
        codes = [unit["code"] for unit in cleaned.get("units") or []]
        if codes and cleaned.get("standard_unit") not in codes:
            self.add_error("standard_unit", _("The standard unit must be one of the units."))
        return cleaned


@admin.register(MeasurementFamily)
class MeasurementFamilyAdmin(StructureAdmin):
    """Measurement families and their units."""

    log_kind = "measurement_family"
    form = MeasurementFamilyForm
    list_display = ("name", "code", "standard_unit", "units_list")
    search_fields = ("code", "labels")
    fields = ("code", "labels", "standard_unit", "units")

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        units = [(unit["code"], unit["code"]) for unit in (obj.units if obj else [])]
        if units:
            form.base_fields["standard_unit"] = forms.ChoiceField(
                label=_("Standard unit"), choices=units, widget=UnfoldAdminSelectWidget
            )
        return form

    @display(description=_("units"))
    def units_list(self, obj):
        return ", ".join(unit.get("symbol") or unit["code"] for unit in obj.units[:8])
