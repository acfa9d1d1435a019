"""The rules that content is judged by: their list and their form."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import display
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from pim.actions.quality import delete_quality_rule, save_quality_rule
from pim.content.refusals import Refused
from pim.content.seen import seen_structure
from pim.models import ROLES, QualityRule
from pim.queries.profiles import seen_profiles
from pim.queries.structure import load_structure

from .base import PimModelAdmin, chip
from .context import label_of, working_context
from .limits import actor_of, rights_of_request
from .localized import LocalizedField, enabled_locales


class QualityRuleForm(forms.Form):
    """A rule with the parameters of its kind."""

    code = forms.CharField(label=_("Code"), max_length=100, widget=UnfoldAdminTextInputWidget)
    kind = forms.ChoiceField(
        label=_("Kind"), choices=QualityRule._meta.get_field("kind").choices,
        widget=forms.Select(attrs={"class": "pm-select"}),
    )  # fmt: skip
    weight = forms.IntegerField(
        label=_("Weight"), min_value=1, max_value=1000, initial=10,
        widget=UnfoldAdminIntegerFieldWidget,
        help_text=_("How much of the score depends on it, beside the weights of the others."),
    )  # fmt: skip
    enabled = forms.BooleanField(
        label=_("Enabled"), required=False, initial=True, widget=UnfoldBooleanSwitchWidget
    )
    channels = forms.MultipleChoiceField(required=False, label=_("Only in these channels"))
    locales = forms.MultipleChoiceField(required=False, label=_("Only in these locales"))
    families = forms.MultipleChoiceField(required=False, label=_("Only these families"))
    roles = forms.MultipleChoiceField(
        required=False, label=_("Attributes of these semantic roles"), choices=ROLES
    )
    attributes = forms.MultipleChoiceField(required=False, label=_("These attributes"))
    min = forms.IntegerField(
        label=_("At least … characters"), required=False, min_value=0,
        widget=UnfoldAdminIntegerFieldWidget,
    )  # fmt: skip
    max = forms.IntegerField(
        label=_("At most … characters"), required=False, min_value=0,
        widget=UnfoldAdminIntegerFieldWidget,
    )  # fmt: skip
    mm = forms.DecimalField(
        label=_("Printed size in millimetres"), required=False, min_value=1,
        widget=UnfoldAdminDecimalFieldWidget,
    )  # fmt: skip
    dpi = forms.IntegerField(
        label=_("Dots per inch"), required=False, min_value=1,
        widget=UnfoldAdminIntegerFieldWidget,
    )  # fmt: skip

    LISTS = ("families", "roles", "attributes")
    PARAMS = {"length": ("min", "max"), "image_resolution": ("mm", "dpi"),
              "forbidden_words": ("words",)}  # fmt: skip

    def __init__(self, *args, row: QualityRule | None, structure, locale: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.row = row
        choices = {
            "channels": structure.channels,
            "families": structure.families,
            "attributes": structure.attributes,
        }
        for name, known in choices.items():
            self.fields[name].choices = [(c, label_of(d, locale)) for c, d in known.items()]
        locales = [code for code in enabled_locales() if code in structure.locales]
        self.fields["locales"].choices = [(c, c) for c in locales]
        for name in (*choices, "locales", "roles"):
            self.fields[name].widget = forms.CheckboxSelectMultiple(
                attrs={"class": "pm-checks"}, choices=self.fields[name].choices
            )
        self.fields["labels"] = LocalizedField(locales=locales, compact="yes", label=_("Name"))
        self.fields["words"] = LocalizedField(
            locales=locales, rows=2, label=_("Forbidden words"),
            help_text=_("Separated by commas."),
        )  # fmt: skip
        if row:
            self.fields["code"].disabled = self.fields["kind"].disabled = True
            self.initial = _initial(row)
            for kind, names in self.PARAMS.items():
                for name in names if kind != row.kind else ():
                    del self.fields[name]
        self.order_fields(["code", "labels", "kind", "weight", "enabled"])

    def parts(self) -> list[dict]:
        """Return the fields as the page shows them: long lists folded, with how many are ticked."""
        return [
            {
                "field": field,
                "folded": field.name in self.LISTS,
                "ticked": len(field.value() or ()) if field.name in self.LISTS else 0,
            }
            for field in self
        ]

    def document(self) -> dict:
        """Return the fields of the rule as its action takes them."""
        given = self.cleaned_data
        params = {n: given[n] for n in self.PARAMS.get(given["kind"], ()) if given.get(n)}
        if "words" in params:
            params["words"] = {
                locale: words
                for locale, text in params["words"].items()
                if (words := [w.strip() for w in text.replace("\n", ",").split(",") if w.strip()])
            }
        if "mm" in params:
            params["mm"] = float(params["mm"])
        names = ("kind", "weight", "enabled", "channels", "locales", "families", "roles",
                 "attributes")  # fmt: skip
        return {n: given[n] for n in names} | {"labels": given["labels"] or {}, "params": params}


def _initial(row: QualityRule) -> dict:
    names = ("code", "labels", "kind", "weight", "enabled", "channels", "locales", "families",
             "roles", "attributes")  # fmt: skip
    params = {k: v for k, v in row.params.items() if k != "words"}
    words = {loc: ", ".join(held) for loc, held in (row.params.get("words") or {}).items()}
    return {name: getattr(row, name) for name in names} | params | {"words": words}


@admin.register(QualityRule)
class QualityRuleAdmin(PimModelAdmin):
    """What content is judged by."""

    list_display = ("title", "kind_chip", "weight", "where", "state")
    list_display_links = None
    list_filter = ("kind", "enabled")
    search_fields = ("code", "labels")

    def get_queryset(self, request):
        return seen_profiles(super().get_queryset(request), rights_of_request(request))

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        row = self.get_object(request, object_id) if object_id else None
        may = self.has_change_permission(request, row) if row else self.has_add_permission(request)
        readable = may or (row and self.has_view_permission(request, row))
        if (object_id and row is None) or not readable or (request.method == "POST" and not may):
            raise PermissionDenied
        structure = seen_structure(load_structure(), rights_of_request(request))
        locale = working_context(request, structure).locale
        form = QualityRuleForm(request.POST or None, row=row, structure=structure, locale=locale)
        if request.method == "POST" and form.is_valid() and self._saved(request, form):
            return HttpResponseRedirect(reverse("admin:pim_qualityrule_changelist"))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": row.label() if row else translate("New quality rule"),
            "row": row,
            "form": form,
            "may_save": may,
            "may_delete": bool(row) and self.has_delete_permission(request, row),
        }
        return TemplateResponse(request, "admin/pim/quality_rule.html", context)

    def _saved(self, request, form) -> bool:
        try:
            save_quality_rule(
                form.cleaned_data["code"],
                actor=actor_of(request),
                at=timezone.now(),
                **form.document(),
            )
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None,
                           refused.say(translate))  # fmt: skip
            return False
        words = translate("The rule is saved; scores follow within a minute or two.")
        messages.success(request, words)
        return True

    def delete_model(self, request, obj):
        delete_quality_rule(obj, actor=actor_of(request), at=timezone.now())

    def delete_queryset(self, request, queryset):
        for obj in queryset:
            self.delete_model(request, obj)

    @display(description=_("rule"), ordering="code")
    def title(self, obj):
        href = reverse("admin:pim_qualityrule_change", args=[obj.pk])
        template = '<a class="pm-title" href="{}"><strong>{}</strong><small>{}</small></a>'
        return format_html(template, href, obj.label(), obj.code)

    @display(description=_("kind"), ordering="kind")
    def kind_chip(self, obj):
        return chip(obj.get_kind_display())

    @display(description=_("only in"))
    def where(self, obj):
        return ", ".join([*obj.channels, *obj.locales, *obj.families]) or translate("everywhere")

    @display(description=_("state"), ordering="enabled")
    def state(self, obj):
        return chip(_("on"), "good") if obj.enabled else chip(_("off"))
