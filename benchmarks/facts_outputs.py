"""facts_outputs: every price replaced in one request, until the outputs show the new ones.

The request goes through the API as a client sends it, JSON lines in one body. Then the listings
follow and the Google feed of all products is issued again, as workers do by themselves.
Against a twin that saves one price after another with `update_or_create` and keeps no log.
"""

import statistics
import time
from datetime import datetime
from pathlib import Path

from benchmarks.feed_issue import CONTEXT, _issue
from benchmarks.feed_issue import prepare as prepare_feed
from benchmarks.harness import Database, Row, arguments, benchmark, run, summary

LIST = "retail"
TWIN = 2_000
FROM, TO = "2026-01-01T00:00:00+00:00", "2099-01-01T00:00:00+00:00"


def prepare(*, products: int, seed: int) -> dict:
    """Make the catalogue, a price list of its channel, the first prices and the first edition."""
    from pim.models import Channel, Currency, PriceList

    prepare_feed(products=products, seed=seed)
    euro, _made = Currency.objects.get_or_create(code="EUR")
    prices = PriceList.objects.create(code=LIST, currency=euro)
    Channel.objects.get(code=CONTEXT["channel"]).price_lists.add(prices)
    _replace(cents=5000)
    _upkeep()
    _issue()
    return {}


def naive(*, cents: int) -> dict:
    """Save prices one by one."""
    from pim.models import PriceFact, PriceList, Product

    prices = PriceList.objects.get(code=LIST)
    products = list(Product.objects.filter(role="item").order_by("id")[:TWIN])
    started = time.perf_counter()
    for product in products:
        PriceFact.objects.update_or_create(
            price_list=prices,
            product=product,
            min_quantity=1,
            valid_from=datetime.fromisoformat(FROM),
            defaults={"amount": cents / 100},
        )
    return {"units": len(products), "seconds": time.perf_counter() - started}


def replace(*, cents: int) -> dict:
    """Replace all prices by one request."""
    units, seconds = _replace(cents=cents)
    return {"units": units, "seconds": seconds}


def follow() -> dict:
    """Let the listings follow what was replaced, and issue the feed."""
    listings = _upkeep()
    started = time.perf_counter()
    shown = _shown()
    _issue(expect=shown)
    feed = time.perf_counter() - started
    return {"units": shown, "seconds": listings + feed, "parts": [listings, feed]}


def _replace(*, cents: int) -> tuple[int, float]:
    from django.contrib.auth import get_user_model
    from django.test import Client

    from pim.models import Product

    names = Product.objects.filter(role="item").order_by("id").values_list("identifier", flat=True)
    body = "\n".join(
        f'{{"identifier": "{name}", "price_list": "{LIST}", "amount": "{(cents + n % 500) / 100}", '
        f'"valid_from": "{FROM}", "valid_to": "{TO}"}}'
        for n, name in enumerate(names)
    )
    user, _made = get_user_model().objects.get_or_create(
        username="benchmark", defaults={"is_staff": True, "is_superuser": True}
    )
    client = Client(headers={"host": "localhost"})
    client.force_login(user)
    started = time.perf_counter()
    answer = client.put(
        f"/api/v1/facts/prices?replace={LIST}", body, content_type="application/x-ndjson"
    )
    seconds = time.perf_counter() - started
    assert answer.status_code == 200, answer.content
    counts = answer.json()["counts"]
    assert counts.get("created", 0) + counts.get("changed", 0) == len(names), counts
    return len(names), seconds


def _upkeep() -> float:
    from django.utils import timezone

    from syndication.actions.listings import upkeep

    started = time.perf_counter()
    upkeep(at=timezone.now())
    return time.perf_counter() - started


def _shown() -> int:
    from syndication.models import Listing

    return Listing.objects.filter(**CONTEXT, role="item", state="live").count()


def body(database: Database, options, scratch: Path) -> list[Row]:
    """Run the twin and ours in turns on one database."""
    url = database.catalogue("facts", options, prepare)
    jobs = {"naive": [], "request": [], "outputs": []}
    for turn in range(options.times):
        jobs["naive"].append(run(naive, database=database, url=url, cents=5050 + turn))
        jobs["request"].append(run(replace, database=database, url=url, cents=5100 + turn))
        jobs["outputs"].append(run(follow, database=database, url=url))
    parts = [[one.result["parts"][place] for one in jobs["outputs"]] for place in (0, 1)]
    listings, feed = (statistics.median(seconds) for seconds in parts)
    twin = {"database": database, "naive": jobs["naive"]}
    return [
        summary(f"naive: {TWIN} prices saved one by one", jobs["naive"], database=database),
        summary("all prices in one request", jobs["request"], **twin),
        summary(
            f"listings and feed follow: {listings:.1f} s and {feed:.1f} s",
            jobs["outputs"],
            database=database,
        ),
    ]


if __name__ == "__main__":
    benchmark(
        "facts_outputs",
        "All prices replaced in one request, until the feed shows them",
        body,
        arguments("facts_outputs", products=100_000),
    )
