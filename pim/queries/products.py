"""Searching products: by text, place, state and the values of filterable attributes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from operator import eq, ge, gt, le, lt
from typing import Any

from django.db.models import F, Q, QuerySet

from pim.content.kinds.scalars import convert
from pim.content.refusals import InvalidValue, Refused, UnknownCode, _
from pim.content.structure import AttributeDef, Structure
from pim.models import Category, Completeness, FilterValue, Product

from .drafts import unpublished
from .structure import load_structure

STATES = ("unpublished", "never", "published", "withdrawn")
NUMBER_KINDS = frozenset({"number", "measurement", "price"})
_WHOLE = {"=": eq, "<": lt, "<=": le, ">": gt, ">=": ge}
_COMPARE = {"=": "", "<": "__lt", "<=": "__lte", ">": "__gt", ">=": "__gte"}


@dataclass(frozen=True, slots=True)
class Condition:
    """A test of a filterable attribute; inherited values count as the product's own.

    `operator` is =, !=, <, <=, >, >=, in, not in, contains, starts with, empty or not empty.
    A measurement is compared as {"amount", "unit"}, a price as {"amount", "currency"}.
    """

    attribute: str
    operator: str = "="
    value: Any = None
    channel: str = ""
    locale: str = ""


def search(
    text: str = "",
    *,
    families: Sequence[str] = (),
    categories: Sequence[str] = (),
    role: str = "",
    enabled: bool | None = None,
    state: str = "",
    complete: tuple[str, str, int] | None = None,
    conditions: Iterable[Condition] = (),
    queryset: QuerySet | None = None,
) -> QuerySet:
    """Return the products that fit everything asked, as a queryset of one statement.

    `text` is looked for in identifiers and names; `categories` mean whole branches;
    `complete` is (channel, operator, per cent).
    """
    products = Product.objects.all() if queryset is None else queryset
    structure = load_structure()
    if text:
        products = products.filter(_by_text(text, structure))
    if families:
        products = products.filter(family__code__in=families)
    if categories:
        products = products.filter(id__in=_in_branches(categories))
    if role:
        products = products.filter(role=role)
    if enabled is not None:
        products = products.filter(enabled=enabled)
    if state:
        products = _by_state(products, state)
    if complete:
        products = products.filter(id__in=_complete(*complete))
    for condition in conditions:
        products = products.filter(_by_value(condition, structure))
    return products


def name_attributes(structure: Structure) -> frozenset[str]:
    """Return the attributes that name products; they are indexed like filterable ones."""
    cache = structure.__dict__
    if "_name_codes" not in cache:
        labels = {f.label_attribute for f in structure.families.values() if f.label_attribute}
        named = {a.code for a in structure.attributes.values() if a.role == "name"}
        cache["_name_codes"] = frozenset((labels | named) & set(structure.attributes))
    return cache["_name_codes"]


def indexed_attributes(structure: Structure) -> frozenset[str]:
    """Return the attributes that are indexed: filterable, unique, or naming the product."""
    cache = structure.__dict__
    if "_indexed_codes" not in cache:
        asked = {a.code for a in structure.attributes.values() if a.filterable or a.unique}
        cache["_indexed_codes"] = asked | name_attributes(structure)
    return cache["_indexed_codes"]


def _by_text(text: str, structure: Structure) -> Q:
    ids = [structure.attributes[code].id for code in name_attributes(structure)]
    names = FilterValue.objects.filter(attribute_id__in=ids, text__icontains=text)
    return Q(identifier__icontains=text) | _own_or_inherited(names)


def _in_branches(codes: Sequence[str]) -> QuerySet:
    branches = Q(pk__in=[])
    for path in Category.objects.filter(code__in=codes).values_list("path", flat=True):
        branches |= Q(category__path__startswith=path)
    through = Product.categories.through.objects.filter(branches)
    return through.values("product_id")


def _by_state(products: QuerySet, state: str) -> QuerySet:
    if state == "unpublished":
        return unpublished(products)
    if state == "never":
        return products.filter(version__isnull=True)
    if state == "published":
        return products.filter(withdrawn=False, version__digest=F("draft_digest"))
    if state == "withdrawn":
        return products.filter(withdrawn=True)
    raise UnknownCode(what="state", name=state, field="state")


def _complete(channel: str, operator: str, percent: int) -> QuerySet:
    if operator not in _COMPARE:
        raise UnknownCode(what="operator", name=operator, field="complete")
    # filled / required against percent / 100, without a division; nothing required is whole.
    share = Q(**{f"hundredfold{_COMPARE[operator]}": F("required") * percent})
    test = Q(required__gt=0) & share
    if _WHOLE[operator](100, percent):
        test |= Q(required=0)
    rows = Completeness.objects.filter(channel__code=channel)
    return rows.annotate(hundredfold=F("filled") * 100).filter(test).values("product_id")


def _by_value(condition: Condition, structure: Structure) -> Q:
    attribute = structure.attributes.get(condition.attribute)
    if attribute is None:
        raise UnknownCode(what="attribute", name=condition.attribute, field=condition.attribute)
    if not (attribute.filterable or attribute.unique):
        raise Refused(
            _("“%(attribute)s” is not usable in filters."),
            code="not_filterable",
            field=attribute.code,
            attribute=attribute.code,
        )
    rows = FilterValue.objects.filter(
        attribute_id=attribute.id, channel=condition.channel, locale=condition.locale
    ).exclude(text="")
    if condition.operator in ("empty", "not empty"):
        filled = _own_or_inherited(rows)
        return filled if condition.operator == "not empty" else ~filled
    negated = condition.operator in ("!=", "not in")
    found = _own_or_inherited(rows.filter(_test(condition, attribute, structure)))
    return ~found if negated else found


def _own_or_inherited(rows: QuerySet) -> Q:
    ids = rows.values("product_id")
    return Q(id__in=ids) | Q(parent_id__in=ids) | Q(parent__parent_id__in=ids)


def _test(condition: Condition, attribute: AttributeDef, structure: Structure) -> Q:
    operator, value = condition.operator, condition.value
    if operator in ("in", "not in"):
        return Q(text__in=[str(v) for v in value])
    if operator == "contains":
        return Q(text__icontains=str(value))
    if operator == "starts with":
        return Q(text__istartswith=str(value))
    operator = "=" if operator == "!=" else operator
    if operator not in _COMPARE:
        raise UnknownCode(what="operator", name=operator, field=attribute.code)
    if attribute.kind in NUMBER_KINDS:
        return _number_test(_COMPARE[operator], value, attribute, structure)
    if attribute.kind == "boolean":
        value = "1" if value in (True, "1", "true", 1) else "0"
    return Q(**{f"text{_COMPARE[operator]}": str(value)})


def _number_test(lookup: str, value: Any, attribute: AttributeDef, structure: Structure) -> Q:
    parts = value if isinstance(value, dict) else {"amount": value}
    try:
        number = Decimal(str(parts.get("amount")))
    except InvalidOperation:
        raise InvalidValue(field=attribute.code, code="not_a_number") from None
    if attribute.kind == "measurement":
        number = standard_amount(number, parts.get("unit", ""), attribute, structure)
    test = Q(**{f"number{lookup}": number})
    return test & Q(text=parts["currency"]) if parts.get("currency") else test


def standard_amount(
    amount: Decimal, unit: str, attribute: AttributeDef, structure: Structure
) -> Decimal:
    """Return a measurement in its family's standard unit: what the index holds."""
    family = structure.measurements.get(attribute.measurement_family)
    unit = unit or attribute.default_unit
    if family is None or unit not in family.units or family.standard_unit not in family.units:
        return amount
    return convert(amount, unit=unit, to=family.standard_unit, family=family)
