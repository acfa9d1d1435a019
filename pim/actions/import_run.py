"""One import on its way: table by table, its place kept with every batch."""

from array import array
from collections.abc import Iterable

from django.db import transaction

from pim.actions.following import follow_structure
from pim.actions.import_cursor import Bookmark
from pim.actions.import_facts import import_assets, import_facts
from pim.actions.import_media import MediaIntake
from pim.actions.import_options import ImportOptions
from pim.actions.import_pictures import PICTURED, import_pictures
from pim.actions.import_products import ProductImport
from pim.actions.import_retry import ProductTable
from pim.actions.import_structure import import_structure
from pim.actions.jobs import Progress
from pim.actions.publishing import publish_products
from pim.importing.plan import PRODUCT_KINDS, Plan
from pim.importing.recognise import STRUCTURE
from pim.importing.report import Place
from pim.importing.source import Source
from pim.importing.tables import Table
from pim.models import Product
from pim.queries.drafts import chunks, unpublished

ROUNDS = 4
PUBLISHED = "published"


class ImportRun:
    """Applies a plan: structure, assets, products, facts; publishes at the end if asked."""

    def __init__(self, progress: Progress, *, options: ImportOptions, source: Source):
        self.progress, self.options = progress, options
        self.job, self.report = progress.job, progress.report
        self.how = {"actor": progress.actor, "at": progress.at}
        self.media = MediaIntake(
            source,
            store=not self.job.dry_run,
            fetch=options.fetch,
            beat=progress.beat,
            **self.how,
        )
        self.importer = ProductImport(
            media=self.media,
            report=self.report,
            keep=self._keep_rows,
            show=progress.show,
            job=None if self.job.dry_run else self.job,
            options=options,
            ahead=source.opens_anew,
            **self.how,
        )
        self._ids = array("q")
        self._open: list[ProductTable] = []

    def apply(self, plan: Plan) -> None:
        """Apply table by table, from the bookmark of an earlier attempt on."""
        self.mark = Bookmark.find(self.progress, plan)
        if not self.mark.begun:
            self.progress.expect(sum(table.rows for _kind, table in plan.tables))
            self._tell_notices(plan)
        places = list(enumerate(plan.tables))
        for place, (kind, table) in places:
            if kind in STRUCTURE:
                self._structure(place, kind, table)
        self._follow()
        for place, (kind, table) in places:
            if kind == "assets":
                self._assets(place, table)
        self._pictures(plan.of(*PICTURED))
        self._products([(p, k, t) for p, (k, t) in places if k in PRODUCT_KINDS])
        for place, (kind, table) in places:
            if kind in ("prices", "availability"):
                self._facts(place, kind, table)
        if self.options.publish:
            self._publish()

    def _tell_notices(self, plan: Plan) -> None:
        for name, refusal in plan.refused:
            self.report.refuse("files", Place(name), [("", refusal)])
        for _kind, table in plan.tables:
            for notice in table.notices:
                self.report.note("files", Place(table.name), "", notice)

    def _structure(self, place: int, kind: str, table: Table) -> None:
        if self.mark.line_of(place) is None:
            return
        with transaction.atomic():
            touched = import_structure(kind, table, report=self.report, **self.how)
            self.mark.structure |= touched
            self.progress.advance(table.rows)
            self._record(table, table_behind=place + 1)
        self.progress.heed()

    def _follow(self) -> None:
        if self.mark.structure and not self.job.dry_run:
            # Now, while there are few products to look at, and not after they have come.
            follow_structure(at=self.progress.at)

    def _assets(self, place: int, table: Table) -> None:
        after = self.mark.line_of(place)
        if after is None:
            return
        for line in import_assets(
            table, after=after, media=self.media, report=self.report, **self.how
        ):
            self.progress.advance()
            self._record(table, at=(place, line))
            self.progress.heed()
        self._record(table, table_behind=place + 1)

    def _pictures(self, tables: list[tuple[str, Table]]) -> None:
        if self.mark.pictures or not tables:
            return
        with transaction.atomic():
            for kind, table in tables:
                import_pictures(kind, table, media=self.media, report=self.report, **self.how)
            self.mark.pictures = True
            self._record(tables[-1][1])
        self.progress.heed()

    def _facts(self, place: int, kind: str, table: Table) -> None:
        after = self.mark.line_of(place)
        if after is None:
            return

        def keep(line: int, rows: int) -> None:
            self.progress.advance(rows)
            self._record(table, at=(place, line))

        for _batch in import_facts(
            kind, table, after=after, keep=keep, report=self.report, **self.how
        ):
            self.progress.heed()
        self._record(table, table_behind=place + 1)

    def _products(self, tables: list[tuple[int, str, Table]]) -> None:
        for place, kind, table in tables:
            product_table = self.importer.open(kind, table, told=self.mark.told(place))
            product_table.place_in_plan = place
            product_table.later = self.mark.later.pop(table.name, {})
            self._open.append(product_table)
            after = self.mark.line_of(place)
            if after or after is None:
                self._collect_passed(product_table, after)
            if after is not None:
                self._first_pass(product_table, after)
        self._look_again()

    def _collect_passed(self, product_table: ProductTable, upto: int | None) -> None:
        """Take up again which products the rows behind an earlier attempt were about."""
        for ids in self.importer.ids_of(product_table, upto=upto) if self.options.publish else ():
            self._ids.extend(ids)

    def _first_pass(self, product_table: ProductTable, after: int) -> None:
        place, table = product_table.place_in_plan, product_table.table
        self._pass(self.importer.first_pass(product_table, after=after))
        self._correct_total(product_table)
        self._record(table, table_behind=place + 1)

    def _correct_total(self, product_table: ProductTable) -> None:
        """Rows were counted by lines; what spans several lines was counted too often."""
        if product_table.read and self.job.total is not None:
            self.progress.expect(self.job.total - product_table.table.rows + product_table.read)

    def _keep_rows(self, product_table: ProductTable, line: int, rows: int) -> None:
        product_table.read += rows
        self.progress.advance(rows)
        if rows:
            self._record(product_table.table, at=(product_table.place_in_plan, line))
        else:
            self._record(product_table.table)

    def _look_again(self) -> None:
        """Take up the rows that named something further on, until no round helps any more."""
        for _round in range(ROUNDS):
            waiting = sum(len(t.later) for t in self._open)
            if not waiting:
                return
            for product_table in self._open:
                self._pass(self.importer.later_pass(product_table, last=False))
            if sum(len(t.later) for t in self._open) == waiting:
                break
        for product_table in self._open:
            self._pass(self.importer.later_pass(product_table, last=True))

    def _pass(self, batches: Iterable[list[int]]) -> None:
        for ids in batches:
            if self.options.publish:
                self._ids.extend(ids)
            self.progress.heed()

    def _publish(self) -> None:
        ids = array("q", sorted(set(self._ids)))[self.mark.published :]
        self.progress.expect(self.job.done + len(ids))
        for chunk in chunks(ids, 500):
            with transaction.atomic():
                self._publish_some(chunk)
            self.progress.heed()

    def _publish_some(self, ids: list[int]) -> None:
        due = unpublished(Product.objects.filter(id__in=ids)).order_by("level", "id")
        result = publish_products(
            list(due.values_list("id", flat=True)),
            reason=self.options.reason,
            job=None if self.job.dry_run else self.job,
            **self.how,
        )
        if result.published:
            self.report.count(PUBLISHED, "created", result.published)
        self.mark.published += len(ids)
        self.progress.advance(len(ids))
        self.progress.record(PUBLISHED, cursor=self._cursor())

    def _record(
        self, table: Table, *, at: tuple[int, int] | None = None, table_behind: int | None = None
    ) -> None:
        if at is not None:
            self.mark.set(table=at[0], line=at[1])
        if table_behind is not None:
            self.mark.set(table=max(table_behind, self.mark.table))
        self.mark.wait_for(self._open)
        self.progress.record(table.name, cursor=self._cursor())

    def _cursor(self) -> dict | None:
        return None if self.job.dry_run else self.mark.document()
