"""demo: load the demo catalogue, run everything, and say where to look; safe to repeat."""

import contextlib
import fcntl
import os
import signal
import socket
import time

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from syndication.management.demo import stock
from syndication.management.demo.fleet import Fleet, members
from syndication.management.demo.report import Progress, addresses
from syndication.models import Edition


class Command(BaseCommand):
    help = "Show the product with the demo catalogue: everything on this machine, until Ctrl-C."

    def add_arguments(self, parser):
        parser.add_argument("--port", type=int, default=int(os.environ.get("PIM_PORT", "8000")))
        parser.add_argument("--host", default=os.environ.get("PIM_HOST", "127.0.0.1"))
        parser.add_argument(
            "--once", action="store_true", help="stop as soon as all outputs have been issued"
        )

    def handle(self, *, port, host, once, **_):
        self._check(host, port)
        self.url = os.environ.get("PIM_PUBLIC_URL") or f"http://localhost:{port}"
        settings.PUBLIC_URL = self.url.rstrip("/")
        for folder in (settings.BROKER_DIR / "queue", settings.BROKER_DIR / "control"):
            folder.mkdir(parents=True, exist_ok=True)
        lock = self._lock()
        # Commands beside the demonstration must print the same address into codes and feeds.
        settings.PUBLIC_URL_FILE.write_text(settings.PUBLIC_URL)
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            signal.signal(number, _interrupt)
        try:
            self._run(host, port, once=once)
        except KeyboardInterrupt:
            self._say("Everything has been stopped. `make demo` goes on where this ended.")
        finally:
            lock.close()

    def _check(self, host: str, port: int) -> None:
        if not settings.EMBEDDED:
            raise CommandError("The demonstration runs in embedded mode only: set PIM_EMBEDDED=1.")
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as fault:
                raise CommandError(
                    f"Port {port} of {host} cannot be had ({fault.strerror}). Choose another: "
                    f"PIM_PORT={port + 1} make demo"
                ) from fault

    def _lock(self):
        settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
        lock = open(settings.DATA_DIR / "demo.lock", "w")  # noqa: SIM115
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as fault:
            lock.close()
            raise CommandError(
                f"A demonstration is running on {settings.DATA_DIR} already. Stop it, or set "
                "PIM_DATA_DIR to another folder."
            ) from fault
        return lock

    def _run(self, host: str, port: int, *, once: bool) -> None:
        self._say("Preparing the database …")
        stock.prepare_database()
        stock.load_catalogue(say=self._say)
        stock.make_brands()
        stock.make_outputs()
        login = stock.make_login()
        stock.fill_desks()
        waiting = stock.issue_new(say=self._say)
        connection.close()
        fleet = Fleet(
            members(bind=f"[{host}]:{port}" if ":" in host else f"{host}:{port}"),
            logs=settings.DATA_DIR / "logs",
            environment={"PIM_PUBLIC_URL": self.url, "PIM_EMBEDDED": "1"},
            say=self._say,
        )
        try:
            fleet.start()
            self._wait_for_editions(fleet, waiting)
            self._wait_for_web(fleet, host, port)
            self.stdout.write(addresses(self.url, login, logs=fleet.logs))
            while not once and fleet.look():
                time.sleep(1)
        finally:
            fleet.stop()

    def _wait_for_editions(self, fleet: Fleet, ids: list[int]) -> None:
        progress = Progress(self._say)
        while True:
            left = Edition.objects.filter(id__in=ids).select_related("output")
            if not progress.show(left, resting=stock.RESTING):
                return
            connection.close()
            if not fleet.look():
                raise CommandError("The demonstration cannot run; the log named above says why.")
            time.sleep(0.5)

    def _wait_for_web(self, fleet: Fleet, host: str, port: int) -> None:
        """Wait until the web server listens: an address is printed when it can be opened."""
        while True:
            with contextlib.suppress(OSError), socket.create_connection((host, port), timeout=2):
                return
            if not fleet.look():
                raise CommandError("The demonstration cannot run; the log named above says why.")
            time.sleep(0.2)

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def _interrupt(number, frame):
    # A second signal must not break off the stopping of the processes.
    signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt
