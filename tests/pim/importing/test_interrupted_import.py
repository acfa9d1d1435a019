"""An import that is killed is simply run again: nothing is lost, nothing stands twice."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pim.importing.synthetic import Recipe, write_catalogue

ROOT = Path(__file__).resolve().parents[3]
PRODUCTS = 3000


def manage(home: Path, *arguments: str) -> subprocess.Popen:
    environment = {
        **os.environ,
        "PIM_EMBEDDED": "1",
        "PIM_DATA_DIR": str(home),
        "PIM_LOG_LEVEL": "ERROR",
        "DJANGO_SETTINGS_MODULE": "pim.project.settings",
    }
    environment.pop("PIM_DATABASE_URL", None)
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)


def count(home: Path, table: str) -> int:
    with sqlite3.connect(home / "pim.sqlite3", timeout=20) as database:
        return database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


@pytest.mark.slow
def test_killed_import_is_completed_by_the_next(tmp_path):
    write_catalogue(tmp_path / "in", Recipe(products=PRODUCTS, images=1))
    home = tmp_path / "home"
    home.mkdir()
    assert manage(home, "migrate", "-v0").wait() == 0
    importing = manage(home, "import_catalog", str(tmp_path / "in"))
    while count(home, "pim_product") < 1000:
        assert importing.poll() is None
        time.sleep(0.02)
    importing.send_signal(signal.SIGKILL)
    importing.wait()
    assert 1000 <= count(home, "pim_product") < PRODUCTS + 300
    assert manage(home, "import_catalog", str(tmp_path / "in")).wait() == 0
    assert count(home, "pim_product") == PRODUCTS + 300
    assert count(home, "pim_change WHERE product_id IS NOT NULL") == PRODUCTS + 300
    assert count(home, "pim_draft") == (PRODUCTS - 1200 + 300) * 4 + 1200
