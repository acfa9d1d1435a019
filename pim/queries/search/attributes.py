"""Tests of attributes, by kind: which operators each kind has and what their values mean.

As in the de facto standard of the field, a test that negates (`!=`, `DOES NOT CONTAIN`) finds
only products that have a value, `NOT IN` also those that have none, and `EMPTY` only those
whose family has the attribute on their level or above.
"""

from collections.abc import Callable
from decimal import Decimal

from django.db.models import Q

from pim.content.address import Address, check_address
from pim.content.gtins import gtin14
from pim.content.kinds.base import to_decimal
from pim.content.kinds.scalars import convert
from pim.content.packaging import LEVELS
from pim.content.refusals import Refused, _
from pim.content.structure import AttributeDef, Structure
from pim.queries.indexed import standard_amount

from .documents import TRUE, AnyIn, ListIn, NumberIn, TextIn, TruthIn
from .filters import (
    Asked,
    Filter,
    check_operator,
    codes_of,
    list_of,
    refuse,
    text_of,
    truth_of,
    unknown,
)
from .moments import day_of, days_of
from .people import text_test
from .stored import Place, Test, among, filled, holding, not_among, place_of

EMPTINESS = ("EMPTY", "NOT EMPTY")
TEXTUAL = ("=", "!=", "STARTS WITH", "CONTAINS", "DOES NOT CONTAIN", "IN", "NOT IN", *EMPTINESS)
NUMERIC = ("<", "<=", "=", "!=", ">=", ">", *EMPTINESS)
CHOICE = ("IN", "NOT IN", *EMPTINESS)
_LOOKUPS = {"=": "", "!=": "", "<": "__lt", "<=": "__lte", ">": "__gt", ">=": "__gte"}
_NEGATED = {"!=", "DOES NOT CONTAIN", "NOT BETWEEN"}
_FIGURES = {"number", "measurement", "price"}
_LARGEST = Decimal(10) ** 20


def by_attribute(flt: Filter, asked: Asked) -> Q:
    """Return the test of one filter on an attribute; raise what is wrong with it."""
    attribute = asked.structure.attributes[flt.property]
    operators, test_of = KINDS[attribute.kind]
    check_operator(flt, operators)
    place = _place(flt, attribute, asked)
    if flt.operator == "EMPTY":
        return not_among(holding(place, filled(place)), asked.tables) & _expected(
            attribute, asked.structure
        )
    if flt.operator == "NOT EMPTY":
        return among(holding(place, filled(place)))
    try:
        test = test_of(flt, place, asked.structure)
    except Refused as refusal:
        raise _about(refusal, flt) from None
    if flt.operator == "NOT IN":
        return not_among(holding(place, test), asked.tables)
    if flt.operator in _NEGATED and attribute.kind not in _FIGURES:
        test = _and_not(filled(place), test)
    return among(holding(place, test))


def _place(flt: Filter, attribute: AttributeDef, asked: Asked) -> Place:
    """Return where the filter looks; names that the attribute has no use for are left out."""
    locale = flt.locale if attribute.localizable else ""
    channel = flt.channel if attribute.scopable else ""
    try:
        check_address(Address(attribute.code, channel, locale), asked.structure)
    except Refused as refusal:
        raise _about(refusal, flt) from None
    if not asked.rights.value(attribute, channel, locale):
        raise refuse(
            flt,
            _("Your roles do not show “%(property)s”: it can neither filter nor sort."),
            code="hidden_attribute",
        )
    return place_of(attribute, channel, locale, asked.structure, asked.tables)


def _about(refusal: Refused, flt: Filter) -> Refused:
    refusal.field = flt.property
    refusal.params |= {"property": flt.property, "operator": flt.operator}
    return refusal


def _and_not(one: Test, other: Test) -> Test:
    """Return the test of values that pass `one` and not `other`, NULL being no pass."""
    return Test(one.index & ~other.index, {**one.draft, **other.draft}, one.within & ~other.within)


def _expected(attribute: AttributeDef, structure: Structure) -> Q:
    """Return the test for products that can hold the attribute, on their level or above."""
    families = [f.id for f in structure.families.values() if attribute.code in f.attributes]
    test = Q(family_id__in=families)
    for level in (1, 2):
        variants = [
            v.id for v in structure.family_variants.values()
            if v.levels.get(attribute.code) == level
        ]  # fmt: skip
        if variants:
            test &= ~Q(family_variant_id__in=variants, level__lt=level)
    return test


def _text(flt: Filter, place: Place, structure: Structure) -> Test:
    datum = {"datum": TextIn(*place.path)}
    if flt.operator in ("IN", "NOT IN"):
        values = [value.strip() for value in list_of(flt)]
        return Test(Q(text__in=values), datum, Q(datum__in=values))
    value, how = text_of(flt), flt.operator
    if how in ("=", "!=") and place.attribute.unique:
        return Test(Q(text=value), datum, Q(datum=value))
    return Test(text_test("text", how, value), datum, text_test("datum", how, value))


def _number(flt: Filter, place: Place, structure: Structure) -> Test:
    number = _decimal(flt, flt.value, place)
    draft = {"datum": NumberIn(*place.path)}
    return Test(_compare("number", flt, number), draft, _compare("datum", flt, number))


def _measurement(flt: Filter, place: Place, structure: Structure) -> Test:
    parts = flt.value if isinstance(flt.value, dict) else {"amount": flt.value}
    attribute = place.attribute
    number = _decimal(flt, parts.get("amount"), place)
    family = structure.measurements.get(attribute.measurement_family)
    unit = parts.get("unit") or attribute.default_unit
    if family is None or family.standard_unit not in family.units:
        within = _compare("datum", flt, number)
    elif unit not in family.units:
        raise unknown(flt, "unit", unit)
    else:
        within = Q(pk__in=[])
        for other in family.units:
            converted = convert(number, unit=unit, to=other, family=family)
            within |= Q(unit=other) & _compare("datum", flt, converted)
    standard = standard_amount(number, unit, attribute, structure)
    draft = {
        "datum": NumberIn(*place.path, "amount"),
        "unit": TextIn(*place.path, "unit"),
    }
    return Test(_compare("number", flt, standard), draft, within)


def _price(flt: Filter, place: Place, structure: Structure) -> Test:
    parts = flt.value if isinstance(flt.value, dict) else {}
    currency = parts.get("currency")
    if currency is None:
        raise refuse(
            flt,
            _("“%(property)s” is searched by {“amount”: …, “currency”: …}."),
            code="no_currency",
        )
    if not isinstance(currency, str) or currency not in structure.currencies:
        raise unknown(flt, "currency", currency)
    number = _decimal(flt, parts.get("amount"), place)
    return Test(
        Q(text=currency) & _compare("number", flt, number),
        {"datum": NumberIn(*place.path, currency)},
        _compare("datum", flt, number),
    )


def _compare(name: str, flt: Filter, number: Decimal) -> Q:
    if flt.operator == "!=":
        return Q(**{f"{name}__isnull": False}) & ~Q(**{name: number})
    return Q(**{f"{name}{_LOOKUPS[flt.operator]}": number})


def _decimal(flt: Filter, raw, place: Place) -> Decimal:
    number = to_decimal(raw, place.attribute)
    if abs(number) >= _LARGEST:
        raise refuse(flt, _("“%(property)s” is searched by numbers below 10²⁰."), code="too_large")
    return number


def _boolean(flt: Filter, place: Place, structure: Structure) -> Test:
    value = truth_of(flt)
    words = Q(datum="true" if value else "false")
    return Test(Q(text="1" if value else "0"), {"datum": TruthIn(*place.path)}, words)


def _date(flt: Filter, place: Place, structure: Structure) -> Test:
    datum = {"datum": TextIn(*place.path)}
    if flt.operator in ("BETWEEN", "NOT BETWEEN"):
        days = days_of(flt)
        return Test(Q(text__range=days), datum, Q(datum__range=days))
    lookup, day = _LOOKUPS[flt.operator], day_of(flt, flt.value)
    return Test(Q(**{f"text{lookup}": day}), datum, Q(**{f"datum{lookup}": day}))


def _options(flt: Filter, place: Place, structure: Structure) -> list[str]:
    owner = place.attribute.code
    renamed = structure.renamed("option", owner=owner)
    return codes_of(flt, structure.options.get(owner, {}), "option", renamed)


def _select(flt: Filter, place: Place, structure: Structure) -> Test:
    codes = _options(flt, place, structure)
    return Test(Q(text__in=codes), {"datum": TextIn(*place.path)}, Q(datum__in=codes))


def _multiselect(flt: Filter, place: Place, structure: Structure) -> Test:
    return _any_of(place, _options(flt, place, structure))


def _reference(flt: Filter, place: Place, structure: Structure) -> Test:
    entity = structure.entities.get(place.attribute.reference_entity)
    renamed = structure.renamed("record", owner=place.attribute.reference_entity)
    return _any_of(place, codes_of(flt, entity.records if entity else (), "record", renamed))


def _product(flt: Filter, place: Place, structure: Structure) -> Test:
    return _any_of(place, list_of(flt))


def _any_of(place: Place, codes: list[str]) -> Test:
    draft = {"datum": AnyIn(*place.path, among=codes)}
    return Test(Q(text__in=codes), draft, Q(datum=TRUE))


def _media(flt: Filter, place: Place, structure: Structure) -> Test:
    """Media are searched by the codes of their assets, which hold no quotation marks."""
    if flt.operator in ("IN", "NOT IN"):
        return _any_of(place, list_of(flt))
    value = text_of(flt)
    if '"' in value:
        return Test(Q(pk__in=[]), {}, Q(pk__in=[]))
    if flt.operator in ("=", "!="):
        return _any_of(place, [value])
    wanted = f'"{value}' if flt.operator == "STARTS WITH" else value
    draft = {"datum": ListIn(*place.path)}
    return Test(Q(pk__in=[]), draft, text_test("datum", "CONTAINS", wanted))


def _packaging(flt: Filter, place: Place, structure: Structure) -> Test:
    """Packaging is found by the GTIN of any level, and by the levels that there are."""
    asked = list_of(flt) if flt.operator in ("IN", "NOT IN") else [text_of(flt)]
    wanted = []
    for text in asked:
        found = text if text in LEVELS else gtin14(text)
        if not found:
            raise refuse(
                flt,
                _("“%(property)s” is searched by GTINs or levels (%(known)s), not “%(value)s”."),
                code="bad_gtin",
                known=", ".join(LEVELS),
                value=text[:50],
            )
        wanted.append(found)
    # The index holds all of it, so drafts are never asked.
    return Test(Q(text__in=wanted), {}, Q(pk__in=[]))


def _never(flt: Filter, place: Place, structure: Structure) -> Test:
    raise AssertionError(flt.operator)


KINDS: dict[str, tuple[tuple[str, ...], Callable[[Filter, Place, Structure], Test]]] = {
    "identifier": (TEXTUAL, _text),
    "text": (TEXTUAL, _text),
    "textarea": (TEXTUAL, _text),
    "richtext": (TEXTUAL, _text),
    "number": (NUMERIC, _number),
    "measurement": (NUMERIC, _measurement),
    "price": (NUMERIC, _price),
    "boolean": (("=", "!=", *EMPTINESS), _boolean),
    "date": ((*NUMERIC, "BETWEEN", "NOT BETWEEN"), _date),
    "select": (CHOICE, _select),
    "multiselect": (CHOICE, _multiselect),
    "media": (TEXTUAL, _media),
    "product": (CHOICE, _product),
    "reference": (CHOICE, _reference),
    "table": (EMPTINESS, _never),
    "packaging": (("=", *CHOICE), _packaging),
}
