"""Taking publications and withdrawals of a job back, wherever no later one has come."""

from collections import defaultdict
from collections.abc import Sequence

from django.db import transaction

from pim.actions.jobs import Progress
from pim.actions.publication import withdraw_products
from pim.actions.versions import Head, Issue, lock_heads, store_versions
from pim.content.refusals import Refused, _
from pim.content.snapshot import unpack
from pim.content.spans import net
from pim.importing.report import CHANGED, Place
from pim.models import Change, Job, Version

PUBLISHED = "published"
_OFF = "withdrawn"


def take_back_versions(ids: Sequence[int], *, undone: Job, progress: Progress) -> None:
    """Publish again what was published before the job, withdraw what was not.

    Versions are immutable: an older one comes back as the next, with a number of its own.
    """
    spans = _spans(ids, undone)
    if not spans:
        return
    how = {
        "actor": progress.actor,
        "at": progress.at,
        "reason": progress.job.title,
        "job": progress.job,
    }
    with transaction.atomic():
        due = [h for h in lock_heads(sorted(spans)).values() if _due(h, spans[h.id], progress)]
        off = [head.id for head in due if spans[head.id][0] in (None, _OFF)]
        back = [head for head in due if spans[head.id][0] not in (None, _OFF)]
        withdraw_products(off, **how)
        store_versions(_issues(back, spans, progress), **how)
    progress.report.count(PUBLISHED, CHANGED, len(off) + len(back))


def _spans(ids: Sequence[int], undone: Job) -> dict[int, list]:
    rows = Change.objects.filter(job=undone, product_id__in=ids, row_version=0).order_by("id")
    steps = defaultdict(list)
    for pk, action, detail in rows.values_list("product_id", "action", "detail"):
        if action in ("publish", "withdraw") and "@version" in detail:
            before, after = detail["@version"]
            steps[pk].append({"@version": [before, _OFF if after is None else after]})
    found = {pk: net(details).get(("@version", "")) for pk, details in steps.items()}
    return {pk: span for pk, span in found.items() if span}


def _due(head: Head, span: list, progress: Progress) -> bool:
    now = _OFF if head.withdrawn else head.number or None
    if now == span[0]:
        return False
    if now == span[1]:
        return True
    refusal = Refused(
        _("It was published or withdrawn since: version %(number)s was left."),
        code="changed_since",
        number=head.number,
    )
    progress.report.note(PUBLISHED, Place("", 0, head.identifier), "@version", refusal)
    return False


def _issues(heads: list[Head], spans: dict[int, list], progress: Progress) -> list[Issue]:
    numbers = {spans[head.id][0] for head in heads}
    rows = Version.objects.filter(product_id__in=[h.id for h in heads], number__in=numbers)
    held = {
        (pk, number): snapshot
        for pk, number, snapshot in rows.values_list("product_id", "number", "snapshot")
    }
    issues = []
    for head in heads:
        stored = held.get((head.id, spans[head.id][0]))
        if stored is not None:
            issues.append(Issue(head, unpack(stored)))
            continue
        refusal = Refused(
            _("Version %(number)s is no longer kept."),
            code="version_gone",
            number=spans[head.id][0],
        )
        place = Place("", 0, head.identifier)
        progress.report.refuse(PUBLISHED, place, [("@version", refusal)])
    return issues
