"""Family variants: how a family's models split, on one or two levels."""

from collections import defaultdict
from collections.abc import Container

from django.db.models import QuerySet
from django.http import HttpRequest

from pim.actions.rest_documents import plain as forms
from pim.actions.rest_documents.forms import labels_out
from pim.models import Family, FamilyAttribute, FamilyVariant, FamilyVariantAttribute

from ..errors import not_found
from .changed import Changed
from .handlers import collection_view, item_view
from .hiding import hidden_from
from .resource import Owner, Resource


def _family(code: str) -> Family:
    found = Family.objects.filter(code=code).first()
    if found is None:
        raise not_found("family", code)
    return found


def _rows(family: Family) -> QuerySet:
    return FamilyVariant.objects.filter(family=family).order_by("code")


def _present(request: HttpRequest, rows: list[FamilyVariant]) -> list[dict]:
    hidden = hidden_from(request, "attribute")
    placed = _placed(rows, hidden)
    members = _members({row.family_id for row in rows}, hidden)
    return [_document(row, placed[row.pk], members[row.family_id]) for row in rows]


def _document(row: FamilyVariant, placed: list[tuple], members: list[str]) -> dict:
    below = {code for _level, code, _axis in placed}
    return {
        "code": row.code,
        "labels": labels_out(row.labels),
        "common_attributes": [code for code in members if code not in below],
        "variant_attribute_sets": [
            {
                "level": level,
                "axes": [code for n, code, axis in placed if n == level and axis],
                "attributes": sorted(code for n, code, _axis in placed if n == level),
            }
            for level in sorted({level for level, _code, _axis in placed})
        ],
    }


def _placed(
    rows: list[FamilyVariant], hidden: Container[str]
) -> dict[int, list[tuple[int, str, bool]]]:
    found: dict[int, list] = defaultdict(list)
    named = FamilyVariantAttribute.objects.filter(family_variant__in=rows)
    for variant, level, code, axis in named.order_by("level", "sort_order").values_list(
        "family_variant_id", "level", "attribute__code", "axis"
    ):
        if code not in hidden:
            found[variant].append((level, code, axis))
    return found


def _members(families: set[int], hidden: Container[str]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    named = FamilyAttribute.objects.filter(family_id__in=families).order_by("sort_order", "pk")
    for family, code in named.values_list("family_id", "attribute__code"):
        if code not in hidden:
            found[family].append(code)
    return found


VARIANTS = Resource(
    address="variants",
    kind="family_variants",
    renamed="family_variant",
    noun="familyvariant",
    what="family variant",
    types=forms.VARIANTS.types,
    ignored=forms.VARIANTS.ignored,
    read=forms.VARIANTS.read,
    rows=_rows,
    present=_present,
    search={"code": ("code", str), "updated": ("family_variant", Changed)},
    names={
        f"variant-{name}_{level}": "variant_attribute_sets"
        for name in ("axes", "attributes")
        for level in (1, 2)
    },
    owner=Owner("families", "family", _family, "family", lambda s: s.families),
)
variants = collection_view(VARIANTS, "GET", "POST", "PATCH")
variant = item_view(VARIANTS, "GET", "PATCH")
