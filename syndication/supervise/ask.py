"""The web process's side of previews: starts the service where there is none, and asks it."""

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from django.conf import settings

from .supervisor import environment

STARTING = 20.0  # seconds that a service may take to be there, its imports included
# Seconds that somebody waits at most, in a queue and for the work: less than a web server allows.
PATIENCE, LONGEST = 5.0, 25.0
_started: list[subprocess.Popen] = []
_lock = threading.Lock()


class ServiceGone(Exception):
    """The service could not be started, or went away twice."""


def ask(
    order: dict, *, modules: tuple[str, ...], seconds: float, bring: Callable[[str], None]
) -> dict:
    """Have a child do the job of `order` and return how it ended; nothing is rendered here.

    `order` is {"spec": path of the job's document, "target", "locales"}; `bring` is called for
    every ingested file that the child misses.
    """
    line = json.dumps({**order, "seconds": seconds}).encode() + b"\n"
    for _try in range(2):
        with suppress(ConnectionError, FileNotFoundError, json.JSONDecodeError):
            return _asked(line, modules, wait=min(2 * seconds + PATIENCE, LONGEST), bring=bring)
    raise ServiceGone


def wake(
    target: str, locales: list[str], *, modules: Callable[[], tuple[str, ...]]
) -> threading.Thread:
    """Have the service started, and warm for a kind and its locales, without waiting for it.

    Who opens a form with a preview wants the first one soon, and the form at once.
    """
    order = {"spec": "", "target": target, "locales": locales, "warm": True, "seconds": 0}
    line = json.dumps(order).encode() + b"\n"

    def call():
        with suppress(ServiceGone, OSError, json.JSONDecodeError):
            _asked(line, modules(), wait=STARTING, bring=lambda sha256: None)

    thread = threading.Thread(target=call, name="wake", daemon=True)
    thread.start()
    return thread


def _asked(line: bytes, modules: tuple[str, ...], *, wait: float, bring: Callable) -> dict:
    with _connected(modules) as connection:
        connection.settimeout(wait)
        connection.sendall(line)
        with connection.makefile("rb") as stream:
            while "wants" in (told := json.loads(stream.readline())):
                bring(told["wants"])
            return told


def _connected(modules: tuple[str, ...]) -> socket.socket:
    folder = Path(settings.DATA_DIR) / "run"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(ConnectionError, FileNotFoundError):
        return _connect(folder)
    with _lock:
        _start(folder, modules)
    end = time.monotonic() + STARTING
    while time.monotonic() < end:
        with suppress(ConnectionError, FileNotFoundError):
            return _connect(folder)
        time.sleep(0.05)
    raise ServiceGone


def _connect(folder: Path) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    handle = os.open(folder, os.O_PATH | os.O_DIRECTORY)
    try:
        # By the open folder: the name of a socket is at most a hundred characters long.
        connection.connect(f"/proc/self/fd/{handle}/previews")
    except OSError:
        connection.close()
        raise
    finally:
        os.close(handle)
    return connection


def _start(folder: Path, modules: tuple[str, ...]) -> None:
    """Start a service; where another process was quicker, this one leaves by itself."""
    while _started and _started[-1].poll() is not None:
        _started.pop().stdin.close()
    with open(folder / "log", "ab", buffering=0) as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "syndication.supervise.service", str(folder / "previews"),
             *modules],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            env=environment(),
            cwd=settings.BASE_DIR,
            start_new_session=True,
        )  # fmt: skip
    _started.append(process)


def stop() -> None:
    """End the service that this process started, if any."""
    while _started:
        process = _started.pop()
        process.stdin.close()
        process.wait(5)
