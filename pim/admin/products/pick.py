"""Answers for pickers: products, records, groups and the branches of category trees."""

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from pim.content.gtins import gtin14
from pim.content.rights import Rights
from pim.models import Category, FilterValue, Group, Product, ReferenceRecord
from pim.queries.gtins import numbered
from pim.queries.indexed import name_attributes
from pim.queries.rights import visible_index
from pim.queries.structure import load_structure

from ..assets import thumb_url
from ..categories import seen_children, subtree_counts
from ..context import label_of, working_context
from ..limits import rights_of_request, seen_products
from .controls import holding_words, option_items
from .state import faces, pictures

SHOWN = 30


def pick_products(request):
    """Answer products by ?q=, or those named by ?codes=; ?by=uuid names them by uuid."""
    _allow(request, "pim.view_product")
    by_uuid = request.GET.get("by") == "uuid"
    found = seen_products(request).order_by("identifier")
    codes = [code for code in request.GET.get("codes", "").split(",") if code]
    if codes:
        found = found.filter(**{"uuid__in" if by_uuid else "identifier__in": codes})
    elif words := request.GET.get("q", "").strip():
        found = found.filter(matching(words, rights_of_request(request)))
    structure = load_structure()
    context = working_context(request, structure)
    products = list(found[:SHOWN])
    shown = faces([p.pk for p in products], context, structure)
    thumbs = pictures(look.image for look in shown.values())
    results = [_product_card(p, shown[p.pk], thumbs, by_uuid) for p in products]
    return JsonResponse({"results": results})


def matching(words: str, rights: Rights) -> Q:
    """Return the test for products whose identifier or texts hold the words, or whose GTIN they
    are, that of a case or pallet included.

    Who may not see every text is answered by names alone, which are kept by their address.
    """
    found = Q(identifier__icontains=words)
    if gtin14(words):
        rows = numbered(words, rights, load_structure())
        found |= Q(pk__in=rows.values("product_id"))
    if rights.unlimited:
        held = Product.objects.filter(drafts__values__icontains=words)
        return found | Q(pk__in=held.values("pk"))
    structure = load_structure()
    ids = [structure.attributes[code].id for code in name_attributes(structure)]
    rows = visible_index(FilterValue.objects.order_by(), ids, rights, structure)
    return found | Q(pk__in=rows.filter(text__icontains=words).values("product_id"))


def _product_card(product, look, thumbs, by_uuid):
    picture = thumbs.get(look.image)
    return {
        "code": str(product.uuid) if by_uuid else product.identifier,
        "label": look.name or product.identifier,
        "hint": product.identifier,
        "thumb": thumb_url(*picture) if picture else "",
        "href": reverse("admin:pim_product_change", args=[product.pk]),
    }


def pick_records(request):
    """Answer records of ?entity= by ?q= or ?codes=."""
    _allow(request, "pim.view_product")
    found = ReferenceRecord.objects.filter(entity__code=request.GET.get("entity", ""))
    codes = [code for code in request.GET.get("codes", "").split(",") if code]
    if codes:
        found = found.filter(code__in=codes)
    elif words := request.GET.get("q", "").strip():
        found = found.filter(Q(code__icontains=words) | Q(labels__icontains=words))
    locale = working_context(request).locale
    results = [
        {
            "code": record.code,
            "label": label_of(record, locale),
            "hint": record.code,
            "href": reverse("admin:pim_referencerecord_change", args=[record.pk]),
        }
        for record in found[:SHOWN]
    ]
    return JsonResponse({"results": results})


def pick_options(request):
    """Answer options of ?attribute= by ?q= or ?codes=."""
    _allow(request, "pim.view_product")
    structure = load_structure()
    context = working_context(request, structure)
    attribute = structure.attributes.get(request.GET.get("attribute", ""))
    if attribute is None or not context.rights.attribute(attribute):
        return JsonResponse({"results": []})
    items = option_items(attribute, structure, context.locale)
    if codes := set(request.GET.get("codes", "").split(",")) - {""}:
        items = [item for item in items if item["code"] in codes]
    elif words := request.GET.get("q", "").strip():
        items = holding_words(items, words)
    return JsonResponse({"results": [{**i, "hint": i["code"]} for i in items[:SHOWN]]})


def pick_groups(request):
    """Answer product groups."""
    _allow(request, "pim.view_product")
    found = Group.objects.all()
    if codes := [code for code in request.GET.get("codes", "").split(",") if code]:
        found = found.filter(code__in=codes)
    elif words := request.GET.get("q", "").strip():
        found = found.filter(Q(code__icontains=words) | Q(labels__icontains=words))
    locale = working_context(request).locale
    results = [
        {"code": g.code, "label": label_of(g, locale), "hint": g.code} for g in found[:SHOWN]
    ]
    return JsonResponse({"results": results})


def pick_branch(request):
    """Answer the children of a category (?of=code), with the counts of their branches."""
    _allow(request, "pim.view_product")
    code = request.GET.get("of", "")
    parent = get_object_or_404(Category, code=code) if code else None
    children = list(seen_children(request, parent))
    counts = subtree_counts(children, request) if request.GET.get("counts") else {}
    deeper = set(
        Category.objects.filter(parent__in=children).values_list("parent_id", flat=True).distinct()
    )
    locale = working_context(request).locale
    results = [
        {
            "code": child.code,
            "label": label_of(child, locale),
            "deeper": child.pk in deeper,
            "count": counts.get(child.pk),
        }
        for child in children
    ]
    return JsonResponse({"results": results})


def _allow(request, permission):
    if not request.user.has_perm(permission):
        raise PermissionDenied
