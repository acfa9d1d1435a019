"""Two-way tables of inputs: requirements per channel, placements per level."""

from django import forms
from django.utils.translation import gettext_lazy as _

NOTHING = _("Nothing to choose from yet: add attributes first.")


class MatrixWidget(forms.Widget):
    """A table whose cells are checkboxes or selects named `<name>__<row>__<column>`.

    `rows` is [(code, label, hint)], `columns` [(code, label, choices)]; a column without
    choices has checkboxes. The value is {row: {column: "on" or a choice}}.
    """

    template_name = "admin/pim/widgets/matrix.html"

    def __init__(self, *, rows=(), columns=(), empty="", attrs=None):
        super().__init__(attrs)
        self.rows, self.columns, self.empty = rows, columns, empty

    def get_context(self, name, value, attrs):
        value = value or {}
        context = super().get_context(name, value, attrs)
        context["widget"]["table"] = [
            {
                "label": label,
                "hint": hint,
                "cells": [
                    {
                        "name": f"{name}__{row}__{column}",
                        "value": value.get(row, {}).get(column, ""),
                        "choices": choices,
                        "label": f"{label}: {title}",
                    }
                    for column, title, choices in self.columns
                ],
            }
            for row, label, hint in self.rows
        ]
        context["widget"]["columns"] = [title for _code, title, _choices in self.columns]
        context["widget"]["empty"] = self.empty
        return context

    def value_from_datadict(self, data, files, name):
        found = {}
        for row, _label, _hint in self.rows:
            cells = {
                column: data.get(f"{name}__{row}__{column}", "")
                for column, _title, _choices in self.columns
            }
            held = {column: cell for column, cell in cells.items() if cell}
            if held:
                found[row] = held
        return found

    def value_omitted_from_data(self, data, files, name):
        return False


class MatrixField(forms.Field):
    """The cells that are set, {row: {column: value}}."""

    def __init__(self, **kwargs):
        kwargs.setdefault("required", False)
        super().__init__(widget=MatrixWidget(empty=NOTHING), **kwargs)

    def lay_out(self, rows, columns):
        self.widget.rows, self.widget.columns = rows, columns

    def has_changed(self, initial, data):
        return (initial or {}) != (data or {})
