"""Form fields for the options that an output kind declares, rows of a list included."""

from decimal import Decimal, InvalidOperation

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from pim.published import structure

from .base import label_of

SPARE = 2  # empty rows below those that there are
MOST = 200  # rows of one list


def option_field(option, *, locales, name=None) -> forms.Field:
    """Return the form field of one option of a kind; `name` turns a code into a field's name."""
    field = _field(option, locales)
    if option.needs and name:
        code, _equals, values = option.needs.partition("=")
        field.widget.attrs["data-pm-needs"] = f"{name(code)}={values}"
    return field


def plain_number(value):
    """Return a decimal as the int or float that JSON has; anything else as it is."""
    if hasattr(value, "as_integer_ratio") and not isinstance(value, bool | int):
        return int(value) if value == int(value) else float(value)
    return value


def _field(option, locales) -> forms.Field:
    shared = {"label": option.label, "help_text": option.help, "required": False}
    if option.kind == "boolean":
        return forms.BooleanField(widget=UnfoldBooleanSwitchWidget, **shared)
    if option.kind == "number":
        return forms.DecimalField(widget=UnfoldAdminDecimalFieldWidget, **shared)
    if option.kind == "rows":
        return RowsField(option, locales, **shared)
    choices = _choices(option, locales)
    if choices is None:
        return forms.CharField(widget=UnfoldAdminTextInputWidget, **shared)
    return forms.ChoiceField(
        choices=[("", "–"), *choices], widget=UnfoldAdminSelectWidget, **shared
    )


def _choices(option, locales):
    if option.kind == "choice":
        return list(option.choices)
    if option.kind == "attribute":
        return [(code, label_of(a)) for code, a in structure().attributes.items()]
    return [(code, code) for code in locales] if option.kind == "locale" else None


class RowsWidget(forms.Widget):
    """A table of inputs, one row an entry, with spare rows below; an emptied row is dropped."""

    def __init__(self, columns, locales):
        super().__init__()
        self.columns, self.locales = columns, locales

    def render(self, name, value, attrs=None, renderer=None):
        rows = [row for row in value or [] if isinstance(row, dict)][:MOST]
        lines = [self._line(name, n, row) for n, row in enumerate([*rows, *[{}] * SPARE])]
        heads = format_html_join("", "<th>{}</th>", ((column.label,) for column in self.columns))
        needs = (attrs or {}).get("data-pm-needs") or self.attrs.get("data-pm-needs", "")
        return format_html(
            '<div class="pm-scroll pm-rows__box" data-pm-needs="{}">'
            '<table class="pm-table pm-rows">'
            "<thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>",
            *(needs, heads, format_html_join("", "{}", ((line,) for line in lines))),
        )

    def _line(self, name, n, row):
        cells = (
            (c.label, self._cell(f"{name}-{n}-{c.code}", c, row.get(c.code))) for c in self.columns
        )
        return format_html(
            "<tr>{}</tr>", format_html_join("", '<td data-label="{}">{}</td>', cells)
        )

    def _cell(self, name, column, value):
        choices = _choices(column, self.locales)
        label = {"aria-label": column.label, "title": column.help}
        if choices is None:
            kind = "number" if column.kind == "number" else "text"
            widget = forms.TextInput({"class": "pm-input", **label})
            widget.input_type = kind
        else:
            widget = forms.Select({"class": "pm-select", **label}, [("", "–"), *choices])
        return widget.render(name, value)

    def value_from_datadict(self, data, files, name):
        """Return the rows as typed: lists of {code: text}, those without any text left out."""
        found, n, last = [], 0, n_of_last(data, name)
        while n <= min(last, MOST):
            row = {c.code: (data.get(f"{name}-{n}-{c.code}") or "").strip() for c in self.columns}
            if any(row.values()):
                found.append(row)
            n += 1
        return found

    def value_omitted_from_data(self, data, files, name):
        return n_of_last(data, name) < 0


def n_of_last(data, name) -> int:
    """Return the number of the last row posted, -1 where there is none."""
    heads = (key.removeprefix(f"{name}-").split("-")[0] for key in data if key.startswith(name))
    return max((int(head) for head in heads if head.isdecimal() and len(head) < 6), default=-1)


class RowsField(forms.Field):
    """A list of {code: value}; numbers are numbers, choices must be among those offered."""

    def __init__(self, option, locales, **kwargs):
        self.columns, self.locales = option.columns, locales
        super().__init__(widget=RowsWidget(option.columns, locales), **kwargs)

    def clean(self, value):
        return [self._row(row, n) for n, row in enumerate(value or [], 1)]

    def has_changed(self, initial, data):
        kept = [{k: str(v) for k, v in row.items() if v not in ("", None)} for row in initial or []]
        return kept != [{k: v for k, v in row.items() if v} for row in data or []]

    def _row(self, row: dict, n: int) -> dict:
        cleaned = {c.code: self._cell(c, row[c.code], n) for c in self.columns if row[c.code]}
        first = self.columns[0]
        if first.code not in cleaned:
            raise forms.ValidationError(
                _("Row %(row)d: %(column)s is missing."), params={"row": n, "column": first.label}
            )
        return cleaned

    def _cell(self, column, text: str, n: int):
        choices = _choices(column, self.locales)
        if choices is not None and text not in dict(choices):
            message = _("Row %(row)d: %(value)s is not a choice of %(column)s.")
        elif column.kind != "number":
            return text
        elif (number := _number(text)) is not None:
            return number
        else:
            message = _("Row %(row)d: %(value)s is not a whole number for %(column)s.")
        params = {"row": n, "value": text, "column": column.label}
        raise forms.ValidationError(message, params=params)


def _number(text: str) -> int | None:
    try:
        number = Decimal(text)
        return int(number) if number == int(number) and abs(number) < 10**6 else None
    except (InvalidOperation, ValueError, OverflowError):
        return None
