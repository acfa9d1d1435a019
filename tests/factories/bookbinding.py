"""Issues of a catalogue over a folder: the output kind in supervised children, no database.

For tests of what an edition comes to, and for the benchmark of what it costs.
"""

import hashlib
import json
import time
from pathlib import Path

import orjson

from syndication.outputs.catalogue import Catalogue
from syndication.supervise import wire
from syndication.supervise.supervisor import Crew, Job, part_size

from . import listings

CHILDREN = 2
KIND = Catalogue()


class Issue:
    """Issues editions one after another: renders what has no fragment yet, then assembles.

    `assets` holds the pictures; cards and what assembly remembers are this object's own.
    """

    def __init__(self, folder: Path, *, assets: Path, locale: str = "en", options=None):
        self.folder, self.locale, self.fragments = folder, locale, {}
        write_context(folder, assets=assets, locale=locale, options=options or {})
        self.runs = self.peak_kb = 0
        self.phases, self.cpu = (0.0, 0.0), 0.0
        self.units: list = []

    def issue(self, units: list) -> tuple[int, Path]:
        """Return how many cards were rendered, and the file."""
        self.runs, self.units = self.runs + 1, units
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
            self.peak_kb, self.cpu = crew.peak_kb, crew.cpu
        return len(missing), work / "files" / f"catalogue.{self.locale}.pdf"

    def _key(self, unit) -> str:
        digests = [listing.digest for listing in unit.listings[self.locale]]
        return hashlib.sha256("".join(digests).encode()).hexdigest()

    def _render(self, crew, missing, keys, work):
        size = part_size(len(missing), most=KIND.part_size, children=CHILDREN)
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
        (folder / "units").write_bytes(b"".join(unit_line(unit, self.locale) for unit in units))
        paths = {"input": str(folder / "units"), "output": str(folder / "results")}
        crew.start(Job(folder.name, folder, self._spec("render", **paths)), seconds=900)

    def _spec(self, job, **more) -> dict:
        limits = {"memory_mb": KIND.memory_mb, "seconds": KIND.seconds}
        target = f"{Catalogue.__module__}:{Catalogue.__name__}"
        context = {"context": str(self.folder / "context.json"), "locales": [self.locale]}
        return {"job": job, "target": target, **context, **limits, **more}

    def _assemble(self, crew, units, keys, work):
        pieces = self._write_pieces(units, keys, work / "pieces")
        (work / "files").mkdir()
        plan = {"number": self.runs, "issued_on": "2026-11-22", "data_version": 1}
        spec = self._spec(
            "assemble",
            segments=[pieces],
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

    def _write_pieces(self, units, keys, stem: Path) -> wire.Segment:
        """Write what an edition keeps from its last assembly."""
        sizes = [0, 0]
        with wire.heads_of(stem).open("wb") as heads, wire.bodies_of(stem).open("wb") as bodies:
            for unit in units:
                summary, payload = self.fragments[keys[unit.id]]
                name = unit.main(self.locale).identifier
                sizes[0] += heads.write(wire.head(unit.id, name, summary, len(payload)))
                sizes[1] += bodies.write(payload)
        return wire.Segment(str(stem), 0, sizes[0], 0, sizes[1])


def check(job):
    if job.outcome:
        raise RuntimeError(f"{job.id}: {job.outcome}\n{job.log}")


def unit_line(unit, locale: str) -> bytes:
    def facts(listing):
        found = unit.facts.get(listing.identifier)
        return found and {"prices": list(found.prices), "availability": found.availability}

    rows = [[li.product_id, li.digest, li.body, facts(li)] for li in unit.listings[locale]]
    return orjson.dumps({"id": unit.id, "reads": "", "listings": {locale: rows}}) + b"\n"


def write_context(folder: Path, *, assets: Path, locale: str, options: dict) -> None:
    """Write what children know of the output: options at their defaults but for these."""
    folder.mkdir(parents=True, exist_ok=True)
    labels = listings.labels(locale)
    document = {
        "output": "catalogue",
        "kind": "catalogue",
        "channel": "shop",
        "audience": "consumer",
        "locales": [locale],
        "labels": {locale: {"digest": labels.digest, "body": labels.body}},
        "options": {option.code: option.default for option in KIND.options} | options,
        "tokens": {"brand": "Halla"},
        "public_url": "https://halla.example",
        "asset_root": str(assets),
        "memo_root": str(folder / "memo"),
    }
    (folder / "context.json").write_text(json.dumps(document))
