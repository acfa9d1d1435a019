"""What the desk shows to whom: the rights of a request, and lists narrowed to what they reach."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponseRedirect
from django.utils.translation import gettext as translate

from pim.content.actor import Actor
from pim.content.definitions import definition_level, needed_level
from pim.content.rights import COMMON, Level, Rights
from pim.content.structure import Structure
from pim.models import PriceList, Product
from pim.queries.rights import rights_of, visible_jobs, visible_products
from pim.queries.structure import load_structure

# Kinds of structure that may be hidden, and the column that says by what.
SCOPED = {
    "attribute": "group__code",
    "attribute_group": "code",
    "locale": "code",
    "channel": "code",
    "category": "code",
}


# Kinds of changes that are told only to who has no limits.
CLOSED = ("role", "connection")


def rights_of_request(request) -> Rights:
    """Return what the person at the desk may do with the content."""
    return rights_of(request.user)


def actor_of(request) -> Actor:
    """Return who is writing, with what they may."""
    return Actor(request.user.get_username(), "admin", rights_of_request(request))


def seen_products(request):
    """Return the products that the person may see."""
    return visible_products(Product.objects.all(), rights_of_request(request))


def seen_by_product(request, queryset, *, path: str = "product"):
    """Return the rows whose product the person may see."""
    if rights_of_request(request).unlimited:
        return queryset
    return queryset.filter(**{f"{path}__in": seen_products(request).order_by().values("pk")})


def seen_changes(request, queryset):
    """Return the changes of products that may be seen, and of the structure; not of people."""
    if rights_of_request(request).unlimited:
        return queryset
    structure = Q(product_id__isnull=True)
    for kind in CLOSED:
        structure &= ~Q(subject__startswith=f"{kind}:")
    seen = seen_products(request).order_by().values("pk")
    return queryset.filter(structure | Q(product_id__in=seen))


def seen_jobs(request, queryset):
    """Return the jobs that the person may read."""
    return visible_jobs(queryset, request.user)


def seen_count(request, name: str, *, distinct: bool = False) -> Count:
    """Return the count of a relation to products, of those that the person may see."""
    if rights_of_request(request).unlimited:
        return Count(name, distinct=distinct)
    return Count(
        name,
        distinct=distinct,
        filter=Q(**{f"{name}__in": seen_products(request).order_by().values("pk")}),
    )


def seen_channels(structure: Structure, rights: Rights) -> dict:
    """Return {code: channel} of those that may be seen, in their order."""
    return {code: c for code, c in structure.channels.items() if rights.channel(code)}


def seen_locales(codes, rights: Rights) -> list[str]:
    """Return the locales that may be seen, in the order given."""
    return [code for code in codes if rights.locale(code)]


def shown_categories(structure: Structure, rights: Rights) -> set[str]:
    """Return the categories that may be seen and those on the way to them."""
    seen = [c for code, c in structure.categories.items() if rights.category(code, structure)]
    return {code for category in seen for code in category.path}


def seen_price_lists(request) -> list[int] | None:
    """Return the ids of the price lists of channels that may be seen; None for all."""
    rights = rights_of_request(request)
    if rights.unlimited:
        return None
    held: dict[int, list[str]] = {}
    for pk, code in PriceList.objects.values_list("pk", "channels__code"):
        held.setdefault(pk, []).append(code or COMMON)
    return [pk for pk, codes in held.items() if any(rights.channel(code) for code in codes)]


def hidden_definitions(request, kind: str) -> list[str]:
    """Return the codes of the groups, locales, channels or categories that are not shown.

    `kind` is one of SCOPED; of attributes, those are their groups. Other kinds hide nothing.
    """
    rights = rights_of_request(request)
    if rights.unlimited or kind not in SCOPED:
        return []
    structure = load_structure()
    known = {
        "attribute": structure.groups,
        "attribute_group": structure.groups,
        "locale": structure.locales,
        "channel": structure.channels,
        "category": structure.categories,
    }[kind]
    of = "attribute_group" if kind == "attribute" else kind
    if kind == "category":
        return sorted(set(known) - shown_categories(structure, rights))
    return [code for code in known if not definition_level(rights, of, code, structure)]


def may_define(request, kind: str, code: str) -> bool:
    """Return whether the person may change a row of the structure."""
    rights = rights_of_request(request)
    if rights.unlimited:
        return True
    return definition_level(rights, kind, code, load_structure()) >= needed_level(kind)


def may_define_some(request, kind: str) -> bool:
    """Return whether the person may make rows of a kind of structure somewhere."""
    rights = rights_of_request(request)
    if rights.unlimited or kind in ("", "asset"):
        return rights.unlimited or rights.locale(COMMON) >= Level.EDIT
    structure = load_structure()
    codes = {
        "attribute": structure.attributes,
        "option": structure.attributes,
        "category": structure.categories,
    }.get(kind, ())
    levels = [definition_level(rights, kind, code, structure) for code in ("", *codes)]
    areas = {"attribute_group": "group", "locale": "locale", "channel": "channel"}
    if kind in areas:
        levels = [rights.rest(areas[kind])]
    return max(levels) >= needed_level(kind)


class UnlimitedOnly:
    """Pages of what reaches everything, such as roles and keys: closed to who has limits."""

    def _whole(self, request) -> bool:
        return rights_of_request(request).unlimited

    def has_module_permission(self, request):
        return super().has_module_permission(request) and self._whole(request)

    def has_view_permission(self, request, obj=None):
        return super().has_view_permission(request, obj) and self._whole(request)

    def has_add_permission(self, request):
        return super().has_add_permission(request) and self._whole(request)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and self._whole(request)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and self._whole(request)


def say_refusal(request, refused, back: str) -> HttpResponseRedirect:
    """Tell the person why nothing was written, and go back."""
    messages.error(request, refused.say(translate))
    return HttpResponseRedirect(back)
