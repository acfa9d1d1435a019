"""Writers at the same time, on PostgreSQL: nothing is lost, nothing is seen out of order."""

import random
import threading
import time

import pytest
from django.db import IntegrityError, connection, transaction

from pim import published
from pim.actions.facts import PriceRow, set_prices
from pim.actions.locking import hold, locked, settled
from pim.actions.products import delete_product, save_product
from pim.actions.publishing import publish_products
from pim.actions.structure import record_structure_change
from pim.content.refusals import Conflict, NotUnique, Refused
from pim.models import (
    Attribute,
    Completeness,
    Currency,
    Draft,
    FilterValue,
    LogEntry,
    PriceFact,
    PriceList,
    Product,
    UniqueValue,
)
from pim.queries.structure import load_structure
from tests.factories.catalogue import ANNA, NOW, lamp_catalogue, wish, write

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
HOW = {"actor": ANNA, "at": NOW}


@pytest.fixture(autouse=True)
def _catalogue():
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL")
    lamp_catalogue()


def at_once(*jobs) -> list:
    """Run the jobs in threads that start together; return what each returned or raised."""
    results: list = [None] * len(jobs)
    gate = threading.Barrier(len(jobs))

    def run(place: int):
        try:
            gate.wait(timeout=10)
            results[place] = jobs[place]()
        except Exception as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[i]) for i in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


def saving(identifier: str, **wishes):
    return lambda: save_product(wish(identifier, **wishes), **HOW)


def test_of_writers_of_one_value_one_wins_and_the_others_are_told():
    write(wish("L1", at={"notes||": "start"}))
    jobs = [saving("L1", at={"notes||": f"by {i}"}, expected_version=1) for i in range(6)]
    results = at_once(*jobs)
    won = [r for r in results if not isinstance(r, Exception)]
    lost = [r for r in results if isinstance(r, Conflict)]
    assert (len(won), len(lost)) == (1, 5)
    stored = Draft.objects.get(locale="").values
    assert {str(clash.theirs) for clash in lost} == {str({"notes||": stored["notes"][""]})}
    assert Product.objects.get().row_version == 2


def test_translators_of_different_locales_lose_nothing():
    write(wish("L1", at={"notes||": "start"}))
    locales = ("en", "fi", "sv", "sv-FI")
    jobs = [saving("L1", at={f"name||{c}": c}, expected_version=1) for c in locales]
    assert [r.outcome for r in at_once(*jobs)] == ["changed"] * 4
    drafts = Draft.objects.exclude(locale="").order_by("locale")
    assert [d.values for d in drafts] == [{"name": {"": code}} for code in sorted(locales)]
    assert Product.objects.get().row_version == 5


def test_a_unique_value_is_given_once():
    results = at_once(*(saving(f"P{i}", at={"ean||": "1"}) for i in range(5)))
    assert sum(isinstance(r, NotUnique) for r in results) == 4
    assert (Product.objects.count(), UniqueValue.objects.count()) == (1, 1)


def test_one_identifier_makes_one_product():
    results = at_once(*(saving("same", at={"notes||": "x"}) for i in range(5)))
    assert sorted(r.outcome for r in results) == ["created"] + ["unchanged"] * 4
    assert Product.objects.count() == 1


def test_a_product_deleted_while_its_writer_waits_is_made_anew():
    [first] = write(wish("L1", at={"notes||": "old"}))
    waiting = threading.Event()

    def deleting():
        with transaction.atomic():
            delete_product(first.product_id, **HOW)
            waiting.set()
            time.sleep(0.3)

    def writing():
        waiting.wait(timeout=10)
        return saving("L1", at={"notes||": "new"})()

    gone, made = at_once(deleting, writing)
    assert (gone, made.outcome) == (None, "created")
    assert Draft.objects.get(locale="").values == {"notes": {"": "new"}}


def test_a_locked_product_can_be_referred_to():
    [ties, tied] = write(wish("L1"), wish("L2"))
    with transaction.atomic():
        list(locked(Product.objects.filter(pk=tied.product_id)))
        link = {"cross_sell": {"products": [("L2", None)], "groups": []}}
        result = at_once(saving("L1", associations=link))[0]
        assert result.outcome == "changed", result
    assert ties.product_id != tied.product_id


def test_an_attribute_deleted_meanwhile_is_unknown_to_the_writer():
    read, deleted = threading.Event(), threading.Event()

    def deleting():
        with transaction.atomic():
            Attribute.objects.get(code="pieces").delete()
            record_structure_change("attribute", ["pieces"], **HOW)
            deleted.set()
            read.wait(timeout=10)
            time.sleep(0.3)

    def writing():
        load_structure()
        deleted.wait(timeout=10)
        read.set()
        return saving("L1", at={"pieces||": "3"})()

    gone, refusal = at_once(deleting, writing)
    assert gone is None
    assert isinstance(refusal, Refused), refusal
    assert (refusal.code, refusal.params["name"]) == ("unknown_code", "pieces")
    assert (Product.objects.count(), FilterValue.objects.count()) == (0, 0)


def test_what_is_held_cannot_be_deleted_before_the_holder_is_done():
    attribute = Attribute.objects.get(code="on_sale")
    order = []

    def deleting():
        attribute.delete()
        order.append("deleted")

    with transaction.atomic():
        hold(Attribute, [attribute.pk])
        thread = threading.Thread(target=deleting)
        thread.start()
        thread.join(timeout=0.3)
        order.append("held")
    thread.join(timeout=10)
    assert order == ["held", "deleted"]
    with pytest.raises(IntegrityError), transaction.atomic():
        hold(Attribute, [attribute.pk])


def test_a_circle_of_waiting_writers_is_broken_and_both_finish():
    ids = [r.product_id for r in write(wish("L1"), wish("L2"))]
    met, tries = threading.Barrier(2), []

    def locking(order: list[int]):
        list(locked(Product.objects.filter(pk=order[0])))
        tries.append(order)
        if len(tries) <= 2:
            met.wait(timeout=10)
        list(locked(Product.objects.filter(pk=order[1])))
        return "done"

    jobs = [lambda: settled(lambda: locking(ids)), lambda: settled(lambda: locking(ids[::-1]))]
    assert at_once(*jobs) == ["done", "done"]
    assert len(tries) > 2


def test_completeness_is_right_after_a_model_and_its_variant_changed_together():
    model = {"family": "lamp", "family_variant": "lamp_color", "role": "model"}
    write(wish("M", **model), wish("V", parent="M", at={"color||": "red"}))
    for turn in range(5):
        names = {f"name||{code}": f"{code} {turn}" for code in ("en", "fi", "sv")}
        erased = dict.fromkeys(names)
        write(wish("M", at={**erased, "price||": None}), wish("V", at={"weight||": None}))
        results = at_once(
            saving("M", at={**names, "price||": {"EUR": "1"}}),
            saving("V", at={"weight||": "5"}),
        )
        assert [r.outcome for r in results] == ["changed", "changed"]
        counted = Completeness.objects.filter(product__identifier="V", channel__code="web")
        assert list(counted.values_list("required", "filled")) == [(5, 5)]


def test_one_price_is_set_once():
    PriceList.objects.create(code="retail", currency=Currency.objects.get(code="EUR"))
    write(wish("L1"))
    jobs = [lambda n=n: set_prices([PriceRow("L1", "retail", n)], **HOW) for n in range(1, 5)]
    at_once(*jobs)
    assert PriceFact.objects.count() == 1


def test_a_reader_of_the_log_never_misses_an_entry():
    ids = [r.product_id for r in write(*(wish(f"P{i}") for i in range(60)))]
    seen: list[int] = []
    done = threading.Event()

    def writer(chosen: list[int]):
        for start in range(0, len(chosen), 3):
            with transaction.atomic():
                publish_products(chosen[start : start + 3], **HOW)
                time.sleep(random.random() / 100)

    def reader():
        while True:
            last_round = done.is_set()
            fresh = published.entries_after(seen[-1] if seen else 0, 7)
            seen.extend(entry.seq for entry in fresh)
            if last_round and not fresh:
                return

    def writers():
        try:
            results = at_once(*(lambda n=n: writer(ids[n::4]) for n in range(4)))
            assert results == [None] * 4
        finally:
            done.set()

    assert at_once(reader, writers) == [None, None]
    assert seen == list(range(1, 61))
    assert LogEntry.objects.count() == 60
