"""Rules read from the database: those that are switched on, in the order in which they run."""

from collections.abc import Iterable

from pim.content.refusals import Refused
from pim.content.rule_picks import picks
from pim.content.rules import RuleDef, in_order
from pim.models import Rule

from .operations import load_operations
from .structure import load_structure

ON_SAVE, ON_IMPORT = "save", "import"
_TRIGGERS = {ON_SAVE: {"on_save": True}, ON_IMPORT: {"on_import": True}}


def rules_for(trigger: str) -> list[RuleDef]:
    """Return the rules of a trigger in their order; what no longer can be read is left out.

    One query while there are none; what was read stays with the structure until either changes.
    """
    rows = Rule.objects.filter(enabled=True, **_TRIGGERS[trigger]).order_by("sort_order", "code")
    stamps = tuple(rows.values_list("id", "row_version"))
    if not stamps:
        return []
    kept = load_structure().__dict__.setdefault("_rules", {})
    if kept.get(trigger, (None,))[0] != stamps:
        kept[trigger] = (stamps, in_order(list(_readable(rows))))
    return kept[trigger][1]


def read_rule(rule: Rule) -> RuleDef:
    """Return a rule with its operations; raises `OperationsRefused`."""
    operations = load_operations(rule.actions)
    found = picks(rule.when.get("search") or {}, load_structure())
    return RuleDef(rule.code, str(rule), rule.when, operations, rule.pk or 0, found)


def other_rules(rule: Rule) -> list[RuleDef]:
    """Return every other rule that is switched on and can be read, by its order."""
    rows = Rule.objects.filter(enabled=True).exclude(pk=rule.pk)
    return list(_readable(rows.order_by("sort_order", "code")))


def _readable(rows: Iterable[Rule]) -> Iterable[RuleDef]:
    for rule in rows:
        try:
            yield read_rule(rule)
        except Refused:
            # Somebody has deleted what it names: its page says so; writing goes on without it.
            continue
