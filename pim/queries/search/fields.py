"""Tests of what products have beside their values: family, place, state, dates, names."""

import uuid
from collections.abc import Callable

from django.db.models import F, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Coalesce, Greatest, Replace

from pim.content.folding import fold
from pim.content.gtins import gtin14
from pim.content.refusals import _
from pim.content.structure import Structure
from pim.models import ITEM, MODEL, Product
from pim.queries.drafts import unpublished
from pim.queries.gtins import numbered
from pim.queries.indexed import name_attributes
from pim.queries.rights import visible_index, visible_products

from .categories import by_categories, with_descendants
from .completeness import OPERATORS as COMPLETENESS
from .completeness import by_completeness
from .filters import (
    Asked,
    Filter,
    codes_of,
    list_of,
    refuse,
    refuse_published,
    text_of,
    truth_of,
)
from .moments import days_ago, span_of, spans_of
from .people import text_test
from .quality import OPERATORS as QUALITY
from .quality import by_quality
from .stored import among, not_among

CHOICE = ("IN", "NOT IN", "EMPTY", "NOT EMPTY")
MOMENTS = ("=", "!=", "<", ">", "BETWEEN", "NOT BETWEEN", "SINCE LAST N DAYS")
NAMES = (
    "=", "!=", "STARTS WITH", "CONTAINS", "DOES NOT CONTAIN", "IN", "NOT IN", "EMPTY", "NOT EMPTY",
)  # fmt: skip
STATES = ("unpublished", "never", "published", "withdrawn")


def by_family(flt: Filter, asked: Asked) -> Q:
    """Return the test of the family."""
    return _by_link(flt, "family", asked.structure.families, asked.structure)


def by_family_variant(flt: Filter, asked: Asked) -> Q:
    """Return the test of the family variant."""
    return _by_link(flt, "family_variant", asked.structure.family_variants, asked.structure)


def _by_link(flt: Filter, name: str, known: dict, structure: Structure) -> Q:
    if flt.operator in ("EMPTY", "NOT EMPTY"):
        return Q(**{f"{name}__isnull": flt.operator == "EMPTY"})
    codes = codes_of(flt, known, name.replace("_", " "), structure.renamed(name))
    ids = [known[code].id for code in codes]
    test = Q(**{f"{name}_id__in": ids})
    return test if flt.operator == "IN" else ~test | Q(**{f"{name}__isnull": True})


def by_enabled(flt: Filter, asked: Asked) -> Q:
    """Return the test whether the product is switched on."""
    return Q(enabled=truth_of(flt) == (flt.operator == "="))


def by_groups(flt: Filter, asked: Asked) -> Q:
    """Return the test of the product groups."""
    rows = asked.tables.groups.objects.all()
    if flt.operator in ("IN", "NOT IN"):
        structure = asked.structure
        codes = codes_of(flt, structure.product_groups, "group", structure.renamed("group"))
        rows = rows.filter(group__code__in=codes)
    ids = rows.values("product_id")
    return among(ids) if flt.operator in ("IN", "NOT EMPTY") else not_among(ids, asked.tables)


def by_updated(flt: Filter, asked: Asked) -> Q:
    """Return the test of the last change, of the product or of what it inherits from."""
    own = F("updated_at")
    latest = Greatest(
        own, Coalesce("parent__updated_at", own), Coalesce("parent__parent__updated_at", own)
    )
    products = asked.tables.products.objects.order_by()
    ids = products.annotate(moment=latest).filter(_moment("moment", flt, asked))
    if flt.operator not in (">", "SINCE LAST N DAYS"):
        return among(ids.values("pk"))
    # What is recent is found by the index of the column.
    recent = products.filter(_moment("updated_at", flt, asked)).values("pk")
    return Q(pk__in=recent) | Q(parent_id__in=recent) | Q(parent__parent_id__in=recent)


def by_created(flt: Filter, asked: Asked) -> Q:
    """Return the test of when the product was made."""
    return _moment("created_at", flt, asked)


def _moment(name: str, flt: Filter, asked: Asked) -> Q:
    if flt.operator == "SINCE LAST N DAYS":
        return Q(**{f"{name}__gte": days_ago(flt, asked)})
    if flt.operator.endswith("BETWEEN"):
        first, after = spans_of(flt, asked)
    else:
        first, after = span_of(flt, flt.value, asked)
    if flt.operator == "<":
        return Q(**{f"{name}__lt": first})
    if flt.operator == ">":
        return Q(**{f"{name}__gt": first})
    within = Q(**{f"{name}__gte": first, f"{name}__lt": after})
    return within if flt.operator in ("=", "BETWEEN") else ~within


def by_parent(flt: Filter, asked: Asked) -> Q:
    """Return the test of the parent: `=` finds what is below on any level, `IN` the children.

    A model that is hidden is none.
    """
    if flt.operator in ("EMPTY", "NOT EMPTY"):
        return _without_parent(asked, flt.operator == "EMPTY")
    if flt.operator == "IN":
        return Q(parent__identifier__in=list_of(flt)) & _below_seen("parent_id", asked)
    name = text_of(flt)
    near = Q(parent__identifier=name) & _below_seen("parent_id", asked)
    return near | Q(parent__parent__identifier=name) & _below_seen("parent__parent_id", asked)


def _below_seen(link: str, asked: Asked) -> Q:
    """Return the test of hanging on a model that is there for the reader."""
    if asked.rights.unlimited:
        return Q()
    seen = visible_products(Product.objects.order_by(), asked.rights)
    return Q(**{f"{link}__in": seen.values("pk")})


def _without_parent(asked: Asked, alone: bool) -> Q:
    """Return the test of having no parent, or one; one that is hidden is none."""
    if asked.rights.unlimited:
        return Q(parent__isnull=alone)
    below = Q(parent__isnull=False) & _below_seen("parent_id", asked)
    return ~below if alone else below


def by_identifier(flt: Filter, asked: Asked) -> Q:
    """Return the test of the identifier (of models: the code); without one it is the uuid."""
    if flt.operator in ("EMPTY", "NOT EMPTY"):
        # One database stores a uuid without hyphens.
        plain = {"named": _without_hyphens("identifier"), "given": _without_hyphens("uuid")}
        products = asked.tables.products.objects.order_by().alias(**plain)
        ids = products.filter(named=F("given")).values("pk")
        return among(ids) if flt.operator == "EMPTY" else not_among(ids, asked.tables)
    if flt.operator in ("IN", "NOT IN"):
        test = Q(identifier__in=list_of(flt))
        return test if flt.operator == "IN" else ~test
    name = text_of(flt)
    if flt.operator in ("=", "!="):
        return Q(identifier=name) if flt.operator == "=" else ~Q(identifier=name)
    test = text_test("identifier", flt.operator, name)
    return ~test if flt.operator == "DOES NOT CONTAIN" else test


def _without_hyphens(name: str) -> Replace:
    text = Cast(name, TextField())
    return Replace(text, Value("-"), Value(""), output_field=TextField())


def by_uuid(flt: Filter, asked: Asked) -> Q:
    """Return the test of the uuid."""
    try:
        found = [uuid.UUID(text) for text in list_of(flt)]
    except ValueError:
        raise refuse(flt, _("“%(property)s” needs a list of uuids."), code="not_a_uuid") from None
    test = Q(uuid__in=found)
    return test if flt.operator == "IN" else ~test


def by_id(flt: Filter, asked: Asked) -> Q:
    """Return the test of the number that the database gives a product."""
    value = flt.value
    if not isinstance(value, list) or not all(type(n) is int and 0 < n < 2**63 for n in value):
        raise refuse(flt, _("“%(property)s” needs a list of numbers."), code="not_an_id")
    return Q(pk__in=value) if flt.operator == "IN" else ~Q(pk__in=value)


def by_root(flt: Filter, asked: Asked) -> Q:
    """Return the test whether the product has no parent."""
    return _without_parent(asked, truth_of(flt) == (flt.operator == "="))


def by_role(flt: Filter, asked: Asked) -> Q:
    """Return the test of the role: item or model."""
    roles = codes_of(flt, (ITEM, MODEL), "role")
    return Q(role__in=roles) if flt.operator == "IN" else ~Q(role__in=roles)


def by_state(flt: Filter, asked: Asked) -> Q:
    """Return the test of the state between draft and publication."""
    refuse_published(flt, asked)
    test = Q(pk__in=[])
    for state in codes_of(flt, STATES, "state"):
        test |= _state(state)
    return test


def _state(state: str) -> Q:
    if state == "unpublished":
        return among(unpublished(Product.objects.order_by()).values("pk"))
    return {
        "never": Q(version__isnull=True),
        "published": Q(withdrawn=False, version__digest=F("draft_digest")),
        "withdrawn": Q(withdrawn=True),
    }[state]


def by_text(flt: Filter, asked: Asked) -> Q:
    """Return the test of every word of a text, each in the identifier or a name.

    A word that is a GTIN is also that of the product or of a level of its packaging.
    """
    names = _names(asked)
    test = Q()
    for word in text_of(flt).split()[:20]:
        named = names.filter(folded__contains=fold(word)).values("product_id")
        here = text_test("identifier", "CONTAINS", word)
        here |= among(with_descendants(named, asked.tables))
        if gtin14(word):
            found = numbered(word, asked.rights, asked.structure, index=asked.tables.index)
            here |= among(with_descendants(found.values("product_id"), asked.tables))
        test &= here
    return test


def _names(asked: Asked) -> QuerySet:
    """Return the index rows of names, of those that the rights show."""
    structure = asked.structure
    ids = [structure.attributes[code].id for code in name_attributes(structure)]
    return visible_index(
        asked.tables.index.objects.order_by().filter(folded__gt=""), ids, asked.rights, structure
    )


# {property: (operators, what makes the test)}; an attribute of the same code comes second.
# A further property of products (such as a quality score) is a line here.
FIELDS: dict[str, tuple[tuple[str, ...], Callable[[Filter, Asked], Q]]] = {
    "family": (CHOICE, by_family),
    "family_variant": (CHOICE, by_family_variant),
    "enabled": (("=", "!="), by_enabled),
    "categories": (
        ("IN", "NOT IN", "IN CHILDREN", "NOT IN CHILDREN", "UNCLASSIFIED", "IN OR UNCLASSIFIED"),
        by_categories,
    ),
    "completeness": (COMPLETENESS, by_completeness),
    "groups": (CHOICE, by_groups),
    "updated": (MOMENTS, by_updated),
    "created": (MOMENTS, by_created),
    "parent": (("=", "IN", "EMPTY", "NOT EMPTY"), by_parent),
    "identifier": (NAMES, by_identifier),
    "code": (NAMES, by_identifier),
    "uuid": (("IN", "NOT IN"), by_uuid),
    "id": (("IN", "NOT IN"), by_id),
    "is_root": (("=", "!="), by_root),
    "role": (("IN", "NOT IN"), by_role),
    "state": (("IN",), by_state),
    "text": (("CONTAINS",), by_text),
    "label_or_identifier": (("CONTAINS",), by_text),
    "quality_score": (QUALITY, by_quality),
}
