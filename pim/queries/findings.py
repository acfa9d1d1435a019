"""Findings as a person may read them: copies are named where the other product may be seen."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from django.db.models import QuerySet

from pim.content.quality import Finding
from pim.content.refusals import UnknownCode
from pim.content.rights import Rights
from pim.models import Product, Quality

from .finding_words import WORDS
from .rights import visible_products


def seen_findings(rows: Sequence[Quality], rights: Rights) -> dict[int, list[Finding]]:
    """Return {id of a score: its findings}, in one query more at most.

    A score has no findings about what its sight hides. Of products that share a text, those
    that may be seen are named.
    """
    found = {row.pk: findings_of(row) for row in rows}
    if rights.unlimited:
        return found
    names = _visible_names((f for held in found.values() for f in held), rights)
    return {pk: [_only(f, names) for f in held] for pk, held in found.items()}


def findings_of(row: Quality) -> list[Finding]:
    """Return the stored findings of a score."""
    return [Finding(r, k, a, loc, tuple(sorted(p.items()))) for r, k, a, loc, p in row.findings]


def with_reason(rows: QuerySet, reason: str) -> QuerySet:
    """Return the scores that have a finding of a kind, by an index; raise `UnknownCode`."""
    if reason not in WORDS:
        raise UnknownCode(what="reason", name=reason[:60], field="reason")
    return rows.filter(reasons__kind=reason)


def _visible_names(findings: Iterable[Finding], rights: Rights) -> set[str]:
    names = {n for f in findings if f.kind == "duplicate" for n in dict(f.params)["products"]}
    if not names:
        return set()
    rows = visible_products(Product.objects.filter(identifier__in=names), rights)
    return set(rows.values_list("identifier", flat=True))


def _only(finding: Finding, names: set[str]) -> Finding:
    if finding.kind != "duplicate":
        return finding
    kept = [name for name in dict(finding.params)["products"] if name in names]
    return replace(finding, params=(("products", kept),))
