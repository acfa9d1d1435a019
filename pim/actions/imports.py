"""Importing a catalogue: plan, then apply table by table, and keep the report."""

import gc
from array import array
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path

from pim.actions.following import follow_structure
from pim.actions.import_facts import import_assets, import_facts
from pim.actions.import_media import MediaIntake
from pim.actions.import_products import ProductImport
from pim.actions.import_retry import ProductTable
from pim.actions.import_structure import import_structure
from pim.actions.jobs import Progress, queue_job, run_job_now
from pim.actions.publishing import publish_products
from pim.content.actor import Actor
from pim.content.refusals import Refused
from pim.importing.plan import PRODUCT_KINDS, Plan, read_plan
from pim.importing.refusals import NoTables
from pim.importing.report import Place
from pim.importing.source import Source, open_source
from pim.models import Job, Product
from pim.queries.drafts import chunks, unpublished
from pim.queries.structure import load_structure

ROUNDS = 4
PUBLISHED = "published"


@dataclass(frozen=True)
class ImportOptions:
    """How to import: `publish` everything in the files, read `decimal_comma`s."""

    dry_run: bool = False
    publish: bool = False
    decimal_comma: bool = False
    reason: str = ""


def import_catalog(
    path: str | Path,
    *,
    actor: Actor,
    at: datetime,
    options: ImportOptions = ImportOptions(),
    progress: Callable[[str], None] | None = None,
) -> Job:
    """Import a file, a folder or a zip now; return the job with its counts and lines.

    A job that could not be read at all ends `failed` with its cause. Repeating one is
    harmless: what is there already is not written again.
    """
    params = {**asdict(options), "path": str(path)}
    job = queue_job(
        "import", title=str(path), params=params, actor=actor.name, dry_run=options.dry_run
    )
    return run_job_now(job, actor=actor, at=at, say=progress)


def queue_import(upload, *, user, dry_run: bool = False) -> Job:
    """Keep an uploaded file and queue its import."""
    return queue_job("import", title=upload.name, user=user, upload=upload, dry_run=dry_run)


def run_import(progress: Progress) -> None:
    """Run a job of the kind "import": the uploaded file, or the path that a command named."""
    job, params = progress.job, progress.params
    known = {f.name for f in fields(ImportOptions)}
    options = ImportOptions(**{k: v for k, v in params.items() if k in known})
    path = Path(job.upload.path if job.upload else params["path"])
    with open_source(path, alone=bool(job.upload)) as source, _patient_collector():
        _Import(progress, options=options).apply(source)


class _Import:
    """One import on its way."""

    def __init__(self, progress: Progress, *, options: ImportOptions):
        self.progress, self.options = progress, options
        self.job, self.actor, self.at = progress.job, progress.actor, progress.at
        self.dry_run = self.job.dry_run
        self.how = {"actor": self.actor, "at": self.at}
        self.report = progress.report
        self._structure_touched = False
        self._ids = array("q")

    def apply(self, source: Source) -> None:
        """Apply table by table: structure, assets, products, facts."""
        identifier = load_structure().identifier_attribute
        plan = read_plan(source, identifier=identifier.code if identifier else "")
        if not plan.tables:
            raise plan.refused[0][1] if plan.refused else NoTables()
        for name, refusal in plan.refused:
            self.report.refuse("files", Place(name), [("", refusal)])
        for _kind, table in plan.tables:
            for notice in table.notices:
                self.report.note("files", Place(table.name), "", Refused(notice, code="encoding"))
        self._apply_structure(plan)
        media = MediaIntake(source, store=not self.dry_run, **self.how)
        for _kind, table in plan.of("assets"):
            import_assets(table, media=media, report=self.report, **self.how)
            self.progress.keep(table.name)
        self._apply_products(plan, media)
        for kind, table in plan.of("prices", "availability"):
            import_facts(kind, table, report=self.report, **self.how)
            self.progress.keep(table.name)
        if self.options.publish:
            self._publish()

    def _apply_structure(self, plan: Plan) -> None:
        for kind, table in plan.structure:
            self._structure_touched |= import_structure(kind, table, report=self.report, **self.how)
            self.progress.keep(table.name)
        if self._structure_touched and not self.dry_run:
            # Now, while there are few products to look at, and not after they have come.
            follow_structure(at=self.at)

    def _apply_products(self, plan: Plan, media: MediaIntake) -> None:
        importer = ProductImport(
            media=media,
            report=self.report,
            job=None if self.dry_run else self.job,
            decimal_comma=self.options.decimal_comma,
            reason=self.options.reason,
            **self.how,
        )
        tables = []
        for kind, table in plan.of(*PRODUCT_KINDS):
            product_table = importer.open(kind, table)
            tables.append(product_table)
            self._pass(importer.first_pass(product_table), table.name)
        self._look_again(importer, tables)

    def _look_again(self, importer: ProductImport, tables: list[ProductTable]) -> None:
        """Take up the rows that named something further on, until no round helps any more."""
        for _round in range(ROUNDS):
            waiting = sum(len(t.later) for t in tables)
            if not waiting:
                return
            for product_table in tables:
                later = importer.later_pass(product_table, last=False)
                self._pass(later, product_table.table.name)
            if sum(len(t.later) for t in tables) == waiting:
                break
        for product_table in tables:
            later = importer.later_pass(product_table, last=True)
            self._pass(later, product_table.table.name)

    def _pass(self, batches: Iterable[list[int]], name: str) -> None:
        for ids in batches:
            if self.options.publish:
                self._ids.extend(ids)
            self.progress.keep(name)

    def _publish(self) -> None:
        for ids in chunks(self._ids, 500):
            due = unpublished(Product.objects.filter(id__in=ids))
            result = publish_products(
                list(due.order_by("level", "id").values_list("id", flat=True)),
                reason=self.options.reason,
                job=None if self.dry_run else self.job,
                **self.how,
            )
            if result.published:
                self.report.count(PUBLISHED, "created", result.published)
            self.progress.keep(PUBLISHED)


@contextmanager
def _patient_collector() -> Iterator[None]:
    """Look for garbage cycles rarely: batches make many objects and hardly any cycles."""
    before = gc.get_threshold()
    gc.set_threshold(200_000, 20, 50)
    try:
        yield
    finally:
        gc.set_threshold(*before)
