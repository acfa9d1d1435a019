"""Fields of records and assets at the desk: their definition as grids, their values as inputs."""

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminDateWidget,
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminSelectMultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from pim.content.record_fields import CHOICES
from pim.models import Asset

from .grid import GridField, column, label_columns
from .limits import seen_media
from .localized import enabled_locales
from .shown import hides

FIELD_KINDS = [
    ("text", _("Text")),
    ("textarea", _("Text area")),
    ("richtext", _("Rich text")),
    ("number", _("Number")),
    ("boolean", _("Yes or no")),
    ("date", _("Date")),
    ("select", _("Simple select")),
    ("multiselect", _("Multi select")),
    ("media", _("Media")),
]
YES_NO = [("", _("Not said")), ("true", _("Yes")), ("false", _("No"))]


def field_columns(kinds):
    """Return the columns of the grid of fields; a callable, for locales change."""

    def columns():
        return [
            column("code", _("Code"), required="yes"),
            column("kind", _("Kind"), kind="choice", choices=kinds),
            column("localizable", _("Per locale"), kind="check"),
            *label_columns(),
        ]

    return columns


def option_columns():
    """Return the columns of the grid of options."""
    return [
        column("field", _("Field"), required="yes"),
        column("code", _("Code"), required="yes"),
        *label_columns(),
    ]


class FieldsForm(forms.ModelForm):
    """Something with `fields`; those that choose have their options in a grid of their own."""

    record_fields = GridField(label=_("Fields"), columns=field_columns(FIELD_KINDS))
    field_options = GridField(
        label=_("Options"),
        columns=option_columns,
        unique="",
        help_text=_("What the fields of the kinds simple and multi select choose among."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        held = self.instance.fields or []
        kept = ("code", "kind", "localizable", "labels")
        self.initial["record_fields"] = [{k: f[k] for k in kept if f.get(k)} for f in held]
        self.initial["field_options"] = [
            {"field": field["code"], **option}
            for field in held
            for option in field.get("options") or ()
        ]

    def clean_field_options(self):
        """Every option is of a field that chooses, and stands there once."""
        rows = self.cleaned_data["field_options"]
        choosing = {
            f["code"] for f in self.cleaned_data.get("record_fields") or () if f["kind"] in CHOICES
        }
        places = [(row.get("field"), row.get("code")) for row in rows]
        for field, code in places:
            if field not in choosing or not code:
                raise forms.ValidationError(
                    _("“%(code)s” is the option of no field that chooses."),
                    params={"code": code or ""},
                )
        if len(set(places)) < len(places):
            raise forms.ValidationError(_("Every code may stand once only."))
        return rows

    def clean_record_fields(self):
        """A field without a kind is a text."""
        rows = self.cleaned_data["record_fields"]
        return [{"kind": "text", "localizable": False} | row for row in rows]

    def save(self, commit=True):
        held = {field["code"]: field for field in self.instance.fields or ()}
        self.instance.fields = [
            {**self._kept(held.get(row["code"], {}), row["kind"]), **row, **self._options(row)}
            for row in self.cleaned_data["record_fields"]
        ]
        return super().save(commit)

    def _kept(self, held, kind):
        """Return what the grid does not show of a field: its rules, while its kind stays."""
        return {"rules": held["rules"]} if held.get("kind") == kind and "rules" in held else {}

    def _options(self, row):
        options = [
            {"code": option["code"], "labels": option.get("labels", {})}
            for option in self.cleaned_data["field_options"]
            if option["field"] == row["code"]
        ]
        return {"options": options} if options else {}


class ValuesForm(forms.ModelForm):
    """A row with `values` of `record_fields()`, one input per locale where localizable.

    `hidden` are the locales that the person does not see: what stands there stays. `assets` are
    those that they may name.
    """

    hidden: frozenset[str] = frozenset()
    assets = Asset.objects.none()

    def record_fields(self):
        """Return the fields of what the row belongs to."""
        raise NotImplementedError

    def _locales(self):
        return [code for code in enabled_locales() if code not in self.hidden]

    def addresses(self):
        """Return [(form field name, field document, locale or "")]."""
        return [
            (f"value__{field['code']}__{locale}", field, locale)
            for field in self.record_fields()
            for locale in (self._locales() if field.get("localizable") else ("",))
        ]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field, locale in self.addresses():
            data = (self.instance.values or {}).get(field["code"], {}).get(locale)
            self.initial[name] = _shown(field.get("kind", "text"), data)

    def changed_values(self):
        """Return {field: {locale or "": data or None}} of the inputs that were changed."""
        found = {}
        for name, field, locale in self.addresses():
            if name in self.changed_data:
                data = _stored(field.get("kind", "text"), self.cleaned_data.get(name))
                found.setdefault(field["code"], {})[locale] = data
        return found


def as_seen(form, request):
    """Return the form of values as the person may see them."""
    seen = {"hidden": hides(request, "locale"), "assets": seen_media(request)}
    return type(form.__name__, (form,), seen)


def value_inputs(form):
    """Return {name: form field} of the inputs that a `ValuesForm` needs."""
    return {
        name: _form_field(field, locale, form.assets) for name, field, locale in form.addresses()
    }


def _form_field(field, locale, assets):
    """Return the form field of one value."""
    kind, label = field.get("kind", "text"), _field_label(field, locale)
    if kind in ("textarea", "richtext"):
        widget = UnfoldAdminTextareaWidget({"dir": "auto", "rows": 4})
        return forms.CharField(label=label, required=False, widget=widget)
    if kind == "number":
        return forms.DecimalField(label=label, required=False, widget=UnfoldAdminDecimalFieldWidget)
    if kind == "boolean":
        return forms.ChoiceField(
            label=label, choices=YES_NO, required=False, widget=UnfoldAdminSelectWidget
        )
    if kind == "date":
        return forms.DateField(label=label, required=False, widget=UnfoldAdminDateWidget)
    if kind in CHOICES:
        return _choice_field(field, label)
    widget = UnfoldAdminTextInputWidget({"dir": "auto"})
    if kind == "media":
        how = {"help_text": _("Code of an asset."), "validators": [_one_of(assets)]}
        return forms.CharField(label=label, required=False, widget=widget, **how)
    return forms.CharField(label=label, required=False, widget=widget)


def _one_of(assets):
    """Return what refuses the code of none of the assets."""

    def refuse_unknown(code):
        if not assets.filter(code=code).exists():
            raise forms.ValidationError(_("There is no asset “%(code)s”."), params={"code": code})

    return refuse_unknown


def _choice_field(field, label):
    options = field.get("options") or ()
    choices = [(option["code"], _any_label(option)) for option in options]
    if field["kind"] == "multiselect":
        widget = UnfoldAdminSelectMultipleWidget
        return forms.MultipleChoiceField(
            label=label, choices=choices, required=False, widget=widget
        )
    choices = [("", "–"), *choices]
    return forms.ChoiceField(
        label=label, choices=choices, required=False, widget=UnfoldAdminSelectWidget
    )


def _any_label(named):
    labels = named.get("labels") or {}
    return labels.get("en") or next(iter(labels.values()), named["code"])


def _field_label(field, locale):
    text = _any_label(field)
    return f"{text} ({locale})" if locale else text


def _shown(kind, data):
    if kind == "boolean" and data is not None:
        return "true" if data else "false"
    return data[0] if kind == "media" and isinstance(data, list) and data else data


def _stored(kind, data):
    if data in (None, "", []):
        return None
    if kind == "boolean":
        return data == "true"
    if kind == "number":
        return format(data.normalize(), "f")
    if kind == "multiselect":
        return sorted(data)
    return data.isoformat() if kind == "date" else data
