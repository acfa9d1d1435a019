"""Admin pages of reference entities and their records."""

from django.contrib import admin
from django.contrib.admin import display
from django.db.models import Count, F
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RelatedDropdownFilter

from pim.models import ReferenceEntity, ReferenceRecord

from .base import StructureAdmin
from .pictures import only_pictures, picture
from .record_fields import FieldsForm, ValuesForm, as_seen, value_inputs


class EntityForm(FieldsForm):
    """A kind of record and its fields."""

    fields = None

    class Meta:
        model = ReferenceEntity
        fields = ("code", "labels", "image")


@admin.register(ReferenceEntity)
class ReferenceEntityAdmin(StructureAdmin):
    """Kinds of records, such as brands and designers."""

    log_kind = "reference_entity"
    form = EntityForm
    fields = ("code", "labels", "image", "picture_shown", "record_fields", "field_options")
    readonly_fields = ("picture_shown",)
    autocomplete_fields = ("image",)
    list_display = ("name", "code", "fields_list", "records_count")
    search_fields = ("code", "labels")

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(size=Count("records"))

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        only_pictures(form)
        return form

    @display(description=_("preview"))
    def picture_shown(self, obj):
        return picture(obj)

    @display(description=_("fields"))
    def fields_list(self, obj):
        return ", ".join(f["code"] for f in obj.fields[:8]) or "–"

    @display(description=_("records"), ordering="size")
    def records_count(self, obj):
        return obj.size


class RecordForm(ValuesForm):
    """A record; its fields are those of its entity."""

    class Meta:
        model = ReferenceRecord
        fields = ("entity", "code", "labels")

    def record_fields(self):
        return self.instance.entity.fields if self.instance.pk else []

    def save(self, commit=True):
        for code, by_locale in self.changed_values().items():
            held = self.instance.values.setdefault(code, {})
            for locale, data in by_locale.items():
                held.pop(locale, None)
                if data is not None:
                    held[locale] = data
        return super().save(commit)


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
        names = as_seen(RecordForm, request)(instance=obj).addresses() if obj else []
        return ("entity", "code", "labels", *(name for name, _field, _locale in names))

    def get_form(self, request, obj=None, change=False, **kwargs):
        if obj is None:
            return super().get_form(request, obj, change=change, **kwargs)
        form = as_seen(RecordForm, request)
        kwargs["form"] = type("RecordForm", (form,), value_inputs(form(instance=obj)))
        kwargs["fields"] = ("labels",)
        return super().get_form(request, obj, change=change, **kwargs)

    def save_model(self, request, obj, form, change):
        if change:
            obj.row_version = F("row_version") + 1
        super().save_model(request, obj, form, change)
