"""Catalogue: first issue, re-issues after small changes, and the naive twin.

    python -m benchmarks.print_catalogue [--products N] [--pictures N] [--times N]
                                         [--no-naive] [--typst]

Drives the output kind through the same supervised children as an edition, two at a time, with
the same limits; what the database does besides is in benchmarks of the editions. The twin is one
WeasyPrint call over the same content: CSS grid, original pictures. They take turns. With
--typst a compiled typesetter sets the same content, as a reference from outside.
"""

import argparse
import os
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pim.project.settings")
os.environ.setdefault("PIM_EMBEDDED", "1")

from django.conf import settings  # noqa: E402

from benchmarks.harness import Measured, Row, keep, summary, table  # noqa: E402
from benchmarks.print_typst import MISSING  # noqa: E402
from syndication.contract import Unit  # noqa: E402
from syndication.rendering.images import FileAssets  # noqa: E402
from syndication.rendering.print.layouts.folders import PLAIN, shelf  # noqa: E402
from syndication.supervise.supervisor import stop_all  # noqa: E402
from tests.factories import listings, pictures  # noqa: E402
from tests.factories.bookbinding import Issue  # noqa: E402

LOCALE = "en"
TYPST = "outside reference: Typst, the whole book"
NAIVE, FIRST = "naive: one WeasyPrint call", "first issue"
CHANGED, RENAMED, SAME = "1 % changed", "1 % renamed, one product new", "nothing changed"
EVERY = 100  # of so many products one is changed
TITLE = "Catalogue of {} products: first issue and re-issues"


class Files:
    """Stands where other benchmarks name a database."""

    vendor = "files"


def rounds(asked, folder: Path, painted: list[dict]) -> dict[str, list[Measured]]:
    """Run every job `times` times, in turn."""
    found: dict[str, list[Measured]] = {}
    for _ in range(asked.times):
        if not asked.no_naive:
            found.setdefault(NAIVE, []).append(twin(NAIVE, "naive", asked, folder))
        if asked.typst and (reference := twin(TYPST, "typst", asked, folder)):
            found.setdefault(TYPST, []).append(reference)
        for name, measured in ours(asked, folder, painted):
            found.setdefault(name, []).append(measured)
            print(f"{name:30} {measured.seconds:7.2f} s  {measured.result['about']}", flush=True)
    return found


def ours(asked, folder: Path, painted: list[dict]):
    """Yield (job, Measured) of one round: an installation without memory, then its re-issues."""
    forget(folder)
    issue = Issue(folder, assets=folder / "assets")
    edited = frozenset(range(0, asked.products, EVERY))
    plain = listings.units(asked.products, LOCALE, pictures=painted)
    changed = listings.units(asked.products, LOCALE, pictures=painted, changed=edited)
    new = listings.units(asked.products + 1, LOCALE, pictures=painted)[-1:]
    yield FIRST, measured(issue, plain)
    yield CHANGED, measured(issue, changed)
    yield (
        RENAMED,
        measured(issue, [renamed(u) if n in edited else u for n, u in enumerate(plain)] + new),
    )
    yield SAME, measured(issue, issue.units)


def measured(issue: Issue, units: list[Unit]) -> Measured:
    """Issue the units as the next edition."""
    started = time.perf_counter()
    set_again, path = issue.issue(units)
    seconds = time.perf_counter() - started
    about = f"{set_again} cards set in {issue.phases[0]:.2f} s, bound in {issue.phases[1]:.2f} s"
    about += f", CPU {issue.cpu:.2f} s, {path.stat().st_size / 1e6:.1f} MB"
    return Measured(seconds, len(units), issue.peak_kb / 1024, {"about": about, "cpu": issue.cpu})


def renamed(unit: Unit) -> Unit:
    """Return the unit with another name, so that heads and index change too."""
    main, *rest = unit.listings[LOCALE]
    name = f"New {main.body['name']}"
    values = main.body["values"] | {"name": [name, "own", ""]}
    new = replace(main, body=main.body | {"name": name, "values": values}, digest=f"n{main.digest}")
    return replace(unit, listings={LOCALE: (new, *rest)})


def twin(job: str, how: str, asked, folder: Path) -> Measured | None:
    """Run another way of making the book in a process of its own; None where it is missing."""
    command = [sys.executable, "-m", f"benchmarks.print_{how}"]
    command += [str(folder), str(asked.products), str(asked.pictures)]
    started = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    seconds = time.perf_counter() - started
    if how == "typst" and done.returncode == MISSING:
        print("Typst is not installed, so it is left out: pip install typst.", flush=True)
        return None
    if done.returncode:
        raise RuntimeError(done.stderr)
    peak, cpu = done.stdout.split()[-2:]
    size = (folder / f"{how}.pdf").stat().st_size / 1e6
    print(f"{job:30} {seconds:7.2f} s  CPU {cpu} s, {size:.1f} MB", flush=True)
    return Measured(seconds, asked.products, int(peak) / 1024, {"cpu": float(cpu)})


def rows(found: dict[str, list[Measured]]) -> list[Row]:
    """Return the table: every job against the naive twin, re-issues against the first issue too."""
    first, naive = found[FIRST], found.get(NAIVE)
    lines = [line(NAIVE, naive)] if naive else []
    lines.append(line(FIRST, first, naive=naive, target=8))
    if TYPST in found:
        lines.append(line(f"{TYPST}, against our first issue", found[TYPST], naive=first))
    for job, target in ((CHANGED, 15), (RENAMED, None), (SAME, None)):
        lines.append(
            line(f"{job}, against our first issue", found[job], naive=first, target=target)
        )
    if naive:
        lines.append(line(f"{CHANGED}, against the twin", found[CHANGED], naive=naive, target=100))
        lines.append(line(f"{SAME}, against the twin", found[SAME], naive=naive))
    return lines


def line(job: str, runs: list[Measured], *, naive=None, target=None) -> Row:
    cpu = _middle(runs)
    note = f"CPU {cpu:.1f} s"
    if naive:
        # On a machine that others use too, the clock on the wall says little.
        note += f", {_middle(naive) / cpu:.1f}× by CPU"
    return summary(job, runs, database=Files(), naive=naive, target=target, note=note)


def _middle(runs: list[Measured]) -> float:
    """Return the median of the CPU seconds."""
    return sorted(run.result["cpu"] for run in runs)[len(runs) // 2]


def forget(folder: Path) -> None:
    """Drop what earlier issues remember; scaled pictures stay, as they do in an installation."""
    shutil.rmtree(folder / "memo", ignore_errors=True)
    for old in folder.glob("issue-*"):
        shutil.rmtree(old)


def scale(folder: Path, painted: list[dict]) -> None:
    pixels = shelf().layouts[PLAIN].manifest.picture[2]
    started = time.perf_counter()
    for picture in painted:
        FileAssets(folder / "assets").derivative(
            picture["sha256"], width=pixels, media_type="image/jpeg"
        )
    took = time.perf_counter() - started
    print(f"{len(painted)} pictures scaled once, before the first issue: {took:.2f} s", flush=True)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.print_catalogue")
    parser.add_argument("--products", type=int, default=1000)
    parser.set_defaults(usual=1000)
    parser.add_argument("--pictures", type=int, default=400)
    parser.add_argument("--times", type=int, default=3, help="rounds, jobs taken in turn")
    parser.add_argument("--no-naive", action="store_true")
    parser.add_argument("--typst", action="store_true", help="set it with Typst too, if installed")
    parser.add_argument("--dry", action="store_true", help="print only, keep no results")
    return parser.parse_args()


def main():
    asked = arguments()
    folder = Path(settings.DATA_DIR) / "bench-print"
    folder.mkdir(parents=True, exist_ok=True)
    painted = pictures.paint(folder, count=asked.pictures)
    scale(folder, painted)
    found = rows(rounds(asked, folder, painted))
    stop_all()
    print(table(found))
    if not asked.dry:
        keep("print_catalogue", TITLE.format(asked.products), found, asked)


if __name__ == "__main__":
    main()
