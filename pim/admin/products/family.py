"""Giving a product another family: what it would lose, keep and lack, then for good."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from pim.actions.family_change import FamilyChange, change_family
from pim.content.refusals import Refused
from pim.content.rights import Level
from pim.content.structure import Structure
from pim.models import MODEL, Product
from pim.queries.rights import rights_of, rights_on, visible_products
from pim.queries.structure import load_structure

from ..base import actor_of
from ..context import label_of, told_apart, working_context
from .plain import plain_value

_SELECT = {"class": "pm-select"}


class FamilyForm(forms.Form):
    """The new family; for models the way it splits into variants."""

    family = forms.ChoiceField(label=_("New family"), widget=forms.Select(attrs=_SELECT))
    variant = forms.ChoiceField(label=_("Family and variants"), widget=forms.Select(attrs=_SELECT))
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, product: Product, structure: Structure, locale: str, **kwargs):
        super().__init__(*args, **kwargs)
        label = {code: label_of(f, locale) for code, f in structure.families.items()}
        if product.role == MODEL:
            del self.fields["family"]
            found = {
                code: f"{label[v.family]} · {label_of(v, locale)}"
                for code, v in structure.family_variants.items()
            }
            self.fields["variant"].choices = told_apart(found)
        else:
            del self.fields["variant"]
            self.fields["family"].choices = [("", translate("(no family)")), *told_apart(label)]
            self.fields["family"].required = False
        self.structure = structure

    @property
    def choice(self) -> str:
        """What is chosen: the code of the family variant, of items that of the family."""
        return self.cleaned_data.get("variant") or self.cleaned_data.get("family") or ""

    @property
    def seen(self) -> bool:
        """Whether the person has seen what this very choice does, and wants it."""
        return "change" in self.data and self.data.get("previewed") == self.choice

    def wish(self) -> dict:
        """Return the arguments of `change_family`."""
        given = self.cleaned_data
        wish = {"expected_version": given["version"]}
        if "variant" not in given:
            return {**wish, "family": given["family"]}
        variant = self.structure.family_variants[given["variant"]]
        return {**wish, "family": variant.family, "family_variant": variant.code}


def family_view(model_admin, request, pk):
    """Ask for the new family; a POST shows what it does, or with `change` does it."""
    rights = rights_of(request.user)
    product = get_object_or_404(visible_products(Product.objects.all(), rights), pk=pk)
    owns = rights_on([pk], rights)[pk].structure >= Level.OWN
    if not model_admin.has_change_permission(request, product) or not owns:
        raise PermissionDenied
    structure = load_structure()
    locale = working_context(request, structure).locale
    initial = {"version": product.row_version, "family": getattr(product.family, "code", ""),
               "variant": getattr(product.family_variant, "code", "")}  # fmt: skip
    form = FamilyForm(
        request.POST or None, initial=initial, product=product, structure=structure, locale=locale
    )
    change = None
    if request.method == "POST" and form.is_valid() and not product.parent_id:
        change = _change(request, product, form)
        if change and form.seen:
            messages.success(request, _done(change))
            return HttpResponseRedirect(reverse("admin:pim_product_change", args=[pk]))
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": f"{product.identifier} · {translate('Change the family')}",
        "product": product,
        "model": visible_products(Product.objects.filter(pk=product.parent_id), rights).first(),
        "family": label_of(structure.families[product.family.code], locale)
        if product.family else "",
        "form": form,
        **(_shown(change, structure, locale) if change else {}),
    }  # fmt: skip
    return TemplateResponse(request, "admin/pim/product/family.html", context)


def _change(request, product: Product, form: FamilyForm) -> FamilyChange | None:
    try:
        return change_family(
            product.pk,
            **form.wish(),
            actor=actor_of(request),
            at=timezone.now(),
            dry_run=not form.seen,
        )
    except Refused as refused:
        form.add_error(None, refused.say(translate))
        return None


def _done(change: FamilyChange) -> str:
    if len(change.products) == 1:
        return translate("The family is changed. Its versions bring back what was before.")
    return translate(
        "The family is changed, with %(count)s variants. Versions bring back what was before."
    ) % {"count": len(change.products) - 1}


def _shown(change: FamilyChange, structure: Structure, locale: str) -> dict:
    def label(code: str) -> str:
        known = structure.attributes.get(code)
        return label_of(known, locale) if known else code

    def row(one) -> dict:
        known = structure.attributes.get(one.attribute)
        value = plain_value(known, one.data, structure, locale) if known else str(one.data)
        place = " · ".join(part for part in (one.channel, one.locale) if part)
        return {"product": one.product, "label": label(one.attribute), "place": place,
                "value": value}  # fmt: skip

    missing = sorted({(label(a), loc, channel) for channel, a, loc in change.missing})
    return {
        "seen": True,
        "count": len(change.products) - 1,
        "lost": [row(one) for one in change.lost if not one.moved],
        "moved": [row(one) for one in change.lost if one.moved],
        "kept": [label(code) for code in change.kept],
        "stays_out": [label(code) for code in change.stays_out],
        "missing": missing,
    }
