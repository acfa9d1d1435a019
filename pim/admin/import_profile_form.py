"""The form of an import profile: its options as fields, its columns as a document."""

import re

from anyascii import anyascii
from django import forms
from django.utils.translation import gettext_lazy as _

from pim.actions.import_options import EMPTY, MODES
from pim.actions.import_sources import ENDINGS
from pim.models import ImportProfile

ROW_KINDS = [
    ("products", _("articles")),
    ("product_models", _("models")),
]
MODE_WORDS = {
    "upsert": _("make new ones and change known ones"),
    "create": _("only make new ones"),
    "update": _("only change known ones"),
}
EMPTY_WORDS = {"clear": _("takes the value away"), "keep": _("leaves the value as it is")}


class ProfileForm(forms.ModelForm):
    """The profile with its options as fields; the columns come as a document."""

    kind = forms.ChoiceField(choices=ROW_KINDS, required=False)
    mapping = forms.JSONField(required=False, widget=forms.HiddenInput)
    mode = forms.ChoiceField(choices=[(m, MODE_WORDS[m]) for m in MODES], required=False)
    empty = forms.ChoiceField(choices=[(e, EMPTY_WORDS[e]) for e in EMPTY], required=False)
    publish = forms.BooleanField(required=False)
    fetch = forms.BooleanField(required=False)
    decimal_comma = forms.BooleanField(required=False)
    locale = forms.CharField(required=False, max_length=35)
    currency = forms.CharField(required=False, max_length=3)
    fetch_now = forms.BooleanField(required=False)

    class Meta:
        model = ImportProfile
        fields = (
            "code", "name", "source", "location", "sample", "enabled", "cadence", "time_zone",
            "mapping",
        )  # fmt: skip

    OPTIONS = ("mode", "empty", "publish", "fetch", "decimal_comma", "locale", "currency")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].required = False

    def clean_code(self):
        """Make a code of the name where none is given."""
        name = anyascii(self.data.get("name", "")).lower()
        code = self.cleaned_data["code"] or re.sub(r"[^a-z0-9]+", "_", name).strip("_")[:100]
        if not code:
            raise forms.ValidationError(_("Give the profile a name."))
        return code

    def clean_sample(self):
        sample = self.cleaned_data["sample"]
        if sample and hasattr(sample, "content_type") and not sample.name.lower().endswith(ENDINGS):
            raise forms.ValidationError(_("Upload one of: %s.") % ", ".join(ENDINGS))
        return sample

    def filled(self) -> ImportProfile:
        """Return the profile as the form says, not saved yet."""
        profile, data = self.instance, self.cleaned_data
        profile.options = {name: data[name] for name in self.OPTIONS if data[name] != ""}
        columns = (data.get("mapping") or {}).get("columns") or []
        profile.mapping = (
            {"kind": data["kind"] or "products", "columns": columns} if columns else {}
        )
        return profile
