"""Whatever is killed, every edition ends, once, with whole files."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("kill_nine.py")


@pytest.mark.slow
def test_editions_end_whole_and_once_whatever_is_killed(tmp_path):
    command = [sys.executable, str(SCRIPT), str(tmp_path / "data"), "45", "7"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
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
