"""The form of an output: its kind's options, cadence, selection and guard as real fields."""

from zoneinfo import available_timezones

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from pim.cadence import parse
from pim.published import EVERYTHING, seen_structure, structure
from syndication.models import Brand, Output
from syndication.refusals import Refused
from syndication.registry import output_kind

from .base import kind_choices, label_of
from .option_fields import option_field, plain_number

CHECKS = {"class": "pm-checks"}
SEARCHED = {"class": "pm-select", "size": 8, "data-pm-search": _("Add")}
MANY = 20  # choices that are ticked at a glance; more are searched
OPTION, GUARD, SELECT = "option_", "guard_", "select_"
GUARD_DEFAULTS = {
    "enabled": True,
    "vanished_percent": 10,
    "vanished_items": 20,
    "empty": True,
    "prices_missing_percent": 2,
    "price_move_percent": 30,
}
GUARD_LABELS = {
    "enabled": _("Guard on"),
    "vanished_percent": _("Block when more than this per cent vanish"),
    "vanished_items": _("… and more than this many items"),
    "empty": _("Block an edition without items"),
    "prices_missing_percent": _("Block when this many more per cent have no price"),
    "price_move_percent": _("Block when the median price moves by more per cent"),
}
CADENCE_HELP = _(
    "Empty: by hand. Or: every 5 minutes · hourly · daily 02:00 · weekly mon 02:00 · "
    "on change · a cron line of five fields."
)


def _checks(label, choices=(), help_text=""):
    return forms.MultipleChoiceField(
        label=label,
        choices=choices,
        required=False,
        help_text=help_text,
        widget=forms.CheckboxSelectMultiple(attrs=CHECKS),
    )


class OutputForm(forms.ModelForm):
    """What an output renders, for whom and when."""

    kind = forms.ChoiceField(label=_("Kind"), widget=UnfoldAdminSelectWidget)
    channel = forms.ChoiceField(label=_("Channel"), widget=UnfoldAdminSelectWidget)
    audience = forms.ChoiceField(label=_("Audience"), widget=UnfoldAdminSelectWidget)
    locales = _checks(_("Locales"), help_text=_("One edition for each, unless combined."))
    time_zone = forms.ChoiceField(label=_("Time zone"), widget=UnfoldAdminSelectWidget)
    cadence = forms.CharField(
        label=_("Cadence"),
        required=False,
        help_text=CADENCE_HELP,
        widget=UnfoldAdminTextInputWidget,
    )
    brand = forms.ModelChoiceField(
        Brand.objects.all(),
        label=_("Brand"),
        required=False,
        empty_label=_("the default brand"),
        widget=UnfoldAdminSelectWidget,
    )
    select_families = _checks(_("Only families"), help_text=_("None ticked: all."))
    select_categories = forms.MultipleChoiceField(
        label=_("Only categories"),
        required=False,
        help_text=_("With everything below them. None chosen: all."),
        widget=forms.SelectMultiple(attrs=SEARCHED),
    )
    select_identifiers = forms.CharField(
        label=_("Only identifiers"),
        required=False,
        help_text=_("Separated by blanks or lines. Empty: all."),
        widget=forms.Textarea(attrs={"class": "pm-input", "rows": 3}),
    )

    class Meta:
        model = Output
        fields = (
            "code",
            "name",
            "kind",
            "channel",
            "audience",
            "locales",
            "combined",
            "brand",
            "cadence",
            "time_zone",
            "only_if_changed",
            "needs_approval",
            "strict",
            "keep_days",
            "enabled",
        )

    rights = EVERYTHING  # of the person that the form is for

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            # A declared field is required even where the page only shows it.
            self.fields.pop("kind", None)
        slots = reverse("admin:syndication_output_slots")
        self.fields["cadence"].widget.attrs["data-pm-cadence"] = slots
        self.known = structure()
        known = seen_structure(self.known, self.rights)
        choices = {
            "kind": kind_choices(),
            "channel": [(code, label_of(channel)) for code, channel in known.channels.items()],
            "audience": [(c, label_of(a)) for c, a in known.audiences.items()],
            "locales": self._locales(known.locales),
            "time_zone": [(z, z) for z in sorted(available_timezones())],
            "select_families": [(c, label_of(f)) for c, f in known.families.items()],
            "select_categories": _category_choices(self.known, self._categories(known)),
        }
        if len(choices["select_families"]) > MANY and "select_families" in self.fields:
            self.fields["select_families"].widget = forms.SelectMultiple(attrs=SEARCHED)
            self.fields["select_families"].help_text = _("None chosen: all.")
        for name, found in choices.items():
            if name in self.fields:
                self.fields[name].choices = found
        self._fill()

    def _locales(self, known) -> list[tuple[str, str]]:
        """Return the locales to choose from: those seen, and those that the output has."""
        own = self.instance.locales or ()
        codes = {code for code, held in self.known.locales.items() if held.enabled}
        return [(c, c) for c in self.known.locales if c in own or (c in codes and c in known)]

    def _categories(self, known) -> set[str]:
        """Return the categories to choose from: those seen, and those that the output has."""
        own = (self.instance.selection or {}).get("categories") or ()
        return {*known.categories, *own} & self.known.categories.keys()

    def _fill(self):
        selection, guard = self.instance.selection or {}, self.instance.guard or {}
        self.initial["select_families"] = selection.get("families", [])
        self.initial["select_categories"] = selection.get("categories", [])
        self.initial["select_identifiers"] = "\n".join(selection.get("identifiers", []))
        for name, default in GUARD_DEFAULTS.items():
            self.initial[f"{GUARD}{name}"] = guard.get(name, default)
        options = self.instance.options or {}
        for option in options_of(self.instance):
            self.initial[f"{OPTION}{option.code}"] = options.get(option.code, option.default)

    def clean_cadence(self):
        text = self.cleaned_data["cadence"].strip()
        try:
            parse(text)
        except Refused as refused:
            raise forms.ValidationError(str(refused)) from refused
        return text

    def clean(self):
        cleaned = super().clean()
        channel = self.known.channels.get(cleaned.get("channel", ""))
        if channel is None:
            return cleaned
        if strange := set(cleaned.get("locales") or []) - set(channel.locales):
            self.add_error("locales", _("Not of this channel: %s.") % ", ".join(sorted(strange)))
        if not cleaned.get("locales"):
            self.add_error("locales", _("Tick at least one locale."))
        if cleaned.get("audience") not in channel.audiences:
            self.add_error("audience", _("Not an audience of this channel."))
        return cleaned

    def options_chosen(self) -> dict:
        """Return the output's options as the form has them; what is not valid stays as it was."""
        chosen = dict(self.instance.options or {})
        for option in options_of(self.instance):
            if f"{OPTION}{option.code}" in self.cleaned_data:
                chosen[option.code] = plain_number(self.cleaned_data[f"{OPTION}{option.code}"])
        return {k: v for k, v in chosen.items() if v not in (None, "", [])}

    def save(self, commit=True):
        cleaned, output = self.cleaned_data, self.instance
        picked = {
            "families": cleaned.get("select_families"),
            "categories": cleaned.get("select_categories"),
            "identifiers": cleaned.get("select_identifiers", "").replace(",", " ").split(),
        }
        kept = {k: v for k, v in (output.selection or {}).items() if k not in picked}
        output.selection = kept | {name: found for name, found in picked.items() if found}
        output.guard = {
            name: plain_number(cleaned[f"{GUARD}{name}"])
            for name, default in GUARD_DEFAULTS.items()
            if cleaned.get(f"{GUARD}{name}") not in (default, None)
        }
        output.options = self.options_chosen()
        return super().save(commit)


def options_of(output) -> tuple:
    """Return the options of an output's kind; none where the kind is not there."""
    try:
        return output_kind(output.kind).options if output and output.kind else ()
    except (KeyError, ImportError, AttributeError):
        return ()


def troubles_of(output) -> list[str]:
    """Return what is wrong with the kind of an output here, in words."""
    try:
        return output_kind(output.kind).troubles
    except (KeyError, ImportError, AttributeError):
        return []


def named(code: str) -> str:
    """Return the name of the field of an option."""
    return f"{OPTION}{code}"


def option_sets(output, *, title) -> list[tuple]:
    """Return the options of an output's kind as fieldsets, one a group, in order of appearance."""
    groups: dict[str, tuple] = {}
    for option in options_of(output):
        heading = f"{title}: {option.group}" if option.group else title
        groups.setdefault(str(heading), (heading, []))[1].append(named(option.code))
    return [(heading, {"fields": fields}) for heading, fields in groups.values()]


def dynamic_fields(output) -> dict:
    """Return the form fields of the guard and of the options of the output's kind."""
    locales = output.locales if output else []
    fields = {
        named(option.code): option_field(option, locales=locales, name=named)
        for option in options_of(output)
    }
    for name, default in GUARD_DEFAULTS.items():
        label = GUARD_LABELS[name]
        fields[f"{GUARD}{name}"] = (
            forms.BooleanField(label=label, required=False, widget=UnfoldBooleanSwitchWidget)
            if isinstance(default, bool)
            else forms.IntegerField(
                label=label, required=False, min_value=0, widget=UnfoldAdminIntegerFieldWidget
            )
        )
    return fields


def _category_choices(known, codes):
    named = [
        (code, " › ".join(label_of(known.categories[step]) for step in known.categories[code].path))
        for code in codes
    ]
    return sorted(named, key=lambda pair: pair[1].lower())
