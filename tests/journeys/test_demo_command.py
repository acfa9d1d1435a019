"""The demo command: what it refuses, what it keeps, and that it leaves no process behind."""

import os
import signal
import socket
import stat
import sys
import time
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from syndication.actions.api_keys import check_key
from syndication.management.demo import stock
from syndication.management.demo.fleet import Fleet, Member
from syndication.models import ApiKey, Output

SLEEPER = (
    "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import time; time.sleep(60)'])"
)
PARENT = (
    f"import subprocess, sys, pathlib; p = subprocess.Popen([sys.executable, '-c', {SLEEPER!r}]);"
    "pathlib.Path(sys.argv[1]).write_text(str(p.pid)); p.wait()"
)


@pytest.fixture
def folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path


def test_a_taken_port_is_named_and_nothing_is_begun(db, folder):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(CommandError, match=f"Port {port} .* PIM_PORT={port + 1}"):
            call_command("demo", port=port)
    assert list(folder.iterdir()) == []
    assert Output.objects.count() == 0


def test_it_runs_in_embedded_mode_only(db, folder, settings):
    settings.EMBEDDED = False
    with pytest.raises(CommandError, match="PIM_EMBEDDED=1"):
        call_command("demo", port=8189)
    assert list(folder.iterdir()) == []


def test_log_in_and_key_stay_the_same_and_private(db, folder):
    first, second = stock.make_login(), stock.make_login()
    assert first == second
    assert ApiKey.objects.count() == 1
    assert check_key(first.key, at=timezone.now()).may_issue is True
    for name in ("demo-password", "demo-key"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600


def test_a_password_chosen_later_is_kept_and_not_printed(db, folder, django_user_model):
    stock.make_login()
    user = django_user_model.objects.get(username="admin")
    user.set_password("chosen by somebody")
    user.save()
    assert stock.make_login().password == ""
    user.refresh_from_db()
    assert user.check_password("chosen by somebody") is True


def test_an_output_that_was_deleted_stays_deleted(db, folder):
    made = {output.code for output in stock.make_outputs()}
    Output.objects.get(code="google").delete()
    assert stock.make_outputs() == []
    assert set(Output.objects.values_list("code", flat=True)) == made - {"google"}


def fleet_of(folder: Path, *members: Member) -> tuple[Fleet, list[str]]:
    said: list[str] = []
    return Fleet(list(members), logs=folder / "logs", environment={}, say=said.append), said


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "Z" not in Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]


def wait_until(true, *, seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.05)
    return False


def test_stopping_ends_the_processes_and_their_children(folder):
    note = folder / "child"
    fleet, _said = fleet_of(folder, Member("parent", [sys.executable, "-c", PARENT, str(note)]))
    fleet.start()
    assert wait_until(lambda: note.exists() and note.read_text())
    child, parent = int(note.read_text()), fleet.members[0].process.pid
    assert alive(child)
    fleet.stop()
    assert wait_until(lambda: not alive(child) and not alive(parent))


def test_a_process_that_ends_is_started_again_and_named(folder):
    member = Member("sleeper", [sys.executable, "-c", "import time; time.sleep(60)"])
    fleet, said = fleet_of(folder, member)
    fleet.start()
    first = member.process.pid
    os.kill(first, signal.SIGKILL)
    member.process.wait()
    assert fleet.look() is True
    assert member.process.pid != first
    assert said == ["sleeper ended (status -9) and is started again."]
    fleet.stop()
    assert not alive(member.process.pid)


def test_a_process_that_keeps_ending_is_given_up_with_its_log(folder):
    member = Member("broken", [sys.executable, "-c", "raise SystemExit(3)"])
    member.starts = [time.monotonic()] * 4
    fleet, said = fleet_of(folder, member)
    fleet.start()
    member.process.wait()
    assert fleet.look() is False
    assert said == [f"broken keeps ending (status 3): {folder / 'logs' / 'broken.log'}"]
