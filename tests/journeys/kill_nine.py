"""A real worker killed with -9 at random moments, again and again, while editions are issued.

Run as a process of its own: `python kill_nine.py FOLDER SECONDS SEED`; prints what was found as
JSON. The database, the broker and the artefacts lie in FOLDER, unless KILL_NINE_DATABASE_URL and
KILL_NINE_BROKER_URL name servers; leases are short.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

folder, seconds, seed = Path(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])
root = Path(__file__).resolve().parents[2]
site = folder / "site"
site.mkdir(parents=True)
os.environ.update(
    DJANGO_SETTINGS_MODULE="pim.project.settings",
    PIM_EMBEDDED="1",
    PIM_DATA_DIR=str(folder),
    PIM_LOG_LEVEL="ERROR",
    PIM_LEASE_SECONDS="4",
    PIM_SWEEP_SECONDS="0.5",
    PIM_UPKEEP_SECONDS="0.1",
    PIM_BACKOFF_SECONDS="0.2",
    PIM_EDITION_ATTEMPTS="5",
    PYTHONPATH=os.pathsep.join([str(site), str(root)]),
)
for name in ("PIM_DATABASE_URL", "PIM_BROKER_URL"):
    os.environ.pop(name, None)
    if given := os.environ.get(name.replace("PIM", "KILL_NINE")):
        os.environ[name] = given
sys.path.insert(0, str(root))

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402

from syndication import store  # noqa: E402
from syndication.actions.editions import issue_edition  # noqa: E402
from syndication.models import FINAL, ISSUED, Edition, OutboxEntry, Pointer  # noqa: E402
from tests.factories import shelf  # noqa: E402

chance = random.Random(seed)


class Workers:
    """Two Celery workers under attack; a killed one is started again at once."""

    def __init__(self):
        self.kills = self.orphans = self.started = 0
        self.processes = {}
        self.start()
        self.start()

    def start(self):
        self.started += 1
        command = "-m celery -A pim.project worker -P solo -Q default,render"
        quick = "--without-gossip --without-mingle --without-heartbeat"
        process = subprocess.Popen(
            [sys.executable, *command.split(), *quick.split(), "-n", f"w{self.started}"],
            cwd=root,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.processes[process.pid] = process

    def kill(self):
        working = list(Edition.objects.filter(state="running").values("lease_pid", "child_pids"))
        if not working:
            return
        victim = chance.choice(working)
        process = self.processes.pop(victim["lease_pid"], None)
        if process is None:
            return
        process.kill()
        process.wait()
        self.kills += 1
        self.orphans += sum(not dead_soon(pid) for pid in victim["child_pids"])
        self.start()

    def leave(self) -> float:
        """Ask both to leave; return how long the slower one took."""
        asked = time.monotonic()
        for process in self.processes.values():
            process.send_signal(signal.SIGTERM)
        for process in self.processes.values():
            process.wait(60)
        return time.monotonic() - asked


def busy() -> list[list[int]]:
    return list(Edition.objects.filter(state="running").values_list("child_pids", flat=True))


def dead_soon(pid: int) -> bool:
    for _ in range(100):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return True
        if state == "Z":
            return True
        time.sleep(0.05)
    return False


def kill_child() -> bool:
    pids = [pid for pids in busy() for pid in pids]
    if not pids:
        return False
    with suppress(ProcessLookupError):
        os.kill(chance.choice(pids), signal.SIGKILL)
        return True
    return False


def attack(workers: Workers, outputs: list) -> int:
    """Issue, change, kill in the middle of work, in turns; return how many children were hit."""
    end, round_, children = time.monotonic() + seconds, 0, 0
    while time.monotonic() < end and (workers.kills < 4 or children < 6):
        round_ += 1
        if Edition.objects.exclude(state__in=FINAL).count() < 4:
            fill(round_)
            for output in outputs:
                issue_edition(output, actor="test", at=timezone.now())
        if not at_work(until=end):
            break
        time.sleep(chance.uniform(0, 0.6))
        if round_ % 3 == 0:
            workers.kill()
        else:
            children += kill_child()
    return children


def at_work(*, until: float) -> bool:
    while time.monotonic() < until:
        if any(busy()):
            return True
        time.sleep(0.02)
    return False


def fill(round_: int):
    names = {f"A-{n}": f"name {round_ if n % 3 == 0 else 0}" for n in range(1, 25)}
    shelf.stock(names, locales=("en", "fi"))


def wait_for_the_end() -> bool:
    for _ in range(600):
        if not Edition.objects.exclude(state__in=FINAL).exists():
            return True
        time.sleep(0.1)
    return False


def whole(edition: Edition) -> bool:
    """Return whether every file has its digest, and the list is as long as it says."""
    links = list(edition.artefacts.all())
    for link in links:
        path = store.path_of(link.artefact_id)
        if store.digest_of(path) != link.artefact_id:
            return False
        head, *lines = path.read_text().splitlines()
        if len(lines) != int(head.split()[1]) or len({n.split(";")[0] for n in lines}) != len(
            lines
        ):
            return False
    return bool(links)


def main():
    call_command("migrate", run_syncdb=True, verbosity=0)
    shelf.install_kinds(site)
    fill(0)
    options = {"nap": 0.05, "assembly_nap": 0.2}
    outputs = [
        shelf.make_output("list", locales=("en", "fi"), options=options),
        shelf.make_output("other", options=options),
    ]
    outputs[1].deliveries.create(url=f"file://{folder}/deliveries/there")
    workers = Workers()
    try:
        children = attack(workers, outputs)
        ended = wait_for_the_end()
        time.sleep(1)
    finally:
        leaving = workers.leave()
    editions = list(Edition.objects.all())
    issued = [edition for edition in editions if edition.state in ISSUED]
    report = {
        "worker_kills": workers.kills,
        "orphans": workers.orphans,
        "child_kills": children,
        "editions": len(editions),
        "issued": len(issued),
        "attempts": max(edition.attempt for edition in editions),
        "all_ended": ended,
        "unexplained": [e.pk for e in editions if e.state == "failed" and not e.cause],
        "broken": [e.pk for e in issued if not whole(e)],
        "not_adding_up": [e.pk for e in issued if not adds_up(e)],
        "pointers": Pointer.objects.filter(edition__state__in=ISSUED).count(),
        "doubled_effects": doubled(),
        "left_over": [p.name for p in (folder / "scratch").glob("*") if not is_old(p)],
        "leave_seconds": round(leaving, 1),
    }
    print(json.dumps(report))


def adds_up(edition: Edition) -> bool:
    counts = edition.counts
    return counts["items_in"] == counts["issued"] + counts["item_errors"] + counts["excluded"]


def doubled() -> int:
    keys = list(OutboxEntry.objects.filter(kind="compress").values_list("key", flat=True))
    return len(keys) - len(set(keys))


def is_old(path: Path) -> bool:
    """Directories of killed workers are cleared by collection, not by the next edition."""
    return path.is_dir()


main()
