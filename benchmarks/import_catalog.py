"""import_catalog: a CSV of N articles, against a naive twin that saves row by row.

The naive twin reads with csv.DictReader and checks every value by the same rules; then it gets
or makes the product, saves it, saves its drafts, sets its categories and logs the change, one
row at a time, with the filter index, the unique claims and the completeness that an import
leaves behind. A second, poorer twin leaves those three out; it is shown for comparison.
"""

import csv
import shutil
import time
from pathlib import Path

from benchmarks.harness import Database, Row, arguments, benchmark, run, summary

NAIVE_ROWS = 500


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


def naive(*, folder: str, rows: int, whole: bool) -> dict:
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
            product, values = _save_row(row, layout, structure, families, parents, at=now())
            if whole:
                _save_indexes(product, values, structure)
            done += 1
            if done == rows:
                break
    return {"units": done, "seconds": time.perf_counter() - started}


def _save_row(row, layout, structure, families, parents, *, at) -> tuple:
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
    return product, values


def _save_indexes(product, values: dict, structure) -> None:
    import hashlib

    from pim.content.completeness import completeness
    from pim.content.kinds import kind
    from pim.models import Completeness, FilterValue, UniqueValue

    FilterValue.objects.filter(product=product).delete()
    for locale, held in values.items():
        for code, by_channel in held.items():
            attribute = structure.attributes[code]
            for channel, data in by_channel.items() if attribute.filterable else ():
                FilterValue.objects.bulk_create(
                    FilterValue(
                        attribute_id=attribute.id,
                        product=product,
                        locale=locale,
                        channel=channel,
                        text=text,
                        number=number,
                    )
                    for text, number in kind(attribute.kind).index(data)
                )
                if attribute.unique:
                    digest = hashlib.sha256(str(data).encode()).hexdigest()
                    UniqueValue.objects.get_or_create(
                        attribute_id=attribute.id, digest=digest, defaults={"product": product}
                    )
    chain = [(product.identifier, values)]
    if product.parent_id:
        drafts = product.parent.drafts.all()
        chain.append((product.parent.identifier, {d.locale: d.values for d in drafts}))
    family = structure.families[product.family.code]
    for channel in structure.channels.values():
        found = completeness(chain, family=family, channel=channel, structure=structure)
        Completeness.objects.update_or_create(
            product=product,
            channel_id=channel.id,
            defaults={"required": found.required, "filled": found.filled, "missing": found.missing},
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
    names = ("naive", "poorer", "full", "same", "changed")
    measured: dict[str, list] = {name: [] for name in names}
    articles = str(Path(folder) / "full" / "products.csv")
    for _turn in range(options.times):
        limit = min(NAIVE_ROWS, count)
        for twin, whole in (("naive", True), ("poorer", False)):
            url = database.copy(twin, of=base)
            measured[twin].append(
                run(naive, database=database, url=url, folder=folder, rows=limit, whole=whole)
            )
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
    twin, limit = measured["naive"], min(NAIVE_ROWS, count)
    return [
        summary(f"naive twin, {limit} articles", twin, database=database),
        summary(
            "poorer twin (no index, claims, completeness)",
            measured["poorer"],
            database=database,
            naive=twin,
        ),
        summary("import", measured["full"], database=database, naive=twin, target=10),
        summary("unchanged file", measured["same"], database=database, naive=twin, target=40),
        summary("1 % changed", measured["changed"], database=database, naive=twin),
    ]


def main() -> None:
    options = arguments("import_catalog", products=100_000)
    benchmark("import_catalog", "Import of a catalogue", body, options)


if __name__ == "__main__":
    main()
