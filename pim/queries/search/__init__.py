"""The one filter language of the house: products found by a search document.

`{"family": [{"operator": "IN", "value": ["chairs"]}], "name": [{"operator": "CONTAINS",
"value": "x", "locale": "en"}]}`: the search filters of the PIM API, and what we add to them.
docs/search.md names every property and operator.
"""

from datetime import datetime
from functools import reduce
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from pim.content.refusals import Refused, _
from pim.content.rights import EVERYTHING, Rights
from pim.content.seen import seen_structure
from pim.content.structure import Structure
from pim.models import ITEM, MODEL, Product
from pim.queries.rights import visible_products
from pim.queries.structure import load_structure

from .attributes import by_attribute
from .categories import in_branch
from .fields import FIELDS
from .filters import Asked, Filter, SearchRefused, check_operator, read_filters, refuse
from .tables import DRAFTS, PUBLISHED, Tables


def find_products(
    search: Any,
    *,
    locale: str = "",
    channel: str = "",
    models: bool | None = None,
    branch: str = "",
    at: datetime | None = None,
    rights: Rights = EVERYTHING,
    tables: Tables = DRAFTS,
) -> QuerySet:
    """Return the products that pass every test of the document, as one statement.

    `locale` and `channel` are for tests that name none; `models` True finds models only, False
    items only; `branch` finds only what is in or below that category; `at` is the moment that
    relative dates count from. `rights` narrow down what is found, and refuse tests of what they
    hide. With the tables PUBLISHED only live products are found, by what their latest versions
    say (`keep_published` first). Raises `SearchRefused` with every reason at once.
    """
    products = visible_products(Product.objects.all(), rights)
    if models is not None:
        products = products.filter(role=MODEL if models else ITEM)
    how = {"locale": locale, "channel": channel, "at": at, "rights": rights, "tables": tables}
    tests = read_search(search, **how)
    for flt, _passes in tests:
        products = _shown(products, flt, rights)
    conditions = [test for _flt, test in tests]
    if branch:
        conditions.append(in_branch(branch, tables))
    if not tables.published:
        return reduce(QuerySet.filter, conditions, products)
    products = products.filter(version__isnull=False, withdrawn=False)
    if not conditions:
        return products
    published = reduce(QuerySet.filter, conditions, tables.products.objects.order_by())
    return products.filter(pk__in=published.values("pk"))


def _shown(products: QuerySet, flt: Filter, rights: Rights) -> QuerySet:
    """Return the products in which the rights show the tested value."""
    attribute = None if rights.unlimited else load_structure().attributes.get(flt.property)
    if attribute is None or flt.property in FIELDS:
        return products
    where = {
        "channel": flt.channel if attribute.scopable else "",
        "locale": flt.locale if attribute.localizable else "",
    }
    return visible_products(products, rights, attribute=attribute, **where)


def read_search(
    search: Any,
    *,
    locale: str = "",
    channel: str = "",
    at: datetime | None = None,
    rights: Rights = EVERYTHING,
    structure: Structure | None = None,
    tables: Tables = DRAFTS,
) -> list[tuple[Filter, Q]]:
    """Return the filters of a document and what each tests; raise `SearchRefused`."""
    structure = structure or load_structure()
    asked = Asked(structure, at or timezone.now(), locale, channel, rights, tables)
    refusals: list[Refused] = []
    found = []
    for flt in read_filters(search, asked=asked, refusals=refusals):
        try:
            found.append((flt, _test(flt, asked)))
        except Refused as refusal:
            refusals.append(refusal)
    if refusals:
        raise SearchRefused(refusals)
    return found


def _test(flt: Filter, asked: Asked) -> Q:
    if flt.property not in FIELDS or (flt.property == "text" and _is_attribute(flt, asked)):
        return _by_attribute(flt, asked)
    operators, test_of = FIELDS[flt.property]
    check_operator(flt, operators)
    return test_of(flt, asked)


def _is_attribute(flt: Filter, asked: Asked) -> bool:
    return flt.property in seen_structure(asked.structure, asked.rights).attributes


def _by_attribute(flt: Filter, asked: Asked) -> Q:
    if not _is_attribute(flt, asked):
        raise refuse(
            flt,
            _("There is no property and no attribute “%(property)s” to search by."),
            code="unknown_property",
        )
    if flt.property == getattr(asked.structure.identifier_attribute, "code", ""):
        return _test(Filter("identifier", flt.operator, flt.value), asked)
    return by_attribute(flt, asked)


__all__ = [
    "DRAFTS",
    "PUBLISHED",
    "Filter",
    "SearchRefused",
    "Tables",
    "find_products",
    "read_search",
]
