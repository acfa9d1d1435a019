"""Searches against an oracle: plain Python over the drafts says which products pass."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pim.models import Attribute, Product
from pim.queries.drafts import read_drafts
from pim.queries.search import find_products
from pim.queries.structure import load_structure
from tests.factories.catalogue import NOW, lamp_catalogue, wish, write

pytestmark = pytest.mark.django_db
WORDS = ("Oak", "oak lamp", "Ääni", "ääni_50%", "a.b", "x")
GRAMS = {"GRAM": Decimal("0.001"), "KILOGRAM": Decimal(1)}
STATE = {"$state": "empty"}


@pytest.fixture(scope="module")
def products(django_db_setup, django_db_blocker):
    """A catalogue of models and variants with values, states and holes everywhere."""
    from django.db import transaction

    from pim.queries.structure import forget_structure

    with django_db_blocker.unblock(), transaction.atomic():
        lamp_catalogue()
        Attribute.objects.create(code="since", kind="date", group=Attribute.objects.first().group)
        forget_structure()
        write(*_models(), *_items())
        yield {s.id: s for s in read_drafts(Product.objects.values_list("id", flat=True)).values()}
        transaction.set_rollback(True)


def _models():
    for n, name in enumerate(WORDS):
        at = {"name||en": name, "weight||": {"amount": n, "unit": "KILOGRAM"}}
        more = {"pieces||": str(n), "notes||": WORDS[-n - 1]} if n % 2 else {}
        yield wish(f"M{n}", role="model", family="lamp", family_variant="lamp_color",
                   categories=["indoor"] if n % 3 else [], at={**at, **more})  # fmt: skip


def _items():
    for n, name in enumerate(WORDS):
        own = {"name||en": STATE if n % 2 else name.upper(), "pieces||": STATE if n == 2 else "1.5"}
        yield wish(f"M{n}-red", parent=f"M{n}", at={"color||": "red", **(own if n % 3 else {})})
        yield wish(f"M{n}-blue", parent=f"M{n}", groups=["new"], at={"color||": "blue"})
        yield wish(
            f"A{n}", enabled=bool(n % 2), categories=["outdoor"] if n % 2 else [],
            family="lamp" if n % 3 else None,
            at={"notes||": name, "care||": [["cold"], ["warm"], ["cold", "warm"]][n % 3],
                "on_sale||": bool(n % 2), "since||": f"2026-01-{n + 1:02}",
                "weight||": {"amount": 500 * n, "unit": "GRAM"},
                "price||": {"EUR": str(n), **({"DKK": str(n * 8)} if n % 2 else {})},
                "story|web|en": f"<p>{name}</p>", "spare||": [f"M{n}"]},
        )  # fmt: skip


def value_of(state, products, place):
    """The nearest value: its own, else its parent's; a state hides what is farther."""
    attribute, channel, locale = place
    while state is not None:
        data = state.values.get(locale, {}).get(attribute, {}).get(channel)
        if data is not None:
            return None if data == STATE else data
        state = products.get(state.parent_id)
    return None


def expected(state, attribute):
    structure = load_structure()
    family = structure.families.get(state.family)
    variant = structure.family_variants.get(state.family_variant)
    level = variant.levels.get(attribute, 0) if variant else 0
    return bool(family) and attribute in family.attributes and level <= state.level


def passes_text(data, operator, value):
    one, other = data.lower(), value.lower()
    return {
        "=": one == other,
        "!=": one != other,
        "STARTS WITH": one.startswith(other),
        "CONTAINS": other in one,
        "DOES NOT CONTAIN": other not in one,
    }[operator]


def passes_number(number, operator, value):
    return {
        "=": number == value, "!=": number != value, "<": number < value, "<=": number <= value,
        ">": number > value, ">=": number >= value,
    }[operator]  # fmt: skip


TEXT = st.tuples(
    st.sampled_from([("notes", "", ""), ("name", "", "en"), ("story", "web", "en")]),
    st.sampled_from(["=", "!=", "STARTS WITH", "CONTAINS", "DOES NOT CONTAIN"]),
    st.sampled_from([*WORDS, "OAK", "ää", "%", "_", "LAMP", ".", "<p>o", "("]),
)
NUMBER = st.tuples(
    st.sampled_from(["pieces", "weight", "price"]),
    st.sampled_from(["=", "!=", "<", "<=", ">", ">="]),
    st.sampled_from(["0", "1", "1.5", "2", "0.5", "1000", "8"]),
    st.sampled_from(["GRAM", "KILOGRAM"]),
    st.sampled_from(["EUR", "DKK"]),
)
CHOICE = st.tuples(
    st.sampled_from(["color", "care"]),
    st.sampled_from(["IN", "NOT IN"]),
    st.lists(st.sampled_from([("red", "cold"), ("blue", "warm")]), max_size=2),
)
EMPTY = st.tuples(
    st.sampled_from(
        [("notes", "", ""), ("name", "", "en"), ("name", "", "fi"), ("pieces", "", ""),
         ("color", "", ""), ("care", "", ""), ("price", "", ""), ("since", "", ""),
         ("spare", "", ""), ("on_sale", "", ""), ("weight", "", ""), ("story", "web", "en")]
    ),
    st.sampled_from(["EMPTY", "NOT EMPTY"]),
)  # fmt: skip
ASKED = st.lists(
    st.one_of(
        TEXT.map(lambda t: ("text", *t)),
        NUMBER.map(lambda t: ("number", *t)),
        CHOICE.map(lambda t: ("choice", *t)),
        EMPTY.map(lambda t: ("empty", *t)),
    ),
    min_size=1,
    max_size=3,
)


def document_of(asked):
    """Return (property, test) of one question."""
    kind, what, operator, *rest = asked
    if kind == "number":
        raw, unit, currency = rest
        value = {
            "pieces": raw,
            "weight": {"amount": raw, "unit": unit},
            "price": {"amount": raw, "currency": currency},
        }[what]
        return what, {"operator": operator, "value": value}
    if kind == "choice":
        pick = 0 if what == "color" else 1
        return what, {"operator": operator, "value": [pair[pick] for pair in rest[0]]}
    attribute, channel, locale = what
    test = {"operator": operator, "scope": channel or None, "locale": locale or None}
    return attribute, {**test, **({"value": rest[0]} if rest else {})}


def passes(state, products, asked):
    kind, what, operator, *rest = asked
    place = (what, "", "") if isinstance(what, str) else what
    data = value_of(state, products, place)
    if kind == "empty":
        if operator == "NOT EMPTY":
            return data is not None
        return data is None and expected(state, place[0])
    if kind == "choice":
        wanted = set(document_of(asked)[1]["value"])
        held = set() if data is None else {data} if isinstance(data, str) else set(data)
        return bool(held & wanted) == (operator == "IN")
    if data is None:
        return False
    if kind == "text":
        return passes_text(data, operator, rest[0])
    raw, unit, currency = rest
    if what == "price":
        return currency in data and passes_number(Decimal(data[currency]), operator, Decimal(raw))
    if what == "pieces":
        return passes_number(Decimal(data), operator, Decimal(raw))
    mass = Decimal(data["amount"]) * GRAMS[data["unit"]]
    return passes_number(mass, operator, Decimal(raw) * GRAMS[unit])


@settings(
    max_examples=50, deadline=None, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(ASKED)
def test_a_search_finds_what_the_oracle_says(products, asked):
    search: dict = {}
    for question in asked:
        name, test = document_of(question)
        search.setdefault(name, []).append(test)
    found = set(find_products(search, at=NOW).values_list("id", flat=True))
    said = {pk for pk, s in products.items() if all(passes(s, products, q) for q in asked)}
    names = {pk: s.identifier for pk, s in products.items()}
    assert sorted(names[pk] for pk in found) == sorted(names[pk] for pk in said)
