"""Forms, filters and lists of structure without the rows that somebody's roles hide."""

from collections.abc import Iterable

from django import forms
from unfold.contrib.filters.admin import RelatedDropdownFilter
from unfold.views import ChangeList

from pim.content.masks import visible_decisions, visible_slices
from pim.models import Asset, Product
from pim.queries.media_rights import visible_media
from pim.queries.rights import HIDDEN_KINDS, hidden_from, rights_on, visible_products

from .grid import without_locales
from .limits import rights_of_request

_BY_BRANCH = {Product: visible_products, Asset: visible_media}


def shown_rows(request, rows):
    """Return the rows of a table without those that are hidden from the person."""
    rights = rights_of_request(request)
    if rights.unlimited:
        return rows
    if rows.model in _BY_BRANCH:
        return _BY_BRANCH[rows.model](rows, rights)
    codes = hidden_from(rights).get(HIDDEN_KINDS.get(rows.model, ""), ())
    return rows.exclude(code__in=codes) if codes else rows


def hides(request, kind: str) -> frozenset[str]:
    """Return the codes of a kind of structure that are hidden from the person."""
    return hidden_from(rights_of_request(request)).get(kind, frozenset())


class ShownFields:
    """A form whose choices of rows are those shown; links to hidden rows stay as they are.

    `request` is set on the class that is made for a request.
    """

    request = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.kept = {}
        for name, field in self.fields.items():
            if isinstance(field, forms.ModelChoiceField) and field.queryset is not None:
                field.queryset = shown_rows(self.request, field.queryset)
                self._keep(name, field)

    def _keep(self, name: str, field: forms.ModelChoiceField) -> None:
        """Note the hidden rows that the instance is tied to; the form starts without them."""
        held = self.initial.get(name)
        if not held or not self.instance.pk:
            return
        many = isinstance(field, forms.ModelMultipleChoiceField)
        ids = [getattr(row, "pk", row) for row in (held if many else [held])]
        seen = set(field.queryset.filter(pk__in=ids).values_list("pk", flat=True))
        hidden = [pk for pk in ids if pk not in seen]
        if hidden:
            self.kept[name] = list(field.queryset.model.objects.filter(pk__in=hidden))
            self.initial[name] = [pk for pk in ids if pk in seen] if many else None

    def clean(self):
        """Put back what the person does not see and so cannot have taken away."""
        cleaned = self.cleaned_data
        for name, rows in self.kept.items():
            if isinstance(self.fields[name], forms.ModelMultipleChoiceField):
                if name in cleaned:
                    cleaned[name] = [*cleaned[name], *rows]
            elif name in cleaned and not cleaned[name]:
                cleaned[name] = rows[0]
        return super().clean()


def mask_row(request, row) -> None:
    """Take what is hidden from the person out of a row that is only shown, never saved."""
    locales = hides(request, "locale")
    for field in row._meta.get_fields():
        model = field.related_model
        if field.many_to_many and not field.auto_created and model in HIDDEN_KINDS:
            seen = shown_rows(request, getattr(row, field.name).all())
            cache = row.__dict__.setdefault("_prefetched_objects_cache", {})
            cache[field.name] = seen
        elif field.many_to_one and model in HIDDEN_KINDS:
            linked = getattr(row, field.name)
            if linked is not None and linked.code in hides(request, HIDDEN_KINDS[model]):
                setattr(row, field.name, None)
    for name in ("labels", "alt", "caption", "guidelines", "intro"):
        if held := getattr(row, name, None):
            setattr(row, name, {code: text for code, text in held.items() if code not in locales})
    _mask_tables(row, locales)
    if held := getattr(row, "available_locales", None):
        row.available_locales = [code for code in held if code not in locales]


def _mask_tables(row, locales) -> None:
    """Take labels in hidden locales out of the tables of a row."""
    for name in ("units", "fields"):
        if held := getattr(row, name, None):
            setattr(row, name, without_locales(held, locales))
    if columns := (getattr(row, "rules", None) or {}).get("columns"):
        row.rules = {**row.rules, "columns": without_locales(columns, locales)}


class ShownFilter(RelatedDropdownFilter):
    """A filter by a related row whose choices are those shown."""

    def field_choices(self, field, request, model_admin):
        rows = shown_rows(request, field.related_model._default_manager.all())
        ordering = self.field_admin_ordering(field, request, model_admin)
        return [(row.pk, str(row)) for row in rows.order_by(*ordering)]


class ShownChangeList(ChangeList):
    """A list whose rows know what is hidden from the person: `row.hidden` as `hidden_from`."""

    def get_results(self, request):
        super().get_results(request)
        hidden = hidden_from(rights_of_request(request))
        for row in self.result_list:
            row.hidden = hidden


class SlicesChangeList(ChangeList):
    """A list of rows about products whose slices are those that the person may see."""

    def get_results(self, request):
        super().get_results(request)
        mask_slices(self.result_list, request)


def mask_slices(rows: Iterable, request) -> Iterable:
    """Return the rows without hidden slices; one query per level of categories for all."""
    rights = rights_of_request(request)
    if rights.unlimited:
        return rows
    held = rights_on({row.product_id for row in rows}, rights)
    for row in rows:
        holding = held[row.product_id]
        row.slices = row.slices and visible_slices(row.slices, holding)
        if getattr(row, "decided", None):
            row.decided = visible_decisions(row.decided, holding)
    return rows


def mask_locales(rows: Iterable, request) -> list:
    """Return the rows whose `locale` is told only to who sees it."""
    rows, hidden = list(rows), hides(request, "locale")
    for row in rows:
        row.locale = "" if row.locale in hidden else row.locale
    return rows


def shown(row, kind: str, code: str) -> bool:
    """Return whether something that a row of a list names may be seen."""
    return code not in getattr(row, "hidden", {}).get(kind, ())
