"""Where a medium is used, as the desk says it: on its page, and to who deletes it."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as translate
from django.utils.translation import ngettext

from pim.content.structure import CategoryDef
from pim.models import Asset, Product
from pim.queries.media_uses import MediaUses, uses_of
from pim.queries.rights import rights_of

TOLD = 20  # media that are deleted at once and whose uses are named


def shown_uses(uses: MediaUses, user):
    """Return the uses as lines with links; the first products, and how many there are.

    Names are for who may open the pages of what they name.
    """
    lines = list(_lines(uses, user))
    return format_html_join("", "<div>{}</div>", ((line,) for line in lines)) if lines else "–"


def told_uses(assets: Iterable[Asset], user) -> list:
    """Return a list for the page that asks before deleting: each used asset, below it its uses."""
    told = []
    for asset in list(assets)[:TOLD]:
        if lines := list(_lines(uses_of(asset.code, rights_of(user)), user)):
            sentence = translate("“%(name)s” is shown by what follows, and will be missing there:")
            told += [sentence % {"name": asset.filename}, lines]
    return told


def _lines(uses: MediaUses, user):
    if uses.count:
        words = ngettext("%(count)d product", "%(count)d products", uses.count)
        shown = [_product(p) for p in uses.products] if user.has_perm("pim.view_product") else []
        more = " …" if shown and uses.count > len(shown) else ""
        yield _line(words % {"count": uses.count}, shown, more)
    if uses.categories:
        shown = [_category(c) for c in uses.categories]
        seen = user.has_perm("pim.view_category")
        yield _line(translate("Picture of categories"), shown if seen else [])
    if uses.in_records:
        yield translate("Records of reference entities")


def _line(words: str, shown: list, more: str = ""):
    if not shown:
        return words
    return format_html("{}: {}{}", words, format_html_join(", ", "{}", ((s,) for s in shown)), more)


def _product(product: Product):
    return _link("admin:pim_product_change", product.pk, product.identifier)


def _category(category: CategoryDef):
    return _link("admin:pim_category_change", category.id, category.code)


def _link(name: str, pk: int, text: str):
    return format_html('<a class="pm-link" href="{}">{}</a>', reverse(name, args=[pk]), text)
