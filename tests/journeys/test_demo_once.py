"""The demonstration from nothing: everything is issued by the workers, and nothing stays behind."""

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

EDITIONS = {
    "catalogue": 6,
    "catalogue-accessible": 1,
    "catalogue-press": 1,
    "data-sheets": 6,
    "data-sheets-en-ar": 1,
    "google": 3,
    "kiosk": 6,
    "labels": 6,
    "leaflet": 6,
    "pages": 6,
    "price-list": 6,
    "price-list-resellers": 1,
    "resellers": 2,
    "resellers-catalogue": 1,
    "web": 6,
}


def demo(folder: Path, port: int) -> str:
    environment = os.environ | {"PIM_DATA_DIR": str(folder), "PIM_EMBEDDED": "1"}
    # The demonstration is embedded whatever database and broker the run itself is on.
    for name in ("DJANGO_SETTINGS_MODULE", "PIM_DATABASE_URL", "PIM_BROKER_URL"):
        environment.pop(name, None)
    command = [sys.executable, "manage.py", "demo", "--once", "--port", str(port)]
    done = subprocess.run(
        command,
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def left_behind(folder: Path) -> list[str]:
    """Return the commands of running processes whose data folder is this one."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            if f"PIM_DATA_DIR={folder}".encode() in (place / "environ").read_bytes().split(b"\0"):
                found.append((place / "cmdline").read_text())
        except OSError:
            continue
    return found


@pytest.mark.slow
@pytest.mark.one_database
def test_the_demonstration_issues_everything_and_a_second_start_repeats_nothing(tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    first = demo(tmp_path, port)
    line = r"^  ([a-z][\w-]*)(?: +[\w-]+)? +(Issued(?: with warnings)?|\w+): "
    ended = re.findall(line, first, re.M)
    assert {code: [c for c, _ in ended].count(code) for code, _ in ended} == EDITIONS
    assert {state for _, state in ended} == {"Issued", "Issued with warnings"}
    assert left_behind(tmp_path) == []
    second = demo(tmp_path, port)
    assert "Importing" not in second
    assert re.findall(r": \d+ items", second) == []
    login = re.compile(r"(admin / \S+|API key +\S+)")
    assert login.findall(first) == login.findall(second)
    assert left_behind(tmp_path) == []
