"""The score that the findings of all rules leave."""

from collections.abc import Iterable
from dataclasses import dataclass

from .checks import CHECKS
from .subject import Finding, Subject

GRADES = ((90, "A"), (80, "B"), (70, "C"), (60, "D"), (0, "E"))


@dataclass(frozen=True, slots=True)
class Verdict:
    """A whole score from 0 to 100, and every finding that lowers it."""

    score: int
    findings: tuple[Finding, ...] = ()


def judge(subject: Subject, rules: Iterable) -> Verdict:
    """Return the verdict of all rules on a subject.

    Each rule takes away its weight times the share of what it looked at that is wrong; a rule
    that finds nothing to look at has no say. Rounded down: 100 only where nothing is wrong.
    """
    weight, lost, findings = 0.0, 0.0, []
    for rule in rules:
        if not rule.applies(subject):
            continue
        looked, found = CHECKS[rule.kind](subject, rule)
        if not looked:
            continue
        weight += rule.weight
        lost += rule.weight * min(1.0, len(found) / looked)
        findings += found
    score = int(100 - 100 * lost / weight + 1e-9) if weight else 100
    return Verdict(min(score, 99) if findings else score, tuple(findings))


def grade(score: int) -> str:
    """Return the letter that shops and other systems know: A from 90, then B, C, D, E."""
    return next(letter for least, letter in GRADES if score >= least)
