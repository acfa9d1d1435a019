"""Keeping scores: what was counted replaces what was held, with an index of its reasons."""

from pim.actions.bulk import delete, insert, upsert
from pim.content.quality import Verdict
from pim.models import Quality, QualityReason
from pim.models.fields import canonical_json

_PLACE = ["product_id", "channel_id", "locale", "sight"]

Score = tuple[int, int, str, str, Verdict]  # product, channel, locale, sight, verdict


def store_scores(ids: list[int], scores: list[Score]) -> None:
    """Write the scores of the products, and take away those of contexts that are no more."""
    rows = [(*place, verdict.score, _said(verdict)) for *place, verdict in scores]
    upsert(Quality, [*_PLACE, "score", "findings"], rows, unique=_PLACE)
    held = Quality.objects.filter(product_id__in=ids).values_list(*_PLACE, "id")
    known = {place: pk for *place, pk in held for place in [tuple(place)]}
    wanted = {tuple(place): verdict for *place, verdict in scores}
    _store_reasons(ids, {pk: wanted.get(place) for place, pk in known.items()})
    delete(Quality, ["id"], [(pk,) for place, pk in known.items() if place not in wanted])


def _store_reasons(ids: list[int], verdicts: dict[int, Verdict | None]) -> None:
    wanted = {
        (pk, finding.kind)
        for pk, verdict in verdicts.items()
        if verdict
        for finding in verdict.findings
    }
    rows = QualityReason.objects.filter(quality__product_id__in=ids)
    held = set(rows.values_list("quality_id", "kind"))
    delete(QualityReason, ["quality_id", "kind"], sorted(held - wanted))
    insert(QualityReason, ["quality_id", "kind"], sorted(wanted - held))


def _said(verdict: Verdict) -> str:
    return canonical_json([finding.row() for finding in verdict.findings]).decode()
