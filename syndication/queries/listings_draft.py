"""Draft listings: products resolved as their listings would be, from what is not published yet.

Nothing is written. Whoever asks hands over the snapshots: of drafts, or of versions without the
values that somebody may not see.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

import orjson

from pim.published import Published, Structure

from .listings_batch import Batch
from .listings_body import View, views_of
from .listings_facts import fact_sheet
from .listings_subjects import ITEM, Subject, subjects


@dataclass(frozen=True)
class DraftBatch(Batch):
    """A batch whose products are handed over, for one channel, audience and locale."""

    drafts: Mapping[int, Published] = field(default_factory=dict)
    context: tuple[str, str, str] = ("", "", "")

    @cached_property
    def subjects(self) -> dict[int, Subject]:
        return subjects(self.drafts, self.ids)

    @cached_property
    def views(self) -> dict[str, list[View]]:
        channel, audience, locale = self.context
        found = views_of(self.structure, channel)
        return {channel: [v for v in found if v.locale == locale and audience in v.audiences]}

    @cached_property
    def members(self) -> list[Subject]:
        """Return the root and those variants that could be sold, the root first."""
        sold = (s for s in self.subjects.values() if s.role == ITEM and not s.trouble)
        roots = [s for s in self.subjects.values() if s.parent is None]
        return roots + sorted((s for s in sold if s not in roots), key=lambda s: s.id)

    def unit_lines(self, *, whole: bool) -> list[bytes]:
        """Return units as a child reads them: bodies, and the prices and stock of now.

        With `whole` the family is one unit, else each that could be sold is one by itself.
        """
        rows = {subject.id: self._row(subject) for subject in self.members}
        sold = [s for s in self.members if s.role == ITEM]
        groups = [list(rows)] if whole else [[subject.id] for subject in sold]
        locale = self.context[2]
        return [
            orjson.dumps(
                {"id": ids[0], "reads": "", "listings": {locale: [rows[pk] for pk in ids]}}
            )
            + b"\n"
            for ids in groups
        ]

    @cached_property
    def _facts_now(self):
        channel, audience, _locale = self.context
        ids = [s.id for s in self.members]
        return fact_sheet(channel, audiences=[audience], ids=ids, at=self.at)

    def _row(self, subject: Subject) -> list:
        channel, audience, locale = self.context
        [view] = self.views[channel]
        slug = self.slugs.get((subject.id, locale), "")
        built = view.build(subject, self.around, slug=slug)
        _digest, text = self._facts_now.of(subject.id, audience)
        facts = orjson.Fragment(text) if text else None
        return [subject.id, built.digest, orjson.Fragment(built.text), facts]


def draft_batch(
    drafts: Mapping[int, Published],
    *,
    structure: Structure,
    context: tuple[str, str, str],
    at: datetime,
) -> DraftBatch | None:
    """Return the batch of one family, {id: Published}; None where there is no context for it."""
    batch = DraftBatch(structure, tuple(sorted(drafts)), at, drafts=drafts, context=context)
    known = context[0] in structure.channels and batch.views[context[0]]
    return batch if known and batch.members else None
