"""import_wide: a CSV of 100,000 rows of 30 columns, new, unchanged and with 1 % changed.

The table is the usual one of a supplier: codes, a unique number, texts in two locales, options,
prices in two currencies, measurements with units, dates, a category. Beside the rate stands the
processor time of the importing process, of the helper that reads ahead for it, and of the
database server: what two cores that do nothing else make of them is bounded by the busiest of the
three, and by half of their sum.
"""

import os
import random
import resource
import statistics
import time
from pathlib import Path

from benchmarks.harness import Database, Row, arguments, benchmark, run, summary

HEAD = (
    "sku;family;categories;enabled;ean;name-en;name-de;summary-en;summary-de;description-en;"
    "brand;color;material;size;price-EUR;price-USD;weight;weight-unit;width;width-unit;height;"
    "height-unit;launched;warranty;recyclable;origin;supplier_number;pack;remark;series"
)
ATTRIBUTES = """\
code;type;group;localizable;unique;useable_as_grid_filter;metric_family;default_metric_unit
sku;identifier;info;0;1;1;;
ean;text;info;0;1;0;;
name;text;info;1;0;1;;
summary;textarea;info;1;0;0;;
description;textarea;info;1;0;0;;
brand;select;info;0;0;1;;
color;select;info;0;0;1;;
material;multiselect;info;0;0;0;;
size;select;info;0;0;0;;
price;price_collection;info;0;0;0;;
weight;metric;info;0;0;0;Weight;GRAM
width;metric;info;0;0;0;Length;CENTIMETER
height;metric;info;0;0;0;Length;CENTIMETER
launched;date;info;0;0;0;;
warranty;number;info;0;0;0;;
recyclable;boolean;info;0;0;0;;
origin;text;info;0;0;0;;
supplier_number;text;info;0;0;0;;
pack;number;info;0;0;0;;
remark;text;info;0;0;0;;
series;text;info;0;0;0;;
"""
CHOICES = {
    "brand": [f"brand_{n}" for n in range(40)],
    "color": ["red", "blue", "green", "sand", "black", "white"],
    "material": ["oak", "birch", "steel", "glass", "wool"],
    "size": ["s", "m", "l", "xl"],
}
WORDS = "calm sturdy slender round warm quiet clear lamp chair table shelf blanket bowl".split()


def make_files(*, folder: str, rows: int, seed: int) -> dict:
    """Write the structure, the table, and the table with every hundredth row changed."""
    home = Path(folder)
    (home / "structure").mkdir(parents=True)
    for name, text in _structure().items():
        (home / "structure" / f"{name}.csv").write_text(text)
    dice = random.Random(seed)
    with (home / "new.csv").open("w") as new, (home / "changed.csv").open("w") as changed:
        new.write(f"{HEAD}\n")
        changed.write(f"{HEAD}\n")
        for number in range(rows):
            row = _row(number, dice)
            new.write(f"{';'.join(row)}\n")
            row[28] += "!" if number % 100 == 0 else ""
            changed.write(f"{';'.join(row)}\n")
    return {}


def _structure() -> dict[str, str]:
    codes = [line.split(";")[0] for line in ATTRIBUTES.splitlines()[1:]]
    options = [f"{c};{a}" for a, choices in CHOICES.items() for c in choices]
    families = [f"family_{n};{','.join(codes)};name,brand,price;name" for n in range(8)]
    return {
        "locales": "code\nen\nde\n",
        "channels": "code;locales;currencies;tree\nweb;en,de;EUR,USD;tree\nprint;en;EUR;tree\n",
        "attribute_groups": "code\ninfo\n",
        "attributes": ATTRIBUTES,
        "options": "\n".join(["code;attribute", *options]),
        "categories": "\n".join(["code;parent", "tree;", *(f"c{n};tree" for n in range(60))]),
        "families": "\n".join(["code;attributes;requirements-web;requirements-print", *families]),
    }


def _row(number: int, dice: random.Random) -> list[str]:
    few = [dice.choice(WORDS) for _n in range(24)]
    price = dice.randrange(100, 90_000)
    return [
        f"A{number:07}", f"family_{number % 8}", f"c{number % 60}", "1",
        str(2_000_000_000_000 + number),
        f"{few[0]} {few[1]} {number}", f"{few[1]} {few[2]} {number}", " ".join(few[2:8]),
        " ".join(few[8:14]), " ".join(few), dice.choice(CHOICES["brand"]),
        dice.choice(CHOICES["color"]), ",".join(dice.sample(CHOICES["material"], 2)),
        dice.choice(CHOICES["size"]), f"{price / 100:.2f}", f"{price / 90:.2f}",
        str(dice.randrange(100, 9000)), "GRAM", str(dice.randrange(10, 300)), "CENTIMETER",
        str(dice.randrange(10, 300)), "CENTIMETER", f"20{number % 25:02}-0{number % 9 + 1}-15",
        str(number % 10), str(number % 2), few[3], f"S-{number}", str(number % 12 + 1),
        " ".join(few[14:18]), few[4],
    ]  # fmt: skip


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
    if not folder.exists():
        run(
            make_files, database=database, url=database.url, folder=str(folder), rows=count,
            seed=options.seed,
        )  # fmt: skip
    base = database.copy("base")
    run(load, database=database, url=base, path=str(folder / "structure"))
    changed = -(-count // 100)
    jobs = {
        "new": ("new.csv", {"created": count}),
        "unchanged": ("new.csv", {"unchanged": count}),
        "1 % changed": ("changed.csv", {"unchanged": count - changed, "changed": changed}),
    }
    measured: dict[str, list] = {name: [] for name in jobs}
    for _turn in range(options.times):
        url = database.copy("ours", of=base)
        for name, (file, expected) in jobs.items():
            path = str(folder / file)
            measured[name].append(
                run(load, database=database, url=url, path=path, rows=count, expected=expected)
            )
    return [_line(name, runs, database) for name, runs in measured.items()]


def _line(name: str, runs: list, database: Database) -> Row:
    parts = [statistics.median(run.result["cpu"][n] for run in runs) for n in range(3)]
    free = runs[0].units / max(*parts, sum(parts) / 2)
    names = ("import", "helper", "database")
    spent = ", ".join(f"{s:.1f} s of {n}" for n, s in zip(names, parts, strict=True) if s >= 0.05)
    note = f"{spent}: {free:,.0f} a second on two free cores"
    return summary(name, runs, database=database, note=note)


def main() -> None:
    options = arguments("import_wide", products=100_000)
    benchmark("import_wide", "Import of a table of 30 columns", body, options)


if __name__ == "__main__":
    main()
