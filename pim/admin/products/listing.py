"""The product list: each page of rows is dressed set-wise, so that its queries stay few."""

from dataclasses import dataclass, field

from django.conf import settings
from django.utils.module_loading import import_string
from unfold.views import ChangeList

from pim.models import Completeness
from pim.queries.structure import load_structure

from ..context import working_context
from .state import Face, faces, pictures


@dataclass
class Dress:
    """What a row shows besides its own columns."""

    face: Face
    thumb: tuple[int, str] | None = None
    bars: list[dict] = field(default_factory=list)
    family: str = ""
    listing: dict | None = None


class ProductChangeList(ChangeList):
    """A change list whose rows carry a `dress`."""

    def get_results(self, request):
        super().get_results(request)
        self.result_list = dress(list(self.result_list), request)


def dress(products, request):
    """Give every product its `dress`, in a constant number of queries."""
    structure = load_structure()
    context = working_context(request, structure)
    ids = [product.pk for product in products]
    shown = faces(ids, context, structure)
    thumbs = pictures(look.image for look in shown.values())
    bars = _bars(ids, context.rights)
    outside = _outside(ids, context)
    labels = {
        f.id: f.labels.get(context.locale) or f.labels.get("en") or code
        for code, f in structure.families.items()
    }
    for product in products:
        look = shown[product.pk]
        product.dress = Dress(
            face=look,
            thumb=thumbs.get(look.image),
            bars=bars.get(product.pk, []),
            family=labels.get(product.family_id, ""),
            listing=outside.get(product.pk),
        )
    return products


def _bars(ids, rights) -> dict[int, list[dict]]:
    found: dict[int, list[dict]] = {}
    rows = Completeness.objects.filter(product__in=ids).order_by("channel__code")
    for pk, channel, required, filled in rows.values_list(
        "product_id", "channel__code", "required", "filled"
    ):
        if not rights.channel(channel):
            continue
        percent = 100 if not required else filled * 100 // required
        bar = {"channel": channel, "percent": percent, "filled": filled, "required": required}
        found.setdefault(pk, []).append(bar)
    return found


def _outside(ids, context) -> dict[int, dict]:
    """Return {id: {"text", "tone", "title"}} that another app says (ADMIN_PRODUCT_LISTINGS)."""
    path = getattr(settings, "ADMIN_PRODUCT_LISTINGS", "")
    return import_string(path)(ids, context) if path else {}
