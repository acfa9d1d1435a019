"""Catalogue of 1,000 products: own first issue, re-issue after 1 % changed, and the naive twin.

    python benchmarks/print_catalogue.py [--products N] [--pictures N] [--no-naive]

Drives the output kind through the same supervised children as an edition, two at a time, with
the same limits; what the database does besides is in benchmarks of the editions. The twin is one
WeasyPrint call over the same content: CSS grid, original pictures.
"""

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pim.project.settings")
os.environ.setdefault("PIM_EMBEDDED", "1")

import orjson  # noqa: E402
from django.conf import settings  # noqa: E402

from syndication.outputs.catalogue import Catalogue  # noqa: E402
from syndication.rendering.images import FileAssets  # noqa: E402
from syndication.rendering.print.cards import PHOTO_PIXELS  # noqa: E402
from syndication.supervise import wire  # noqa: E402
from syndication.supervise.supervisor import Crew, Job, stop_all  # noqa: E402
from tests.factories import listings, pictures  # noqa: E402

LOCALE, CHILDREN = "en", 2
KIND = Catalogue()


class Issue:
    """One issue over a folder: renders what has no fragment yet, then assembles."""

    def __init__(self, folder: Path):
        self.folder, self.fragments = folder, {}
        self.runs = self.peak = 0
        self.phases = (0.0, 0.0)

    def issue(self, units: list) -> tuple[int, Path]:
        """Return how many cards were rendered, and the file."""
        self.runs += 1
        work = self.folder / f"issue-{self.runs}"
        work.mkdir()
        keys = {unit.id: self._key(unit) for unit in units}
        missing = [unit for unit in units if keys[unit.id] not in self.fragments]
        with Crew(KIND.preload, beat=lambda pids: None) as crew:
            started = time.perf_counter()
            self._render(crew, missing, keys, work)
            between = time.perf_counter()
            self._assemble(crew, units, keys, work)
            self.phases = (between - started, time.perf_counter() - between)
            self.peak = max(self.peak, crew.peak_kb)
        return len(missing), work / "files" / f"catalogue.{LOCALE}.pdf"

    def _key(self, unit) -> str:
        digests = [listing.digest for listing in unit.listings[LOCALE]]
        return hashlib.sha256("".join(digests).encode()).hexdigest()

    def _render(self, crew, missing, keys, work):
        size = min(KIND.part_size, -(-len(missing) // CHILDREN) or 1)
        waiting = [missing[n : n + size] for n in range(0, len(missing), size)]
        numbers = iter(range(len(waiting)))
        while waiting or crew.running:
            while waiting and len(crew.running) < CHILDREN:
                self._start(crew, waiting.pop(0), work / f"part-{next(numbers)}")
            for job in crew.wait():
                check(job)
                with (job.folder / "results").open("rb") as stream:
                    for result in wire.read_results(stream):
                        self.fragments[keys[result.unit]] = (result.summary, result.payload)

    def _start(self, crew, units, folder):
        folder.mkdir()
        (folder / "units").write_bytes(b"".join(unit_line(unit) for unit in units))
        paths = {"input": str(folder / "units"), "output": str(folder / "results")}
        crew.start(Job(folder.name, folder, self._spec("render", **paths)), seconds=900)

    def _spec(self, job, **more) -> dict:
        limits = {"memory_mb": KIND.memory_mb, "seconds": KIND.seconds}
        target = f"{Catalogue.__module__}:{Catalogue.__name__}"
        context = str(self.folder / "context.json")
        return {"job": job, "target": target, "context": context, **limits, **more}

    def _assemble(self, crew, units, keys, work):
        rows = []
        for unit in units:
            summary, payload = self.fragments[keys[unit.id]]
            rows.append((unit.id, unit.main(LOCALE).identifier, payload, summary))
        pieces = b"".join(wire.frame(*row) for row in rows)
        (work / "pieces").write_bytes(pieces)
        (work / "files").mkdir()
        plan = {"number": self.runs, "issued_on": "2026-11-22", "data_version": 1}
        spec = self._spec(
            "assemble",
            segments=[[str(work / "pieces"), 0, len(pieces)]],
            output=str(work / "assembled"),
            files=str(work / "files"),
            plan={**plan, "items": len(units)},
            touchpoint_key="benchmark",
        )
        folder = work / "assembly"
        folder.mkdir()
        crew.start(Job("assembly", folder, spec), seconds=900)
        while crew.running:
            for job in crew.wait():
                check(job)


def check(job):
    if job.outcome:
        sys.exit(f"{job.id}: {job.outcome}\n{job.log}")


def unit_line(unit) -> bytes:
    def facts(listing):
        found = unit.facts.get(listing.identifier)
        return found and {"prices": list(found.prices), "availability": found.availability}

    rows = [[li.product_id, li.digest, li.body, facts(li)] for li in unit.listings[LOCALE]]
    return orjson.dumps({"id": unit.id, "reads": "", "listings": {LOCALE: rows}}) + b"\n"


def write_context(folder: Path):
    labels = listings.labels(LOCALE)
    document = {
        "output": "catalogue",
        "kind": "catalogue",
        "channel": "shop",
        "audience": "consumer",
        "locales": [LOCALE],
        "labels": {LOCALE: {"digest": labels.digest, "body": labels.body}},
        "options": {option.code: option.default for option in KIND.options},
        "tokens": {"brand": "Halla"},
        "public_url": "https://halla.example",
        "asset_root": str(folder / "assets"),
        "memo_root": str(folder / "memo"),
    }
    (folder / "context.json").write_text(json.dumps(document))


def naive(folder: Path, *, products: int, count: int) -> tuple[float, int, Path]:
    """Return seconds, peak KB and the file of the naive twin, in a process of its own."""
    command = [
        sys.executable,
        "-m",
        "benchmarks.print_naive",
        str(folder),
        str(products),
        str(count),
    ]
    started = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return time.perf_counter() - started, int(done.stdout.split()[-1]), folder / "naive.pdf"


@contextmanager
def timed(name: str, results: dict):
    started = time.perf_counter()
    yield
    results[name] = time.perf_counter() - started


def megabytes(path: Path) -> str:
    return f"{path.stat().st_size / 1e6:.1f} MB"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--products", type=int, default=1000)
    parser.add_argument("--pictures", type=int, default=400)
    parser.add_argument("--no-naive", action="store_true")
    asked = parser.parse_args()
    folder = Path(settings.DATA_DIR) / "bench-print"
    for name in ("memo", "assets/derived"):
        shutil.rmtree(folder / name, ignore_errors=True)
    for old in folder.glob("issue-*"):
        shutil.rmtree(old)
    folder.mkdir(parents=True, exist_ok=True)
    painted = pictures.paint(folder, count=asked.pictures)
    write_context(folder)
    print(f"{asked.products} products, {asked.pictures} pictures of 1200 × 1200 pixels")
    started = time.perf_counter()
    for picture in painted:
        FileAssets(folder / "assets").derivative(
            picture["sha256"], width=PHOTO_PIXELS[6], media_type="image/jpeg"
        )
    print(f"pictures scaled  {time.perf_counter() - started:8.2f} s  once, before the first issue")
    run(asked, folder, painted)
    stop_all()


def run(asked, folder: Path, painted: list[dict]):
    seconds: dict[str, float] = {}
    changed = set(range(0, asked.products, 100))
    first = listings.units(asked.products, LOCALE, pictures=painted)
    second = listings.units(asked.products, LOCALE, pictures=painted, changed=changed)
    own = Issue(folder)
    for name, units in (
        ("first issue", first),
        ("1 % changed", second),
        ("nothing changed", second),
    ):
        with timed(name, seconds):
            rendered, path = own.issue(units)
        cards, binding = own.phases
        about = f"{rendered} cards set in {cards:.2f} s, bound in {binding:.2f} s"
        print(f"{name:16} {seconds[name]:8.2f} s  {about}, {megabytes(path)}", flush=True)
    print(f"largest child    {own.peak / 1024:8.0f} MB")
    print(f"re-issue         {seconds['first issue'] / seconds['1 % changed']:8.1f} × faster")
    if not asked.no_naive:
        took, peak, path = naive(folder, products=asked.products, count=asked.pictures)
        print(f"naive twin       {took:8.2f} s  {peak / 1024:.0f} MB peak, {megabytes(path)}")
        print(f"first issue      {took / seconds['first issue']:8.1f} × faster than the naive twin")
        print(f"re-issue         {took / seconds['1 % changed']:8.1f} × faster than the naive twin")


if __name__ == "__main__":
    main()
