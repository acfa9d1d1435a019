"""Taking edits back: products that the job changed, a chunk at a time."""

from collections import defaultdict
from collections.abc import Sequence

from pim.actions.jobs import Progress
from pim.actions.operating import read_above
from pim.actions.products import write_products
from pim.content.spans import net
from pim.importing.report import CHANGED, UNCHANGED, Place
from pim.models import Change, Job
from pim.queries.drafts import read_drafts
from pim.queries.structure import load_structure

from .wishes import Back, forget_inherited, lessen, wish_back

_TRIES = 4
PRODUCTS = "products"


def take_back_edits(ids: Sequence[int], *, undone: Job, progress: Progress) -> None:
    """Write what the products were before the job, wherever nobody has changed it since."""
    structure = load_structure()
    spans = read_spans(ids, undone)
    states = read_drafts(spans)
    backs = [wish_back(s, spans[pk], structure=structure) for pk, s in states.items()]
    _leave_parents(backs)
    write_back(backs, progress=progress)


def write_back(backs: list[Back], *, progress: Progress) -> None:
    """Write the wishes, lessened where they must be, and report what became of each."""
    outcomes: dict[int, str] = {}
    waiting = [back for back in backs if back.asks]
    for _try in range(_TRIES if waiting else 0):
        results = write_products(
            [back.write for back in waiting],
            actor=progress.actor,
            at=progress.at,
            job=progress.job,
            reason=progress.job.title,
        )
        again = []
        for back, result in zip(waiting, results, strict=True):
            outcomes[back.state.id] = result.outcome
            if result.outcome != "refused":
                progress.show(back.state.identifier, result.differences)
            elif lessen(back, result.refusals) and back.asks:
                again.append(back)
            elif not back.asks:
                outcomes[back.state.id] = UNCHANGED
            else:
                back.left += [(refusal.field, refusal) for refusal in result.refusals]
        waiting = again
        if not waiting:
            break
    for back in backs:
        _report(back, outcomes.get(back.state.id, UNCHANGED), progress)


def _report(back: Back, outcome: str, progress: Progress) -> None:
    place = Place("", 0, back.state.identifier)
    if outcome == "refused":
        progress.report.refuse(PRODUCTS, place, back.left)
        return
    progress.report.count(PRODUCTS, outcome if outcome == UNCHANGED else CHANGED)
    for column, refusal in back.left:
        progress.report.note(PRODUCTS, place, column, refusal)


def read_spans(ids: Sequence[int], undone: Job) -> dict[int, dict]:
    """Return {product id: the spans of what the job wrote}, in one query."""
    rows = Change.objects.filter(job=undone, product_id__in=ids).order_by("id")
    details = defaultdict(list)
    for pk, detail in rows.exclude(row_version=0).values_list("product_id", "detail"):
        details[pk].append(detail)
    return {pk: net(found) for pk, found in details.items()}


def _leave_parents(backs: list[Back]) -> None:
    """Look up what those inherit that the job has put under a model."""
    leaving = [back for back in backs if back.write.parent == ""]
    above = read_above([back.state for back in leaving])
    for back in leaving:
        forget_inherited(back, above(back.state))
