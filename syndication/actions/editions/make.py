"""Making an edition's files from its frozen set: find the work, render, assemble, record."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from statistics import median

from django.db import transaction

from syndication import store
from syndication.actions.statistics import refresh_statistics
from syndication.models import Edition, FragmentSet

from . import pieces as pieces_of
from . import record
from .assemble import Assembled, assemble
from .changes import write_changes
from .compare import Difference, Work, difference, find_work, work_of
from .context import Setting
from .freeze import Frozen
from .lease import Held
from .pieces import Pieces
from .render import Renders
from .report import Report
from .rows import delete_fragments, fragment_count, left_out
from .splice import Spool, composed, from_database, merged


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
    old: Pieces | None = None  # their pieces, where those are kept
    found: Difference | None = None  # how the frozen set differs from theirs
    loose: set[str] = field(default_factory=set)  # stems of files that may have to go
    kept: Pieces | None = None  # what the next edition will find

    def run(self, *, at: datetime):
        """Make and record everything; afterwards the edition can be promoted."""
        self._record(*self._make(at))

    def prepare(self, *, at: datetime):
        """Make everything and record nothing: the next edition finds its fragments and pieces.

        It is assembled as well, for what assembly keeps in its memo.
        """
        known = self._fragment_set().filter(environment=self.setting.environment)
        if not known.filter(frozen=self.edition.frozen).exists():
            self._make(at)

    def _make(self, at: datetime) -> tuple[Assembled, Pieces]:
        edition, context = self.edition, self.setting.write(self.folder)
        work = self._work()
        self._begin(work)
        spool = Spool(pieces_of.new_stem())
        self.loose.add(str(spool.pieces.stem))
        try:
            renders = Renders(self.held, self.setting, context, self.folder, self.beat, spool)
            renders.run(work)
            pieces = self._pieces(work, spool, kept=renders.kept)
            pieces_of.bring(pieces.stems)
            made = assemble(
                self.setting,
                pieces.segments(),
                context=context,
                items=len(pieces.units),
                folder=self.folder,
                at=at,
                beat=self.beat,
                meanwhile=lambda: self._keep(pieces, anew=work.rendered > work.reused),
            )
        finally:
            self._drop_loose()
        edition.counts.update(
            rendered=work.rendered - renders.kept,
            reused=work.reused + renders.kept,
            peak_kb=max(renders.peak_kb, made.peak_kb),
        )
        return made, pieces

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
        path, after = self.folder / "work", store.local(self.frozen.sha256)
        known = self._fragment_set().filter(environment=environment).first()
        if known and store.exists(known.frozen):
            found = self._news_since(known.frozen)
            if self._whole(known, items=found.items_before):
                self.before, self.found = known, found
                return work_of(edition, found, environment=environment, path=path)
        with after.open("rb") as lines:
            return find_work(
                edition, lines=lines, environment=environment, path=path, beat=self.beat
            )

    def _whole(self, known: FragmentSet, *, items: int) -> bool:
        """Return whether the pieces that are kept, or else the fragments, show all of a set."""
        self.old = pieces_of.load(known.pieces)
        if self.old:
            return items == len(self.old.units) + len(left_out(self.edition))
        return items == fragment_count(self.edition)

    def _news_since(self, frozen: str) -> Difference:
        """Return how this edition's set differs from another of the store; known where possible."""
        if self.frozen.news and self.served and self.served.frozen == frozen:
            return self.frozen.news
        return difference(store.local(frozen), store.local(self.frozen.sha256))

    def _begin(self, work: Work):
        with transaction.atomic():
            self.held.write(state="running")
            self._fragment_set().delete()
            delete_fragments(self.edition, work.stale)

    def _pieces(self, work: Work, spool: Spool, *, kept: int) -> Pieces:
        """Return the pieces to be assembled: old ones patched, all of them new, or read back."""
        old = self.old if self.before else None
        if old or not work.reused + kept:
            return merged(old, spool, dropped=work.stale)
        stem = pieces_of.new_stem()
        self.loose.add(str(stem))
        return from_database(self.edition, stem=stem, beat=self.beat)

    def _keep(self, pieces: Pieces, *, anew: bool):
        """Keep the pieces for the next edition, and note that the fragments are whole again.

        `anew` says that most of them are new, so that the planner should hear of it.
        """
        if pieces.scattered:
            stem = pieces_of.new_stem()
            self.loose.add(str(stem))
            pieces = composed(pieces, stem=stem, beat=self.beat)
        pieces.write_index()
        with transaction.atomic():
            self.held.write(state="running")
            FragmentSet.objects.create(
                output=self.edition.output,
                locale=self.edition.locale,
                frozen=self.edition.frozen,
                environment=self.setting.environment,
                pieces=pieces.stem.name,
            )
        self.kept = pieces
        if anew:
            refresh_statistics()

    def _drop_loose(self):
        """Remove what this attempt made or used of pieces, but for what was kept."""
        if self.kept and self.before:
            self.loose |= pieces_of.stems_of(self.before.pieces)
        kept = {*self.kept.stems, str(self.kept.stem)} if self.kept else set()
        pieces_of.drop(self.loose - kept)

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
            **({"compared_with": self.served.number} if self.served else {}),
        )
        if edition.counts["issued"] != len(pieces.units):
            raise AssertionError(f"{len(pieces.units)} pieces for {edition.counts}")
        with transaction.atomic():
            self.held.write(counts=edition.counts)
            record.write_results(edition, made, report)
            if self.setting.kind.proofed:
                write_changes(edition, self._against_served() if self.served else None)

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
            return difference(None, store.local(self.edition.frozen))
        if self.before and self.before.frozen == self.served.frozen:
            return self.found
        return self._news_since(self.served.frozen)
