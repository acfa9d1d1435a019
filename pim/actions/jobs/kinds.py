"""Which kinds of jobs there are, and the function that runs each."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from pim.content.refusals import NotFound, _

VIEW, CHANGE, PUBLISH = "pim.view_product", "pim.change_product", "pim.publish_product"
MODEL = ("pim.change_attribute", CHANGE)


@dataclass(frozen=True, slots=True)
class JobKind:
    """One kind of job: `runner` is "module:function", called with a `Progress`.

    `beforehand` is called with it first, outside of any transaction; `afterwards` when the work
    is done and, in a dry run, taken back: it may make the result file out of the report.

    Jobs of one `lane` run one after the other: writers in "write", readers in "read".
    An `atomic` job is one transaction: it is done whole or not at all, and cannot be stopped.
    What takes an `undoable` job back is a job of the kind `undo`. The usual one asks that a job
    writes products only, and that every write names the job in its change. `source` is the door
    that its changes name. `needs` are the permissions without which nobody may have it done.
    """

    code: str
    label: str
    runner: str
    lane: str = "write"
    source: str = "job"
    atomic: bool = False
    undoable: bool = False
    undo: str = "undo"
    beforehand: str = ""
    afterwards: str = ""
    needs: tuple[str, ...] = ()

    def load(self) -> Callable:
        """Return the function that runs jobs of this kind."""
        return _load(self.runner)

    def load_beforehand(self) -> Callable:
        """Return the function that is called before a job of this kind begins."""
        return _load(self.beforehand)

    def load_afterwards(self) -> Callable:
        """Return the function that is called when a job of this kind is done."""
        return _load(self.afterwards)


def _load(place: str) -> Callable:
    module, name = place.split(":")
    return getattr(import_module(module), name)


_ALL = [
    JobKind(
        "import",
        _("Import"),
        "pim.actions.imports:run_import",
        source="import",
        undoable=True,
        beforehand="pim.actions.import_sources:bring_file",
        afterwards="pim.actions.import_refused:keep_refused_rows",
    ),
    JobKind(
        "migration",
        _("Move from another system"),
        "pim.actions.migrations:run_migration",
        source="import",
        undoable=True,
    ),
    JobKind("undo", _("Undo"), "pim.actions.undo:run_undo", undoable=True, needs=(CHANGE,)),
    JobKind(
        "retention",
        _("Old versions"),
        "pim.actions.retention:run_retention",
        needs=("pim.delete_product",),
    ),
    JobKind(
        "translation_export",
        _("Texts for translators"),
        "pim.actions.translation.files:run_export",
        lane="read",
        needs=(VIEW,),
    ),
    JobKind(
        "translation_return",
        _("Translations that came back"),
        "pim.actions.translation.files:run_return",
        undoable=True,
        needs=(CHANGE,),
    ),
    JobKind(
        "translation_learning",
        _("Translation memory"),
        "pim.actions.translation.memory:run_learning",
        lane="read",
    ),
    JobKind(
        "machine_translation",
        _("Machine translation"),
        "pim.actions.translation.machines:run_machine",
        undoable=True,
        needs=(CHANGE,),
    ),
    JobKind(
        "rewind", _("Rewind"), "pim.actions.rewinding:run_rewind", undoable=True, needs=(CHANGE,)
    ),
    JobKind(
        "remodel",
        _("Change of the model"),
        "pim.actions.remodel.run:run_remodel",
        atomic=True,
        undoable=True,
        undo="undo_remodel",
        needs=MODEL,
    ),
    JobKind(
        "undo_remodel",
        _("Change of the model taken back"),
        "pim.actions.remodel.undoing:run_undo_remodel",
        atomic=True,
        needs=MODEL,
    ),
    JobKind(
        "bulk_edit",
        _("Bulk edit"),
        "pim.actions.bulk_edit:run_bulk_edit",
        source="bulk",
        undoable=True,
        needs=(CHANGE,),
    ),
    JobKind(
        "export", _("Export"), "pim.actions.exports.running:run_export", lane="read", needs=(VIEW,)
    ),
    JobKind(
        "rules",
        _("Rules"),
        "pim.actions.rules.running:run_rules",
        source="rule",
        undoable=True,
        needs=("pim.change_rule", CHANGE),
    ),
]

KINDS: dict[str, JobKind] = {kind.code: kind for kind in _ALL}


def job_kind(code: str) -> JobKind:
    """Return the kind of that code; raise `NotFound`."""
    if code not in KINDS:
        raise NotFound(what="kind of job", name=code)
    return KINDS[code]
