"""Families: which attributes a product has, and what each channel requires."""

from collections import defaultdict

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest

from pim.actions.rest_documents import plain as forms
from pim.actions.rest_documents.forms import labels_out
from pim.models import Family, FamilyAttribute, Product, Requirement

from .changed import Changed
from .resource import Resource, collection_view, item_view


def _rows(_owner) -> QuerySet:
    rows = Family.objects.select_related("label_attribute", "image_attribute")
    used = Product.objects.filter(family=OuterRef("pk"))
    return rows.annotate(used=Exists(used)).order_by("code")


def _present(_request: HttpRequest, rows: list[Family]) -> list[dict]:
    members, required = _members(rows), _required(rows)
    return [
        {
            "code": row.code,
            "attributes": members[row.pk],
            "attribute_as_label": row.label_attribute.code if row.label_attribute else None,
            "attribute_as_image": row.image_attribute.code if row.image_attribute else None,
            "attribute_requirements": dict(sorted(required[row.pk].items())),
            "labels": labels_out(row.labels),
        }
        for row in rows
    ]


def _members(rows: list[Family]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    # In the order of the house: what is read and sent back changes nothing.
    named = FamilyAttribute.objects.filter(family__in=rows).order_by("sort_order", "pk")
    for family, code in named.values_list("family_id", "attribute__code"):
        found[family].append(code)
    return found


def _required(rows: list[Family]) -> dict[int, dict[str, list[str]]]:
    found: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    named = Requirement.objects.filter(family__in=rows).order_by("attribute__code")
    for family, channel, code in named.values_list("family_id", "channel__code", "attribute__code"):
        found[family][channel].append(code)
    return found


FAMILIES = Resource(
    address="families",
    kind="families",
    renamed="family",
    noun="family",
    what="family",
    types=forms.FAMILIES.types,
    read=forms.FAMILIES.read,
    rows=_rows,
    present=_present,
    search={
        "code": ("code", str),
        "has_products": ("used", bool),
        "updated": ("family", Changed),
    },
    names={
        "label_attribute": "attribute_as_label",
        "image_attribute": "attribute_as_image",
        "requirements": "attribute_requirements",
    },
)
families = collection_view(FAMILIES, "GET", "POST", "PATCH")
family = item_view(FAMILIES, "GET", "PATCH")
