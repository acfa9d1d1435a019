"""Running a remodelling as one transaction: done whole, shown and taken back, or not at all."""

from django.db import transaction

from pim.actions.aliases import keep_aliases
from pim.actions.jobs import Progress, queue_job
from pim.actions.log import append_to_log
from pim.actions.structure import record_structure_change
from pim.content.actor import Actor
from pim.content.refusals import NotFound, Refused, _
from pim.content.rights import NotAllowed
from pim.importing.report import Report
from pim.models import Job
from pim.queries.structure import forget_structure, load_structure

from .converting import ConvertKind
from .deleting import DeleteAttribute, RemoveFromFamily
from .identifiers import RenameProducts
from .levels import MoveLevel
from .merging import MergeOptions
from .operations import Operation
from .renaming import RenameCode
from .rewrite import Rewriter

OPERATIONS: dict[str, type[Operation]] = {
    kind.code: kind
    for kind in (
        RenameCode, RenameProducts, MergeOptions, ConvertKind, MoveLevel, RemoveFromFamily,
        DeleteAttribute,
    )
}  # fmt: skip


def queue_remodel(operation: str, params: dict, *, user, dry_run: bool, actor: Actor) -> Job:
    """Queue a remodelling or its preview; raise `Refused` at once where it cannot be done.

    It may touch any product in any channel and locale: only who has no limits may do it.
    """
    refuse_limited(actor)
    made = _operation(operation, params, Report(sink=lambda lines: None))
    made.check()
    return queue_job(
        "remodel",
        title=made.title(),
        params={"operation": operation, "params": params},
        user=user,
        actor=actor.name,
        dry_run=dry_run,
    )


def run_remodel(progress: Progress) -> None:
    """Run a job of the kind "remodel"; afterwards its cursor says how to take it back."""
    try:
        with in_one(progress):
            _remodel(progress)
    finally:
        forget_structure()


def in_one(progress: Progress) -> transaction.Atomic:
    """Return the transaction of a remodelling; a dry run has one around it already.

    A savepoint that stays open makes every statement on SQLite dearer than the one before.
    """
    return transaction.atomic(savepoint=not progress.job.dry_run)


def refuse_limited(actor: Actor) -> None:
    """Raise `NotAllowed` for whoever may not do everything."""
    if not actor.rights.unlimited:
        raise NotAllowed(
            _("Changing the model touches all products: your roles limit what you may do.")
        )


def _operation(code: str, params: dict, report: Report) -> Operation:
    if code not in OPERATIONS:
        raise NotFound(what="operation", name=str(code), field="operation")
    return OPERATIONS[code](params, load_structure(), report)


def _remodel(progress: Progress) -> None:
    made = _operation(progress.params["operation"], progress.params["params"], progress.report)
    refuse_limited(progress.actor)
    made.how = {"actor": progress.actor, "at": progress.at, "job": progress.job}
    made.show = progress.show
    made.check()
    parts = made.parts()
    made.restructure()
    # Read anew inside this transaction: the products are rewritten for what now holds.
    forget_structure()
    rewriter = Rewriter(made.change(), progress, made.title())
    rewriter.rewrite(parts)
    refuse_clashes(rewriter)
    made.finish()
    keep_aliases(made.aliases(), at=progress.at)
    if told := made.told():
        kind, codes = told
        how = {"actor": progress.actor, "at": progress.at, "reason": made.title()}
        record_structure_change(kind, codes, action=made.code, detail=made.differences(), **how)
    append_to_log(rewriter.entries, at=progress.at)
    progress.cursor = progress.job.cursor = made.undoing()


def refuse_clashes(rewriter: Rewriter) -> None:
    """Refuse the whole where products would no longer be told apart."""
    if rewriter.clashes:
        raise Refused(
            _("Products would clash with others (%(count)s); the report names them."),
            code="would_clash",
            count=rewriter.clashes,
        )
