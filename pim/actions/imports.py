"""Importing a catalogue: plan, then apply table by table, and keep the report."""

import gc
import tempfile
from array import array
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import orjson
from django.db import models, transaction

from pim.actions.following import follow_structure
from pim.actions.import_facts import import_assets, import_facts
from pim.actions.import_media import MediaIntake
from pim.actions.import_products import ProductImport
from pim.actions.import_retry import ProductTable
from pim.actions.import_structure import import_structure
from pim.actions.publishing import publish_products
from pim.content.actor import Actor
from pim.content.refusals import Refused
from pim.importing.plan import PRODUCT_KINDS, Plan, read_plan
from pim.importing.refusals import NoTables
from pim.importing.report import COLUMNS, Place, Report, ReportLine
from pim.importing.source import Source, open_source
from pim.models import ImportLine, ImportRun, Product
from pim.queries.drafts import chunks, unpublished
from pim.queries.structure import forget_structure, load_structure

LEASE = timedelta(seconds=60)
ATTEMPTS = 3
# A dry run is one transaction: nobody would see its lease being renewed.
DRY_LEASE = timedelta(hours=6)
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
) -> ImportRun:
    """Import a file, a folder or a zip now; return the run with its counts and lines.

    A run that could not be read at all ends `failed` with its cause. Repeating a run is
    harmless: what is there already is not written again.
    """
    run = ImportRun.objects.create(
        source=str(path)[:500],
        dry_run=options.dry_run,
        state="running",
        lease_until=at + (DRY_LEASE if options.dry_run else LEASE),
    )
    _Import(run, actor=actor, at=at, options=options, progress=progress).go(Path(path))
    return run


def queue_import(upload, *, user, dry_run: bool = False) -> ImportRun:
    """Keep an uploaded file and queue its import; a worker takes it from there.

    The caller rings `pim.tasks.start_imports` after its commit; a lost bell costs a minute.
    """
    return ImportRun.objects.create(
        created_by=user, source=upload.name[:500], upload=upload, dry_run=dry_run
    )


def run_import(run_id: int, *, at: datetime, options: ImportOptions = ImportOptions()) -> bool:
    """Run a queued import if nobody else does; return whether it was ours to run."""
    if not _claim(run_id, at=at):
        return False
    run = ImportRun.objects.select_related("created_by").get(pk=run_id)
    who = run.created_by.get_username() if run.created_by else "import"
    options = ImportOptions(run.dry_run, options.publish, options.decimal_comma, options.reason)
    actor = Actor(who, "import")
    _Import(run, actor=actor, at=at, options=options).go(Path(run.upload.path))
    return True


def run_waiting_imports() -> int:
    """Run queued imports one after the other until none waits; return how many were ours."""
    done = 0
    while waiting := waiting_imports(at=_now()):
        done += run_import(waiting[0], at=_now())
    return done


def waiting_imports(*, at: datetime) -> list[int]:
    """Return the ids of imports that are queued or whose worker was lost, one run at a time."""
    if ImportRun.objects.filter(state="running", lease_until__gte=at).exists():
        return []
    return list(_free(at).order_by("id").values_list("id", flat=True)[:20])


def fail_lost_imports(*, at: datetime) -> int:
    """Give up imports that took their worker down with them again and again."""
    lost = ImportRun.objects.filter(state="running", lease_until__lt=at, attempts__gte=ATTEMPTS)
    cause = "The worker was lost three times while it ran: the file may be too large for it."
    return lost.update(state="failed", cause=cause, finished_at=at, lease_until=None)


def _free(at: datetime) -> models.QuerySet:
    lost = models.Q(state="running", lease_until__lt=at, attempts__lt=ATTEMPTS)
    return ImportRun.objects.exclude(upload="").filter(models.Q(state="queued") | lost)


def _claim(run_id: int, *, at: datetime) -> bool:
    dry = ImportRun.objects.filter(pk=run_id, dry_run=True).exists()
    lease = at + (DRY_LEASE if dry else LEASE)
    claimed = _free(at).filter(pk=run_id)
    changes = {"state": "running", "lease_until": lease, "attempts": models.F("attempts") + 1}
    return bool(claimed.update(**changes))


class _Import:
    """One import on its way."""

    def __init__(self, run, *, actor, at, options, progress=None):
        self.run, self.actor, self.at, self.options = run, actor, at, options
        self.how = {"actor": actor, "at": at}
        self._say = progress or (lambda text: None)
        self._spool = tempfile.TemporaryFile() if options.dry_run else None  # noqa: SIM115
        self.report = Report(sink=self._keep)
        self._structure_touched = False
        self._ids = array("q")

    def go(self, path: Path) -> None:
        """Import and conclude; what goes wrong as a whole is the run's cause."""
        try:
            # The lines of an interrupted attempt would stand twice.
            ImportLine.objects.filter(run=self.run).delete()
            with open_source(path, alone=bool(self.run.upload)) as source, _patient_collector():
                self._apply_or_try(source)
        except Refused as refusal:
            self._conclude("failed", cause=refusal.say())
        except Exception as fault:
            self._conclude("failed", cause=f"{type(fault).__name__}: {fault}")
            raise
        else:
            self._conclude("done")

    def _apply_or_try(self, source: Source) -> None:
        if not self.options.dry_run:
            self._apply(source)
            return
        # Done for real and taken back: so a dry run says exactly what the real run would do.
        try:
            with transaction.atomic():
                self._apply(source)
                transaction.set_rollback(True)
        finally:
            forget_structure()

    def _apply(self, source: Source) -> None:
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
        media = MediaIntake(source, store=not self.options.dry_run, **self.how)
        for _kind, table in plan.of("assets"):
            import_assets(table, media=media, report=self.report, **self.how)
            self._renew(table.name)
        self._apply_products(plan, media)
        for kind, table in plan.of("prices", "availability"):
            import_facts(kind, table, report=self.report, **self.how)
            self._renew(table.name)
        if self.options.publish:
            self._publish()

    def _apply_structure(self, plan: Plan) -> None:
        for kind, table in plan.structure:
            self._structure_touched |= import_structure(kind, table, report=self.report, **self.how)
            self._renew(table.name)
        if self._structure_touched and not self.options.dry_run:
            # Now, while there are few products to look at, and not after they have come.
            follow_structure(at=self.at)

    def _apply_products(self, plan: Plan, media: MediaIntake) -> None:
        importer = ProductImport(
            media=media,
            report=self.report,
            run=None if self.options.dry_run else self.run,
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
            self._renew(name)

    def _publish(self) -> None:
        for ids in chunks(self._ids, 500):
            due = unpublished(Product.objects.filter(id__in=ids))
            result = publish_products(
                list(due.order_by("level", "id").values_list("id", flat=True)),
                reason=self.options.reason,
                **self.how,
            )
            if result.published:
                self.report.count(PUBLISHED, "created", result.published)
            self._renew(PUBLISHED)

    def _renew(self, name: str) -> None:
        """Show what was done so far, and keep the lease."""
        self.report.flush()
        self._say(name)
        if not self.options.dry_run:
            self.run.counts = self.report.document()
            self.run.lease_until = _now() + LEASE
            self.run.save(update_fields=["counts", "lease_until"])

    def _keep(self, lines: list[ReportLine]) -> None:
        if self._spool is not None:
            for line in lines:
                self._spool.write(orjson.dumps(line.cells()) + b"\n")
            return
        _store_lines(self.run, lines)

    def _conclude(self, state: str, *, cause: str = "") -> None:
        self.report.flush()
        if self._spool is not None:
            self._spool.seek(0)
            spooled = (ReportLine(*orjson.loads(raw)) for raw in self._spool)
            for lines in chunks(spooled, 500):
                _store_lines(self.run, lines)
            self._spool.close()
        self.run.state, self.run.cause = state, cause
        self.run.counts = self.report.document()
        self.run.finished_at, self.run.lease_until = _now(), None
        self.run.save(update_fields=["state", "cause", "counts", "finished_at", "lease_until"])


def report_lines(run: ImportRun) -> Iterator[ReportLine]:
    """Yield the lines of a run's report, in order."""
    rows = ImportLine.objects.filter(run=run).order_by("id").values_list(*COLUMNS)
    return (ReportLine(*row) for row in rows.iterator())


def _store_lines(run: ImportRun, lines: list[ReportLine]) -> None:
    ImportLine.objects.bulk_create(
        [ImportLine(run=run, **dict(zip(COLUMNS, line.cells(), strict=True))) for line in lines]
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


def _now() -> datetime:
    # A lease is about the wall clock, not about the moment that the import is dated with.
    from django.utils.timezone import now

    return now()
