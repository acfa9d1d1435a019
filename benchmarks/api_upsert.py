"""api_upsert: collections of products through HTTP, in the shape that other systems measure by.

Two gunicorn workers, two clients that send collections of 500 lines at the same time; every
product has the 120 attributes of its family (benchmarks/peers.py). Validation, difference,
change log, completeness, filter index and marks are all included, and every answer is read.
Beside the rate stands the processor time of workers and database together: what two cores that
nobody else uses can do is two seconds of it a second.
"""

import http.client
import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import orjson

from benchmarks import peers
from benchmarks.harness import Database, Measured, Row, arguments, benchmark, run, summary
from benchmarks.processor import backends, processor

LINES, CLIENTS = 500, 2
LINE_TYPE = "application/vnd.akeneo.collection+json"


def prepare() -> dict:
    """Make the structure and a connection; return the token."""
    from django.utils import timezone

    from pim.actions.connections import create_connection
    from pim.actions.tokens import give_tokens
    from pim.content.actor import Actor

    peers.make_structure()
    at = timezone.now()
    connection, _secret = create_connection(
        "bench", actor=Actor("bench"), at=at, collection_limit=LINES, rate_limit=0
    )
    return {"token": give_tokens(connection, at=at).access}


class Server:
    """gunicorn over one database for as long as the block runs."""

    def __init__(self, database: Database, url: str, token: str):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.environment, self.url = database.environment(url), url
        self.headers = {"Authorization": f"Bearer {token}"}

    def __enter__(self) -> "Server":
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "-w", str(CLIENTS), "-b",
             f"127.0.0.1:{self.port}", "--timeout", "300", "--log-level", "error",
             "benchmarks.rest_wsgi:application"],
            env=self.environment, cwd=Path(__file__).resolve().parent.parent,
        )  # fmt: skip
        for _try in range(300):
            try:
                self.ask("GET", "/empty")
                return self
            except OSError:
                time.sleep(0.2)
        raise RuntimeError("gunicorn does not answer")

    def __exit__(self, *exc) -> None:
        self.process.terminate()
        self.process.wait()

    def ask(self, method: str, path: str, body: bytes = b"", **headers) -> bytes:
        """Return the body of one answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)
        connection.request(method, path, body, {**self.headers, **headers})
        response = connection.getresponse()
        answer = response.read()
        connection.close()
        if response.status != 200:
            raise RuntimeError(f"{response.status}: {answer[:500]!r}")
        return answer

    def send(self, bodies: list[bytes]) -> None:
        """Send collections, one after the other, and check every line of every answer."""
        for body in bodies:
            answer = self.ask("PATCH", "/api/rest/v1/products", body, **{"Content-Type": LINE_TYPE})
            refused = [a for a in answer.split(b"\n") if orjson.loads(a)["status_code"] > 299]
            if refused:
                raise RuntimeError(refused[0][:500])

    def pages(self, path: str, seconds: float) -> Measured:
        """Ask for a page again and again from as many clients as there are workers."""
        counts, before, started = [], self.processor(), time.perf_counter()

        def client() -> None:
            count = 0
            while time.perf_counter() < started + seconds:
                self.ask("GET", path)
                count += 1
            counts.append(count)

        threads = [threading.Thread(target=client) for _n in range(CLIENTS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        spent = [now - then for now, then in zip(self.processor(), before, strict=True)]
        result = {"workers": spent[0], "database": spent[1]}
        return Measured(time.perf_counter() - started, sum(counts), 0.0, result)

    def processor(self) -> tuple[float, float]:
        """Return the processor seconds that the workers and their database have taken so far."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return processor(children.read_text().split()), processor(backends(self.url))


def collections(first: int, count: int, **how) -> list[bytes]:
    """Return products as bodies of collections."""
    lines = [orjson.dumps(d) for d in peers.documents(first, count, **how)]
    return [b"\n".join(lines[n : n + LINES]) for n in range(0, len(lines), LINES)]


def upsert(server: Server, bodies: list[bytes], count: int) -> Measured:
    """Send the bodies from two clients at once."""
    before, started = server.processor(), time.perf_counter()
    failed: list[BaseException] = []

    def client(part: list[bytes]) -> None:
        try:
            server.send(part)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=client, args=(bodies[n::CLIENTS],)) for n in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
    seconds = time.perf_counter() - started
    workers, base = (now - then for now, then in zip(server.processor(), before, strict=True))
    return Measured(seconds, count, 0.0, {"workers": workers, "database": base})


def measure(database: Database, options, folder: Path) -> list[Row]:
    """Take the jobs in turn, each round with products of its own."""
    url = database.copy("upsert")
    token = run(prepare, database=database, url=url).result["token"]
    taken: dict[str, list[Measured]] = {}
    count = options.products
    with Server(database, url, token) as server:
        server.send(collections(10**7, 200, everywhere=False))
        for n in range(options.times):
            first = n * count
            made = collections(first, count, everywhere=False)
            jobs = {
                "create, 120 values each": made,
                "change 5 of 120 values": collections(first, count, everywhere=False, version=1),
            }
            jobs["send again, nothing changed"] = jobs["change 5 of 120 values"]
            jobs["every channel and locale"] = collections(
                5 * 10**6 + first, count // 4, everywhere=True
            )
            for job, bodies in jobs.items():
                units = count // 4 if job.startswith("every") else count
                taken.setdefault(job, []).append(upsert(server, bodies, units))
    return [
        summary(job, runs, database=database, note=processor_note(runs))
        for job, runs in taken.items()
    ]


def processor_note(runs: list[Measured], *, what: str = "product") -> str:
    """Return the processor milliseconds of a product, and what two free cores make of them."""
    units = sum(m.units for m in runs)
    workers = sum(m.result["workers"] for m in runs) / units
    base = sum(m.result["database"] for m in runs) / units
    free = CLIENTS / (workers + base) if workers + base else 0
    return (
        f"{workers * 1000:.2f} ms of workers and {base * 1000:.2f} ms of database a {what}: "
        f"{free:,.0f} a second on two free cores"
    )


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pim.project.settings")
    benchmark(
        "api_upsert",
        "Products upserted through HTTP: 550 attributes, 3 channels × 9 locales, 120 values",
        measure,
        arguments("api_upsert", products=4_000),
    )
