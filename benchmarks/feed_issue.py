"""The Google feed of N products: first issue, re-issue after 1 % changed, re-issue unchanged.

Against a naive twin (ORM → DRF serializer → ElementTree) that writes the same feed from the
same listings, in the same run, in turns. Ours freezes, renders in children, stores, verifies
and promotes; the twin writes a file. Every child's memory is watched too.
"""

import statistics
import time
from pathlib import Path

from benchmarks.harness import Database, Measured, Row, arguments, benchmark, run, summary
from benchmarks.processor import spent

CONTEXT = {"channel": "web", "audience": "consumer", "locale": "en"}


def prepare(*, products: int, seed: int) -> dict:
    """Seed, publish, make the listings and the output."""
    from django.core.management import call_command
    from django.db import connection

    from syndication.models import Output

    call_command("seed", products=products, seed=seed, verbosity=0)
    call_command("publish", verbosity=0)
    call_command("rebuild_listings", verbosity=0)
    Output.objects.create(
        code="google",
        name="Google",
        kind="google_merchant",
        channel=CONTEXT["channel"],
        audience=CONTEXT["audience"],
        locales=[CONTEXT["locale"]],
    )
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    return {}


def naive(*, folder: str) -> dict:
    """Write the feed as the twin does."""
    from benchmarks.feed_naive import write_feed

    before = spent()
    units = write_feed(Path(folder) / "naive.xml", **CONTEXT)
    return {"units": units, "cpu": spent() - before}


def first(**_) -> dict:
    """Issue with no fragment there is."""
    from syndication.models import Edition, Fragment, FragmentSet, Pointer

    for model in (Pointer, Edition, Fragment, FragmentSet):
        model.objects.all().delete()
    return _issue()


def changed(*, share: int = 100) -> dict:
    """Change the name of every `share`-th listing, then issue; only the issue is timed."""
    import hashlib

    from syndication.models import ChannelSequence, Listing, ListingBody

    sequence = ChannelSequence.objects.get(channel=CONTEXT["channel"])
    sequence.value += 1
    sequence.save()
    rows = Listing.objects.filter(**CONTEXT, role="item", state="live").order_by("product_id")
    chosen = list(rows.values_list("pk", flat=True))[::share]
    bodies, listings = [], []
    for start in range(0, len(chosen), 1000):
        for listing in rows.filter(pk__in=chosen[start : start + 1000]):
            body = ListingBody.objects.get(pk=listing.digest).body
            body = body.replace('"name":["', f'"name":["{sequence.value} ', 1)
            listing.digest = hashlib.sha256(body.encode()).hexdigest()
            listing.sequence = sequence.value
            bodies.append(ListingBody(digest=listing.digest, body=body))
            listings.append(listing)
    ListingBody.objects.bulk_create(bodies, ignore_conflicts=True, batch_size=500)
    Listing.objects.bulk_update(listings, ["digest", "sequence"], batch_size=500)
    return _issue(expect=len(chosen))


def unchanged() -> dict:
    """Issue again."""
    return _issue(expect=0)


def _issue(*, expect: int | None = None) -> dict:
    """Issue in a warm worker, as it is in service: its zygote is up."""
    from django.utils import timezone

    from syndication.actions.editions import issue_edition, run_edition
    from syndication.models import Edition, Output
    from syndication.supervise.supervisor import zygote

    zygote(()).listen(10)
    output = Output.objects.get(code="google")
    before, started = spent(), time.perf_counter()
    (edition,) = issue_edition(output, actor="benchmark", at=timezone.now())
    run_edition(edition.pk)
    seconds, cpu = time.perf_counter() - started, spent() - before
    edition = Edition.objects.get(pk=edition.pk)
    if edition.state not in ("issued", "issued_with_warnings"):
        raise RuntimeError(f"{edition.state}: {edition.cause}")
    if expect is not None and edition.counts["rendered"] != expect:
        raise RuntimeError(f"rendered {edition.counts['rendered']}, not {expect}")
    peak = (edition.counts.get("peak_kb") or 0) // 1024
    return {"units": edition.counts["issued"], "seconds": seconds, "cpu": cpu, "child_mb": peak}


def body(database: Database, options, scratch: Path) -> list[Row]:
    """Run the jobs in turns on one database."""
    url = database.catalogue("feed", options, prepare)
    jobs = {"naive": [], "first": [], "changed": [], "unchanged": []}
    for _ in range(options.times):
        jobs["naive"].append(run(naive, database=database, url=url, folder=str(scratch)))
        jobs["first"].append(run(first, database=database, url=url))
        jobs["changed"].append(run(changed, database=database, url=url))
        jobs["unchanged"].append(run(unchanged, database=database, url=url))
    peak = max(run_.result["child_mb"] for run_ in jobs["first"])
    said = {name: f"CPU {_median(runs):.2f} s" for name, runs in jobs.items()}
    twin = {"database": database, "naive": jobs["naive"]}
    first_note = f"{said['first']}, children at most {peak} MB"
    return [
        summary("naive: DRF + ElementTree", jobs["naive"], database=database, note=said["naive"]),
        summary("first issue", jobs["first"], target=4, note=first_note, **twin),
        summary("re-issue, 1 % changed", jobs["changed"], target=20, note=said["changed"], **twin),
        summary(
            "the same against our first issue",
            jobs["changed"],
            database=database,
            naive=jobs["first"],
            target=7,
        ),
        summary("re-issue, nothing changed", jobs["unchanged"], note=said["unchanged"], **twin),
    ]


def _median(runs: list[Measured]) -> float:
    """Return the processor seconds of a job, its children and its database session."""
    return statistics.median(run_.result["cpu"] for run_ in runs)


if __name__ == "__main__":
    benchmark(
        "feed_issue",
        "Google feed: issue and re-issue",
        body,
        arguments("feed_issue", products=100_000),
    )
