"""import_wide: a CSV of 100,000 rows of 30 columns, new, unchanged and with 1 % changed.

Beside the rate stands the processor time of the importing process, of the helper that reads ahead
for it, and of the database server: what two cores that do nothing else make of them is bounded by
the busiest of the three, and by half of their sum.

`--odd 1000` makes one row in 1,000 an odd one, `--rules` lets three rules follow the import,
`--changed 100` changes prices and texts in that many of a hundred rows, `--publish` publishes all.
"""

import os
import resource
import statistics
import time
from pathlib import Path

from benchmarks.harness import Database, Row, arguments, benchmark, run, summary
from benchmarks.wide_files import RULES, is_changed, is_odd, make_files


def load(*, path: str, rows: int = 0, expected: dict | None = None) -> dict:
    """Import a path; return the rows, the seconds and the processor seconds."""
    from django.utils.timezone import now

    from pim.actions.imports import import_catalog
    from pim.content.actor import Actor

    began, started = processor(), time.perf_counter()
    job = import_catalog(path, actor=Actor("benchmark", "import"), at=now())
    seconds = time.perf_counter() - started
    cpu = [now - then for now, then in zip(processor(), began, strict=True)]
    assert job.state == "done", job.cause
    assert expected is None or job.counts["products"] == expected, job.counts
    return {"units": rows, "seconds": seconds, "cpu": cpu}


def save_rules() -> dict:
    """Let three rules follow imports."""
    from django.utils.timezone import now

    from pim.actions.rules import save_rule
    from pim.content.actor import Actor

    for number, rule in enumerate(RULES):
        document = {**rule, "on_import": True, "sort_order": number}
        save_rule(f"rule_{number}", document, actor=Actor("benchmark"), at=now())
    return {}


def publish(*, rows: int, of: int) -> dict:
    """Publish every product; return the seconds and the processor seconds."""
    from django.utils.timezone import now

    from pim.actions.publishing import publish_products
    from pim.content.actor import Actor
    from pim.models import Product
    from pim.queries.drafts import chunks

    began, started = processor(), time.perf_counter()
    ids = list(Product.objects.order_by("id").values_list("id", flat=True))
    done = 0
    for chunk in chunks(ids, 500):
        done += publish_products(chunk, actor=Actor("benchmark"), at=now()).published
    seconds = time.perf_counter() - started
    assert done == of, done
    cpu = [now - then for now, then in zip(processor(), began, strict=True)]
    return {"units": rows, "seconds": seconds, "cpu": cpu}


def processor() -> list[float]:
    """Return the processor seconds so far: this process, its ended children, its database."""
    kinds = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return [*(used.ru_utime + used.ru_stime for used in kinds), _backend()]


def _backend() -> float:
    from django.db import connection

    if connection.vendor != "postgresql":
        return 0.0
    connection.ensure_connection()
    pid = connection.connection.info.backend_pid
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def body(database: Database, options, scratch: Path) -> list[Row]:
    """Measure one database."""
    folder, count = scratch / "files", options.products
    how = {"odd": options.odd, "changed": options.changed, "rules": options.rules}
    if not folder.exists():
        run(
            make_files, database=database, url=database.url, folder=str(folder), rows=count,
            seed=options.seed, **how,
        )  # fmt: skip
    base = database.copy("base")
    run(load, database=database, url=base, path=str(folder / "structure"))
    if options.rules:
        run(save_rules, database=database, url=base)
    jobs = _jobs(folder, options)
    measured: dict[str, list] = {name: [] for name in jobs}
    for _turn in range(options.times):
        url = database.copy("ours", of=base)
        for name, (job, how) in jobs.items():
            measured[name].append(run(job, database=database, url=url, rows=count, **how))
    return [_line(name, runs, database) for name, runs in measured.items()]


def _jobs(folder: Path, options) -> dict[str, tuple]:
    """Return {name: (what to run, with what)}."""
    count, new, other = options.products, str(folder / "new.csv"), str(folder / "changed.csv")
    odd = {n for n in range(count) if is_odd(n, options.odd)}
    refused = {"refused": len(odd)} if odd else {}
    changed = sum(is_changed(n, options.changed) for n in range(count) if n not in odd)
    good = count - len(odd)
    same = {"unchanged": good - changed} if changed < good else {}
    jobs = {
        "new": (load, {"path": new, "expected": {"created": good, **refused}}),
        "unchanged": (load, {"path": new, "expected": {"unchanged": good, **refused}}),
        f"{options.changed} % changed": (
            load,
            {"path": other, "expected": {"changed": changed, **same, **refused}},
        ),
    }
    return jobs | ({"published": (publish, {"of": good})} if options.publish else {})


def _line(name: str, runs: list, database: Database) -> Row:
    parts = [statistics.median(run.result["cpu"][n] for run in runs) for n in range(3)]
    free = runs[0].units / max(*parts, sum(parts) / 2)
    names = ("import", "helper", "database")
    spent = ", ".join(f"{s:.1f} s of {n}" for n, s in zip(names, parts, strict=True) if s >= 0.05)
    note = f"{spent}: {free:,.0f} a second on two free cores"
    return summary(name, runs, database=database, note=note)


def _more(parser) -> None:
    parser.add_argument("--odd", type=int, default=0, metavar="N", help="one row in N is odd")
    parser.add_argument("--rules", action="store_true", help="three rules follow the import")
    parser.add_argument("--changed", type=int, default=1, metavar="PERCENT", help="of all rows")
    parser.add_argument("--publish", action="store_true", help="publish all of it at the end")


def main() -> None:
    options = arguments("import_wide", products=100_000, more=_more)
    benchmark("import_wide", "Import of a table of 30 columns", body, options)


if __name__ == "__main__":
    main()
