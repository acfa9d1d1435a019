"""The products of a connection's catalog, by the one search that there is."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from pim.content.refusals import _
from pim.content.rights import Rights
from pim.models import Catalog
from pim.models.connections import PUBLISHED as READS_PUBLISHED

from .search import DRAFTS, PUBLISHED, find_products
from .selection import BadSelection

MOST_TESTS = 25


def searched(catalog: Catalog) -> dict[str, Any]:
    """Return the search document of a catalog; raise `BadSelection` for what is none."""
    selection = catalog.selection if isinstance(catalog.selection, dict) else {}
    search = {} if selection.get("all") is True else selection.get("search")
    if not isinstance(search, dict):
        raise BadSelection(_("A catalog is about a search, or about all products."))
    tests = sum(len(found) if isinstance(found, list) else 1 for found in search.values())
    if tests > MOST_TESTS:
        raise BadSelection(
            _("A catalog has at most %(limit)s conditions."), code="too_many", limit=MOST_TESTS
        )
    return search


def catalog_products(catalog: Catalog, *, rights: Rights, updated: Sequence[dict] = ()) -> QuerySet:
    """Return the items of a catalog that the rights show; `updated` are further tests of that.

    Raises `BadSelection` and `SearchRefused` where the selection means nothing any more.
    """
    search = searched(catalog)
    if updated:
        held = search.get("updated", [])
        search = {**search, "updated": [*(held if isinstance(held, list) else [held]), *updated]}
    published = catalog.connection.reads == READS_PUBLISHED
    tables = PUBLISHED if published else DRAFTS
    return find_products(search, models=False, rights=rights, tables=tables)
