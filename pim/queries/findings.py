"""Findings as a person may read them: those about what is hidden are left out."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from django.db.models import Q, QuerySet

from pim.content.quality import Finding
from pim.content.refusals import UnknownCode
from pim.content.rights import Holding, Rights
from pim.content.structure import Structure
from pim.models import Product, Quality

from .finding_words import WORDS
from .rights import rights_on, visible_products

LOOKED_AT = 500  # scores at a time, where what is found depends on what may be seen


def seen_findings(
    rows: Sequence[Quality], rights: Rights, structure: Structure
) -> dict[int, list[Finding]]:
    """Return {id of a score: its findings about values that may be seen}, in few queries.

    Of products that share a text, those that may be seen are named.
    """
    found = {row.pk: findings_of(row) for row in rows}
    if not rights.unlimited:
        held = rights_on({row.product_id for row in rows}, rights)
        found = {
            row.pk: [
                f for f in found[row.pk] if _visible(f, row, held[row.product_id], structure)
            ]
            for row in rows
        }  # fmt: skip
        names = _visible_names((f for held in found.values() for f in held), rights)
        found = {pk: [_only(f, names) for f in held] for pk, held in found.items()}
    return found


def findings_of(row: Quality) -> list[Finding]:
    """Return the stored findings of a score."""
    return [Finding(r, k, a, loc, tuple(sorted(p.items()))) for r, k, a, loc, p in row.findings]


def with_reason(rows: QuerySet, reason: str) -> QuerySet:
    """Return the scores that have a finding of a kind; raise `UnknownCode`.

    For who has limits, look again at what `seen_findings` leaves.
    """
    if reason not in WORDS:
        raise UnknownCode(what="reason", name=reason[:60], field="reason")
    # Findings are canonical JSON: [rule, kind, …], and a quote inside a text is escaped.
    return rows.filter(findings__contains=f'","{reason}","')


def page_of_scores(
    rows: QuerySet, *, after: int, limit: int, reason: str, rights: Rights, structure: Structure
) -> tuple[list[tuple[Quality, list[Finding]]], int | None]:
    """Return ([(score, findings)], where to go on from, None at the end), by id.

    Where a reason is asked for by who has limits, a page may be short or empty although there
    is more: what the person may not see is passed over, at most so many at a time.
    """
    most = limit if rights.unlimited or not reason else max(limit, LOOKED_AT)
    looked = list(rows.filter(pk__gt=after).order_by("pk")[: most + 1])
    seen = seen_findings(looked[:most], rights, structure)
    pairs = [(row, seen[row.pk]) for row in looked[:most]]
    fit = [p for p in pairs if not reason or any(f.kind == reason for f in p[1])]
    if len(fit) > limit:
        return fit[:limit], fit[limit - 1][0].pk
    return fit, looked[most - 1].pk if len(looked) > most else None


def _visible(finding: Finding, row: Quality, holding: Holding, structure: Structure) -> bool:
    attribute = structure.attributes.get(finding.attribute)
    if attribute is None:
        return False
    channel = row.channel.code if attribute.scopable else ""
    places = [finding.locale if attribute.localizable else ""]
    if finding.kind == "outdated":
        places.append(dict(finding.params)["source"])
    return all(holding.value(attribute, channel, locale) for locale in places)


def _visible_names(findings: Iterable[Finding], rights: Rights) -> set[str]:
    names = {n for f in findings if f.kind == "duplicate" for n in dict(f.params)["products"]}
    if not names:
        return set()
    rows = visible_products(Product.objects.filter(Q(identifier__in=names)), rights)
    return set(rows.values_list("identifier", flat=True))


def _only(finding: Finding, names: set[str]) -> Finding:
    if finding.kind != "duplicate":
        return finding
    kept = [name for name in dict(finding.params)["products"] if name in names]
    return replace(finding, params=(("products", kept),))
