"""The form of a remodelling: what an operation asks for, each with the right input."""

import csv
import io

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from pim.actions.remodel import OPERATIONS
from pim.actions.remodel.renaming import NOUNS
from pim.content.conversion import CONVERTIBLE
from pim.content.structure import FamilyVariantDef, Structure
from pim.models import KINDS

LABELS = {
    "kind": _("What"),
    "owner": _("Whose"),
    "code": _("Code today"),
    "to": _("New code"),
    "names": _("Identifiers"),
    "attribute": _("Attribute"),
    "options": _("Options to merge"),
    "into": _("Into"),
    "accept_loss": _("Lose what does not fit"),
    "family": _("Family"),
    "family_variant": _("Family variant"),
    "level": _("Level"),
}
NOUN_LABELS = {
    "attribute": _("Attribute"),
    "option": _("Option"),
    "record": _("Reference record"),
    "family": _("Family"),
    "family_variant": _("Family variant"),
    "category": _("Category"),
    "group": _("Product group"),
    "association_type": _("Association type"),
}
# What has to be known before a field can be asked for.
AFTER = {
    "merge_options": {"options": "attribute", "into": "attribute"},
    "rename": {"owner": "kind", "code": "kind", "to": "kind"},
    "move_level": {"attribute": "family_variant", "level": "attribute"},
    "remove_from_family": {"attribute": "family"},
}


class RemodelForm(forms.Form):
    """Asks step by step: fields that depend on others come once those are filled."""

    def __init__(self, operation: str, *args, structure: Structure, **kwargs):
        super().__init__(*args, **kwargs)
        self.operation, self.structure = operation, structure
        self.waiting = False
        for name in OPERATIONS[operation].asks:
            if (first := AFTER.get(operation, {}).get(name)) and not self.known(first):
                self.waiting = True
            elif field := self._field(name):
                self.fields[name] = field

    def known(self, name: str) -> str:
        """Return what was given for a field so far."""
        return (self.data if self.is_bound else self.initial).get(name) or ""

    def params(self) -> dict:
        """Return the parameters of the operation."""
        found = {k: v for k, v in self.cleaned_data.items() if v not in (None, "", [])}
        if "names" in found:
            found["names"] = dict(found["names"])
        return found

    def clean_names(self):
        text = self.cleaned_data["names"]
        # Two columns that are copied from a spreadsheet come with a tab between them.
        rows = list(csv.reader(io.StringIO(text), delimiter="\t" if "\t" in text else ";"))
        pairs = [tuple(cell.strip() for cell in row) for row in rows if any(row)]
        for place, pair in enumerate(pairs, 1):
            if len(pair) != 2 or not all(pair):
                raise forms.ValidationError(
                    translate("Line %(line)s: write the old and the new identifier as old;new."),
                    params={"line": place},
                )
        return pairs

    def _field(self, name: str) -> forms.Field | None:
        # The command may leave the level out and mean the model; here it is chosen.
        optional = name in OPERATIONS[self.operation].optional and name != "level"
        converts = name == "to" and self.operation == "convert"
        common = {"label": _("New kind") if converts else LABELS[name], "required": not optional}
        if name == "owner":
            return self._owner(common)
        if name == "accept_loss":
            return forms.BooleanField(widget=UnfoldBooleanSwitchWidget, **common)
        if name == "names":
            help_text = _("One product a line: old;new, or two columns of a spreadsheet")
            widget = UnfoldAdminTextareaWidget(attrs={"rows": 6, "spellcheck": "false"})
            return forms.CharField(widget=widget, help_text=help_text, **common)
        if name == "options":
            widget = forms.CheckboxSelectMultiple(attrs={"class": "pm-checks"})
            choices = self._choices("into")
            return forms.MultipleChoiceField(choices=choices, widget=widget, **common)
        choices = self._choices(name)
        if choices is None:
            return forms.CharField(widget=UnfoldAdminTextInputWidget, **common)
        blank = [("", "–"), *choices]
        if name == "level":
            common["help_text"] = self._lives()
        return forms.ChoiceField(choices=blank, widget=UnfoldAdminSelectWidget, **common)

    def _owner(self, common: dict) -> forms.Field | None:
        kind = self.known("kind")
        owners = {
            "option": [a for a in self.structure.attributes.values() if a.code in self._optioned],
            "record": self.structure.entities.values(),
        }.get(kind)
        if owners is None:
            return None
        choices = [("", "–"), *_named(owners)]
        return forms.ChoiceField(
            choices=choices, widget=UnfoldAdminSelectWidget, **{**common, "required": True}
        )

    @property
    def _optioned(self):
        return self.structure.options

    def _choices(self, name: str) -> list[tuple[str, str]] | None:
        """Return what can be chosen for a field, None where it is typed."""
        structure = self.structure
        if name == "to" and self.operation == "convert":
            return [(code, label) for code, label in KINDS if code in CONVERTIBLE]
        if name == "level":
            return self._levels()
        if name == "into":
            return _named(structure.options.get(self.known("attribute"), {}).values())
        if name == "kind":
            return [(code, NOUN_LABELS[code]) for code in NOUNS]
        found = {
            "attribute": self._attributes(),
            "family": structure.families.values(),
            "family_variant": structure.family_variants.values(),
        }.get(name)
        return None if found is None else _named(found)

    def _levels(self) -> list[tuple[str, str]]:
        """Return the levels of the family variant but that on which the attribute lives."""
        variant = self.structure.family_variants.get(self.known("family_variant"))
        if variant is None:
            return []
        lives = variant.levels.get(self.known("attribute"), 0)
        others = [n for n in range(variant.depth + 1) if n != lives]
        return [(str(n), _level(variant, n, self.structure)) for n in others]

    def _lives(self) -> str:
        variant = self.structure.family_variants.get(self.known("family_variant"))
        if variant is None:
            return ""
        lives = variant.levels.get(self.known("attribute"), 0)
        words = _level(variant, lives, self.structure)
        return translate("Today it lives on: %(level)s.") % {"level": words}

    def _attributes(self):
        found = self._of_family(self.structure.attributes.values())
        if self.operation == "merge_options":
            return [a for a in found if a.code in self.structure.options]
        if self.operation == "convert":
            return [a for a in found if a.kind in CONVERTIBLE]
        return found

    def _of_family(self, attributes) -> list:
        """Keep the attributes of the family that was named; axes stay where they are."""
        variant = self.structure.family_variants.get(self.known("family_variant"))
        family = self.structure.families.get(variant.family if variant else self.known("family"))
        if family is None:
            return list(attributes)
        axes = [code for codes in variant.axes.values() for code in codes] if variant else []
        return [a for a in attributes if a.code in family.attributes and a.code not in axes]


def _level(variant: FamilyVariantDef, level: int, structure: Structure) -> str:
    """Return a level in words: the model, or what its axes tell apart."""
    if not level:
        return translate("the model")
    axes = [structure.attributes[code] for code in variant.axes.get(level, ())]
    names = ", ".join(_label(axis) for axis in axes)
    if level < variant.depth:
        return translate("sub-models by %(axes)s") % {"axes": names}
    return translate("variants by %(axes)s") % {"axes": names}


def _named(rows) -> list[tuple[str, str]]:
    """Return (code, label with code) in the order of the labels."""
    shown = [(row.code, _label(row)) for row in rows]
    return sorted(shown, key=lambda pair: pair[1].casefold())


def _label(row) -> str:
    spoken = (get_language() or "en").split("-")[0]
    label = row.labels.get(spoken) or row.labels.get("en") or next(iter(row.labels.values()), "")
    return f"{label} ({row.code})" if label and label != row.code else row.code
