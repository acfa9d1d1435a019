"""Which products hold a value that passes a test: by the narrow index, or by the drafts.

A product's value is its own, else its parent's, else its grandparent's: the nearest one that
there is counts, a state such as *empty on purpose* included. Nothing falls back to another
locale here: a search asks about one address.
"""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from pim.content.structure import AttributeDef, Structure
from pim.queries.indexed import indexed_attributes

from .documents import TRUE, Expression, Filled, Present
from .tables import DRAFTS, Tables

_INDEXED = frozenset(
    {"text", "number", "measurement", "price", "boolean", "date", "select", "multiselect"}
    | {"reference", "identifier", "packaging"}
)
_LONGEST_INDEXED = 255


@dataclass(frozen=True, slots=True)
class Place:
    """One address that is searched, and whether the index holds its values whole."""

    attribute: AttributeDef
    channel: str
    locale: str
    indexed: bool
    tables: Tables = DRAFTS

    @property
    def path(self) -> tuple[str, str]:
        """The steps to the value within a draft document."""
        return self.attribute.code, self.channel


@dataclass(frozen=True, slots=True)
class Test:
    """A test of a value in both forms: of index rows, and of the draft as an expression.

    `draft` is {name: expression} to annotate, `within` the test of those names.
    """

    index: Q
    draft: dict[str, Expression]
    within: Q


def place_of(
    attribute: AttributeDef, channel: str, locale: str, structure: Structure, tables: Tables
) -> Place:
    """Return the place; texts that may be longer than the index holds are read in the drafts."""
    longest = int(attribute.rules.get("max_length") or 0)
    whole = attribute.kind in _INDEXED and longest <= _LONGEST_INDEXED
    indexed = whole and attribute.code in indexed_attributes(structure)
    return Place(attribute, channel, locale, indexed, tables)


def filled(place: Place) -> Test:
    """Return the test whether there is data."""
    return Test(~Q(text=""), {"filled": Filled(*place.path)}, Q(filled=TRUE))


def holding(place: Place, test: Test) -> QuerySet:
    """Return the ids of the products whose own or inherited value passes the test."""
    own = _passing(place, test)
    nearer, products = _present(place), place.tables.products.objects
    below = products.filter(parent_id__in=own)
    below = below.exclude(Exists(nearer.filter(product_id=OuterRef("pk"))))
    deeper = products.filter(parent__parent_id__in=own)
    deeper = deeper.exclude(Exists(nearer.filter(product_id=OuterRef("pk"))))
    deeper = deeper.exclude(Exists(nearer.filter(product_id=OuterRef("parent_id"))))
    return own.union(_ids(below), _ids(deeper), all=True)


def among(ids: QuerySet) -> Q:
    """Return the test for products whose id is in `ids`."""
    return Q(pk__in=ids)


def not_among(ids: QuerySet, tables: Tables) -> Q:
    """Return the test for products whose id is not in `ids`, in a form that joins well."""
    products = tables.products.objects.order_by()
    return ~Q(Exists(products.filter(pk=OuterRef("pk"), pk__in=ids)))


def _passing(place: Place, test: Test) -> QuerySet:
    if place.indexed:
        rows = _index_rows(place).exclude(text="").filter(test.index)
    else:
        values = place.tables.values.objects.filter(locale=place.locale)
        rows = values.annotate(**test.draft).filter(test.within)
    return rows.order_by().values("product_id")


def _present(place: Place) -> QuerySet:
    if place.indexed:
        return _index_rows(place)
    rows = place.tables.values.objects.filter(locale=place.locale)
    return rows.annotate(present=Present(*place.path)).filter(present=TRUE)


def _index_rows(place: Place) -> QuerySet:
    return place.tables.index.objects.filter(
        attribute_id=place.attribute.id, channel=place.channel, locale=place.locale
    )


def _ids(products: QuerySet) -> QuerySet:
    return products.order_by().values("pk")
