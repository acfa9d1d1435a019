"""An import that is killed goes on where it was, or is simply run again: nothing stands twice."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from pim.actions.import_ahead import may_read_ahead
from pim.importing.synthetic import Recipe, write_catalogue

ROOT = Path(__file__).resolve().parents[3]
PRODUCTS, MODELS = 3000, 300
NAMED = os.environ.get("PIM_DATABASE_URL", "")


class Installation:
    """A database and a data folder of its own; processes of it can be killed."""

    def __init__(self, home: Path, url: str):
        self.home, self.url = home, url

    def manage(self, *arguments: str) -> subprocess.Popen:
        environment = {
            **os.environ,
            "PIM_EMBEDDED": "1",
            "PIM_DATA_DIR": str(self.home),
            "PIM_LOG_LEVEL": "ERROR",
            "PIM_DATABASE_URL": self.url,
            "DJANGO_SETTINGS_MODULE": "pim.project.settings",
        }
        command = [sys.executable, str(ROOT / "manage.py"), *arguments]
        return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)

    def ask(self, statement: str):
        """Run one statement; return the first row, None where there is none."""
        if self.url.startswith("sqlite"):
            with sqlite3.connect(self.home / "pim.sqlite3", timeout=20) as database:
                return database.execute(statement).fetchone()
        import psycopg

        with psycopg.connect(self.url, autocommit=True) as database:
            cursor = database.execute(statement)
            return cursor.fetchone() if cursor.description else None

    def count(self, table: str) -> int:
        return self.ask(f"SELECT count(*) FROM {table}")[0]


@pytest.fixture
def installation(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    if not NAMED.startswith("postgres"):
        found = Installation(home, f"sqlite:///{home / 'pim.sqlite3'}")
        assert found.manage("migrate", "-v0").wait() == 0
        yield found
        return
    import psycopg

    name = f"{urlsplit(NAMED).path.strip('/')}_killed_{os.getpid()}"
    with psycopg.connect(NAMED, autocommit=True) as database:
        database.execute(f'CREATE DATABASE "{name}"')
        found = Installation(home, urlsplit(NAMED)._replace(path=f"/{name}").geturl())
        assert found.manage("migrate", "-v0").wait() == 0
        yield found
        database.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def killed_at(installation: Installation, process: subprocess.Popen, products: int) -> None:
    """Kill a process as soon as so many products are there."""
    while installation.count("pim_product") < products:
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()


@pytest.mark.slow
def test_killed_import_goes_on_where_it_was_and_is_harmless_again(installation, tmp_path):
    write_catalogue(tmp_path / "in", Recipe(products=PRODUCTS, images=1))
    process = installation.manage("import_catalog", str(tmp_path / "in"))
    for seen in (900, 2300):
        killed_at(installation, process, seen)
        assert seen <= installation.count("pim_product") < PRODUCTS + MODELS
        installation.ask("UPDATE pim_job SET lease_until = '2020-01-01 00:00:00+00:00'")
        process = installation.manage("run_jobs")
    assert process.wait() == 0
    everything = PRODUCTS + MODELS
    state, counts, attempts = installation.ask("SELECT state, counts, attempts FROM pim_job")
    counts = counts if isinstance(counts, dict) else json.loads(counts)
    assert (state, attempts) == ("done", 3)
    assert (counts["products"], counts["product_models"]) == (
        {"created": PRODUCTS}, {"created": MODELS},
    )  # fmt: skip
    assert installation.count("pim_product") == everything
    assert installation.count("pim_change WHERE product_id IS NOT NULL") == everything
    assert installation.count("pim_draft") == (PRODUCTS - 1200 + MODELS) * 4 + 1200
    assert installation.manage("import_catalog", str(tmp_path / "in")).wait() == 0
    assert installation.count("pim_change WHERE product_id IS NOT NULL") == everything


def children_of(process: subprocess.Popen) -> list[Path]:
    """Return the places in /proc of the processes that a process has started."""
    found = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()
    return [Path(f"/proc/{pid}/stat") for pid in found.split()]


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks into /proc")
@pytest.mark.skipif(not may_read_ahead(), reason="there is no second core")
def test_helper_ends_with_the_import_that_is_killed(installation, tmp_path):
    many = 6000
    write_catalogue(tmp_path / "in", Recipe(products=many, images=1))
    process = installation.manage("import_catalog", str(tmp_path / "in"))
    while installation.count("pim_product") < many // 10 + 1000 or not children_of(process):
        assert process.poll() is None
        time.sleep(0.01)
    helpers = children_of(process)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert helpers
    while any(place.exists() for place in helpers):
        time.sleep(0.01)
    assert installation.count("pim_product") < many + many // 10
    installation.ask("UPDATE pim_job SET lease_until = '2020-01-01 00:00:00+00:00'")
    assert installation.manage("run_jobs").wait() == 0
    state, done, total = installation.ask("SELECT state, done, total FROM pim_job")
    assert (state, done) == ("done", total)
    assert installation.count("pim_product") == many + many // 10
