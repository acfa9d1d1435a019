"""Taking a remodelling back: the structure as it was, and every value that nobody changed since."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from pim.actions.aliases import drop_aliases
from pim.actions.jobs import Progress
from pim.actions.log import append_to_log
from pim.actions.structure import record_structure_change
from pim.content.refusals import Refused, _
from pim.importing.report import Place, Report
from pim.models import Change as Logged
from pim.models import Job, Product
from pim.queries.drafts import chunks
from pim.queries.structure import forget_structure

from .change import Change, Node, Values, put
from .keeping import put_back, take_away
from .operations import PART
from .rewrite import PRODUCTS, Rewriter
from .run import OPERATIONS, in_one, refuse_clashes, run_remodel


class TakeBack(Change):
    """Puts the values back that a job has changed, where they still are what the job left."""

    def __init__(self, job: Job, report: Report):
        self.job, self.report = job, report
        self.told: set[tuple[int, str]] = set()

    def move(self, nodes: dict[int, Node]) -> dict[int, Values]:
        moved = {}
        for pk, detail in _details(self.job, nodes).items():
            values = self._back(nodes[pk], detail)
            if values is not nodes[pk].values:
                moved[pk] = values
        return moved

    def _back(self, node: Node, detail: dict[str, list]) -> Values:
        values = node.values
        for key, (before, after) in detail.items():
            attribute, channel, locale = key.split("|")
            held = values.get(locale, {})
            by_channel = held.get(attribute, {})
            if by_channel.get(channel) != after:
                self._note(node.id, key, by_channel.get(channel), before)
                continue
            new = put(held, attribute, {**by_channel, channel: before})
            values = {**values, locale: new}
        return values

    def _note(self, pk: int, key: str, now: Any, before: Any) -> None:
        if now == before or (pk, key) in self.told:
            return
        self.told.add((pk, key))
        name = Product.objects.values_list("identifier", flat=True).get(pk=pk)
        refusal = Refused(
            _("It was changed since and stays: %(now)s, not %(before)s."),
            code="changed_since",
            now=str(now)[:80],
            before=str(before)[:80],
        )
        self.report.note(PRODUCTS, Place("", 0, name), key, refusal)


def run_undo_remodel(progress: Progress) -> None:
    """Run a job of the kind "undo_remodel": takes back the job that it `undoes`."""
    job = progress.job.undoes
    document = job.cursor if job else {}
    if not document or job.state != "done" or job.dry_run:
        raise Refused(_("There is nothing to take back."), code="nothing_to_undo")
    if "operation" in document:
        progress.params = document
        run_remodel(progress)
        return
    try:
        with in_one(progress):
            _undo(progress, job, document)
    finally:
        forget_structure()


def _undo(progress: Progress, job: Job, document: dict) -> None:
    restore_rows(document, progress.report)
    forget_structure()
    rewriter = Rewriter(TakeBack(job, progress.report), progress, f"undo {job.title}")
    rewriter.rewrite(chunks(_written(job), PART))
    refuse_clashes(rewriter)
    drop_aliases(document["aliases"])
    kind, codes = document["told"]
    label = OPERATIONS[job.params["operation"]].code
    how = {"actor": progress.actor, "at": progress.at, "reason": rewriter.reason}
    record_structure_change(kind, codes, action=f"undo {label}", **how)
    append_to_log(rewriter.entries, at=progress.at)
    progress.cursor = progress.job.cursor = {"operation": "", "params": {}}


def restore_rows(document: dict, report: Report) -> None:
    """Take away the rows that were made, and put back what was changed or deleted."""
    take_away(document["made"], report)
    put_back(document, report)


def _written(job: Job) -> Iterable[int]:
    rows = Logged.objects.filter(job=job, product_id__isnull=False)
    ids = rows.order_by("product_id").values_list("product_id", flat=True).distinct()
    return ids.iterator(chunk_size=2000)


def _details(job: Job, nodes: dict[int, Node]) -> dict[int, dict[str, list]]:
    """Return {product: {key: [before, after]}} of what the job did, first to last."""
    found: dict[int, dict[str, list]] = defaultdict(dict)
    rows = Logged.objects.filter(job=job, product_id__in=nodes).order_by("id")
    for pk, detail in rows.values_list("product_id", "detail"):
        for key, (before, after) in detail.items():
            if key.startswith("@"):
                continue
            first = found[pk].get(key, [before])[0]
            found[pk][key] = [first, after]
    return found
