"""Shares of completeness: what the database answers is what plain arithmetic says."""

from itertools import product as combinations

import pytest

from pim.models import Attribute, Channel, Completeness, Family, Product, Requirement
from pim.queries.search import find_products
from pim.queries.structure import forget_structure
from tests.factories.catalogue import lamp_catalogue, wish, write

pytestmark = pytest.mark.django_db
SIGNS = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    "=": lambda a, b: a == b,
    ">=": lambda a, b: a >= b,
    ">": lambda a, b: a > b,
}
EACH = {"<": "LOWER", "<=": "LOWER OR EQUALS", ">": "GREATER", ">=": "GREATER OR EQUALS"}
# What products of three families lack: of lamps web requires three values, of chairs two.
LACKS = {
    "L0": [], "L1": [["name", "en"]], "L2": [["name", "en"], ["name", "fi"]], "L3": [["color", ""]],
    "L4": [["name", "fi"], ["color", ""], ["price", ""]],
    "L5": [["name", "en"], ["name", "fi"], ["name", "sv-FI"], ["color", ""], ["price", ""]],
    "C0": [], "C1": [["notes", ""]], "C2": [["name", "fi"], ["notes", ""]],
    "N0": [],
}  # fmt: skip
REQUIRED = {"L": 3, "C": 2, "N": 0}
ALL = ("en", "fi", "sv-FI")


@pytest.fixture(autouse=True)
def _catalogue():
    lamp_catalogue()
    web, chair = Channel.objects.get(code="web"), Family.objects.create(code="chair")
    for code in ("name", "notes"):
        attribute = Attribute.objects.get(code=code)
        Requirement.objects.create(family=chair, channel=web, attribute=attribute)
    forget_structure()
    families = {"L": "lamp", "C": "chair", "N": ""}
    write(*[wish(name, family=families[name[0]]) for name in LACKS])
    ids = dict(Product.objects.values_list("identifier", "pk"))
    for name, lacks in LACKS.items():
        total = len({code for code, _locale in lacks}) + len(ALL) * REQUIRED[name[0]]
        rows = Completeness.objects.filter(product_id=ids[name], channel=web)
        rows.update(missing=lacks, required=total, filled=total - len(lacks))


def share(name: str, locale: str) -> int:
    required = REQUIRED[name[0]]
    missing = sum(place in ("", locale) for _code, place in LACKS[name])
    return (required - missing) * 100 // required if required else 100


@pytest.mark.parametrize("locales", [("fi",), ("en", "sv-FI"), ALL])
@pytest.mark.parametrize("sign", SIGNS)
def test_the_database_counts_as_arithmetic_does(sign, locales):
    for percent, (words, holds) in combinations(
        (-1, 0, 1, 33, 34, 50, 51, 66, 67, 99, 100, 101), ((sign, any), (EACH.get(sign), all))
    ):
        if words is None:
            continue
        operator = words if words == sign else f"{words} THAN ON ALL LOCALES"
        test = {"operator": operator, "value": percent, "scope": "web", "locales": list(locales)}
        rows = find_products({"completeness": [test]}).order_by("identifier")
        expected = [
            name
            for name in sorted(LACKS)
            if holds(SIGNS[sign](share(name, locale), percent) for locale in locales)
        ]
        assert (operator, percent, list(rows.values_list("identifier", flat=True))) == (
            operator, percent, expected,
        )  # fmt: skip
