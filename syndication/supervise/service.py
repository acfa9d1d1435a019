"""The process that renders previews while people wait: warm, one per machine, gone when idle.

It listens on a socket in the data folder (`python -m syndication.supervise.service SOCKET MODULE…`)
and is started by the first web process that wants a preview; see `ask.py`. Whoever connects sends
one JSON line {"spec", "target", "locales", "seconds"} (no "target": work on a finished file) and
gets one back when the child that was forked for it is gone: {"outcome", "rss_kb"} as in
`supervisor.Job`, or {"outcome": "busy"}; before that the child may ask for ingested files by
{"wants": sha256}. An order to be {"warm"} imports the kind, warms it for the locales, and has no
child. Who hangs up, or asks once more with the same {"who"}, no longer wants the
earlier one: its child is ended. What is {"patient"} leaves a place free for what people see change
under their hands, and more of it may wait. The service ends with the process that started it, whose
end of the pipe on standard input closes, and after a while without work.
"""

import contextlib
import fcntl
import gc
import json
import os
import selectors
import signal
import socket
import sys
import time
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from . import child
from .zygote import settle, warm_up

AT_ONCE, WAITING = 2, 4
PATIENT_AT_ONCE, PATIENT_WAITING = 1, 24
IDLE_SECONDS = 900
TICK = 0.25


@dataclass
class Visit:
    """Somebody who waits; `pid` is 0 until a child works for them."""

    connection: socket.socket
    order: dict | None = None
    heard: bytes = b""
    pid: int = 0
    deadline: float = 0.0
    late: bool = False
    passed: bool = False  # the same one has asked for something newer

    @property
    def patient(self) -> bool:
        return bool(self.order and self.order.get("patient"))

    @property
    def waits(self) -> bool:
        return self.order is not None and not self.pid


class Service:
    """Forks a child per visit, so many at once, and tells each visitor how theirs ended."""

    def __init__(self, listener: socket.socket, *, idle_seconds: float = IDLE_SECONDS):
        self.listener, self.idle_seconds = listener, idle_seconds
        self.visits: list[Visit] = []
        self.selector = selectors.DefaultSelector()
        self.wake, alarm = os.pipe()
        os.set_blocking(self.wake, False)
        os.set_blocking(alarm, False)
        signal.set_wakeup_fd(alarm, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self.last = time.monotonic()

    def run(self):
        """Serve until nobody wants anything any more."""
        self.selector.register(self.listener, selectors.EVENT_READ, self._welcome)
        self.selector.register(0, selectors.EVENT_READ, self._starter_gone)
        self.selector.register(self.wake, selectors.EVENT_READ, self._bury)
        while self.visits or time.monotonic() - self.last < self.idle_seconds:
            for key, _ in self.selector.select(TICK if self.visits else 5):
                key.data()
            self._look()
        self.listener.close()

    def _welcome(self):
        connection, _ = self.listener.accept()
        connection.setblocking(False)
        visit = Visit(connection)
        self.visits.append(visit)
        self.last = time.monotonic()
        self.selector.register(connection, selectors.EVENT_READ, lambda: self._hear(visit))

    def _starter_gone(self):
        if not os.read(0, 1024):
            for visit in self.visits:
                _kill(visit)
            os._exit(0)

    def _hear(self, visit: Visit):
        try:
            data = visit.connection.recv(65536)
        except OSError:
            data = b""
        if not data:
            _kill(visit)
            return self._leave(visit)
        visit.heard += data
        if b"\n" in visit.heard and visit.order is None:
            visit.order = json.loads(visit.heard.split(b"\n", 1)[0])
            if visit.order.get("warm"):
                warm_up(visit.order["target"], visit.order["locales"])
                return self._answer(visit, {"outcome": "warm"})
            self._pass_over(visit)
            most = PATIENT_WAITING if visit.patient else WAITING
            if sum(v.waits and v.patient == visit.patient for v in self.visits) > most:
                self._answer(visit, {"outcome": "busy"})

    def _pass_over(self, visit: Visit):
        """End what the same visitor asked for before: only the newest is still looked at."""
        who = visit.order.get("who")
        for other in [v for v in self.visits if v is not visit and v.order]:
            if who and other.order.get("who") == who:
                other.passed = True
                _kill(other)
                if not other.pid:
                    self._answer(other, {"outcome": "passed"})

    def _look(self):
        """Start who is next, end who takes too long."""
        now = time.monotonic()
        for visit in self.visits:
            if visit.pid and not visit.late and now > visit.deadline:
                visit.late = True
                _kill(visit)
        at_work = [v for v in self.visits if v.pid]
        free = AT_ONCE - len(at_work)
        patient = min(free, PATIENT_AT_ONCE - sum(v.patient for v in at_work))
        ready = [v for v in self.visits if v.waits and not v.patient][: max(free, 0)]
        for visit in ready:
            self._fork(visit)
        for visit in [v for v in self.visits if v.waits and v.patient][: max(patient, 0)]:
            if len(ready) < free:
                self._fork(visit)

    def _fork(self, visit: Visit):
        if visit.order["target"]:
            warm_up(visit.order["target"], visit.order["locales"])
        parent = os.getpid()
        visit.deadline = time.monotonic() + visit.order["seconds"]
        visit.pid = os.fork()
        if visit.pid == 0:
            signal.set_wakeup_fd(-1)
            for number in (signal.SIGCHLD, signal.SIGINT, signal.SIGTERM):
                signal.signal(number, signal.SIG_DFL)
            # What it wants to be brought (`bringing.py`) it says to its visitor.
            os.dup2(visit.connection.fileno(), 1)
            for one in self.visits:
                one.connection.close()
            self.listener.close()
            child.run(visit.order["spec"], parent=parent)  # never returns

    def _bury(self):
        with contextlib.suppress(BlockingIOError):
            os.read(self.wake, 4096)
        while True:
            try:
                pid, status, usage = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if not pid:
                return
            visit = next((v for v in self.visits if v.pid == pid), None)
            if visit:
                outcome = child.outcome(os.waitstatus_to_exitcode(status), late=visit.late)
                told = {"outcome": "passed" if visit.passed else outcome}
                self._answer(visit, {**told, "rss_kb": usage.ru_maxrss})

    def _answer(self, visit: Visit, document: dict):
        with contextlib.suppress(OSError):
            visit.connection.sendall(json.dumps(document).encode() + b"\n")
        self._leave(visit)

    def _leave(self, visit: Visit):
        self.selector.unregister(visit.connection)
        visit.connection.close()
        self.visits.remove(visit)
        self.last = time.monotonic()


def _kill(visit: Visit):
    if visit.pid:
        for target in (os.killpg, os.kill):
            with contextlib.suppress(ProcessLookupError):
                target(visit.pid, signal.SIGKILL)


def listen(path: Path) -> socket.socket | None:
    """Return a listening socket at `path`, None where another service has it."""
    # The lock is held as long as this process lives, so that it alone may clear the name.
    lock = os.open(path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return None
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    path.unlink(missing_ok=True)
    os.umask(0o077)
    os.chdir(path.parent)  # names of sockets are short
    listener.bind(path.name)
    listener.listen(WAITING * 4)
    return listener


def main(socket_path: str, *modules: str):
    listener = listen(Path(socket_path))
    if listener is None:
        return
    settle()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for name in modules:
        import_module(name)
    gc.collect()
    gc.freeze()
    Service(listener).run()


if __name__ == "__main__":
    main(*sys.argv[1:])
