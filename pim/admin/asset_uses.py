"""Where a medium is used, as the desk says it: on its page, and to who deletes it."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as translate
from django.utils.translation import ngettext

from pim.content.rights import Rights
from pim.content.structure import CategoryDef
from pim.models import Asset, Product
from pim.queries.media_uses import MediaUses, uses_of

TOLD = 20  # media that are deleted at once and whose uses are named


def shown_uses(uses: MediaUses):
    """Return the uses as lines with links; the first products, and how many there are."""
    lines = list(_lines(uses))
    return format_html_join("", "<div>{}</div>", ((line,) for line in lines)) if lines else "–"


def told_uses(assets: Iterable[Asset], rights: Rights) -> list:
    """Return a list for the page that asks before deleting: each used asset, below it its uses."""
    told = []
    for asset in list(assets)[:TOLD]:
        if lines := list(_lines(uses_of(asset.code, rights))):
            sentence = translate("“%(name)s” is shown by what follows, and will be missing there:")
            told += [sentence % {"name": asset.filename}, lines]
    return told


def _lines(uses: MediaUses):
    if uses.count:
        words = ngettext("%(count)d product", "%(count)d products", uses.count)
        shown = format_html_join(", ", "{}", ((_product(p),) for p in uses.products))
        more = " …" if uses.count > len(uses.products) else ""
        yield format_html("{}: {}{}", words % {"count": uses.count}, shown, more)
    if uses.categories:
        shown = format_html_join(", ", "{}", ((_category(c),) for c in uses.categories))
        yield format_html("{}: {}", translate("Picture of categories"), shown)
    if uses.in_records:
        yield translate("Records of reference entities")


def _product(product: Product):
    return _link("admin:pim_product_change", product.pk, product.identifier)


def _category(category: CategoryDef):
    return _link("admin:pim_category_change", category.id, category.code)


def _link(name: str, pk: int, text: str):
    return format_html('<a class="pm-link" href="{}">{}</a>', reverse(name, args=[pk]), text)
