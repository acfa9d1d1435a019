"""Rows of a document edited as a small table: units, fields of an entity, columns of a table."""

import json

from django import forms
from django.utils.translation import gettext_lazy as _

from .localized import enabled_locales

CODE = "code"
LABELS = "labels"


def column(code, label, *, kind="text", choices=(), required=""):
    """Describe one column; kinds are text, number, check, choice and date."""
    return {
        "code": code,
        "label": str(label),
        "kind": kind,
        "choices": [[value, str(text)] for value, text in choices],
        "required": bool(required),
    }


def label_columns():
    """Return one column per enabled locale for the labels of a row."""
    return [column(f"{LABELS}.{code}", code) for code in enabled_locales()]


def without_locales(rows, hidden):
    """Return rows, and the options in them, without labels in those locales."""
    found = []
    for row in rows or ():
        labels = {code: text for code, text in row.get(LABELS, {}).items() if code not in hidden}
        nested = {"options": without_locales(row["options"], hidden)} if "options" in row else {}
        found.append({**row, **({LABELS: labels} if LABELS in row else {}), **nested})
    return found


class GridWidget(forms.Widget):
    """A table whose rows live in one hidden JSON input; `columns` may be a callable."""

    template_name = "admin/pim/widgets/grid.html"
    hidden: frozenset[str] = frozenset()

    def __init__(self, *, columns, attrs=None):
        super().__init__(attrs)
        self.columns = columns

    def format_value(self, value):
        return value if isinstance(value, str) else json.dumps(value or [])

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        columns = self.columns() if callable(self.columns) else self.columns
        hidden = {f"{LABELS}.{code}" for code in self.hidden}
        columns = [each for each in columns if each["code"] not in hidden]
        context["widget"]["columns"] = json.dumps(columns)
        context["widget"]["value"] = self.format_value(value)
        return context


class GridField(forms.Field):
    """A list of documents; rows without a code are dropped when they are empty, refused else.

    Labels in locales that are hidden from the person are not shown, and stay as they are.
    """

    def __init__(self, *, columns, unique=CODE, **kwargs):
        kwargs.setdefault("required", False)
        super().__init__(widget=GridWidget(columns=columns), **kwargs)
        self.unique = unique
        self.kept = {}

    def hide(self, locales):
        """Hide the labels in those locales."""
        self.widget.hidden = locales
        return self

    def get_bound_field(self, form, field_name):
        """Remember the labels that the form does not show; each form has a field of its own."""
        bound = super().get_bound_field(form, field_name)
        held = bound.initial if isinstance(bound.initial, list) and self.widget.hidden else ()
        self.kept = {_named(row): row for row in held}
        return bound

    def prepare_value(self, value):
        return without_locales(value, self.widget.hidden) if isinstance(value, list) else value

    def to_python(self, value):
        rows = [row for row in map(_without_blanks, _parsed(value)) if row]
        if not self.widget.hidden:
            return rows
        return [_restored(row, self.kept.get(_named(row), {}), self.widget.hidden) for row in rows]

    def validate(self, value):
        super().validate(value)
        codes = [row.get(self.unique, "") for row in value] if self.unique else []
        if "" in codes:
            raise forms.ValidationError(_("Every row needs a code."))
        if len(set(codes)) < len(codes):
            raise forms.ValidationError(_("Every code may stand once only."))

    def has_changed(self, initial, data):
        return (initial or []) != self.to_python(data)


def _named(row):
    """Return what tells a row from others: its code, and the field of an option."""
    return row.get("field"), row.get(CODE)


def _restored(row, held, hidden):
    """Return a row, and the options in it, with the labels that were not shown."""
    shown = {code: text for code, text in row.get(LABELS, {}).items() if code not in hidden}
    kept = {code: text for code, text in held.get(LABELS, {}).items() if code in hidden}
    found = {name: data for name, data in row.items() if name != LABELS}
    if shown or kept:
        found[LABELS] = {**shown, **kept}
    if "options" in row:
        options = {option[CODE]: option for option in held.get("options", ())}
        found["options"] = [_restored(o, options.get(o[CODE], {}), hidden) for o in row["options"]]
    return found


def _parsed(value) -> list[dict]:
    try:
        rows = json.loads(value or "[]") if isinstance(value, str) else value or []
    except ValueError as error:
        raise forms.ValidationError(_("The rows could not be read.")) from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise forms.ValidationError(_("The rows could not be read."))
    return rows


def _without_blanks(row: dict) -> dict:
    cleaned = {key: _without_blanks(v) if isinstance(v, dict) else v for key, v in row.items()}
    return {key: v for key, v in cleaned.items() if v not in ("", None, {})}
