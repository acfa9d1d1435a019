"""The parent's side: starts children, watches deadlines, and learns how each one ended."""

import atexit
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from .bringing import Bringing
from .child import outcome

TICK = 0.5
KEEP = ("PATH", "LANG", "LC_ALL", "HOME", "TZ", "FONTCONFIG_FILE", "FONTCONFIG_PATH")


@dataclass
class Job:
    """One child to be: its spec, and afterwards its pid, exit status and how it ended.

    `outcome` is None while it runs, "" when all went well, "error" for an exception, else
    render_crash, timeout or oom.
    """

    id: str
    folder: Path
    spec: dict
    pid: int = 0
    deadline: float = 0.0
    outcome: str | None = None
    late: bool = False
    rss_kb: int = 0
    cpu: float = 0.0  # seconds, with those of its own children
    carried: dict = field(default_factory=dict)

    @property
    def log(self) -> str:
        """The last words of the child."""
        with suppress(FileNotFoundError):
            return (self.folder / "log").read_text(errors="replace")[-2000:]
        return ""


class Zygote:
    """A warm process to fork children from; see `zygote.py`."""

    def __init__(self, modules: tuple[str, ...]):
        self.owner = os.getpid()
        self.jobs: dict[str, Job] = {}
        self.bringing = Bringing()
        self.tail = b""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "syndication.supervise.zygote", *modules],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment(),
            cwd=settings.BASE_DIR,
            start_new_session=True,
            bufsize=0,
        )
        self.alive = True

    def start(self, job: Job):
        """Fork a child for `job`; its pid follows as an event."""
        self.jobs[job.id] = job
        path = job.folder / "spec.json"
        path.write_text(json.dumps({**job.spec, "id": job.id, "folder": str(job.folder)}))
        order = {"id": job.id, "spec": str(path)}
        order |= {"target": job.spec["target"], "locales": job.spec.get("locales", [])}
        try:
            self.process.stdin.write(json.dumps(order).encode() + b"\n")
        except BrokenPipeError:
            self.lose()

    def listen(self, timeout: float) -> list[Job]:
        """Wait for events at most `timeout` seconds; return the jobs that ended."""
        if not self.alive:
            return []
        ready, _, _ = select.select([self.process.stdout], [], [], timeout)
        if not ready:
            return []
        data = os.read(self.process.stdout.fileno(), 65536)
        if not data:
            return self.lose()
        *lines, self.tail = (self.tail + data).split(b"\n")
        return [job for job in map(self._event, map(json.loads, lines)) if job]

    def _event(self, event: dict) -> Job | None:
        job = self.jobs.get(event.get("id"))
        if job is None:
            return None
        if "wants" in event:
            self.bringing.want(job, event["wants"])
            return None
        if "pid" in event:
            job.pid = event["pid"]
            return None
        del self.jobs[job.id]
        job.rss_kb, job.cpu = event["rss_kb"], event["cpu"]
        job.outcome = outcome(event["status"], late=job.late)
        return job

    def lose(self) -> list[Job]:
        """The zygote is gone, and by the parent-death signal its children with it."""
        self.alive = False
        lost, self.jobs = list(self.jobs.values()), {}
        for job in lost:
            job.outcome = "render_crash"
        self.stop()
        return lost

    def stop(self):
        self.alive = False
        for stream in (self.process.stdin, self.process.stdout):
            with suppress(OSError):
                stream.close()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(2)
            return
        self.process.kill()
        self.process.wait()


def environment() -> dict[str, str]:
    """What a child may know: where code and fonts are, and no secret of ours."""
    kept = {name: os.environ[name] for name in KEEP if name in os.environ}
    return {
        **kept,
        "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "pim.project.settings"),
        "PIM_EMBEDDED": "1",
        "PIM_SECRET_KEY": "a child signs nothing",
        "PIM_DATA_DIR": str(settings.DATA_DIR),
        "PIM_PRINT_LAYOUTS": settings.PRINT_LAYOUTS,
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        "PYTHONDONTWRITEBYTECODE": "1",
    }


_zygotes: dict[tuple, Zygote] = {}


def zygote(modules: tuple[str, ...]) -> Zygote:
    """Return this process's zygote with these modules, started if there is none alive."""
    key = (os.getpid(), modules, tuple(sys.path))
    found = _zygotes.get(key)
    if found is None or not found.alive or found.process.poll() is not None:
        if found:
            found.lose()
        found = _zygotes[key] = Zygote(modules)
    return found


@atexit.register
def stop_all():
    """End the zygotes of this process, and with them every child."""
    for key, found in list(_zygotes.items()):
        if found.owner == os.getpid():
            found.stop()
            del _zygotes[key]


def part_size(units: int, *, most: int, children: int) -> int:
    """Return the size of equal parts: children at work side by side end together."""
    share = -(-units // children)
    rounds = -(-share // most) or 1
    return -(-share // rounds) or 1


class Crew:
    """Some children at work for one edition; `beat` is called while waiting and may raise.

    Leaving the `with` block kills whoever still runs.
    """

    def __init__(self, modules: tuple[str, ...], *, beat: Callable[[list[int]], None]):
        self.modules, self.beat = modules, beat
        self.running: dict[str, Job] = {}
        self.peak_kb = 0
        self.cpu = 0.0
        self.found: Zygote | None = None

    @property
    def zygote(self) -> Zygote:
        """The zygote of this crew, kept for as long as it lives: it alone tells of its children."""
        if self.found is None or not self.found.alive or self.found.process.poll() is not None:
            if self.found:
                self.found.lose()
            self.found = zygote(self.modules)
        return self.found

    def __enter__(self):
        return self

    def __exit__(self, *_):
        limit = time.monotonic() + 5
        while self.running and time.monotonic() < limit:
            for job in self.running.values():
                kill(job)
            self._listen(0.2)

    def start(self, job: Job, *, seconds: float):
        """Start a child that may take `seconds` by the clock on the wall."""
        job.deadline = time.monotonic() + seconds
        self.running[job.id] = job
        self.zygote.start(job)

    def wait(self) -> list[Job]:
        """Return the jobs that ended meanwhile: at least one, unless none was running."""
        while self.running:
            if ended := self.look(TICK):
                return ended
        return []

    def look(self, timeout: float) -> list[Job]:
        """Look once for ended jobs, kill late ones, beat."""
        ended = self._listen(timeout)
        for job in self.running.values():
            if not job.late and time.monotonic() > job.deadline:
                job.late = True
                kill(job)
        self.beat([job.pid for job in self.running.values() if job.pid])
        return ended

    def _listen(self, timeout: float) -> list[Job]:
        ended = [job for job in self.running.values() if job.outcome is not None]
        ended += [j for j in self.zygote.listen(timeout) if j not in ended]
        self.zygote.bringing.check()
        ended = [job for job in ended if self.running.pop(job.id, None)]
        self.cpu += sum(job.cpu for job in ended)
        self.peak_kb = max([self.peak_kb, *(job.rss_kb for job in ended)])
        return ended


def kill(job: Job):
    """End a child and all that it started."""
    if not job.pid or job.outcome is not None:
        return
    for target in (os.killpg, os.kill):  # it may not have become a group leader yet
        with suppress(ProcessLookupError):
            target(job.pid, signal.SIGKILL)
