"""import_catalog: a CSV of N articles, against a naive twin that saves row by row.

The naive twin reads with csv.DictReader and checks every value by the same rules; then it gets
or makes the product, saves it, saves its drafts, sets its categories and logs the change, one
row at a time. It keeps no filter index, no unique claims and no completeness: it does less.
"""

import csv
import shutil
import time
from pathlib import Path

from benchmarks.harness import Database, Row, arguments, benchmark, run, summary

NAIVE_ROWS = 1000


def make_files(*, folder: str, products: int, seed: int) -> dict:
    """Write the synthetic catalogue, its structure alone, and one with 1 % of articles changed."""
    from pim.importing.synthetic import Recipe, write_catalogue

    home = Path(folder)
    write_catalogue(home / "full", Recipe(products=products, seed=seed, images=6))
    shutil.copytree(home / "full" / "images", home / "changed" / "images")
    (home / "structure").mkdir()
    for path in (home / "full").glob("*.csv"):
        if path.name != "products.csv":
            shutil.copy(path, home / "structure")
    source = (home / "full" / "products.csv").open()
    with source, (home / "changed" / "products.csv").open("w") as target:
        for number, line in enumerate(source):
            target.write(line.replace(";GRAM;", "0;GRAM;", 1) if number % 100 == 1 else line)
    return {"units": products}


def load_structure_only(*, folder: str) -> dict:
    """Import everything but the articles."""
    _import(Path(folder) / "structure")
    return {}


def naive(*, folder: str, rows: int) -> dict:
    """Import the first articles one by one, as one would without further thought."""
    from django.utils.timezone import now

    from pim.importing.columns import read_layout
    from pim.models import Family, Product
    from pim.queries.structure import load_structure

    structure = load_structure()
    path = Path(folder) / "full" / "products.csv"
    families = {family.code: family for family in Family.objects.all()}
    parents = {p.identifier: p for p in Product.objects.filter(role="model")}
    started, done = time.perf_counter(), 0
    with path.open(newline="") as source:
        reader = csv.DictReader(source, delimiter=";")
        layout = read_layout(list(reader.fieldnames), structure=structure, models=False)
        for row in reader:
            _save_row(row, layout, structure, families, parents, at=now())
            done += 1
            if done == rows:
                break
    return {"units": done, "seconds": time.perf_counter() - started}


def _save_row(row, layout, structure, families, parents, *, at) -> None:
    from pim.models import Category, Change, Draft, Product

    product = Product.objects.filter(identifier=row["sku"]).first()
    product = product or Product(identifier=row["sku"])
    product.family = families[row["family"]]
    product.parent = parents.get(row["parent"])
    product.enabled = row["enabled"] == "1"
    product.updated_at = at
    product.save()
    values = _values(row, layout, structure)
    for locale, held in values.items():
        Draft.objects.update_or_create(product=product, locale=locale, defaults={"values": held})
    product.categories.set(Category.objects.filter(code__in=row["categories"].split(",")))
    Change.objects.create(
        product=product,
        subject=product.identifier,
        action="imported",
        actor="naive",
        source="import",
        at=at,
        detail=values,
    )


def _values(row, layout, structure) -> dict:
    from pim.content.kinds import clean

    raw: dict = {}
    for column in layout.values:
        text = row[column.title]
        if not text or column.attribute.kind == "media":
            continue
        if column.part and column.part != "unit":
            raw.setdefault(column.address, {})[column.part] = text
        elif column.attribute.kind == "measurement":
            raw.setdefault(column.address, {})["unit" if column.part else "amount"] = text
        else:
            raw[column.address] = text
    found: dict = {}
    for address, data in raw.items():
        cleaned = clean(structure.attributes[address.attribute], data, structure)
        place = found.setdefault(address.locale, {}).setdefault(address.attribute, {})
        place[address.channel] = cleaned
    return found


def ours(*, folder: str, products: int, expected: dict) -> dict:
    """Import the articles by the product's own path."""
    started = time.perf_counter()
    run_row = _import(Path(folder))
    seconds = time.perf_counter() - started
    counts = run_row.counts["products"]
    assert counts == expected, counts
    return {"units": products, "seconds": seconds}


def _import(path: Path):
    from django.utils.timezone import now

    from pim.actions.imports import import_catalog
    from pim.content.actor import Actor

    run_row = import_catalog(path, actor=Actor("benchmark", "import"), at=now())
    assert run_row.state == "done", run_row.cause
    return run_row


def body(database: Database, options, scratch: Path) -> list[Row]:
    """Measure one database."""
    folder = str(scratch / "files")
    count = options.products
    if not Path(folder).exists():
        run(
            make_files,
            database=database,
            url=database.url,
            folder=folder,
            products=count,
            seed=options.seed,
        )
    base = database.copy("base")
    run(load_structure_only, database=database, url=base, folder=folder)
    measured: dict[str, list] = {"naive": [], "full": [], "same": [], "changed": []}
    articles = str(Path(folder) / "full" / "products.csv")
    for _turn in range(options.times):
        url = database.copy("naive", of=base)
        limit = min(NAIVE_ROWS, count)
        measured["naive"].append(run(naive, database=database, url=url, folder=folder, rows=limit))
        url = database.copy("ours", of=base)
        for job, path, expected in (
            ("full", articles, {"created": count}),
            ("same", articles, {"unchanged": count}),
            (
                "changed",
                str(Path(folder) / "changed"),
                {"unchanged": count - -(-count // 100), "changed": -(-count // 100)},
            ),
        ):
            measured[job].append(
                run(
                    ours, database=database, url=url, folder=path, products=count, expected=expected
                )
            )
    naive_runs = measured["naive"]
    return [
        summary(f"naive, {min(NAIVE_ROWS, count)} articles", naive_runs, database=database),
        summary("import", measured["full"], database=database, naive=naive_runs, target=10),
        summary("unchanged file", measured["same"], database=database, naive=naive_runs, target=40),
        summary(
            "one in a hundred changed", measured["changed"], database=database, naive=naive_runs
        ),
    ]


def main() -> None:
    options = arguments("import_catalog", products=100_000)
    benchmark("import_catalog", "Import of a catalogue", body, options)


if __name__ == "__main__":
    main()
