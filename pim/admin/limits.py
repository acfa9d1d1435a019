"""What the desk shows to whom: the rights of a request, and lists narrowed to what they reach."""

from django.contrib import messages
from django.db.models import Case, Count, Exists, OuterRef, Q, Value, When
from django.db.models.functions import Greatest, StrIndex, Substr
from django.http import HttpResponseRedirect
from django.utils.translation import gettext as translate

from pim.content.actor import Actor
from pim.content.definitions import definition_level, needed_level
from pim.content.rights import COMMON, Level, Rights
from pim.content.structure import Structure
from pim.models import Asset, ExportProfile, PriceList, Product, QualityRule
from pim.queries.media_rights import visible_media
from pim.queries.profiles import seen_profiles
from pim.queries.rights import hidden_from, rights_of, visible_jobs, visible_products
from pim.queries.structure import load_structure

# Kinds of changes that are told only to who has no limits.
CLOSED = ("role", "connection", "rule")


# Those whose changes are told to who sees what they name.
PROFILES = {"export": ExportProfile, "quality_rule": QualityRule}


def rights_of_request(request) -> Rights:
    """Return what the person at the desk may do with the content."""
    return rights_of(request.user)


def actor_of(request) -> Actor:
    """Return who is writing, with what they may."""
    return Actor(request.user.get_username(), "admin", rights_of_request(request))


def seen_products(request):
    """Return the products that the person may see."""
    return visible_products(Product.objects.all(), rights_of_request(request))


def seen_media(request):
    """Return the assets that the person may see."""
    return visible_media(Asset.objects.all(), rights_of_request(request))


def seen_by_product(request, queryset, *, path: str = "product"):
    """Return the rows whose product the person may see."""
    if rights_of_request(request).unlimited:
        return queryset
    return queryset.filter(**{f"{path}__in": seen_products(request).order_by().values("pk")})


def seen_changes(request, queryset):
    """Return the changes of products and of structure that may be seen; not of people."""
    if rights_of_request(request).unlimited:
        return queryset
    structure = Q(product_id__isnull=True)
    for kind in CLOSED:
        structure &= ~Q(subject__startswith=f"{kind}:")
    for kind, codes in _definitions(rights_of_request(request)).items():
        named = Q(subject__in=[f"{kind}:{code}" for code in codes])
        structure &= named | ~Q(subject__startswith=f"{kind}:")
        if kind == "attribute":
            structure &= Q(_of__in=list(codes)) | ~Q(subject__startswith="option:")
    structure &= _of_media(request)
    seen = seen_products(request).order_by().values("pk")
    rows = queryset.annotate(_of=_OPTION_OF, _asset=Substr("subject", len("asset:") + 1))
    return rows.filter(structure | Q(product_id__in=seen))


def _of_media(request) -> Q:
    """Return the test of changes that tell of no hidden asset, nor of one that is gone."""
    rights = rights_of_request(request)
    rows = Asset.objects.order_by()
    seen = visible_media(rows, rights)
    if seen is rows:
        return Q()
    return ~Q(subject__startswith="asset:") | Exists(seen.filter(code=OuterRef("_asset")))


# The attribute that an option of the log belongs to: "option:color/red".
_OPTION_OF = Case(
    When(
        subject__startswith="option:",
        then=Substr("subject", 8, Greatest(StrIndex("subject", Value("/")) - 8, 0)),
    ),
    default=Value(""),
)


def _definitions(rights: Rights) -> dict[str, set[str]]:
    """Return {kind: the codes that may be seen}; of what is gone nobody limited is told."""
    structure, hidden = load_structure(), hidden_from(rights)
    lists = {code for channel in structure.channels.values() for code in channel.price_lists}
    known = {
        "attribute": structure.attributes,
        "attribute_group": structure.groups,
        "channel": structure.channels,
        "locale": structure.locales,
        "category": structure.categories,
        "price_list": lists,
    }
    found = {kind: set(codes) - hidden[kind] for kind, codes in known.items()}
    for kind, model in PROFILES.items():
        rows = seen_profiles(model.objects.all(), rights)
        found[kind] = set(rows.values_list("code", flat=True))
    return found


def seen_jobs(request, queryset):
    """Return the jobs that the person may read."""
    return visible_jobs(queryset, request.user)


def seen_count(request, name: str, *, of=seen_products, distinct: bool = False) -> Count:
    """Return the count of a relation to products, or `of` media, that the person may see."""
    if rights_of_request(request).unlimited:
        return Count(name, distinct=distinct)
    return Count(
        name,
        distinct=distinct,
        filter=Q(**{f"{name}__in": of(request).order_by().values("pk")}),
    )


def seen_channels(structure: Structure, rights: Rights) -> dict:
    """Return {code: channel} of those that may be seen, in their order."""
    return {code: c for code, c in structure.channels.items() if rights.channel(code)}


def seen_locales(codes, rights: Rights) -> list[str]:
    """Return the locales that may be seen, in the order given."""
    return [code for code in codes if rights.locale(code)]


def seen_price_lists(request) -> list[int] | None:
    """Return the ids of the price lists of channels that may be seen; None for all."""
    rights = rights_of_request(request)
    if rights.unlimited:
        return None
    held: dict[int, list[str]] = {}
    for pk, code in PriceList.objects.values_list("pk", "channels__code"):
        held.setdefault(pk, []).append(code or COMMON)
    return [pk for pk, codes in held.items() if any(rights.channel(code) for code in codes)]


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
