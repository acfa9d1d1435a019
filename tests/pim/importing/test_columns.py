"""The grammar of product columns."""

import pytest

from pim.content.address import Address
from pim.content.structure import AssociationTypeDef, AttributeDef, ChannelDef, LocaleDef, Structure
from pim.importing.columns import read_layout


def attribute(code, kind="text", **flags):
    return code, AttributeDef(code, kind, **flags)


STRUCTURE = Structure(
    locales={c: LocaleDef(c) for c in ("en-US", "de-DE", "fi")},
    currencies=frozenset({"EUR", "USD"}),
    channels={
        "web": ChannelDef("web", locales=("en-US", "de-DE")),
        "in-store": ChannelDef("in-store", locales=("en-US",)),
    },
    attributes=dict(
        [
            attribute("sku", "identifier"),
            attribute("name", localizable=True),
            attribute("name-long", localizable=True),
            attribute("text", localizable=True, scopable=True),
            attribute("price", "price"),
            attribute("offer", "price", localizable=True, scopable=True),
            attribute("weight", "measurement", scopable=True),
            attribute("family-name"),
        ]
    ),
    association_types={c: AssociationTypeDef(c) for c in ("X_SELL", "X_SELL-more", "BUNDLE")},
)


def column(title: str):
    (found,) = read_layout([title], structure=STRUCTURE, models=False).values
    return found.address, found.part


@pytest.mark.parametrize(
    ("title", "address", "part"),
    [
        ("name-en_US", Address("name", "", "en-US"), ""),
        ("name-en-US", Address("name", "", "en-US"), ""),
        ("name-fi", Address("name", "", "fi"), ""),
        ("name-long-de_DE", Address("name-long", "", "de-DE"), ""),
        ("text-en_US-web", Address("text", "web", "en-US"), ""),
        ("text-web-en_US", Address("text", "web", "en-US"), ""),
        ("text-en_US-in-store", Address("text", "in-store", "en-US"), ""),
        ("price", Address("price"), ""),
        ("price-EUR", Address("price"), "EUR"),
        ("offer-en_US-web-EUR", Address("offer", "web", "en-US"), "EUR"),
        ("offer-EUR-en_US-web", Address("offer", "web", "en-US"), "EUR"),
        ("offer-web-EUR-en_US", Address("offer", "web", "en-US"), "EUR"),
        ("weight-web", Address("weight", "web"), ""),
        ("weight-web-unit", Address("weight", "web"), "unit"),
        ("weight-unit-in-store", Address("weight", "in-store"), "unit"),
        ("family-name", Address("family-name"), ""),
    ],
)
def test_title_is_resolved(title, address, part):
    assert column(title) == (address, part)


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("nothing", "unknown_column"),
        ("name", "wrong_locale"),
        ("name-fr_FR", "unknown_locale"),
        ("price-GBP", "unknown_column"),
        ("text-en_US", "wrong_channel"),
        ("text-de_DE-in-store", "wrong_locale"),
        ("price-EUR-USD", "unknown_column"),
    ],
)
def test_title_that_means_nothing_is_left_out_with_a_reason(title, code):
    layout = read_layout(["sku", title], structure=STRUCTURE, models=False)
    assert layout.values == []
    assert [(name, refusal.code) for name, refusal in layout.notices] == [(title, code)]


def test_associations_quantities_and_fields_have_their_places():
    header = ["sku", "family", "X_SELL-products", "X_SELL-more-groups", "BUNDLE-products-quantity"]
    layout = read_layout(header, structure=STRUCTURE, models=False)
    assert (layout.identifier, layout.fields) == (0, {"family": 1})
    assert [(t.type, t.role) for t in layout.ties] == [
        ("X_SELL", "products"),
        ("X_SELL-more", "groups"),
        ("BUNDLE", "quantities"),
    ]


def test_second_column_of_the_same_title_is_left_out():
    layout = read_layout(["sku", "price-EUR", "price-EUR"], structure=STRUCTURE, models=False)
    assert [c.index for c in layout.values] == [1]
    assert [refusal.code for _title, refusal in layout.notices] == ["repeated_column"]
