"""rest_listings: pages of 100 under gunicorn, against a plain DRF model serializer.

Two sync workers serve the twin (benchmarks/rest_twin.py) and the feed; wrk asks, or where there
is no wrk, a client of four threads here. The jobs take turns. The floor is an empty answer.
"""

import http.client
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

from benchmarks.harness import Database, Measured, Row, arguments, benchmark, summary

SECONDS, CONNECTIONS = 4, 4
FEED, TWIN = "/feeds/web/en/products", "/twin/products"


def prepare(*, products: int, seed: int) -> dict:
    """Make a published catalogue with its listings."""
    from django.core.management import call_command
    from django.db import connection

    call_command("seed", products=products, seed=seed, publish=True, verbosity=0)
    call_command("rebuild_listings")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # what autovacuum does within a minute
    return {"units": products}


class Server:
    """gunicorn over one database for as long as the block runs."""

    def __init__(self, database: Database, url: str):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.environment = database.environment(url)

    def __enter__(self) -> "Server":
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "-w", "2", "-b", f"127.0.0.1:{self.port}",
             "--log-level", "error", "benchmarks.rest_wsgi:application"],
            env=self.environment, cwd=Path(__file__).resolve().parent.parent,
        )  # fmt: skip
        for _try in range(300):
            try:
                self.ask("/empty")
                return self
            except OSError:
                time.sleep(0.2)
        raise RuntimeError("gunicorn does not answer")

    def __exit__(self, *exc) -> None:
        self.process.terminate()
        self.process.wait()

    def ask(self, path: str, headers: dict | None = None) -> http.client.HTTPResponse:
        """Return one answer, read to its end."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", path, headers=headers or {})
        response = connection.getresponse()
        response.body = response.read()
        connection.close()
        return response

    def load(self, path: str, headers: dict, status: int) -> Measured:
        """Ask as fast as can be for some seconds."""
        assert self.ask(path, headers).status == status, path
        ask = _wrk if shutil.which("wrk") else _threads
        count, seconds = ask(self, path, headers)
        return Measured(seconds, count, 0.0)


def _wrk(server: Server, path: str, headers: dict) -> tuple[int, float]:
    given = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", *given]
    out = subprocess.run(
        [*command, f"http://127.0.0.1:{server.port}{path}"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    found = re.search(r"(\d+) requests in ([\d.]+)s", out)
    return int(found[1]), float(found[2])


def _threads(server: Server, path: str, headers: dict) -> tuple[int, float]:
    counts, end, start = [], time.perf_counter() + SECONDS, time.perf_counter()

    def ask() -> None:
        count = 0
        while time.perf_counter() < end:
            server.ask(path, headers)
            count += 1
        counts.append(count)

    threads = [threading.Thread(target=ask) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts), time.perf_counter() - start


def measure(database: Database, options, folder: Path) -> list[Row]:
    """Take the jobs in turn and compare each with the twin of its round."""
    url = database.catalogue("rest", options, prepare)
    taken: dict[str, list[Measured]] = {}
    with Server(database, url) as server:
        tag = server.ask(FEED, {"Accept-Encoding": "gzip"}).headers["ETag"]
        jobs = {
            "DRF model serializer": (TWIN, {}, 200),
            "feed page": (FEED, {}, 200),
            "feed page, gzip": (FEED, {"Accept-Encoding": "gzip"}, 200),
            "feed page, zstd": (FEED, {"Accept-Encoding": "zstd"}, 200),
            "unchanged feed page, 304": (
                FEED, {"Accept-Encoding": "gzip", "If-None-Match": tag}, 304,
            ),
            "empty answer (floor)": ("/empty", {}, 200),
        }  # fmt: skip
        for _round in range(options.times):
            for job, (path, headers, status) in jobs.items():
                taken.setdefault(job, []).append(server.load(path, headers, status))
    naive = taken.pop("DRF model serializer")
    targets = {"feed page": 5, "feed page, gzip": 5, "unchanged feed page, 304": 30}
    return [
        summary("DRF model serializer (naive)", naive, database=database),
        *(
            summary(job, runs, database=database, naive=naive, target=targets.get(job))
            for job, runs in taken.items()
        ),
    ]


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pim.project.settings")
    benchmark(
        "rest_listings",
        "Feed pages of 100 listings under two gunicorn workers",
        measure,
        arguments("rest_listings", products=100_000),
    )
