"""Text per locale as one small input for each enabled locale, never as JSON."""

import json

from django import forms
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _
from unfold.widgets import INPUT_CLASSES

from pim.content.refusals import Refused
from pim.content.rich_texts import clean_texts
from pim.models import Locale

from .prose import prose_config

MANY_LOCALES = 8  # inputs shown at once; of more, those without text are made when asked for
ALWAYS = 3
KEPT = "kept"  # no locale has four letters


def enabled_locales() -> list[str]:
    """Return the codes of the enabled locales, those of the reader's own language first."""
    codes = Locale.objects.filter(enabled=True).values_list("code", flat=True)
    language = (get_language() or "en").split("-")[0]
    return sorted(codes, key=lambda code: code.split("-")[0] != language)


class LocalizedWidget(forms.Widget):
    """Inputs named `<name>__<locale>`, one for each locale that is offered.

    Where there are many, the inputs of most are made in the browser as somebody opens them: until
    then their texts are in the one input `<name>__kept`, {locale: text}.
    """

    template_name = "admin/pim/widgets/localized.html"

    def __init__(self, *, locales, rows=0, compact="", rich=False, attrs=None):
        super().__init__(attrs)
        self.locales, self.rows, self.compact, self.rich = list(locales), rows, compact, rich

    def value_from_datadict(self, data, files, name):
        kept = _texts(data.get(f"{name}__{KEPT}"))
        found = {
            locale: data.get(f"{name}__{locale}", kept.get(locale, "")) for locale in self.locales
        }
        return {locale: text.strip() for locale, text in found.items() if text.strip()}

    def value_omitted_from_data(self, data, files, name):
        return not any(key.startswith(f"{name}__") for key in data)

    def get_context(self, name, value, attrs):
        value = value if isinstance(value, dict) else {}
        context = super().get_context(name, value, attrs)
        rows = [(locale, value.get(locale, "")) for locale in self.locales]
        shown, folded = self._parted(rows)
        context["widget"] |= {
            "rows": shown,
            "folded": folded,
            "asked": len(rows) > MANY_LOCALES and not self.rich,
            "kept": json.dumps({locale: text for locale, text in folded if text}),
            "lines": self.rows,
            "prose": prose_config() if self.rich else "",
            "classes": mark_safe(" ".join(INPUT_CLASSES)),
            "filled": sum(1 for _locale, text in rows if text),
            "total": len(rows),
        }
        return context

    def _parted(self, rows: list[tuple]) -> tuple[list[tuple], list[tuple]]:
        """Return the rows that are seen at once, and those that are folded."""
        if self.compact:
            return rows[:1], rows[1:]
        if len(rows) <= MANY_LOCALES:
            return rows, []
        first = {locale for locale, _text in rows[:ALWAYS]}
        filled = [locale for locale, text in rows[ALWAYS:] if text][: MANY_LOCALES - ALWAYS]
        seen = first.union(filled)
        return [r for r in rows if r[0] in seen], [r for r in rows if r[0] not in seen]

    def id_for_label(self, id_):
        return f"{id_}__{self.locales[0]}" if self.locales else id_


def _texts(raw: str | None) -> dict[str, str]:
    try:
        held = json.loads(raw or "{}")
    except ValueError:
        return {}
    texts = held.items() if isinstance(held, dict) else ()
    return {locale: text for locale, text in texts if isinstance(text, str)}


class LocalizedField(forms.Field):
    """A {locale: text} document; texts in locales that are not offered stay as they are."""

    def __init__(self, *, locales, rows=0, compact="", max_length=None, rich=False, **kwargs):
        kwargs.setdefault("required", False)
        widget = LocalizedWidget(locales=locales, rows=rows, compact=compact, rich=rich)
        super().__init__(widget=widget, **kwargs)
        self.max_length, self.rich = max_length, rich
        self.kept: dict[str, str] = {}

    def get_bound_field(self, form, field_name):
        """Remember the texts that the form does not offer; each form has a field of its own."""
        bound = super().get_bound_field(form, field_name)
        held = bound.initial if isinstance(bound.initial, dict) else {}
        self.kept = {code: t for code, t in held.items() if code not in self.widget.locales}
        return bound

    def to_python(self, value):
        """Return {locale: text}; rich text is sanitised, locales without words are left out."""
        if not value or not self.rich:
            return {**self.kept, **(value or {})}
        try:
            cleaned = clean_texts(value, field=str(self.label or ""))
        except Refused as refused:
            raise forms.ValidationError(refused.say(translate)) from refused
        return {**self.kept, **{locale: text for locale, text in cleaned.items() if text}}

    def has_changed(self, initial, data):
        try:
            return (initial or {}) != self.to_python(data)
        except forms.ValidationError:
            return True

    def validate(self, value):
        super().validate(value)
        if self.max_length and any(len(text) > self.max_length for text in value.values()):
            raise forms.ValidationError(
                _("Use at most %(max)d characters."), params={"max": self.max_length}
            )
