"""Rows of a document edited as a small table: units, fields of an entity, columns of a table."""

import json

from django import forms
from django.utils.translation import gettext_lazy as _

from .localized import enabled_locales

CODE = "code"


def column(code, label, *, kind="text", choices=(), required=""):
    """Describe one column; kinds are text, number, check, choice and date."""
    return {
        "code": code,
        "label": str(label),
        "kind": kind,
        "choices": [[value, str(text)] for value, text in choices],
        "required": bool(required),
    }


def label_columns(prefix="labels"):
    """Return one column per enabled locale for the document under `prefix`."""
    return [column(f"{prefix}.{code}", code) for code in enabled_locales()]


class GridWidget(forms.Widget):
    """A table whose rows live in one hidden JSON input; `columns` may be a callable."""

    template_name = "admin/pim/widgets/grid.html"

    def __init__(self, *, columns, attrs=None):
        super().__init__(attrs)
        self.columns = columns

    def format_value(self, value):
        return value if isinstance(value, str) else json.dumps(value or [])

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        columns = self.columns() if callable(self.columns) else self.columns
        context["widget"]["columns"] = json.dumps(columns)
        context["widget"]["value"] = self.format_value(value)
        return context


class GridField(forms.Field):
    """A list of documents; rows without a code are dropped when they are empty, refused else."""

    def __init__(self, *, columns, unique=CODE, **kwargs):
        kwargs.setdefault("required", False)
        super().__init__(widget=GridWidget(columns=columns), **kwargs)
        self.unique = unique

    def to_python(self, value):
        rows = _parsed(value)
        return [row for row in map(_without_blanks, rows) if row]

    def validate(self, value):
        super().validate(value)
        codes = [row.get(self.unique, "") for row in value] if self.unique else []
        if "" in codes:
            raise forms.ValidationError(_("Every row needs a code."))
        if len(set(codes)) < len(codes):
            raise forms.ValidationError(_("Every code may stand once only."))

    def has_changed(self, initial, data):
        return (initial or []) != self.to_python(data)


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
