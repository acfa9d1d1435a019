"""A reader that only polls deltas ends with exactly the full read, whoever writes meanwhile."""

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from syndication.actions.listings import upkeep
from syndication.queries.verification import findings
from tests.factories.catalogue import lamp_catalogue
from tests.factories.lamps import log

ROOT = Path(__file__).resolve().parents[2]
WRITERS, ROUNDS = 3, 25


def database_url(folder: Path) -> str:
    """Return the address of the test database; SQLite's lives in memory and is copied."""
    given = connection.settings_dict
    if connection.vendor == "postgresql":
        account = f"{given['USER']}:{given['PASSWORD']}@".replace(":@", "@")
        return f"postgres://{account}{given['HOST']}:{given['PORT'] or 5432}/{given['NAME']}"
    connection.ensure_connection()
    with sqlite3.connect(folder / "copy.sqlite3") as copy:
        connection.connection.backup(copy)
    return f"sqlite:///{folder / 'copy.sqlite3'}"


def start(url: str, *arguments: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.syndication.polling", *arguments],
        cwd=ROOT,
        env={**os.environ, "PIM_DATABASE_URL": url},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process: subprocess.Popen) -> str:
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err[-3000:]
    return out


def poll_while_writing(folder: Path) -> list[dict]:
    """Run the writers and the reader; return how the reader's copies compare."""
    lamp_catalogue()
    log("structure", scope={"kind": "channel", "codes": ["web", "print"]})
    upkeep(at=timezone.now())
    url, stop = database_url(folder), folder / "stop"
    reader = start(url, "read", str(stop))
    writers = [start(url, "write", str(seed), str(ROUNDS)) for seed in range(WRITERS)]
    try:
        for writer in writers:
            finish(writer)
        finish(start(url, "write", "99", "0"))
    finally:
        stop.touch()
    return json.loads(finish(reader))


def check(results: list[dict]) -> None:
    for result in results:
        assert (result["equal"], result["rising"]) == (True, True)
        assert result["live"] > 3
        assert result["changes"] > 20


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="the twin for PostgreSQL is below")
def test_polling_deltas_ends_with_the_full_read_on_sqlite(tmp_path):
    check(poll_while_writing(tmp_path))


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL")
def test_polling_deltas_ends_with_the_full_read_on_postgresql(tmp_path):
    check(poll_while_writing(tmp_path))
    assert list(findings(full=True, at=timezone.now())) == []
