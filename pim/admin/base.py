"""What every admin page shares: labels per locale, the structure log, read-only pages, chips."""

from collections.abc import Iterable
from copy import deepcopy

from django.contrib.admin import display
from django.db import transaction
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline

from pim.actions.structure import record_structure_change
from pim.content.definitions import refuse_definition
from pim.content.rights import NotAllowed
from pim.models import AttributeGroup, Category
from pim.models.fields import DocumentField
from pim.queries.structure import load_structure
from pim.tasks import ring_followers

from .grid import GridField
from .limits import (
    actor_of,
    may_define,
    may_define_some,
    rights_of_request,
    say_refusal,
)
from .localized import LocalizedField, enabled_locales
from .shown import ShownChangeList, ShownFields, hides, mask_row, shown_rows

LOCALIZED = {"labels": 0, "alt": 0, "caption": 0, "guidelines": 3, "intro": 5}
RICH = {"intro"}


def chip(text, tone="quiet", *, title="") -> str:
    """Return a small coloured label; tones are quiet, good, warn, bad, info."""
    return format_html('<span class="pm-chip pm-chip--{}" title="{}">{}</span>', tone, title, text)


def localized_formfield(db_field, *, hidden=(), **kwargs):
    """Return the form field of a {locale: text} column; `hidden` locales are not offered."""
    return LocalizedField(
        locales=[code for code in enabled_locales() if code not in hidden],
        rows=LOCALIZED[db_field.name],
        rich=db_field.name in RICH,
        label=capfirst(db_field.verbose_name),
        help_text=db_field.help_text,
        **kwargs,
    )


class LocalizedFormMixin:
    """Edits {locale: text} columns as one input per locale; `compact` folds all but the first."""

    compact = ""

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if isinstance(db_field, DocumentField) and db_field.name in LOCALIZED:
            hidden = hides(request, "locale")
            return localized_formfield(db_field, hidden=hidden, compact=self.compact)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """Only rows that the person may see are to be chosen."""
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field is not None and not rights_of_request(request).unlimited:
            field.queryset = shown_rows(request, field.queryset)
        return field


class PimModelAdmin(LocalizedFormMixin, ModelAdmin):
    """The desk's ModelAdmin: calm defaults, labels per locale."""

    list_filter_submit = False
    list_per_page = 50
    warn_unsaved_form = True
    show_full_result_count = False

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """What an action refuses is said, and nothing of the form is written."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except NotAllowed as refused:
            return say_refusal(request, refused, request.get_full_path())

    def get_form(self, request, obj=None, change=False, **kwargs):
        """Tables of rows are shown without labels in hidden locales."""
        form = super().get_form(request, obj, change=change, **kwargs)
        hidden = hides(request, "locale")
        for name, field in form.base_fields.items():
            if hidden and isinstance(field, GridField):
                form.base_fields[name] = deepcopy(field).hide(hidden)
        return form

    def changelist_view(self, request, extra_context=None):
        """A list is named after what it lists; what an action refuses is said."""
        named = {"title": capfirst(self.opts.verbose_name_plural)}
        extra_context = named | (extra_context or {})
        try:
            return super().changelist_view(request, extra_context)
        except NotAllowed as refused:
            return say_refusal(request, refused, request.path)

    def get_deleted_objects(self, objs, request):
        """What goes along and what forbids it is named to who may see all of it."""
        found, counts, lacking, protected = super().get_deleted_objects(objs, request)
        if rights_of_request(request).unlimited:
            return found, counts, lacking, protected
        kinds = [capfirst(name) for name in counts]
        return kinds, {}, lacking, [translate("Something still uses it.")] if protected else []

    @display(description=_("label"))
    def name(self, obj):
        return obj.label()


class PimInline(LocalizedFormMixin, TabularInline):
    """Rows of a page, added one at a time."""

    extra = 0
    compact = "yes"


class StructureAdmin(PimModelAdmin):
    """A page of a structure model: what it saves is written to the publication log.

    `log_kind` names the kind of the entry; the codes are those of `log_codes(obj)`. What the
    person's roles do not show is not there, what they do not own is read-only.
    """

    log_kind = ""

    def log_codes(self, obj) -> list[str]:
        return [obj.code]

    def get_ordering(self, request):
        """The order of the model, which a list that counts something would lose (and its pages)."""
        return super().get_ordering(request) or self.opts.ordering

    def get_queryset(self, request):
        return shown_rows(request, super().get_queryset(request))

    def get_object(self, request, object_id, from_field=None):
        """The row; who may not change it has it without what is hidden from them."""
        row = super().get_object(request, object_id, from_field)
        if row is None or rights_of_request(request).unlimited:
            return row
        if not self.has_change_permission(request, row):
            mask_row(request, row)
        return row

    def get_changelist(self, request, **kwargs):
        return ShownChangeList

    def get_form(self, request, obj=None, change=False, **kwargs):
        """For who has limits: a form that neither shows nor takes away what is hidden."""
        if not rights_of_request(request).unlimited:
            form = kwargs.get("form") or self.form
            kwargs["form"] = type(form.__name__, (ShownFields, form), {"request": request})
        return super().get_form(request, obj, change=change, **kwargs)

    def has_add_permission(self, request):
        return super().has_add_permission(request) and may_define_some(request, self.log_kind)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and self._owned(request, obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and self._owned(request, obj)

    def _owned(self, request, obj) -> bool:
        if obj is None or not obj.pk:
            return True
        return all(may_define(request, self.log_kind, code) for code in self.log_codes(obj))

    def get_readonly_fields(self, request, obj=None):
        fixed = tuple(super().get_readonly_fields(request, obj))
        return (*fixed, "code") if obj and "code" not in fixed else fixed

    def get_fields(self, request, obj=None):
        """The code comes first, also where it is only shown."""
        fields = list(super().get_fields(request, obj))
        return ["code", *(f for f in fields if f != "code")] if "code" in fields else fields

    def save_model(self, request, obj, form, change):
        """Refuse what the person does not own where it is or where it would go."""
        document = {name: where.code for name in ("group", "parent") if (where := _link(obj, name))}
        rights, structure = rights_of_request(request), load_structure()
        for code in self.log_codes(obj):
            refuse_definition(rights, self.log_kind, code, structure, document)
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if form.has_changed() or any(formset.has_changed() for formset in formsets):
            self.record(request, form.instance, detail=_differences(form))

    def delete_model(self, request, obj):
        with transaction.atomic():
            super().delete_model(request, obj)
            self.record(request, obj, detail={"@deleted": [False, True]})

    def delete_queryset(self, request, queryset):
        for obj in queryset:
            self.delete_model(request, obj)

    def record(self, request, obj, *, detail):
        record_structure_change(
            self.log_kind,
            self.log_codes(obj),
            actor=actor_of(request),
            at=timezone.now(),
            detail=dict.fromkeys(self.log_codes(obj), detail),
        )
        transaction.on_commit(ring_followers)


def _link(obj, name: str):
    where = getattr(obj, name, None)
    return where if isinstance(where, AttributeGroup | Category) else None


def _differences(form) -> dict[str, list]:
    """Return {field: [before, after]} of what the form changed, as words."""
    return {
        name: [_word(form.initial.get(name)), _word(form.cleaned_data.get(name))]
        for name in form.changed_data
    }


def _word(value):
    if value is None or isinstance(value, str | int | float | bool | dict):
        return value
    if isinstance(value, Iterable):
        return [str(item) for item in value]
    return str(value)


class ReadOnly:
    """Rows that only the system writes."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
