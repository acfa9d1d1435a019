"""Long work lets others write in between: SQLite by itself lets one of them starve."""

import sqlite3
import threading
import time

import pytest
from django.db import connection, transaction

from pim.actions import publication, turns
from pim.actions.publishing import publish_products
from pim.actions.quality import follow, follow_quality
from pim.actions.turns import Turns
from pim.models import Product
from tests.factories.catalogue import ANNA, NOW, lamp_catalogue, wish, write


@pytest.fixture
def pauses(monkeypatch):
    """The pauses taken, each due at once, none really waited for."""
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite lets writers starve")
    found = []
    monkeypatch.setattr(turns, "OFTEN", 0.0)
    monkeypatch.setattr(turns.time, "sleep", found.append)
    return found


@pytest.fixture
def three_lamps(transactional_db):
    lamp_catalogue()
    for code in ("A", "B", "C"):
        write(wish(code, family="lamp", at={"name||en": f"Lamp {code}"}))


def test_who_waits_gets_the_lock_between_two_long_transactions(tmp_path, monkeypatch, db):
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite lets writers starve")
    path = tmp_path / "shared.sqlite3"
    with sqlite3.connect(path) as made:
        made.execute("PRAGMA journal_mode=WAL")
        made.execute("CREATE TABLE rows (who)")
    done, seen = threading.Event(), []
    monkeypatch.setattr(turns, "OFTEN", 0.5)
    monkeypatch.setattr(Turns, "give_way", _outside_tests(Turns.give_way))

    def page():
        held = sqlite3.connect(path, timeout=8, isolation_level=None)
        try:
            time.sleep(0.1)
            held.execute("INSERT INTO rows VALUES ('page')")
            seen.append("written")
        except sqlite3.OperationalError as fault:
            seen.append(str(fault))
        finally:
            held.close()
            done.set()

    waiting = threading.Thread(target=page)
    waiting.start()
    worker, taken = sqlite3.connect(path, timeout=20, isolation_level=None), Turns()
    while not done.is_set():
        worker.execute("BEGIN IMMEDIATE")
        worker.execute("INSERT INTO rows VALUES ('worker')")
        time.sleep(0.7)
        worker.execute("COMMIT")
        taken.give_way()
    worker.close()
    waiting.join()
    assert seen == ["written"]


def _outside_tests(give_way):
    """Return `give_way` as it is where no test holds a transaction."""

    def called(self):
        held, connection.in_atomic_block = connection.in_atomic_block, False
        try:
            give_way(self)
        finally:
            connection.in_atomic_block = held

    return called


def test_nobody_waits_within_a_transaction(pauses, transactional_db):
    with transaction.atomic():
        Turns().give_way()
    assert pauses == []
    Turns().give_way()
    assert pauses == [turns.PAUSE]


def test_short_work_never_pauses(monkeypatch, transactional_db):
    taken = []
    monkeypatch.setattr(turns.time, "sleep", taken.append)
    Turns().give_way()
    assert taken == []


def test_the_count_of_quality_gives_way_after_every_chunk(pauses, three_lamps, monkeypatch):
    monkeypatch.setattr(follow, "CHUNK", 1)
    pauses.clear()
    assert follow_quality(at=NOW) == 3
    assert len(pauses) == 3


def test_publishing_gives_way_between_chunks(pauses, three_lamps, monkeypatch):
    monkeypatch.setattr(publication, "CHUNK", 1)
    pauses.clear()
    ids = Product.objects.values_list("id", flat=True)
    assert publish_products(ids, actor=ANNA, at=NOW).published == 3
    assert len(pauses) == 3
