"""Whatever is killed, every edition ends, once, with whole files: on whatever the run is on."""

import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

SCRIPT = Path(__file__).with_name("kill_nine.py")
DATABASE = "pim_kill_nine"


@pytest.fixture
def servers():
    """Return the environment that names this run's servers; an empty database is made and dropped.

    Without PIM_DATABASE_URL and PIM_TEST_REDIS_URL the script uses SQLite and a folder.
    """
    broker = os.environ.get("PIM_TEST_REDIS_URL", "")
    given = os.environ.get("PIM_DATABASE_URL", "")
    if not given.startswith("postgres"):
        yield {"KILL_NINE_BROKER_URL": broker}
        return
    import psycopg

    with psycopg.connect(given, autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {DATABASE}")
        url = urlunsplit(urlsplit(given)._replace(path=f"/{DATABASE}"))
        yield {"KILL_NINE_DATABASE_URL": url, "KILL_NINE_BROKER_URL": broker}
        server.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")


@pytest.mark.slow
def test_editions_end_whole_and_once_whatever_is_killed(tmp_path, servers):
    command = [sys.executable, str(SCRIPT), str(tmp_path / "data"), "45", "7"]
    done = subprocess.run(
        command,
        env={**os.environ, **servers},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    report = json.loads(done.stdout.splitlines()[-1])
    assert report["all_ended"], report
    nothing = ("unexplained", "broken", "not_adding_up", "left_over")
    assert [report[name] for name in nothing] == [[], [], [], []]
    assert (report["orphans"], report["doubled_effects"]) == (0, 0)
    assert report["issued"] > 0
    assert report["pointers"] == 3
    assert report["worker_kills"] + report["child_kills"] > 0
    assert report["leave_seconds"] <= 30
