"""Rules as plain values: which must run before which, and why some cannot stand together."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from .operations import Operation, Spot, overlap
from .refusals import Refused, _
from .rule_picks import Picks, never_meet

# What follows from everything else: a rule may look at it, but nothing waits for it.
SOFT = frozenset({"completeness", "updated", "created", "state", "id", "uuid"})
_FIELDS = {
    "family": "@family",
    "family_variant": "@family",
    "categories": "@categories",
    "groups": "@groups",
    "parent": "@parent",
    "is_root": "@parent",
    "enabled": "@enabled",
}


class RulesCircle(Refused):
    """Rules that read what one another write: no order would be right."""

    code = "rules_circle"
    sentence = _(
        "Rules must not read what depends on what they write: %(circle)s. "
        "They may where their conditions name different families."
    )


@dataclass(frozen=True, slots=True)
class RuleDef:
    """A rule that was read: its condition and operations, and the spots that these name."""

    code: str
    name: str
    when: dict
    operations: Sequence[Operation]
    id: int = 0
    picks: Picks = field(default_factory=dict)

    @property
    def writes(self) -> list[Spot]:
        """Everything that the operations may write."""
        return [spot for operation in self.operations for spot in operation.writes()]

    @property
    def reads(self) -> list[Spot]:
        """Everything that the condition and the operations look at."""
        return condition_spots(self.when.get("search") or {}) + [
            spot for operation in self.operations for spot in operation.reads()
        ]


def condition_spots(search: dict[str, Any]) -> list[Spot]:
    """Return what a search document looks at; what it leaves open is "*"."""
    spots = []
    for name, tests in search.items():
        if name in SOFT:
            continue
        for test in tests if isinstance(tests, list) else [tests]:
            asked = test if isinstance(test, dict) else {}
            channel = asked.get("scope") or asked.get("channel") or "*"
            spots.append(Spot(_FIELDS.get(name, name), channel, asked.get("locale") or "*"))
    return spots


def in_order(rules: Sequence[RuleDef]) -> list[RuleDef]:
    """Return the rules so that each comes after those whose results it reads.

    Apart from that they keep their order. Raises `RulesCircle`.
    """
    for rule in rules:
        _refuse_own_circle(rule)
    written = _written(rules)
    before = {
        r.code: [o for o in rules if o is not r and _feeds(o, r, written=written)] for r in rules
    }
    done: dict[str, RuleDef] = {}
    for rule in rules:
        _visit(rule, before, done, ())
    return list(done.values())


def waves(rules: Sequence[RuleDef]) -> list[list[RuleDef]]:
    """Return ordered rules in groups, none of which reads what another of its group writes."""
    groups: list[list[RuleDef]] = []
    written = _written(rules)
    for rule in rules:
        if not groups or any(_feeds(earlier, rule, written=written) for earlier in groups[-1]):
            groups.append([])
        groups[-1].append(rule)
    return groups


def _written(rules: Sequence[RuleDef]) -> frozenset[str]:
    """Return the names of everything that any of the rules may write."""
    return frozenset(spot.name for rule in rules for spot in rule.writes)


def _feeds(one: RuleDef, other: RuleDef, *, written: frozenset[str]) -> bool:
    """Return whether what the first writes is read by the other on the same product."""
    if not any(overlap(spot, place) for spot in one.writes for place in other.reads):
        return False
    return not never_meet(one.picks, other.picks, written=written)


def _refuse_own_circle(rule: RuleDef) -> None:
    """Refuse operations that read what they or later ones write; a condition may look at it."""
    for number, operation in enumerate(rule.operations):
        for later in rule.operations[number:]:
            if later is operation and operation.own:
                continue
            spots = [s for s in later.writes() if any(overlap(s, r) for r in operation.reads())]
            if spots:
                raise RulesCircle(
                    _("“%(rule)s” reads %(spot)s, which it writes itself."),
                    rule=rule.name,
                    spot=_word(spots[0]),
                )


def _visit(rule: RuleDef, before: dict, done: dict, path: tuple[RuleDef, ...]) -> None:
    if rule.code in done:
        return
    if rule in path:
        raise RulesCircle(circle=_circle((*path[path.index(rule) :], rule)))
    for earlier in before[rule.code]:
        _visit(earlier, before, done, (*path, rule))
    done[rule.code] = rule


def _circle(path: Sequence[RuleDef]) -> str:
    """Return the way round: each rule reads what the next one writes."""
    steps = []
    for reader, writer in pairwise(path):
        spot = next(s for s in writer.writes if any(overlap(s, r) for r in reader.reads))
        steps.append(f"“{reader.name}” ← {_word(spot)} ← “{writer.name}”")
    return "; ".join(steps)


def _word(spot: Spot) -> str:
    return " ".join(part for part in (spot.name.lstrip("@"), spot.locale, spot.channel) if part)
