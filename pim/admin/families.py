"""Admin pages of families with their requirements, and of family variants with their levels."""

from django import forms
from django.contrib import admin
from django.contrib.admin import display
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from pim.models import (
    Attribute,
    Channel,
    Family,
    FamilyAttribute,
    FamilyVariant,
    FamilyVariantAttribute,
    Product,
    Requirement,
)

from .base import StructureAdmin, chip
from .family_members import MemberInline
from .limits import seen_products
from .matrix import MatrixField
from .shown import ShownFilter, hides, shown

REQUIRED, FALLBACK = "required", "fallback"
NEEDS = [("", "–"), (REQUIRED, _("✓ required")), (FALLBACK, _("✓ in any language"))]
LEVELS = [("", _("common")), ("1", _("level 1")), ("2", _("level 2"))]
AXIS_KINDS = ("select", "boolean", "measurement", "reference", "number")


def _members(family, hidden) -> list[Attribute]:
    rows = family.members.select_related("attribute__group").order_by(
        "sort_order", "attribute__sort_order", "attribute__code"
    )
    return [row.attribute for row in rows if row.attribute.code not in hidden]


def _hidden(form, kind: str) -> frozenset[str]:
    """Return the codes that are hidden from the person of the form."""
    return hides(form.request, kind) if form.request else frozenset()


class FamilyForm(forms.ModelForm):
    """A family with the table of what each channel requires."""

    request = None
    matrix = MatrixField(label=_("Required by channel"))

    class Meta:
        model = Family
        fields = ("code", "labels", "label_attribute", "image_attribute")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            return
        members = _members(self.instance, _hidden(self, "attribute"))
        rows = [(a.code, a.label(), a.get_kind_display()) for a in members]
        channels = Channel.objects.exclude(code__in=_hidden(self, "channel"))
        self.fields["matrix"].lay_out(rows, [(c.code, c.label(), NEEDS) for c in channels])
        self.initial["matrix"] = _needs_of(self._needs())
        for name, kinds in (
            ("label_attribute", ("text", "identifier")),
            ("image_attribute", ("media",)),
        ):
            field = self.fields.get(name)
            if field:
                field.queryset = Attribute.objects.filter(families=self.instance, kind__in=kinds)

    def _needs(self):
        """Return the requirements that the table shows."""
        rows = self.instance.requirements.exclude(attribute__code__in=_hidden(self, "attribute"))
        return rows.exclude(channel__code__in=_hidden(self, "channel"))

    def save_matrix(self):
        """Make the requirements equal to the table; what it does not show stays."""
        if "matrix" not in self.changed_data:
            return
        self._needs().delete()
        attributes = dict(Attribute.objects.values_list("code", "id"))
        channels = dict(Channel.objects.values_list("code", "id"))
        Requirement.objects.bulk_create(
            Requirement(
                family=self.instance,
                attribute_id=attributes[attribute],
                channel_id=channels[channel],
                fallback_counts=need == FALLBACK,
            )
            for attribute, needs in self.cleaned_data["matrix"].items()
            for channel, need in needs.items()
        )


def _needs_of(requirements) -> dict:
    found: dict = {}
    for need in requirements.select_related("attribute", "channel"):
        cell = FALLBACK if need.fallback_counts else REQUIRED
        found.setdefault(need.attribute.code, {})[need.channel.code] = cell
    return found


@admin.register(Family)
class FamilyAdmin(StructureAdmin):
    """Which attributes a product has and which a channel requires."""

    log_kind = "family"
    form = FamilyForm
    list_display = ("name", "code", "attributes_count", "products_count", "labelled_by")
    list_select_related = ("label_attribute",)
    search_fields = ("code", "labels")
    fieldsets = (
        (None, {"fields": ("code", "labels", "label_attribute", "image_attribute")}),
        (_("Required by channel"), {"fields": ("matrix",)}),
    )
    inlines = (MemberInline,)

    def get_queryset(self, request):
        members = FamilyAttribute.objects.exclude(attribute__code__in=hides(request, "attribute"))
        return (
            super()
            .get_queryset(request)
            .annotate(size=_number(members), products_size=_number(seen_products(request)))
        )

    def get_fieldsets(self, request, obj=None):
        return self.fieldsets if obj else self.fieldsets[:1]

    def save_related(self, request, form, formsets, change):
        form.save_matrix()
        super().save_related(request, form, formsets, change)

    @display(description=_("attributes"), ordering="size")
    def attributes_count(self, obj):
        return obj.size

    @display(description=_("products"), ordering="products_size")
    def products_count(self, obj):
        return obj.products_size

    @display(description=_("attribute as label"), ordering="label_attribute")
    def labelled_by(self, obj):
        named = obj.label_attribute
        return named.label() if named and shown(obj, "attribute", named.code) else "–"


def _number(rows) -> Coalesce:
    """Return how many of the rows are a family's; counted by joins, two would be multiplied."""
    own = rows.filter(family=OuterRef("pk")).order_by().values("family")
    return Coalesce(Subquery(own.annotate(number=Count("pk")).values("number")), 0)


class FamilyVariantForm(forms.ModelForm):
    """How a family splits: the level of each attribute and the axes."""

    request = None
    matrix = MatrixField(label=_("Levels and axes"))

    class Meta:
        model = FamilyVariant
        fields = ("code", "labels", "family")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            return
        rows = [
            (a.code, a.label(), _("can be an axis") if a.kind in AXIS_KINDS else "")
            for a in _members(self.instance.family, _hidden(self, "attribute"))
        ]
        columns = [("level", _("Lives on"), LEVELS), ("axis", _("Variant axis"), ())]
        self.fields["matrix"].lay_out(rows, columns)
        self.initial["matrix"] = {
            p.attribute.code: {"level": str(p.level)} | ({"axis": "on"} if p.axis else {})
            for p in self._placements().select_related("attribute")
        }

    def _placements(self):
        """Return the placements that the table shows."""
        rows = self.instance.placements.all()
        return rows.exclude(attribute__code__in=_hidden(self, "attribute"))

    def clean_matrix(self):
        matrix = self.cleaned_data["matrix"]
        kinds = dict(Attribute.objects.filter(code__in=matrix).values_list("code", "kind"))
        for code, cell in matrix.items():
            if cell.get("axis") and not cell.get("level"):
                raise forms.ValidationError(_("The axis “%s” must live on a level.") % code)
            if cell.get("axis") and kinds.get(code) not in AXIS_KINDS:
                raise forms.ValidationError(_("“%s” is of a kind that cannot be an axis.") % code)
        unseen = self.instance.placements.filter(attribute__code__in=_hidden(self, "attribute"))
        used = {c["level"] for c in matrix.values() if c.get("level")}
        split = {c["level"] for c in matrix.values() if c.get("axis")}
        split |= {str(placed.level) for placed in unseen if placed.axis}
        if used - split or ("2" in used and "1" not in split):
            raise forms.ValidationError(_("Every level that is used needs an axis."))
        self._refuse_other_axes(matrix)
        return matrix

    def _refuse_other_axes(self, matrix: dict) -> None:
        """Refuse where products would no longer be told apart, or stand on a level that is gone."""
        held = set(self._placements().filter(axis=True).values_list("attribute__code", "level"))
        wanted = {(code, int(cell["level"])) for code, cell in matrix.items() if cell.get("axis")}
        if held != wanted and Product.objects.filter(family_variant=self.instance).exists():
            raise forms.ValidationError(
                _("The axes of “%(name)s” cannot change: products are told apart by them.")
                % {"name": self.instance.label()}
            )

    def save_matrix(self):
        """Make the placements equal to the table; what it does not show stays."""
        if "matrix" not in self.changed_data:
            return
        self._placements().delete()
        ids = dict(Attribute.objects.values_list("code", "id"))
        FamilyVariantAttribute.objects.bulk_create(
            FamilyVariantAttribute(
                family_variant=self.instance,
                attribute_id=ids[code],
                level=int(cell["level"]),
                axis=bool(cell.get("axis")),
                sort_order=n,
            )
            for n, (code, cell) in enumerate(self.cleaned_data["matrix"].items())
            if cell.get("level")
        )


@admin.register(FamilyVariant)
class FamilyVariantAdmin(StructureAdmin):
    """How models of a family split into variants."""

    log_kind = "family_variant"
    form = FamilyVariantForm
    list_display = ("name", "code", "family", "axes")
    list_filter = (("family", ShownFilter),)
    list_select_related = ("family",)
    search_fields = ("code", "labels")
    autocomplete_fields = ("family",)

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("placements__attribute")

    def get_fields(self, request, obj=None):
        return ("code", "labels", "family", "matrix") if obj else ("code", "labels", "family")

    def get_readonly_fields(self, request, obj=None):
        fixed = super().get_readonly_fields(request, obj)
        return (*fixed, "family") if obj else fixed

    def save_related(self, request, form, formsets, change):
        form.save_matrix()
        super().save_related(request, form, formsets, change)

    @display(description=_("axes"))
    def axes(self, obj):
        placed = [p.attribute for p in obj.placements.all() if p.axis]
        axes = [a.label() for a in placed if shown(obj, "attribute", a.code)]
        return chip(" → ".join(axes)) if axes else "–"
