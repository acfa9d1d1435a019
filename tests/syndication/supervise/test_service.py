"""The service that draws previews: limits of time and number, hanging up, its own end."""

import json
import os
import threading
import time
from contextlib import suppress

import pytest

from syndication.supervise import ask as asking
from syndication.supervise import service

SLOW = "tests.factories.jobs:Slow"
WARMED = "tests.factories.jobs:Warmed"


@pytest.fixture
def home(tmp_path, settings):
    """A data folder with a long name, as deep ones have, and a service that ends with the test."""
    settings.DATA_DIR = tmp_path / ("deep" * 20)
    yield settings.DATA_DIR
    asking.stop()


def ask(home, name, *, job="render", target=SLOW, seconds=5.0, who="", patient=False):
    folder = home / name
    folder.mkdir(parents=True)
    spec = {"job": job, "target": target, "memory_mb": 512, "seconds": 30, "folder": str(folder)}
    (folder / "spec.json").write_text(json.dumps(spec))
    order = {"spec": str(folder / "spec.json"), "target": target, "locales": [], "who": who}
    order["patient"] = patient
    return asking.ask(order, modules=(), seconds=seconds, bring=lambda sha256: None)


def until(holds):
    """Wait for something that another process is about to do."""
    for _ in range(600):
        if holds():
            return
        time.sleep(0.05)
    raise AssertionError("it never happened")


def at_work_in(folder) -> list[str]:
    """Return the processes that work in a folder."""
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        with suppress(OSError):
            found += [name] if os.readlink(f"/proc/{name}/cwd") == str(folder) else []
    return found


def test_child_that_fails_is_an_error_and_the_service_goes_on(home):
    assert ask(home, "one", job="nothing")["outcome"] == "error"
    assert "KeyError" in (home / "one" / "log").read_text()
    assert ask(home, "two", job="nothing")["outcome"] == "error"


def test_service_is_woken_for_a_kind_before_anything_is_asked_for(home):
    asking.wake(WARMED, ["en", "de"], modules=tuple).join(20)
    assert len(asking._started) == 1
    assert (home / "run" / "warmed").read_text().split() == ["en", "de"]
    assert ask(home, "one", job="nothing")["outcome"] == "error"
    assert len(asking._started) == 1, "the same service answers"


def test_child_that_takes_too_long_is_ended(home):
    assert ask(home, "slow", seconds=0.3)["outcome"] == "timeout"


def test_so_many_at_once_and_so_many_waiting_then_it_is_busy(home):
    ask(home, "first", job="nothing")
    many = service.AT_ONCE + service.WAITING + 4
    outcomes: list[str] = []

    def one(n):
        outcomes.append(ask(home, f"many-{n}", seconds=1.0)["outcome"])

    threads = [threading.Thread(target=one, args=(n,)) for n in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(outcomes) == {"timeout", "busy"}
    assert outcomes.count("timeout") >= service.AT_ONCE + 1


def test_what_is_patient_leaves_a_place_for_who_is_not(home):
    ask(home, "first", job="nothing")
    outcomes: list[str] = []

    def one(n):
        outcomes.append(ask(home, f"patient-{n}", seconds=3.0, patient=True)["outcome"])

    threads = [threading.Thread(target=one, args=(n,)) for n in range(service.AT_ONCE + 1)]
    for thread in threads:
        thread.start()
    until(lambda: any(at_work_in(home / f"patient-{n}") for n in range(len(threads))))
    assert ask(home, "quick", job="nothing")["outcome"] == "error"
    assert outcomes == []
    assert sum(bool(at_work_in(home / f"patient-{n}")) for n in range(len(threads))) == 1
    for thread in threads:
        thread.join()


def test_service_ends_with_who_started_it_and_is_started_again(home):
    ask(home, "one", job="nothing")
    first = asking._started[-1]
    asking.stop()
    assert first.poll() is not None
    assert ask(home, "two", job="nothing")["outcome"] == "error"


def test_second_service_leaves_the_socket_to_the_first(home):
    ask(home, "one", job="nothing")
    folder = home / "run"
    first = asking._started[-1]
    asking._start(folder, ())
    second = asking._started[-1]
    assert second.wait(20) == 0
    assert first.poll() is None
    assert ask(home, "two", job="nothing")["outcome"] == "error"


def test_child_of_who_hangs_up_is_ended(home):
    ask(home, "warm", job="nothing")
    folder = home / "left"
    folder.mkdir()
    (folder / "spec.json").write_text(
        json.dumps(
            {
                "job": "render",
                "target": SLOW,
                "memory_mb": 512,
                "seconds": 30,
                "folder": str(folder),
            }
        )
    )
    order = {"spec": str(folder / "spec.json"), "target": SLOW, "locales": [], "seconds": 50}
    connection = asking._connect(home / "run")
    connection.sendall(json.dumps(order).encode() + b"\n")
    until(lambda: at_work_in(folder))
    connection.close()
    until(lambda: not at_work_in(folder))
    assert ask(home, "next", job="nothing")["outcome"] == "error"


def test_newer_wish_of_the_same_one_ends_the_older(home):
    ask(home, "warm", job="nothing")
    outcomes: list[str] = []
    older = threading.Thread(
        target=lambda: outcomes.append(ask(home, "older", seconds=8, who="anna:1")["outcome"])
    )
    older.start()
    until(lambda: at_work_in(home / "older"))
    assert ask(home, "other", job="nothing", who="anna:2")["outcome"] == "error"
    assert at_work_in(home / "older")
    assert ask(home, "newer", job="nothing", who="anna:1")["outcome"] == "error"
    older.join()
    assert outcomes == ["passed"]
