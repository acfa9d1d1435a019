"""api_pages: pages of 100 products of 120 values from the PIM REST API, against plain DRF.

The twin (benchmarks/rest_twin.py) is a model serializer over the same rows: it names no
attribute's type, inherits nothing and knows no associations.
"""

import os
from pathlib import Path

from benchmarks.api_upsert import Server, collections, prepare, processor_note
from benchmarks.harness import Database, Measured, Row, arguments, benchmark, run, summary

SECONDS = 6
OURS = "/api/rest/v1/products?pagination_type=search_after&limit=100"
JOBS = {
    "DRF model serializer": "/twin/products",
    "page of 100": OURS,
    "page of 100, 3 attributes": f"{OURS}&attributes=attribute_0,attribute_1,attribute_2",
    "page of 100 with completenesses": f"{OURS}&with_completenesses=true",
}


def measure(database: Database, options, folder: Path) -> list[Row]:
    """Take the jobs in turn and compare each with the twin of its round."""
    url = database.copy("pages")
    token = run(prepare, database=database, url=url).result["token"]
    taken: dict[str, list[Measured]] = {}
    with Server(database, url, token) as server:
        server.send(collections(0, options.products, everywhere=False))
        for _round in range(options.times):
            for job, path in JOBS.items():
                server.ask("GET", path)
                taken.setdefault(job, []).append(server.pages(path, SECONDS))
    naive = taken.pop("DRF model serializer")
    note = processor_note(naive, what="page")
    return [
        summary("DRF model serializer (naive)", naive, database=database, note=note),
        *(
            summary(job, runs, database=database, naive=naive,
                    note=processor_note(runs, what="page"))
            for job, runs in taken.items()
        ),
    ]  # fmt: skip


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pim.project.settings")
    benchmark(
        "api_pages",
        "Pages of the PIM REST API under two gunicorn workers",
        measure,
        arguments("api_pages", products=2_000),
    )
