"""Admin pages of reference entities and their records."""

from django import forms
from django.contrib import admin
from django.contrib.admin import display
from django.db.models import Count, F
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RelatedDropdownFilter
from unfold.widgets import (
    UnfoldAdminDateWidget,
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from pim.models import ReferenceEntity, ReferenceRecord

from .base import StructureAdmin
from .grid import GridField, column, label_columns
from .localized import enabled_locales

FIELD_KINDS = [
    ("text", _("Text")),
    ("textarea", _("Text area")),
    ("richtext", _("Rich text")),
    ("number", _("Number")),
    ("boolean", _("Yes or no")),
    ("date", _("Date")),
    ("media", _("Media")),
]
YES_NO = [("", _("Not said")), ("true", _("Yes")), ("false", _("No"))]


def _field_columns():
    return [
        column("code", _("Code"), required="yes"),
        column("kind", _("Kind"), kind="choice", choices=FIELD_KINDS),
        column("localizable", _("Per locale"), kind="check"),
        *label_columns(),
    ]


class EntityForm(forms.ModelForm):
    """A kind of record and its fields."""

    fields = None
    record_fields = GridField(label=_("Fields"), columns=_field_columns)

    class Meta:
        model = ReferenceEntity
        fields = ("code", "labels")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["record_fields"] = self.instance.fields or []

    def save(self, commit=True):
        rows = self.cleaned_data["record_fields"]
        self.instance.fields = [{"kind": "text", "localizable": False} | row for row in rows]
        return super().save(commit)


@admin.register(ReferenceEntity)
class ReferenceEntityAdmin(StructureAdmin):
    """Kinds of records, such as brands and designers."""

    log_kind = "reference_entity"
    form = EntityForm
    fields = ("code", "labels", "record_fields")
    list_display = ("name", "code", "fields_list", "records_count")
    search_fields = ("code", "labels")

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(size=Count("records"))

    @display(description=_("fields"))
    def fields_list(self, obj):
        return ", ".join(f["code"] for f in obj.fields[:8]) or "–"

    @display(description=_("records"), ordering="size")
    def records_count(self, obj):
        return obj.size


def _form_field(kind, *, label):
    """Return the form field of one value of a record."""
    if kind in ("textarea", "richtext"):
        return forms.CharField(
            label=label,
            required=False,
            widget=UnfoldAdminTextareaWidget({"dir": "auto", "rows": 4}),
        )
    if kind == "number":
        return forms.DecimalField(label=label, required=False, widget=UnfoldAdminDecimalFieldWidget)
    if kind == "boolean":
        return forms.ChoiceField(
            label=label, choices=YES_NO, required=False, widget=UnfoldAdminSelectWidget
        )
    if kind == "date":
        return forms.DateField(label=label, required=False, widget=UnfoldAdminDateWidget)
    return forms.CharField(
        label=label,
        required=False,
        widget=UnfoldAdminTextInputWidget({"dir": "auto"}),
        help_text=_("Code of an asset.") if kind == "media" else "",
    )


def _shown(kind, data):
    if kind == "boolean" and data is not None:
        return "true" if data else "false"
    return data[0] if kind == "media" and isinstance(data, list) and data else data


def _stored(kind, data):
    if data in (None, ""):
        return None
    if kind == "boolean":
        return data == "true"
    if kind == "number":
        return format(data.normalize(), "f")
    if kind == "media":
        return [data]
    return data.isoformat() if kind == "date" else data


class RecordForm(forms.ModelForm):
    """A record; its fields are those of its entity, one input per locale where localizable."""

    class Meta:
        model = ReferenceRecord
        fields = ("entity", "code", "labels")

    def addresses(self):
        """Return [(form field name, field document, locale or "")]."""
        if not self.instance.pk:
            return []
        return [
            (f"value__{field['code']}__{locale}", field, locale)
            for field in self.instance.entity.fields
            for locale in (enabled_locales() if field.get("localizable") else ("",))
        ]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field, locale in self.addresses():
            data = (self.instance.values or {}).get(field["code"], {}).get(locale)
            self.initial[name] = _shown(field.get("kind", "text"), data)

    def save(self, commit=True):
        for name, field, locale in self.addresses():
            if name in self.changed_data:
                self._put(field, locale, self.cleaned_data.get(name))
        return super().save(commit)

    def _put(self, field, locale, raw):
        held = self.instance.values.setdefault(field["code"], {})
        data = _stored(field.get("kind", "text"), raw)
        held.pop(locale, None)
        if data is not None:
            held[locale] = data


@admin.register(ReferenceRecord)
class ReferenceRecordAdmin(StructureAdmin):
    """Records with the fields of their entity."""

    log_kind = "record"
    form = RecordForm
    list_display = ("name", "code", "entity")
    list_filter = (("entity", RelatedDropdownFilter),)
    list_select_related = ("entity",)
    search_fields = ("code", "labels")
    autocomplete_fields = ("entity",)

    def log_codes(self, obj):
        return [f"{obj.entity.code}/{obj.code}"]

    def get_readonly_fields(self, request, obj=None):
        fixed = super().get_readonly_fields(request, obj)
        return (*fixed, "entity") if obj else fixed

    def get_fields(self, request, obj=None):
        names = RecordForm(instance=obj).addresses() if obj else []
        return ("entity", "code", "labels", *(name for name, _field, _locale in names))

    def get_form(self, request, obj=None, change=False, **kwargs):
        if obj is None:
            return super().get_form(request, obj, change=change, **kwargs)
        dynamic = {
            name: _form_field(field.get("kind", "text"), label=_field_label(field, locale))
            for name, field, locale in RecordForm(instance=obj).addresses()
        }
        kwargs["form"] = type("RecordForm", (RecordForm,), dynamic)
        kwargs["fields"] = ("labels",)
        return super().get_form(request, obj, change=change, **kwargs)

    def save_model(self, request, obj, form, change):
        if change:
            obj.row_version = F("row_version") + 1
        super().save_model(request, obj, form, change)


def _field_label(field, locale):
    labels = field.get("labels") or {}
    text = labels.get("en") or next(iter(labels.values()), field["code"])
    return f"{text} ({locale})" if locale else text
