"""Making an edition's files from its frozen set: find the work, render, assemble, record."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from statistics import median

from django.db import transaction

from syndication import store
from syndication.models import Edition, FragmentSet

from . import pieces as pieces_of
from . import record
from .assemble import Assembled, assemble
from .compare import Difference, Work, difference, find_work, work_of
from .context import Setting
from .freeze import Frozen
from .lease import Held
from .pieces import Pieces, Segment, Spool
from .render import Renders
from .report import Report
from .rows import delete_fragments, fragment_count


@dataclass
class Making:
    """One attempt at the files of an edition; `beat` keeps the lease."""

    held: Held
    setting: Setting
    frozen: Frozen
    served: Edition | None
    folder: Path
    beat: Callable
    before: FragmentSet | None = None  # the fragments there are, if they are whole
    found: Difference | None = None  # how the frozen set differs from theirs

    def run(self, *, at: datetime):
        """Make and record everything; afterwards the edition can be promoted."""
        edition, context = self.edition, self.setting.write(self.folder)
        work = self._work()
        self._begin(work)
        spool = Spool(self.folder / "spool")
        renders = Renders(self.held, self.setting, context, self.folder, self.beat, spool)
        renders.run(work)
        pieces, segments = self._pieces(work, spool, kept=renders.kept)
        made = assemble(
            self.setting,
            segments,
            context=context,
            items=len(pieces.units),
            folder=self.folder,
            at=at,
            beat=self.beat,
            meanwhile=lambda: self._keep(pieces, segments),
        )
        if self.before:
            pieces_of.forget(self.before.pieces)
        edition.counts.update(
            rendered=work.rendered - renders.kept,
            reused=work.reused + renders.kept,
            peak_kb=max(renders.peak_kb, made.peak_kb),
        )
        self._record(made, pieces)

    @property
    def edition(self) -> Edition:
        return self.setting.edition

    def _fragment_set(self):
        return FragmentSet.objects.filter(
            output_id=self.edition.output_id, locale=self.edition.locale
        )

    def _work(self) -> Work:
        """Find what has to be rendered: by lines where the fragments are whole, else by keys."""
        edition, environment = self.edition, self.setting.environment
        path, after = self.folder / "work", store.path_of(self.frozen.sha256)
        known = self._fragment_set().filter(environment=environment).first()
        if known and store.exists(known.frozen):
            found = self._news_since(known.frozen)
            if found.items_before == fragment_count(edition):
                self.before, self.found = known, found
                return work_of(edition, found, environment=environment, path=path)
        with after.open("rb") as lines:
            return find_work(
                edition, lines=lines, environment=environment, path=path, beat=self.beat
            )

    def _news_since(self, frozen: str) -> Difference:
        """Return how this edition's set differs from another of the store; known where possible."""
        if self.frozen.news and self.served and self.served.frozen == frozen:
            return self.frozen.news
        return difference(store.path_of(frozen), store.path_of(self.frozen.sha256))

    def _begin(self, work: Work):
        with transaction.atomic():
            self.held.write(state="running")
            self._fragment_set().delete()
            delete_fragments(self.edition, work.stale)

    def _pieces(self, work: Work, spool: Spool, *, kept: int) -> tuple[Pieces, list[Segment]]:
        """Plan the file of pieces: old ones patched, all of them new, or read back."""
        path = pieces_of.new_path()
        old = pieces_of.load(self.before.pieces) if self.before else None
        if old or not work.reused + kept:
            return pieces_of.merged(old, spool, dropped=work.stale, path=path)
        pieces = pieces_of.from_database(self.edition, path=path, beat=self.beat)
        return pieces, [Segment(str(path), 0, path.stat().st_size)]

    def _keep(self, pieces: Pieces, segments: list[Segment]):
        """Keep the pieces for the next edition, and note that the fragments are whole again."""
        if [segment.path for segment in segments] != [str(pieces.path)]:
            pieces_of.compose(pieces, segments, beat=self.beat)
        pieces.write_index()
        with transaction.atomic():
            self.held.write(state="running")
            FragmentSet.objects.create(
                output=self.edition.output,
                locale=self.edition.locale,
                frozen=self.edition.frozen,
                environment=self.setting.environment,
                pieces=pieces.path.name,
            )

    def _record(self, made: Assembled, pieces: Pieces):
        edition, report = self.edition, Report(self.edition, pieces, made.refusals)
        prices = pieces.known_prices
        edition.counts.update(
            issued=self.frozen.items - len(report.left_out),
            item_errors=len(report.left_out),
            warnings=sum(report.warnings.values()),
            warnings_by=dict(report.warnings),
            priced=len(prices),
            median_price=median(prices) if prices else None,
            **self._news(report.refused),
        )
        if edition.counts["issued"] != len(pieces.units):
            raise AssertionError(f"{len(pieces.units)} pieces for {edition.counts}")
        with transaction.atomic():
            self.held.write(counts=edition.counts)
            record.write_results(edition, made, report)

    def _news(self, refused: set[str]) -> dict[str, int]:
        """Return how the frozen set differs from the served one, and how many items vanish.

        What is removed or newly refused vanishes; what the served one had refused itself cannot.
        """
        found = self._against_served()
        if self.served is None or not found.items_before:
            return {**found.counts, "vanished": 0}
        missing = found.removed() | (refused - found.added())
        if missing:
            missing -= record.refused_before(self.served)
        return {**found.counts, "vanished": len(missing)}

    def _against_served(self) -> Difference:
        if self.served is None or not store.exists(self.served.frozen):
            return difference(None, store.path_of(self.edition.frozen))
        if self.before and self.before.frozen == self.served.frozen:
            return self.found
        return self._news_since(self.served.frozen)
