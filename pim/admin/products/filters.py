"""Filters of the product list: family, branch, completeness, state and filterable attributes."""

from decimal import Decimal, InvalidOperation

from django.conf import settings
from django.contrib.admin import SimpleListFilter
from django.db.models import Exists, F, OuterRef, Q
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter, TextFilter

from pim.content.gtins import gtin14
from pim.content.seen import shown_categories
from pim.models import Category, Completeness, FilterValue, Product
from pim.queries.drafts import unpublished
from pim.queries.rights import visible_index
from pim.queries.structure import load_structure

from ..context import label_of, working_context
from ..limits import rights_of_request
from .controls import MOST_OPTIONS, holding_words, option_items

ATTRIBUTE_PREFIX = "attr_"
CHOICE_KINDS = ("select", "multiselect")
MOST_FILTERS = 12


class FamilyFilter(DropdownFilter):
    """Products of one family, by its code."""

    title = _("family")
    parameter_name = "family"

    def lookups(self, request, model_admin):
        structure = load_structure()
        locale = working_context(request, structure).locale
        families = [(c, label_of(f, locale)) for c, f in structure.families.items()]
        return [*sorted(families, key=lambda pair: pair[1].lower()), ("-", _("(without family)"))]

    def queryset(self, request, queryset):
        if not self.value():
            return queryset
        code = None if self.value() == "-" else self.value()
        return queryset.filter(family__code=code) if code else queryset.filter(family=None)


class CategoryFilter(SimpleListFilter):
    """Products in a branch of the category tree; chosen in the panel beside the list."""

    title = _("category")
    parameter_name = "category"
    template = "admin/pim/product/no_filter.html"

    def lookups(self, request, model_admin):
        return [("", "")]

    def has_output(self):
        return True

    def queryset(self, request, queryset):
        code = self.value()
        if not code:
            return queryset
        if code == "-":
            return queryset.filter(categories=None)
        rights = rights_of_request(request)
        branch = Category.objects.filter(code=code).values_list("path", flat=True).first()
        if branch is None or code not in shown_categories(load_structure(), rights):
            return queryset.none()
        held = Product.categories.through.objects.filter(category__path__startswith=branch)
        return queryset.filter(pk__in=held.values("product_id"))


class CompletenessFilter(DropdownFilter):
    """Complete or not, for the working channel."""

    title = _("completeness")
    parameter_name = "complete"

    def lookups(self, request, model_admin):
        return [
            ("yes", _("Complete for the channel")),
            ("no", _("Incomplete for the channel")),
            ("half", _("Below one half")),
        ]

    def queryset(self, request, queryset):
        if not self.value():
            return queryset
        channel = working_context(request).channel
        rows = Completeness.objects.filter(product=OuterRef("pk"), channel__code=channel)
        tests = {
            "yes": Exists(rows.filter(filled__gte=F("required"))),
            "no": Exists(rows.filter(filled__lt=F("required"))),
            "half": Exists(rows.filter(filled__lt=F("required") / 2.0)),
        }
        return queryset.filter(tests[self.value()]) if self.value() in tests else queryset


class StateFilter(DropdownFilter):
    """Where a product stands between draft and publication."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        own = [
            ("unpublished", _("Draft differs from what is published")),
            ("never", _("Never published")),
            ("published", _("Published as it is")),
            ("withdrawn", _("Withdrawn")),
        ]
        return own + [(code, text) for code, text, _rows in _outside_states()]

    def queryset(self, request, queryset):
        value = self.value()
        if value == "unpublished":
            return unpublished(queryset)
        if value == "never":
            return queryset.filter(version=None)
        if value == "published":
            return queryset.filter(withdrawn=False, version__digest=F("draft_digest"))
        if value == "withdrawn":
            return queryset.filter(withdrawn=True)
        context = working_context(request) if value else None
        for code, _text, rows in _outside_states():
            if code == value:
                return queryset.filter(pk__in=rows(context))
        return queryset


def _outside_states():
    """Return [(code, text, ids of a context)] that other apps offer (ADMIN_PRODUCT_STATES)."""
    path = getattr(settings, "ADMIN_PRODUCT_STATES", "")
    return import_string(path)() if path else []


def attribute_filters(request) -> list[type]:
    """Return a filter class for each filterable attribute."""
    structure = load_structure()
    locale = working_context(request, structure).locale
    rights = rights_of_request(request)
    wanted = [
        a
        for a in structure.attributes.values()
        if a.filterable and a.kind != "identifier" and rights.attribute(a)
    ]
    ordered = sorted(wanted, key=lambda a: (a.sort, a.code))[:MOST_FILTERS]
    return [_filter_of(attribute, structure, locale) for attribute in ordered]


def _filter_of(attribute, structure, locale) -> type:
    few = len(structure.options.get(attribute.code, {})) <= MOST_OPTIONS
    chosen = attribute.kind == "boolean" or (attribute.kind in CHOICE_KINDS and few)
    base = DropdownFilter if chosen else TextFilter
    names = {
        "title": label_of(attribute, locale),
        "parameter_name": f"{ATTRIBUTE_PREFIX}{attribute.code}",
        "attribute": attribute,
        "queryset": _by_attribute,
    }
    if base is DropdownFilter:
        choices = _choices(attribute, structure, locale)
        names["lookups"] = lambda self, request, model_admin: choices
    return type("AttributeFilter", (base,), names)


def _choices(attribute, structure, locale):
    if attribute.kind == "boolean":
        return [("true", _("Yes")), ("false", _("No"))]
    options = structure.options.get(attribute.code, {}).values()
    ordered = sorted(options, key=lambda o: (o.sort, o.code))
    return [(option.code, label_of(option, locale)) for option in ordered]


def _by_attribute(self, request, queryset):
    value = self.value()
    if not value:
        return queryset
    rights, structure = rights_of_request(request), load_structure()
    rows = visible_index(FilterValue.objects.all(), [self.attribute.id], rights, structure)
    if self.attribute.kind in CHOICE_KINDS and isinstance(self, TextFilter):
        items = option_items(self.attribute, structure, working_context(request, structure).locale)
        test = Q(text__in=[item["code"] for item in holding_words(items, value)])
    else:
        test = _test(self.attribute.kind, value)
    rows = rows.filter(test)
    return queryset.filter(pk__in=rows.values("product_id"))


def _test(kind: str, value: str) -> Q:
    if kind in ("number", "measurement", "price"):
        return _number_test(value)
    if kind == "boolean":
        return Q(text__in=["1", "true"] if value == "true" else ["0", "false"])
    if kind in CHOICE_KINDS:
        return Q(text=value)
    if kind == "packaging":
        return Q(text=gtin14(value) or value)
    return Q(text__icontains=value)


def _number_test(value: str) -> Q:
    """Understand "12" and "10..20", either end open."""
    low, dots, high = value.partition("..")
    try:
        if not dots:
            return Q(number=Decimal(low))
        test = Q(number__gte=Decimal(low)) if low else Q()
        return test & Q(number__lte=Decimal(high)) if high else test
    except InvalidOperation:
        return Q(pk__in=[])
