"""The processes of the demonstration: started together, watched, and stopped without orphans."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

PR_SET_PDEATHSIG = 1
PATIENCE = 10
RESTARTS, WITHIN = 5, 60
_libc = ctypes.CDLL(None, use_errno=True)


@dataclass
class Member:
    """One process with a log of its own; `starts` are the times it was started at."""

    name: str
    command: list[str]
    process: subprocess.Popen | None = None
    starts: list[float] = field(default_factory=list)


class Fleet:
    """Runs its members in sessions of their own; whoever ends is started again."""

    def __init__(self, members: list[Member], *, logs: Path, environment: dict, say):
        self.members, self.logs, self.say = members, logs, say
        self.environment = os.environ | environment
        logs.mkdir(parents=True, exist_ok=True)

    def start(self) -> None:
        """Start every member."""
        for member in self.members:
            self._start(member)

    def look(self) -> bool:
        """Start again whoever ended; return False when one ends again and again."""
        for member in self.members:
            status = member.process.poll()
            if status is None:
                continue
            recent = [t for t in member.starts if time.monotonic() - t < WITHIN]
            if len(recent) >= RESTARTS:
                self.say(f"{member.name} keeps ending (status {status}): {self.log(member)}")
                return False
            self.say(f"{member.name} ended (status {status}) and is started again.")
            _signal(member, signal.SIGKILL)
            time.sleep(min(2 ** (len(recent) - 1), 10) * 0.25)
            self._start(member)
        return True

    def stop(self) -> None:
        """End every member and all it started: politely first, then for good."""
        running = [m for m in self.members if m.process is not None]
        for member in running:
            # Celery hands running work back on SIGQUIT; gunicorn drops what it serves.
            _signal(member, signal.SIGTERM)
        deadline = time.monotonic() + PATIENCE
        for member in running:
            try:
                member.process.wait(max(deadline - time.monotonic(), 0.1))
            except subprocess.TimeoutExpired:
                self.say(f"{member.name} does not end by itself; it is ended now.")
        for member in running:
            _signal(member, signal.SIGKILL)
            member.process.wait()

    def log(self, member: Member) -> Path:
        return self.logs / f"{member.name}.log"

    def _start(self, member: Member) -> None:
        with open(self.log(member), "ab") as log:
            member.process = subprocess.Popen(
                member.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self.environment,
                start_new_session=True,
                preexec_fn=_end_with_parent,
            )
        member.starts.append(time.monotonic())


def members(*, bind: str, workers: int = 2) -> list[Member]:
    """Return web server, worker with scheduler, and the worker that renders."""
    python = [sys.executable, "-m"]
    celery = [*python, "celery", "-A", "pim.project", "worker", "-P", "solo", "-l", "info"]
    quiet = ["--without-gossip", "--without-mingle"]
    web = [*python, "gunicorn", "pim.project.wsgi", "--bind", bind, "--workers", str(workers)]
    # Searches of connectors name a hundred products in one address.
    web += ["--limit-request-line", "8190"]
    return [
        Member("web", [*web, "--threads", "4", "--graceful-timeout", "2", "--access-logfile", "-"]),
        Member("default", [*celery, *quiet, "-Q", "default", "-B", "-n", "default@%h"]),
        Member("render", [*celery, *quiet, "-Q", "render", "-n", "render@%h"]),
    ]


def _end_with_parent() -> None:
    """Have the kernel end this process should its parent be killed outright."""
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _signal(member: Member, number: int) -> None:
    try:
        os.killpg(member.process.pid, number)
    except ProcessLookupError:
        return
