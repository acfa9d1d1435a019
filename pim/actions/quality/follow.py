"""Following the drafts: scores of whatever has changed are counted anew, chunk by chunk."""

from collections import Counter as Tally
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q, TextField
from django.db.models.functions import Cast

from pim.actions.bulk import delete, upsert
from pim.content.completeness import completeness, needs_of
from pim.content.quality import Picture, Rule, Subject, judge
from pim.content.structure import Structure
from pim.models import (
    MODEL,
    Asset,
    Counter,
    Draft,
    LogEntry,
    Quality,
    QualityState,
)
from pim.models.fields import canonical_json
from pim.queries.drafts import DraftState, chunks, read_drafts
from pim.queries.quality import quality_rules, quality_stamp, stale_products
from pim.queries.structure import load_structure

from .prints import Twins, keep_prints

CHUNK = 500
CURSOR = "quality_assets"
MOST = 20_000
_SCORES = ["product_id", "channel_id", "locale", "score", "findings"]
_STATES = ["product_id", "row_version", "above", "stamp"]


def follow_quality(*, at: datetime, most: int = MOST) -> int:
    """Count the scores of at most so many products whose drafts, pictures or rules have moved.

    Returns how many were counted. Safe to repeat and to run twice at once: a state says what
    its scores were counted from, and what is counted twice comes out the same.
    """
    structure, done = load_structure(), 0
    stamp, rules = quality_stamp(structure), quality_rules()
    forget_changed_assets()
    last = 0
    while done < most:
        stale = stale_products(stamp).filter(pk__gt=last).order_by("pk")
        ids = list(stale.values_list("pk", flat=True)[:CHUNK])
        if not ids:
            if not last:
                break
            last = 0  # those that lost or got a twin on the way are stale again
            continue
        last = ids[-1]
        with transaction.atomic():
            _count(ids, rules, structure, stamp)
        done += len(ids)
    return done


def forget_changed_assets() -> None:
    """Make the scores of products stale whose pictures have changed since the last look."""
    held, _made = Counter.objects.get_or_create(name=CURSOR)
    rows = LogEntry.objects.filter(kind="structure", seq__gt=held.value).order_by("seq")
    last, codes = held.value, set()
    for seq, scope in rows.values_list("seq", "scope"):
        last = seq
        if scope.get("kind") == "asset":
            codes.update(scope.get("codes", ()))
    for part in chunks(sorted(codes), 50):
        _forget_users(part)
    if last != held.value:
        Counter.objects.filter(name=CURSOR, value=held.value).update(value=last)


def _forget_users(codes: list[str]) -> None:
    named = Q()
    for code in codes:
        named |= Q(text__contains=f'"{code}"')
    drafts = Draft.objects.annotate(text=Cast("values", TextField())).filter(named)
    ids = set(drafts.values_list("product_id", flat=True))
    for part in chunks(ids, CHUNK):
        tree = Q(product_id__in=part) | Q(product__parent_id__in=part)
        QualityState.objects.filter(tree | Q(product__parent__parent_id__in=part)).delete()


def _count(ids: list[int], rules: list[Rule], structure: Structure, stamp: str) -> None:
    drafts = _with_ancestors(ids)
    pictures = _pictures(drafts.values(), structure)
    twins = keep_prints([drafts[pk] for pk in ids if pk in drafts], rules, structure)
    scores, states = [], []
    for pk in ids:
        if pk not in drafts:
            continue
        chain = _chain(pk, drafts)
        scores += _rows(chain, rules, structure, pictures, twins)
        above = sum(draft.row_version for draft in chain[1:])
        states.append((pk, chain[0].row_version, above, stamp))
    _store(ids, scores)
    upsert(QualityState, _STATES, states, unique=["product_id"])


def _store(ids: list[int], scores: list[tuple]) -> None:
    """Write the scores, and take away those of contexts that are no more."""
    upsert(Quality, _SCORES, scores, unique=["product_id", "channel_id", "locale"])
    wanted = {row[:3] for row in scores}
    held = Quality.objects.filter(product_id__in=ids).values_list(*_SCORES[:3], "id")
    delete(Quality, ["id"], [(row[3],) for row in held if tuple(row[:3]) not in wanted])


def _rows(
    chain: list[DraftState], rules: list[Rule], structure: Structure, pictures: dict, twins: Twins
) -> list[tuple]:
    own, values = chain[0], [(d.identifier, d.values) for d in chain]
    family = structure.families.get(own.family)
    variant = structure.family_variants.get(own.family_variant)
    level = own.level if own.role == MODEL else None
    how = {"family": family, "structure": structure, "family_variant": variant, "level": level}
    rows = []
    for channel in structure.channels.values():
        missing = completeness(values, channel=channel, **how).missing
        needs = _needs(family, channel, structure, variant, level)
        for locale in channel.locales:
            verdict = judge(
                Subject(
                    values,
                    structure,
                    family,
                    channel,
                    locale,
                    missing,
                    needs[""] + needs[locale],
                    pictures,
                    twins.of(own.id),
                ),
                rules,
            )
            found = canonical_json([finding.row() for finding in verdict.findings]).decode()
            rows.append((own.id, channel.id, locale, verdict.score, found))
    return rows


def _needs(family, channel, structure: Structure, variant, level) -> Tally:
    """Return {locale or "": how many values are required}, counted once per structure."""
    known = structure.__dict__.setdefault("_quality_needs", {})
    key = (family and family.code, channel.code, variant and variant.code, level)
    if key not in known:
        how = {"structure": structure, "family_variant": variant, "level": level}
        known[key] = Tally(n.locale for n in needs_of(family, channel, **how))
    return known[key]


def _with_ancestors(ids: list[int]) -> dict[int, DraftState]:
    drafts = read_drafts(ids)
    for _step in range(2):
        above = {d.parent_id for d in drafts.values() if d.parent_id} - set(drafts)
        drafts |= read_drafts(above)
    return drafts


def _chain(pk: int, drafts: dict[int, DraftState]) -> list[DraftState]:
    found: list[DraftState] = []
    while pk and pk in drafts and len(found) < 3:
        found.append(drafts[pk])
        pk = drafts[pk].parent_id
    return found


def _pictures(drafts: Iterable[DraftState], structure: Structure) -> dict[str, Picture]:
    media = {a.code for a in structure.attributes.values() if a.kind == "media"}
    codes = {
        code
        for draft in drafts
        for held in draft.values.values()
        for attribute in media & held.keys()
        for data in held[attribute].values()
        if isinstance(data, list)
        for code in data
    }
    rows = Asset.objects.filter(code__in=codes).values_list(
        "code", "kind", "width", "height", "alt"
    )
    return {row[0]: Picture(*row) for row in rows}
