"""Rendering ahead: a catalogue issued cold, against one that idle workers have prepared.

The whole way of an edition with its database: freeze, render in children, store, bind, verify,
promote. The preparation itself is measured too; nobody waits for it.
"""

import time
from pathlib import Path

from benchmarks.harness import Database, Row, arguments, benchmark, run, summary

CODE = "book"


def prepare(*, products: int, seed: int) -> dict:
    """Seed, publish, make the listings and the output."""
    from django.core.management import call_command

    from syndication.models import Output

    call_command("seed", products=products, seed=seed, verbosity=0)
    call_command("publish", verbosity=0)
    call_command("rebuild_listings", verbosity=0)
    how = {"channel": "web", "audience": "consumer", "locales": ["en"]}
    Output.objects.create(code=CODE, name="Book", kind="catalogue", **how)
    return {}


def cold(**_) -> dict:
    """Issue with no fragment there is and nothing in the memo."""
    _forget()
    return _issue()


def ahead() -> dict:
    """Prepare, as an idle worker does, with nothing there is."""
    from django.utils import timezone

    from syndication.actions.editions import run_edition
    from syndication.actions.editions.ahead import prepare_output
    from syndication.models import Edition, Output

    _forget()
    (prepared,) = prepare_output(Output.objects.get(code=CODE), sequence=1, at=timezone.now())
    run_edition(prepared.pk)
    prepared = Edition.every.get(pk=prepared.pk)
    if prepared.state != "superseded":
        raise RuntimeError(f"{prepared.state}: {prepared.cause}")
    return _told(prepared)


def quiet() -> dict:
    """Issue what has been prepared."""
    found = _issue()
    if found["rendered"]:
        raise RuntimeError(f"rendered {found['rendered']}")
    return found


def _issue() -> dict:
    from django.utils import timezone

    from syndication.actions.editions import issue_edition, run_edition
    from syndication.models import Edition, Output

    started = time.perf_counter()
    (edition,) = issue_edition(Output.objects.get(code=CODE), actor="benchmark", at=timezone.now())
    run_edition(edition.pk)
    seconds = time.perf_counter() - started
    edition = Edition.objects.get(pk=edition.pk)
    if edition.state not in ("issued", "issued_with_warnings"):
        raise RuntimeError(f"{edition.state}: {edition.cause}")
    return _told(edition) | {"seconds": seconds}


def _told(edition) -> dict:
    counts = edition.counts
    return {
        "units": counts.get("issued") or counts["items"],
        "rendered": counts.get("rendered", 0),
        "child_mb": (counts.get("peak_kb") or 0) // 1024,
    }


def _forget() -> None:
    import shutil

    from django.conf import settings

    from syndication.models import Edition, EditionPage, Fragment, FragmentSet, Pointer
    from syndication.supervise.supervisor import zygote

    for model in (Pointer, EditionPage, Fragment, FragmentSet):
        model.objects.all().delete()
    Edition.every.all().delete()
    shutil.rmtree(Path(settings.DATA_DIR) / "memo", ignore_errors=True)
    zygote(()).listen(10)


def body(database: Database, options, scratch: Path) -> list[Row]:
    """Run the jobs in turns on one database."""
    url = database.catalogue("print_ahead", options, prepare)
    jobs = {"cold": cold, "ahead": ahead, "quiet": quiet}
    found: dict[str, list] = {name: [] for name in jobs}
    for _ in range(options.times):
        for name, job in jobs.items():
            found[name].append(run(job, database=database, url=url))
    peak = max(one.result["child_mb"] for runs in found.values() for one in runs)
    note = f"children at most {peak} MB"
    twin = {"database": database, "naive": found["cold"]}
    return [
        summary("issued cold", found["cold"], database=database, note=note),
        summary("prepared by an idle worker", found["ahead"], **twin),
        summary("issued after that", found["quiet"], **twin),
    ]


if __name__ == "__main__":
    benchmark(
        "print_ahead",
        "Catalogue rendered ahead",
        body,
        arguments("print_ahead", products=1_000, more=lambda p: p.set_defaults(usual=1_000)),
    )
