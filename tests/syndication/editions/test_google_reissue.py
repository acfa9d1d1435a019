"""A Google feed re-issued after products came, changed, went and were withdrawn is a full one."""

import pytest

from pim.models import Asset, Attribute, Version
from syndication import store
from syndication.actions.editions import run
from syndication.actions.listings import upkeep
from syndication.models import Edition, Fragment, FragmentSet, Output, Pointer
from tests.factories import lamps
from tests.factories.lamps import NOW

from .test_run import issue

pytestmark = pytest.mark.django_db


@pytest.fixture
def output(db):
    lamps.build_structure()
    Attribute.objects.filter(code="description").update(role="description")
    lamps.log("structure", scope={"kind": "channel", "codes": ["web"]})
    lamps.asset("photo")
    Asset.objects.update(width=1200, height=900)
    for n in range(1, 9):
        lamp(n, f"Lamp <{n}> & more")
    return Output.objects.create(
        code="google",
        name="Google",
        kind="google_merchant",
        channel="web",
        audience="consumer",
        locales=["en"],
        options={"brand": "Kivi"},
        guard={"enabled": False},
    )


def lamp(n: int, name: str, *, priced: bool = True):
    """Publish a lamp that Google takes."""
    is_new = not Version.objects.filter(product__identifier=f"L-{n}").exists()
    values = {
        "en": {"name": {"": name}, "description": {"web": f"It is lamp {n}."}},
        "": {"picture": {"": ["photo"]}, "color": {"": "red"}},
    }
    product = lamps.publish(f"L-{n}", values)
    if is_new and priced:
        lamps.price(product, f"1{n}.00")
    return product


def feed(edition) -> bytes:
    assert edition.state.startswith("issued"), edition.cause
    return store.path_of(edition.artefacts.get().artefact_id).read_bytes()


def test_reissue_is_byte_for_byte_a_feed_from_nothing(output, monkeypatch):
    upkeep(at=NOW)
    before = feed(issue(output))
    lamp(3, "Lamp three, changed")
    lamp(0, "Lamp before all")
    lamp(20, "Lamp that has no price", priced=False)
    lamp(30, "Lamp behind all")
    lamps.withdraw(lamp(5, "Lamp five"))
    lamps.price(lamp(6, "Lamp <6> & more"), "1.00")
    lamps.stock(lamp(7, "Lamp <7> & more"), "out_of_stock")
    upkeep(at=NOW)
    monkeypatch.setattr(run, "freeze", None)  # nothing but what changed is read
    patched = issue(output)
    monkeypatch.undo()
    after = feed(patched)
    assert [after.count(b"<g:id>L-%d</g:id>" % n) for n in (0, 3, 5, 20, 30)] == [1, 1, 0, 0, 1]
    assert after != before
    for model in (Pointer, Edition, Fragment, FragmentSet):
        model.objects.all().delete()
    whole = issue(output)
    assert feed(whole) == after
    names = ("items_in", "issued", "item_errors", "excluded_by", "warnings_by", "median_price")
    assert [patched.counts[n] for n in names] == [whole.counts[n] for n in names]
    assert (patched.frozen, patched.products) == (whole.frozen, whole.products)
