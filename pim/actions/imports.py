"""Importing a catalogue: plan, then apply table by table, and keep the report."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from pim.actions.import_options import USUAL, ImportOptions
from pim.actions.import_run import ImportRun
from pim.actions.import_sources import mapping_of
from pim.actions.jobs import Progress, queue_job, run_job_now
from pim.actions.jobs.progress import Say
from pim.actions.room import room_for_many
from pim.content.actor import Actor
from pim.importing.foreign import Target
from pim.importing.plan import Plan, read_plan
from pim.importing.refusals import NoTables
from pim.importing.source import Source, open_source
from pim.models import Job
from pim.queries.structure import load_structure

__all__ = ["ImportOptions", "import_catalog", "queue_import", "run_import"]


def import_catalog(
    path: str | Path,
    *,
    actor: Actor,
    at: datetime,
    options: ImportOptions = USUAL,
    progress: Say | None = None,
) -> Job:
    """Import a file, a folder or a zip now; return the job with its counts and lines.

    A job that could not be read at all ends `failed` with its cause. Repeating one is
    harmless: what is there already is not written again.
    """
    params = {**options.document(), "path": str(path)}
    job = queue_job(
        "import", title=str(path), params=params, actor=actor.name, dry_run=options.dry_run
    )
    return run_job_now(job, actor=actor, at=at, say=progress)


def queue_import(upload, *, user, dry_run: bool = False, options: ImportOptions = USUAL) -> Job:
    """Keep an uploaded file and queue its import."""
    return queue_job(
        "import",
        title=upload.name,
        params=options.document(),
        user=user,
        upload=upload,
        dry_run=dry_run,
    )


def run_import(progress: Progress) -> None:
    """Run a job of the kind "import": the uploaded file, or the path that a command named."""
    options = ImportOptions.read(progress.params)
    with open_import(progress.job) as source, _patient_collector(), room_for_many():
        plan = plan_of(source, options)
        if not plan.tables:
            raise plan.refused[0][1] if plan.refused else NoTables()
        ImportRun(progress, options=options, source=source).apply(plan)


def open_import(job: Job):
    """Give the source of an import's job (a context manager)."""
    path = Path(job.upload.path if job.upload else job.params["path"])
    return open_source(path, alone=bool(job.upload))


def plan_of(source: Source, options: ImportOptions) -> Plan:
    """Return the plan of a source, read as the options say."""
    structure = load_structure()
    identifier = structure.identifier_attribute
    return read_plan(
        source,
        identifier=identifier.code if identifier else "",
        target=Target(structure, options.locale, options.currency),
        mapping_of=mapping_of(options),
    )


@contextmanager
def _patient_collector() -> Iterator[None]:
    """Look for garbage cycles rarely: batches make many objects and hardly any cycles."""
    before = gc.get_threshold()
    gc.set_threshold(200_000, 20, 50)
    try:
        yield
    finally:
        gc.set_threshold(*before)
