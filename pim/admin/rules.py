"""The rules of an attribute as form fields, chosen by its kind."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminDateWidget,
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from pim.models import MEDIA_KINDS

from .grid import GridField, column, label_columns

TEXTS = ("identifier", "text", "textarea", "richtext")
NUMBERS = ("number", "measurement", "price")
LISTS = ("media", "product", "reference")
UNIQUE = ("identifier", "text", "number", "date")
CELL_KINDS = [
    ("text", _("Text")),
    ("number", _("Number")),
    ("boolean", _("Yes or no")),
    ("select", _("Simple select")),
    ("date", _("Date")),
]

# Which rules an attribute of a kind may carry.
RULES = {
    "max_length": TEXTS,
    "pattern": TEXTS,
    "min": NUMBERS,
    "max": NUMBERS,
    "decimals": NUMBERS,
    "negative": ("number", "measurement"),
    "date_min": ("date",),
    "date_max": ("date",),
    "media_types": ("media",),
    "extensions": ("media",),
    "max_items": (*LISTS, "table"),
    "columns": ("table",),
}
YES_BY_DEFAULT = {"decimals", "negative"}


def _table_columns():
    return [
        column("code", _("Code"), required="yes"),
        column("kind", _("Kind"), kind="choice", choices=CELL_KINDS),
        *label_columns(),
    ]


class RulesFormMixin(forms.ModelForm):
    """Adds `rule_<name>` fields and keeps the document `rules` from those of the kind."""

    rule_max_length = forms.IntegerField(
        label=_("Longest text"), min_value=1, required=False, widget=UnfoldAdminIntegerFieldWidget
    )
    rule_pattern = forms.CharField(
        label=_("Pattern"),
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("A regular expression found in the text; ^…$ takes the whole of it."),
    )
    rule_min = forms.DecimalField(
        label=_("Smallest"), required=False, widget=UnfoldAdminDecimalFieldWidget
    )
    rule_max = forms.DecimalField(
        label=_("Largest"), required=False, widget=UnfoldAdminDecimalFieldWidget
    )
    rule_decimals = forms.BooleanField(
        label=_("Decimals allowed"), required=False, widget=UnfoldBooleanWidget
    )
    rule_negative = forms.BooleanField(
        label=_("Negative allowed"), required=False, widget=UnfoldBooleanWidget
    )
    rule_date_min = forms.DateField(
        label=_("Earliest"), required=False, widget=UnfoldAdminDateWidget
    )
    rule_date_max = forms.DateField(label=_("Latest"), required=False, widget=UnfoldAdminDateWidget)
    rule_media_types = forms.MultipleChoiceField(
        label=_("Kinds of media"),
        choices=MEDIA_KINDS,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "pm-checks"}),
        help_text=_("None ticked: all."),
    )
    rule_extensions = forms.CharField(
        label=_("File extensions"),
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("Separated by commas, such as: jpg, png."),
    )
    rule_max_items = forms.IntegerField(
        label=_("Most entries"), min_value=1, required=False, widget=UnfoldAdminIntegerFieldWidget
    )
    rule_columns = GridField(label=_("Columns"), columns=_table_columns)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in RULES:
            self.initial[f"rule_{name}"] = _shown(name, (self.instance.rules or {}).get(name))

    def clean(self):
        cleaned = super().clean()
        low, high = cleaned.get("rule_min"), cleaned.get("rule_max")
        if low is not None and high is not None and low > high:
            self.add_error("rule_max", _("The largest is smaller than the smallest."))
        return cleaned

    def save(self, commit=True):
        kind = self.cleaned_data.get("kind") or self.instance.kind
        wanted = {name for name, kinds in RULES.items() if kind in kinds}
        kept = {k: v for k, v in (self.instance.rules or {}).items() if k not in RULES}
        stored = {name: _stored(name, self.cleaned_data.get(f"rule_{name}")) for name in wanted}
        self.instance.rules = kept | {k: v for k, v in stored.items() if v not in (None, "", [])}
        return super().save(commit)


def _shown(name, value):
    if name in YES_BY_DEFAULT:
        return True if value is None else value
    if name == "extensions":
        return ", ".join(value or [])
    return value


def _stored(name, value):
    if name == "extensions":
        return [part.strip().lstrip(".").lower() for part in value.split(",") if part.strip()]
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return value.isoformat() if hasattr(value, "isoformat") else value


def conditions() -> dict[str, str]:
    """Return Unfold's `conditional_fields`; a fixed kind needs none of them."""
    by_field = {f"rule_{name}": kinds for name, kinds in RULES.items()} | {
        "unique": UNIQUE,
        "measurement_family": ("measurement",),
        "default_unit": ("measurement",),
        "reference_entity": ("reference",),
    }
    test = "typeof kind === 'undefined' || {kinds!r}.includes(kind)"
    return {field: test.format(kinds=list(kinds)) for field, kinds in by_field.items()}
