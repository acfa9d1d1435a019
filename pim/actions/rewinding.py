"""Rewinding: drafts of a selection of products go back to what they were at a moment."""

from array import array
from datetime import datetime

from django.utils.dateparse import parse_datetime

from pim.actions.jobs import Progress, queue_job
from pim.actions.products import write_products
from pim.actions.publishing import publish_products
from pim.actions.restoring import wish_of
from pim.content.actor import Actor
from pim.content.refusals import InvalidValue, Refused, _
from pim.importing.report import CHANGED, UNCHANGED, Place
from pim.models import Job
from pim.queries.drafts import chunks, read_drafts
from pim.queries.selection import counted, select
from pim.queries.structure import load_structure
from pim.queries.timetravel import drafts_as_of
from pim.queries.titles import sentence

CHUNK = 200
PRODUCTS, PUBLISHED = "products", "published"


def queue_rewind(
    selection: dict,
    *,
    moment: datetime,
    title: str | dict,
    actor: Actor,
    at: datetime,
    user=None,
    dry_run: bool = True,
    publish: bool = False,
) -> Job:
    """Queue the job, or its preview; it is undone as any other job that writes products."""
    if moment >= at:
        raise InvalidValue(_("Name a moment in the past."), code="future", field="moment")
    select(selection)  # refuses what does not select
    params = {"selection": selection, "moment": moment.isoformat(), "publish": publish}
    return queue_job(
        "rewind", title=title, params=params, user=user, actor=actor.name, dry_run=dry_run
    )


def run_rewind(progress: Progress) -> None:
    """Run a job of the kind "rewind": chunk by chunk, resumed after the last one."""
    moment = parse_datetime(progress.params["moment"])
    products = select(progress.params["selection"], rights=progress.actor.rights)
    # Looked up once: what is rewound may no longer be what the selection's search finds.
    ids_of = array("q", products.order_by("id").values_list("id", flat=True).iterator())
    progress.expect(len(ids_of))
    after = progress.cursor.get("after", 0)
    for ids in chunks((pk for pk in ids_of if pk > after), CHUNK):
        changed = _rewind(ids, moment, progress)
        if progress.params.get("publish") and changed:
            how = {"actor": progress.actor, "at": progress.at, "reason": progress.job.title}
            done = publish_products(changed, job=progress.job, **how)
            progress.report.count(PUBLISHED, CHANGED, done.published)
        progress.advance(len(ids))
        progress.keep(PRODUCTS, cursor={"after": ids[-1]})


def _rewind(ids: list[int], moment: datetime, progress: Progress) -> list[int]:
    """Write one chunk; return the ids of the products that changed."""
    structure, past, now = load_structure(), drafts_as_of(ids, moment), read_drafts(ids)
    writes = []
    for pk, old in past.items():
        if pk not in now:
            continue
        if old is None:
            _note(progress, now[pk].identifier, "", _not_yet())
            continue
        write, dropped = wish_of(old, now[pk].snapshot(), structure)
        write.identifier = now[pk].identifier
        for key, refusal in dropped.items():
            _note(progress, write.identifier, key, refusal)
        writes.append(write)
    how = {"actor": progress.actor, "at": progress.at, "job": progress.job}
    results = write_products(writes, reason=progress.job.title, mode="update", **how)
    for result in results:
        _report(progress, result)
    return [r.product_id for r in results if r.outcome == CHANGED]


def _report(progress: Progress, result) -> None:
    if result.outcome == "refused":
        found = [(r.field, r) for r in result.refusals]
        progress.report.refuse(PRODUCTS, Place("", 0, result.identifier), found)
    else:
        progress.report.count(PRODUCTS, result.outcome or UNCHANGED)
        progress.show(result.identifier, result.differences)


def _note(progress: Progress, name: str, column: str, refusal: Refused) -> None:
    progress.report.note(PRODUCTS, Place("", 0, name), column, refusal)


def _not_yet() -> Refused:
    return Refused(_("It was not there yet, and stays as it is."), code="not_there_yet")


def rewind_title(moment: datetime, *, what: str | dict) -> dict:
    """Return the title of such a job for lists and change logs; `what` is a name or a selection."""
    what = {"selection": counted(what)} if isinstance(what, dict) else what
    return sentence("%(moment)s ← %(what)s", moment=f"{moment:%Y-%m-%d %H:%M}", what=what)
