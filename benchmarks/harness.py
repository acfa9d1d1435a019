"""What benchmarks share: fresh databases, children whose memory is measured, ratios, results.

A job runs in a forked child with a database of its own, so that its peak memory is its own and
nothing is warm that would not be. Naive and ours alternate, so that a busy machine slows both.
"""

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent
RESULTS = ROOT / "results"
POSTGRES = os.environ.get("PIM_BENCH_POSTGRES", "postgres://root@127.0.0.1:5432")
MANAGE = ROOT.parent / "manage.py"


@dataclass
class Measured:
    """One run of a job: wall seconds, units of work, peak memory in MB, and what it returned."""

    seconds: float
    units: int
    peak_mb: float
    result: dict = field(default_factory=dict)

    @property
    def rate(self) -> float:
        """Return units per second."""
        return self.units / self.seconds if self.seconds else 0.0


@dataclass
class Row:
    """One line of a result table: medians over the runs; `ratio` is against the naive twin."""

    job: str
    database: str
    runs: int
    rate: float
    seconds: float
    peak_mb: float
    ratio: float | None = None
    ratio_min: float | None = None
    ratio_max: float | None = None
    target: float | None = None
    note: str = ""


class Database:
    """A migrated database that can be copied in no time; `home` is PIM_DATA_DIR of the jobs."""

    def __init__(self, vendor: str, scratch: Path):
        self.vendor, self.home = vendor, scratch / vendor
        self.home.mkdir(parents=True)
        self._name = f"bench_{os.getpid()}"
        self._made: list[str] = []
        self.url = self._fresh("template")
        subprocess.run(
            [sys.executable, str(MANAGE), "migrate", "-v0"],
            env=self.environment(self.url),
            check=True,
        )

    def environment(self, url: str) -> dict[str, str]:
        """Return the environment of a job."""
        return {
            **os.environ,
            "PIM_EMBEDDED": "1",
            "PIM_LOG_LEVEL": "ERROR",
            "PIM_DATA_DIR": str(self.home),
            # Backends stay, so that their processor time can be read to the end.
            "PIM_CONN_MAX_AGE": "3600",
            "PIM_DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "pim.project.settings",
        }

    def copy(self, name: str, *, of: str | None = None) -> str:
        """Return the url of a copy of the template, or of another copy."""
        source = of or self.url
        if self.vendor == "sqlite":
            target = self._fresh(name)
            shutil.copyfile(_path(source), _path(target))
            return target
        return self._fresh(name, template=source.rsplit("/", 1)[1])

    def catalogue(self, name: str, options: argparse.Namespace, make: Callable[..., dict]) -> str:
        """Return the url of a database that `make` filled, or of a copy of a --catalogue."""
        given = [url for url in options.catalogue if url.startswith(self.vendor[:6])]
        if not given:
            url = self.copy(name)
            run(make, database=self, url=url, products=options.products, seed=options.seed)
            return url
        url = self.copy(name, of=given[0])
        subprocess.run(
            [sys.executable, str(MANAGE), "migrate", "-v0"], env=self.environment(url), check=True
        )
        return url

    def _fresh(self, name: str, *, template: str = "") -> str:
        if self.vendor == "sqlite":
            path = self.home / f"{name}.sqlite3"
            for leftover in self.home.glob(f"{name}.sqlite3*"):
                leftover.unlink()
            return f"sqlite:///{path}"
        database = f"{self._name}_{name}"
        _psql(f'DROP DATABASE IF EXISTS "{database}"')
        tail = f' TEMPLATE "{template}"' if template else ""
        _psql(f'CREATE DATABASE "{database}"{tail}')
        self._made.append(database)
        return f"{POSTGRES}/{database}"

    def drop(self) -> None:
        """Remove everything that was made."""
        for database in set(self._made):
            _psql(f'DROP DATABASE IF EXISTS "{database}"')


def _path(url: str) -> str:
    return url.removeprefix("sqlite:///")


def _psql(statement: str) -> None:
    import psycopg

    with psycopg.connect(f"{POSTGRES}/postgres", autocommit=True) as connection:
        connection.execute(statement)


def has_postgres() -> bool:
    """Return whether a PostgreSQL server answers at PIM_BENCH_POSTGRES."""
    try:
        _psql("SELECT 1")
    except Exception:
        return False
    return True


def run(job: Callable[..., dict], *, database: Database, url: str, **arguments) -> Measured:
    """Run a job in a child process with Django set up; it returns {"units": n, …}.

    A job that returns "seconds" has measured itself (to leave its preparation out).
    """
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reader)
        _child(job, writer, database.environment(url), arguments)
    os.close(writer)
    with os.fdopen(reader, "rb") as stream:
        answer = json.loads(stream.read() or b"{}")
    _pid, status, usage = os.wait4(pid, 0)
    if status or "error" in answer:
        raise RuntimeError(answer.get("error", f"the job ended with status {status}"))
    peak = usage.ru_maxrss / (1024 if sys.platform == "linux" else 1024**2)
    result = answer["result"]
    seconds = result.pop("seconds", answer["seconds"])
    return Measured(seconds, result.pop("units", 1), peak, result)


def _child(job, writer: int, environment: dict, arguments: dict) -> None:
    code = 1
    try:
        os.environ.update(environment)
        import django
        import django.db

        django.setup()
        started = time.perf_counter()
        result = job(**arguments) or {}
        answer = {"seconds": time.perf_counter() - started, "result": result}
        # SQLite puts its journal away on the last close: only then can the file be copied.
        django.db.connections.close_all()
        code = 0
    except BaseException:
        answer = {"error": traceback.format_exc()}
    with os.fdopen(writer, "wb") as stream:
        stream.write(json.dumps(answer).encode())
    os._exit(code)


def summary(
    job: str,
    runs: list[Measured],
    *,
    database: Database,
    naive: list[Measured] | None = None,
    target: float | None = None,
    note: str = "",
) -> Row:
    """Return the line of a job: medians, and the median of the ratios taken pair by pair."""
    row = Row(
        job=job,
        database=database.vendor,
        runs=len(runs),
        rate=round(statistics.median(m.rate for m in runs), 1),
        seconds=round(statistics.median(m.seconds for m in runs), 3),
        peak_mb=round(statistics.median(m.peak_mb for m in runs)),
        target=target,
        note=note,
    )
    if naive:
        ratios = [ours.rate / twin.rate for ours, twin in zip(runs, naive, strict=False)]
        row.ratio = round(statistics.median(ratios), 1)
        row.ratio_min, row.ratio_max = round(min(ratios), 1), round(max(ratios), 1)
    return row


def arguments(
    name: str,
    *,
    products: int,
    more: Callable[[argparse.ArgumentParser], None] = lambda parser: None,
) -> argparse.Namespace:
    """Return the command line that every benchmark understands; `more` adds options of its own."""
    parser = argparse.ArgumentParser(prog=f"python -m benchmarks.{name}")
    parser.add_argument("--products", type=int, default=products)
    parser.add_argument("--times", type=int, default=3, help="runs of each job, taken in turn")
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--scratch", help="where to keep data while it runs")
    parser.add_argument(
        "--catalogue", action="append", default=[], metavar="URL",
        help="copy this database, filled by an earlier run of the same job, instead of seeding",
    )  # fmt: skip
    parser.add_argument("--dry", action="store_true", help="print only, keep no results")
    more(parser)
    return parser.parse_args()


def benchmark(
    name: str, title: str, body: Callable[[Database, argparse.Namespace, Path], list[Row]], options
) -> list[Row]:
    """Run `body` on each database asked for, print the table and keep the results."""
    vendors = ["sqlite", "postgresql"] if options.database == "both" else [options.database]
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(dir=options.scratch, prefix="bench-") as folder:
        for vendor in vendors:
            if vendor == "postgresql" and not has_postgres():
                print("PostgreSQL does not answer: left out (set PIM_BENCH_POSTGRES).")
                continue
            database = Database(vendor, Path(folder))
            try:
                rows += body(database, options, Path(folder))
            finally:
                database.drop()
    print(table(rows))
    if not options.dry:
        keep(name, title, rows, options)
    return rows


def keep(name: str, title: str, rows: list[Row], options) -> None:
    """Write the results of one benchmark as JSON, and all results as one page."""
    RESULTS.mkdir(exist_ok=True)
    alone = getattr(options, "database", "both")  # the results of one database stand for themselves
    document = {
        "name": name,
        "options": "" if alone == "both" else f" --database {alone}",
        "title": title,
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "commit": _commit(),
        "machine": f"{os.cpu_count()} cores, Python {platform.python_version()}, "
        f"load {os.getloadavg()[2]:.1f}",
        "products": options.products,
        "rows": [asdict(row) for row in rows],
    }
    stem = name if alone == "both" else f"{name}-{alone}"
    if options.products != getattr(options, "usual", options.products):  # so do other sizes
        stem += f"-{options.products}"
    (RESULTS / f"{stem}.json").write_text(json.dumps(document, indent=1) + "\n")
    write_page()


def write_page() -> None:
    """Write RESULTS.md from every kept result."""
    parts = ["# Results\n", "Made by `python -m benchmarks.<name>`; never edited by hand.\n"]
    for path in sorted(RESULTS.glob("*.json")):
        found = json.loads(path.read_text())
        rows = [Row(**row) for row in found["rows"]]
        parts.append(
            f"## {found['title']}\n\n`python -m benchmarks.{found['name']} --products "
            f"{found['products']}{found.get('options', '')}` · {found['date']} · "
            f"commit {found['commit']} · {found['machine']}\n\n{table(rows)}\n"
        )
    (ROOT / "RESULTS.md").write_text("\n".join(parts))


def table(rows: list[Row]) -> str:
    """Return the rows as a Markdown table."""
    lines = [
        "| job | database | runs | per second | seconds | peak MB | ratio (min–max) | target |",
        "|---|---|--:|--:|--:|--:|--:|--:|",
    ]
    for row in rows:
        ratio = f"{row.ratio}× ({row.ratio_min}–{row.ratio_max})" if row.ratio else ""
        target = f"{row.target:g}×" if row.target else ""
        note = f" — {row.note}" if row.note else ""
        lines.append(
            f"| {row.job}{note} | {row.database} | {row.runs} | {row.rate:g} | {row.seconds:g} | "
            f"{row.peak_mb or '–'} | {ratio} | {target} |"
        )
    return "\n".join(lines)


def _commit() -> str:
    found = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, cwd=ROOT
    )
    return found.stdout.strip() or "unknown"
