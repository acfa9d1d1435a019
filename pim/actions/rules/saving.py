"""Saving rules: only such as can be read, and as go in no circle with the others."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import available_timezones

from django.db import transaction

from pim.actions.scheduled import arm
from pim.cadence import ON_CHANGE, InvalidCadence, parse
from pim.content.actor import Actor
from pim.content.refusals import Conflict, InvalidValue, _
from pim.content.rights import refuse_limited
from pim.content.rules import RuleDef, in_order
from pim.models import Change, Rule
from pim.models.base import code_validator
from pim.queries.rules import other_rules, read_rule
from pim.queries.selection import select

# What a rule may not do again and again behind people's backs.
BY_HAND = ("family", "parent")
FIELDS = (
    "name", "when", "actions", "enabled", "on_save", "on_import", "cadence", "time_zone",
    "sort_order",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a rule: `outcome` is created, changed or unchanged."""

    rule: Rule
    outcome: str


def check_rule(rule: Rule) -> RuleDef:
    """Return the rule as it would run; raises what is wrong with it or with it among the others."""
    if not code_validator.regex.match(rule.code or "") or len(rule.code) > 100:
        raise _bad("code", _("A code has letters, digits, underscore, hyphen and full stop only."))
    if not rule.name.strip() or len(rule.name) > 200:
        raise _bad("name", _("Give the rule a name of at most 200 characters."))
    select(rule.when)
    if "search" not in rule.when and "all" not in rule.when:
        raise _bad("when", _("A rule is about a search, or about all products."))
    check_schedule(rule.cadence, rule.time_zone)
    for document in rule.actions if isinstance(rule.actions, list) else ():
        if isinstance(document, dict) and document.get("op") in BY_HAND:
            raise _bad("actions", _("Family and parent are changed by hand, not by rules."))
    definition = read_rule(rule)
    if rule.enabled:
        in_order([*other_rules(rule), definition])
    return definition


def check_schedule(cadence: str, time_zone: str) -> None:
    """Raise unless the cadence has slots, or is "", and the time zone exists."""
    parse(cadence)
    if cadence.strip().lower() == ON_CHANGE:
        raise InvalidCadence(cadence=cadence, why="this runs by the clock only")
    if time_zone not in available_timezones():
        raise _bad("time_zone", _("There is no such time zone."))


def save_rule(
    code: str, fields: dict[str, Any], *, actor: Actor, at: datetime, expected: int | None = None
) -> Saved:
    """Create or change the rule of that code; fields that are not named stay.

    Rules write whatever they say: only who has no limits may set them. Raises what is wrong
    with it, and `Conflict` where it is no longer at row version `expected`
    (0: where it is there already).
    """
    refuse_limited(actor.rights)
    with transaction.atomic():
        rule = Rule.objects.select_for_update().filter(code=code).first() or Rule(code=code)
        known, before = rule.pk is not None, _document(rule)
        if expected is not None and expected != (rule.row_version if known else 0):
            raise Conflict()
        for name in FIELDS:
            if name in fields:
                setattr(rule, name, fields[name])
        definition = check_rule(rule)
        after = _document(rule)
        if known and after == before:
            return Saved(rule, "unchanged")
        arm(rule, at=at)
        rule.row_version += known
        rule.save()
        changes = {n: [before[n] if known else None, after[n]] for n in FIELDS}
        detail = {n: pair for n, pair in changes.items() if pair[0] != pair[1]}
        record_setting(f"rule:{definition.code}", detail, actor=actor, at=at)
    return Saved(rule, "changed" if known else "created")


def delete_rule(rule: Rule, *, actor: Actor, at: datetime) -> None:
    """Delete a rule; what it wrote stays."""
    refuse_limited(actor.rights)
    with transaction.atomic():
        record_setting(
            f"rule:{rule.code}", {"@deleted": [_document(rule), None]}, actor=actor, at=at
        )
        rule.delete()


def record_setting(subject: str, detail: dict, *, actor: Actor, at: datetime) -> None:
    """Write the change of something that is no content: no output follows it."""
    Change.objects.create(
        subject=subject, action="settings", actor=actor.name, source=actor.source, at=at,
        detail=detail,
    )  # fmt: skip


def _document(rule: Rule) -> dict[str, Any]:
    return {name: getattr(rule, name) for name in FIELDS}


def _bad(field: str, sentence: str) -> InvalidValue:
    return InvalidValue(sentence, code=f"bad_{field}", field=field)


__all__ = ["Saved", "check_rule", "check_schedule", "delete_rule", "save_rule"]
