"""Families: which attributes a product has, and what each channel requires."""

from collections import defaultdict
from collections.abc import Container

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest

from pim.actions.rest_documents import plain as forms
from pim.actions.rest_documents.forms import labels_out
from pim.models import Attribute, Family, FamilyAttribute, Product, Requirement

from .changed import Changed
from .handlers import collection_view, item_view
from .hiding import hidden_from
from .resource import Resource


def _rows(_owner) -> QuerySet:
    rows = Family.objects.select_related("label_attribute", "image_attribute")
    used = Product.objects.filter(family=OuterRef("pk"))
    return rows.annotate(used=Exists(used)).order_by("code")


def _present(request: HttpRequest, rows: list[Family]) -> list[dict]:
    attributes, channels = hidden_from(request, "attribute"), hidden_from(request, "channel")
    members = _members(rows, attributes)
    required = _required(rows, attributes, channels)
    return [
        {
            "code": row.code,
            "attributes": members[row.pk],
            "attribute_as_label": _code(row.label_attribute, attributes),
            "attribute_as_image": _code(row.image_attribute, attributes),
            "attribute_requirements": dict(sorted(required[row.pk].items())),
            "labels": labels_out(row.labels),
        }
        for row in rows
    ]


def _code(attribute: Attribute | None, hidden: Container[str]) -> str | None:
    return attribute.code if attribute and attribute.code not in hidden else None


def _members(rows: list[Family], hidden: Container[str]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    # In the order of the house: what is read and sent back changes nothing.
    named = FamilyAttribute.objects.filter(family__in=rows).order_by("sort_order", "pk")
    for family, code in named.values_list("family_id", "attribute__code"):
        if code not in hidden:
            found[family].append(code)
    return found


def _required(
    rows: list[Family], attributes: Container[str], channels: Container[str]
) -> dict[int, dict[str, list[str]]]:
    found: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    named = Requirement.objects.filter(family__in=rows).order_by("attribute__code")
    for family, channel, code in named.values_list("family_id", "channel__code", "attribute__code"):
        if code not in attributes and channel not in channels:
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
