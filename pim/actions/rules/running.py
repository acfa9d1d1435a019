"""Running rules as a job: by hand or by the clock, in their order, with a way back."""

from collections.abc import Sequence
from datetime import datetime

from pim.actions.jobs import Progress, queue_job
from pim.actions.operating import operate_each
from pim.actions.products import write_products
from pim.actions.scheduled import due
from pim.actions.selected import Selected
from pim.content.refusals import NotFound, Refused
from pim.content.rules import RuleDef, in_order
from pim.importing.report import UNCHANGED, Place
from pim.models import Job, Rule
from pim.queries.rules import read_rule

CLOCK = "schedule"


def queue_rules(rules: Sequence[Rule], *, user=None, actor: str = "", dry_run: bool = False) -> Job:
    """Queue a run of the rules; each run is a job that can be previewed and undone."""
    if not rules:
        raise NotFound(what="rule", name="")
    return queue_job(
        "rules",
        title=", ".join(str(rule) for rule in rules),
        params={"rules": [rule.pk for rule in rules]},
        user=user,
        actor=actor,
        dry_run=dry_run,
    )


def queue_due_rules(*, at: datetime) -> list[Job]:
    """Queue the rules whose cadence has a slot since the last, all of a minute as one run."""
    found = list(due(Rule.objects.filter(enabled=True), at=at))
    return [queue_rules(found, actor=CLOCK)] if found else []


def run_rules(progress: Progress) -> None:
    """Run a job of the kind "rules": rule by rule, each on what the ones before it have left."""
    if not progress.job.dry_run:
        _note_run(progress.job)
    rules = _read(progress)
    begun, total = progress.cursor.get("rule", 0), progress.job.done
    for number, rule in enumerate(rules[begun:], begun):
        selected = Selected(rule.when, at=progress.job.created_at, rights=progress.actor.rights)
        after = progress.cursor.get("after") if number == begun else None
        if number != begun or after is None:
            total += len(selected)
        progress.expect(max(total, progress.job.total or 0))
        for ids, key in selected.batches(after=after):
            _apply(rule, ids, progress)
            progress.advance(len(ids))
            progress.keep(rule.name, cursor={"rule": number, "after": key})


def _note_run(job: Job) -> None:
    """Let the rules name their last run; those by the clock that came to nothing give way to it."""
    rules = Rule.objects.filter(pk__in=job.params["rules"])
    before = list(rules.exclude(last_job=None).values_list("last_job", flat=True))
    rules.update(last_job=job)
    used = Rule.objects.exclude(last_job=None).values("last_job")
    idle = Job.objects.filter(pk__in=before, actor=CLOCK, machine=True, state="done")
    idle.filter(changes=None, lines=None).exclude(pk__in=used).delete()


def _read(progress: Progress) -> list[RuleDef]:
    """Return the rules in their order; one that can no longer be read is reported."""
    found = []
    rows = Rule.objects.filter(pk__in=progress.params["rules"]).order_by("sort_order", "code")
    for rule in rows:
        try:
            found.append(read_rule(rule))
        except Refused as refusal:
            progress.report.refuse("rules", Place("", 0, str(rule)), [("", refusal)])
    return in_order(found)


def _apply(rule: RuleDef, ids: list[int], progress: Progress) -> None:
    wanted = operate_each({pk: [(rule.name, rule.operations)] for pk in ids})
    asking = [one for one in wanted if one.by]
    results = write_products(
        [one.write for one in asking],
        actor=progress.actor,
        at=progress.at,
        job=progress.job,
        reason=rule.name,
        mode="update",
    )
    if len(asking) < len(wanted):
        progress.report.count(rule.name, UNCHANGED, len(wanted) - len(asking))
    for result in results:
        place = Place("", 0, result.identifier)
        if result.outcome == "refused":
            progress.report.refuse(rule.name, place, [(r.field, r) for r in result.refusals])
            continue
        progress.report.count(rule.name, result.outcome)
        progress.show(result.identifier, result.differences)
