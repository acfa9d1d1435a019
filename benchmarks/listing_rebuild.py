"""listing_rebuild: all listings from published versions, then 1 % of products changed.

`built` makes every listing from nothing, `rebuilt` finds that nothing differs, `1 % changed`
publishes a hundredth of the products and follows the log. Peak memory is the child's own.
"""

import time
from pathlib import Path

from benchmarks.harness import Database, Row, arguments, benchmark, run, summary


def prepare(*, products: int, seed: int) -> dict:
    """Make a published catalogue without listings."""
    from django.core.management import call_command

    call_command("seed", products=products, seed=seed, publish=True, verbosity=0)
    return {"units": products}


def build() -> dict:
    """Follow the log from its start."""
    return _upkeep()


def rebuild() -> dict:
    """Mark everything stale and build it anew: nothing differs."""
    from django.utils import timezone

    from syndication.actions.listings_log import mark_all

    mark_all(at=timezone.now())
    return _upkeep()


def follow(*, every: int = 100) -> dict:
    """Change and publish every hundredth product, then follow the log; only that is timed."""
    from django.utils import timezone

    from pim.actions.products import ProductWrite, write_products
    from pim.actions.publishing import publish_products
    from pim.content.actor import Actor
    from pim.content.address import Address
    from pim.models import Product
    from pim.published import structure

    actor, at = Actor("benchmark"), timezone.now()
    name = structure().attributes[structure().roles["name"]]
    chosen = [i for i in Product.objects.filter(role="item", parent=None).order_by("id")][::every]
    address = Address(name.code, "web" if name.scopable else "", "en" if name.localizable else "")
    write_products(
        [ProductWrite(p.identifier, values={address: f"Changed {p.id}"}) for p in chosen],
        actor=actor, at=at,
    )  # fmt: skip
    publish_products([p.id for p in chosen], actor=actor, at=at)
    return _upkeep()


def _upkeep() -> dict:
    from django.utils import timezone

    from syndication.actions.listings import upkeep

    start = time.perf_counter()
    done = upkeep(at=timezone.now())
    seconds = time.perf_counter() - start
    return {"units": done.listings, "seconds": seconds, "visible": done.visible}


def measure(database: Database, options, folder: Path) -> list[Row]:
    """Run the three jobs on copies of one published catalogue."""
    published = database.copy("published")
    run(prepare, database=database, url=published, products=options.products, seed=options.seed)
    built, rebuilt, followed = [], [], []
    for _round in range(options.times):
        url = database.copy("round", of=published)
        built.append(run(build, database=database, url=url))
        rebuilt.append(run(rebuild, database=database, url=url))
        followed.append(run(follow, database=database, url=url))
    return [
        summary("listings built", built, database=database),
        summary("listings rebuilt, nothing differs", rebuilt, database=database),
        summary("listings of 1 % changed products", followed, database=database),
    ]


if __name__ == "__main__":
    benchmark(
        "listing_rebuild",
        "Listings from published versions",
        measure,
        arguments("listing_rebuild", products=100_000),
    )
