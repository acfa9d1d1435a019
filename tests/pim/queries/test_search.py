"""The filter language: every operator of every property finds exactly what it says."""

from datetime import timedelta

import pytest

from pim.actions.publishing import publish_products
from pim.models import Attribute, LogEntry, Product
from pim.queries.search import SearchRefused, find_products
from pim.queries.structure import forget_structure
from tests.factories.catalogue import ANNA, NOW, lamp_catalogue, wish, write

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _catalogue():
    lamp_catalogue()
    Attribute.objects.create(
        code="since", kind="date", group_id=Attribute.objects.get(code="pieces").group_id
    )
    write(
        wish(
            "M", role="model", family="lamp", family_variant="lamp_color", categories=["indoor"],
            at={"name||en": "Schreibtischlampe", "price||": {"EUR": "9"}, "weight||":
                {"amount": "2", "unit": "KILOGRAM"}, "name||fi": "Työpöytävalaisin"},
        ),
        wish("M-red", parent="M", at={
            "color||": "red", "weight||": {"amount": 500, "unit": "GRAM"}}),
        wish("M-blue", parent="M", at={"color||": "blue", "name||en": {"$state": "empty"}}),
        wish("A", categories=["outdoor"], at={
            "pieces||": "12.5", "care||": ["cold", "warm"], "notes||": "First\nsecond ÄÖ",
            "on_sale||": True, "maker||": ["aino"], "since||": "2026-01-31"}),
        wish("B", family="lamp", enabled=False, groups=["new"], at={
            "pieces||": "3", "story|web|en": "<p>Hello</p>", "on_sale||": False,
            "price||": {"EUR": "10.50", "DKK": "80"}, "ean||": "400", "size||": "s"}),
    )  # fmt: skip


def found(search, **how) -> str:
    rows = find_products(search, **{"at": NOW, **how}).order_by("identifier")
    return " ".join(rows.values_list("identifier", flat=True))


def ask(name, operator, value=None, **more):
    return {name: [{"operator": operator, "value": value, **more}]}


FIELDS = [
    ("family", "IN", ["lamp"], "B M M-blue M-red"),
    ("family", "NOT IN", ["lamp"], "A"),
    ("family", "EMPTY", None, "A"),
    ("family", "NOT EMPTY", None, "B M M-blue M-red"),
    ("family_variant", "IN", ["lamp_color"], "M M-blue M-red"),
    ("enabled", "=", False, "B"),
    ("enabled", "!=", False, "A M M-blue M-red"),
    ("groups", "IN", ["new"], "B"),
    ("groups", "NOT IN", ["new"], "A M M-blue M-red"),
    ("groups", "EMPTY", None, "A M M-blue M-red"),
    ("groups", "NOT EMPTY", None, "B"),
    ("categories", "IN", ["indoor"], "M M-blue M-red"),
    ("categories", "IN", ["master"], ""),
    ("categories", "IN CHILDREN", ["master"], "A M M-blue M-red"),
    ("categories", "NOT IN CHILDREN", ["master"], "B"),
    ("categories", "NOT IN", ["indoor"], "A B"),
    ("categories", "UNCLASSIFIED", None, "B"),
    ("categories", "IN OR UNCLASSIFIED", ["outdoor"], "A B"),
    ("parent", "=", "M", "M-blue M-red"),
    ("parent", "IN", ["M"], "M-blue M-red"),
    ("parent", "EMPTY", None, "A B M"),
    ("parent", "NOT EMPTY", None, "M-blue M-red"),
    ("is_root", "=", True, "A B M"),
    ("role", "IN", ["model"], "M"),
    ("identifier", "IN", ["A", "x"], "A"),
    ("identifier", "NOT IN", ["A", "x"], "B M M-blue M-red"),
    ("identifier", "STARTS WITH", "m-", "M-blue M-red"),
    ("identifier", "DOES NOT CONTAIN", "M", "A B"),
    ("sku", "=", "A", "A"),
    ("code", "=", "M", "M"),
    ("state", "IN", ["never"], "A B M M-blue M-red"),
    ("state", "IN", ["published"], ""),
    ("updated", ">", "2026-11-22 11:59:59", "A B M M-blue M-red"),
    ("updated", "<", "2026-11-22 12:00:00", ""),
    ("updated", "=", "2026-11-22", "A B M M-blue M-red"),
    ("updated", "!=", "2026-11-22 12:00:00", ""),
    ("updated", "BETWEEN", ["2026-11-21", "2026-11-22 12:00:00"], "A B M M-blue M-red"),
    ("updated", "NOT BETWEEN", ["2026-11-21", "2026-11-22"], ""),
    ("updated", "SINCE LAST N DAYS", 1, "A B M M-blue M-red"),
    ("updated", "SINCE LAST N DAYS", "1", "A B M M-blue M-red"),
    ("updated", ">", "-1 day", "A B M M-blue M-red"),
    ("created", ">", "2026-11-23 00:00:00", ""),
]
VALUES = [
    ("color", "IN", ["red"], "M-red"),
    ("color", "NOT IN", ["red"], "A B M M-blue"),
    ("color", "EMPTY", None, "B"),
    ("color", "NOT EMPTY", None, "M-blue M-red"),
    ("size", "IN", ["s", "m"], "B"),
    ("care", "IN", ["warm"], "A"),
    ("care", "NOT IN", ["warm"], "B M M-blue M-red"),
    ("pieces", ">", 3, "A"),
    ("pieces", ">=", "3", "A B"),
    ("pieces", "!=", 3, "A"),
    ("pieces", "=", 12.5, "A"),
    ("weight", ">", {"amount": 1, "unit": "KILOGRAM"}, "M M-blue"),
    ("weight", "<=", {"amount": "500", "unit": "GRAM"}, "M-red"),
    ("weight", "=", {"amount": "0.5", "unit": "KILOGRAM"}, "M-red"),
    ("weight", "!=", {"amount": "0.5", "unit": "KILOGRAM"}, "M M-blue"),
    ("price", "<", {"amount": 10, "currency": "EUR"}, "M M-blue M-red"),
    ("price", "=", {"amount": "10.5", "currency": "EUR"}, "B"),
    ("price", "!=", {"amount": "10.5", "currency": "EUR"}, "M M-blue M-red"),
    ("price", "NOT EMPTY", None, "B M M-blue M-red"),
    ("notes", "CONTAINS", "SECOND äö", "A"),
    ("notes", "DOES NOT CONTAIN", "third", "A"),
    ("notes", "STARTS WITH", "first", "A"),
    ("notes", "EMPTY", None, "B M M-blue M-red"),
    ("on_sale", "=", True, "A"),
    ("on_sale", "!=", True, "B"),
    ("maker", "IN", ["aino"], "A"),
    ("since", "<", "2026-02-01", "A"),
    ("since", "BETWEEN", ["2026-01-31", "2026-02-01"], "A"),
    ("since", "NOT BETWEEN", ["2026-01-31", "2026-02-01"], ""),
    ("since", ">", "2026-01-31", ""),
    ("ean", "=", "400", "B"),
    ("ean", "IN", ["400"], "B"),
    ("ean", "!=", "500", "B"),
]


@pytest.mark.parametrize(("name", "operator", "value", "names"), FIELDS)
def test_a_test_of_a_field_finds(name, operator, value, names):
    assert found(ask(name, operator, value)) == names


@pytest.mark.parametrize(("name", "operator", "value", "names"), VALUES)
@pytest.mark.parametrize("filterable", [False, True])
def test_a_test_of_a_value_finds_the_same_with_and_without_the_index(
    name, operator, value, names, filterable
):
    index(name, filterable)
    assert found(ask(name, operator, value)) == names


def index(name: str, filterable: bool) -> None:
    from pim.actions.following import reindex_attribute

    Attribute.objects.filter(code=name).update(filterable=filterable)
    LogEntry.objects.create(seq=10_000, kind="structure", scope={}, at=NOW)
    forget_structure()
    reindex_attribute(name)


@pytest.mark.parametrize(
    ("operator", "value", "how", "names"),
    [
        ("CONTAINS", "TISCHL", {"locale": "en"}, "M M-red"),
        ("CONTAINS", "työpöytä", {"locale": "fi"}, "M M-blue M-red"),
        ("=", "schreibtischlampe", {"locale": "en"}, "M M-red"),
        ("EMPTY", None, {"locale": "en"}, "B M-blue"),
        ("EMPTY", None, {"locale": "sv_FI"}, "B M M-blue M-red"),
    ],
)
def test_a_localizable_attribute_is_searched_in_one_locale(operator, value, how, names):
    assert found(ask("name", operator, value, **how)) == names
    assert found(ask("name", operator, value), locale=how["locale"]) == names


def test_a_scopable_attribute_is_searched_in_one_channel():
    assert found(ask("story", "CONTAINS", "hell", locale="en", scope="web")) == "B"
    assert found(ask("story", "NOT EMPTY", locale="en", scope="print")) == ""


@pytest.mark.parametrize(
    ("text", "names"),
    [("tischlamp", "M M-blue M-red"), ("m-", "M-blue M-red"), ("lampe red", "M-red"), ("zz", "")],
)
def test_free_text_is_looked_for_in_identifiers_and_names(text, names):
    assert found({"text": text}) == names


def test_models_and_items_are_told_apart():
    assert found({}, models=True) == "M"
    assert found({}, models=False) == "A B M-blue M-red"


def test_tests_are_all_to_be_passed():
    search = {"enabled": [{"operator": "=", "value": True}], **ask("role", "IN", ["item"])}
    assert found(search) == "A M-blue M-red"


def test_a_variant_has_changed_when_its_model_has():
    write(wish("M", at={"name||fi": "Toinen"}), at=NOW + timedelta(hours=1))
    assert found(ask("updated", ">", "2026-11-22 12:30:00")) == "M M-blue M-red"
    assert found(ask("updated", "<", "2026-11-22 12:30:00")) == "A B"


def test_published_products_are_found_by_their_state():
    ids = Product.objects.filter(identifier="A").values_list("id", flat=True)
    publish_products(list(ids), actor=ANNA, at=NOW)
    assert found(ask("state", "IN", ["published"])) == "A"
    assert found(ask("state", "IN", ["unpublished"])) == "B M M-blue M-red"


@pytest.mark.parametrize(
    ("search", "codes"),
    [
        ([], ["not_a_search"]),
        ({"family": "lamp"}, ["not_a_filter"]),
        (ask("nothing", "=", 1), ["unknown_property"]),
        (ask("family", "LIKE", 1), ["unknown_operator"]),
        (ask("pieces", "CONTAINS", 1), ["unknown_operator"]),
        (ask("family", "IN", ["desk"]), ["unknown_code"]),
        (ask("family", "IN", "lamp"), ["needs_list"]),
        (ask("categories", "IN", ["nowhere"]), ["unknown_code"]),
        (ask("color", "IN", ["green"]), ["unknown_code"]),
        (ask("name", "=", "x"), ["wrong_locale"]),
        (ask("name", "=", "x", locale="xx"), ["unknown_code"]),
        (ask("story", "=", "x", locale="en"), ["wrong_channel"]),
        (ask("story", "=", "x", locale="en", scope="tv"), ["unknown_code"]),
        (ask("pieces", ">", "many"), ["not_a_number"]),
        (ask("pieces", ">", 1e25), ["too_large"]),
        (ask("price", ">", {"amount": 1}), ["no_currency"]),
        (ask("weight", ">", {"amount": 1, "unit": "MILE"}), ["unknown_code"]),
        (ask("enabled", "=", "yes"), ["needs_boolean"]),
        (ask("updated", ">", "yesterday"), ["not_a_moment"]),
        (ask("updated", "SINCE LAST N DAYS", "four"), ["not_a_number"]),
        ({"family": [{"value": 1}]}, ["no_operator"]),
        (ask("completeness", ">", 10), ["no_channel"]),
        (ask("completeness", ">", "ten", scope="web"), ["per_cent"]),
        (ask("uuid", "IN", ["A"]), ["not_a_uuid"]),
        (ask("id", "IN", ["A"]), ["not_an_id"]),
        (ask("notes", "CONTAINS", "a\x00"), ["bad_text"]),
        (ask("notes", "CONTAINS", ""), ["needs_text"]),
        ({**ask("nothing", "="), **ask("family", "IN", ["x"])},
         ["unknown_property", "unknown_code"]),
    ],
)  # fmt: skip
def test_what_cannot_be_searched_is_refused_with_every_reason(search, codes):
    with pytest.raises(SearchRefused) as refused:
        find_products(search)
    assert [r.code for r in refused.value.refusals] == codes


@pytest.mark.parametrize(
    ("operator", "value", "more", "names"),
    [
        # Of lamps web (en, fi, sv-FI) requires name, price and, from level 1 on, color.
        ("=", 100, {}, "A M M-blue M-red"),
        ("=", 100, {"locale": "sv_FI"}, "A"),
        ("=", 66, {"locale": "sv_FI"}, "M-blue M-red"),
        ("=", 50, {"locale": "sv_FI"}, "M"),
        ("!=", 100, {}, "B M M-blue M-red"),
        ("<", 50, {}, "B"),
        ("<=", 50, {}, "B M"),
        (">", 50, {"locale": "sv_FI"}, "A M-blue M-red"),
        ("GREATER THAN ON ALL LOCALES", 50, {"locales": ["en", "sv_FI"]}, "A M-blue M-red"),
        ("LOWER OR EQUALS THAN ON ALL LOCALES", 50, {"locales": ["en", "sv_FI"]}, "B"),
        ("AT LEAST COMPLETE", None, {"locale": "en"}, "M"),
        ("ALL COMPLETE", None, {"locales": ["en", "fi"]}, "M"),
        ("ALL COMPLETE", None, {"locales": ["en", "sv_FI"]}, ""),
        ("ALL INCOMPLETE", None, {"locale": "sv_FI"}, "M"),
        ("AT LEAST INCOMPLETE", None, {"locale": "en"}, ""),
    ],
)
def test_completeness_is_seen_locale_by_locale(operator, value, more, names):
    assert found(ask("completeness", operator, value, scope="web", **more)) == names


def test_a_search_is_one_statement(django_assert_num_queries):
    search = {
        **ask("color", "IN", ["red"]),
        **ask("notes", "EMPTY"),
        **ask("categories", "IN", ["indoor"]),
        **ask("completeness", "<", 100, scope="web"),
    }
    find_products(search)
    with django_assert_num_queries(2):
        list(find_products(search))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("TYOPOYTA", "M M-blue M-red"),
        ("työpöytä", "M M-blue M-red"),
        ("tischlàmpe", "M M-blue M-red"),
        ("strasse", "S"),
        ("Straße", "S"),
        ("%", ""),
        ("_", ""),
    ],
)
def test_free_text_finds_parts_of_words_without_regard_to_accents(text, names):
    write(wish("S", at={"name||en": "STRAẞENLEUCHTE Øst"}))
    assert found({"text": text}) == names
