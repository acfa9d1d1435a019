"""Following the drafts: scores of whatever has changed are counted anew, chunk by chunk."""

from collections import Counter as Tally
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from time import monotonic

from django.db import transaction
from django.db.models import Q, TextField
from django.db.models.functions import Cast

from pim.actions.bulk import upsert
from pim.actions.turns import Turns
from pim.content.completeness import completeness, needs_of
from pim.content.quality import WHOLE_SIGHT, Picture, Rule, Sight, Subject, judge, sight_of
from pim.content.structure import Structure
from pim.models import (
    MODEL,
    Asset,
    Counter,
    Draft,
    LogEntry,
    OutdatedTranslation,
    QualityState,
)
from pim.queries.drafts import DraftState, chunks, read_drafts
from pim.queries.quality import quality_rules, quality_stamp, stale_products
from pim.queries.rights import roles_with_limits
from pim.queries.structure import load_structure

from .prints import Twins, keep_prints
from .stale import forget_scores
from .store import store_scores

# Counted in one transaction: on SQLite everybody else's writing waits for it.
CHUNK = 200
CURSOR = "quality_assets"
MOST = 20_000
TURN = 20.0  # seconds, after which others who wait for the same worker come first
_STATES = ["product_id", "row_version", "above", "stamp"]


@dataclass(frozen=True, slots=True)
class Found:
    """What was read for a chunk of products beside their drafts.

    `sights` is {(channel, locale): what some role shows there}, everything first.
    """

    pictures: dict[str, Picture]
    twins: Twins
    outdated: frozenset[tuple[str, str, str, str]]
    sights: dict[tuple[str, str], list[Sight]]


def follow_quality(*, at: datetime, most: int = MOST, seconds: float | None = None) -> int:
    """Count the scores of at most so many products whose drafts, pictures or rules have moved.

    `seconds` end a turn early: after them no other chunk is begun. Returns how many were counted.
    Safe to repeat and to run twice at once: a state says what its scores were counted from, and
    what is counted twice comes out the same.
    """
    structure, done = load_structure(), 0
    stamp, rules = quality_stamp(structure), quality_rules()
    forget_changed_assets()
    last, begun, turns = 0, monotonic(), Turns()
    while done < most and not (done and seconds is not None and monotonic() - begun >= seconds):
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
        turns.give_way()
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
    forget_scores(ids)


def _count(ids: list[int], rules: list[Rule], structure: Structure, stamp: str) -> None:
    drafts = _with_ancestors(ids)
    chains = {pk: _chain(pk, drafts) for pk in ids if pk in drafts}
    # States first: whoever makes a score stale meanwhile waits here, or is waited for.
    upsert(QualityState, _STATES, _states(chains, stamp), unique=["product_id"])
    found = Found(
        _pictures(drafts.values(), structure),
        keep_prints([drafts[pk] for pk in chains], rules, structure),
        _outdated(drafts),
        _sights(structure),
    )
    rows = [row for chain in chains.values() for row in _rows(chain, rules, structure, found)]
    store_scores(ids, rows)


def _states(chains: dict[int, list[DraftState]], stamp: str) -> list[tuple]:
    return [
        (pk, chain[0].row_version, sum(draft.row_version for draft in chain[1:]), stamp)
        for pk, chain in chains.items()
    ]


def _rows(
    chain: list[DraftState], rules: list[Rule], structure: Structure, found: "Found"
) -> list[tuple]:
    own, values = chain[0], [(d.identifier, d.values) for d in chain]
    family = structure.families.get(own.family)
    variant = structure.family_variants.get(own.family_variant)
    level = own.level if own.role == MODEL else None
    how = {"family": family, "structure": structure, "family_variant": variant, "level": level}
    rows = []
    for channel in structure.channels.values():
        missing = completeness(values, channel=channel, **how).missing
        for locale in channel.locales:
            for sight in found.sights[channel.code, locale]:
                held = [place for place in missing if place[0] not in sight.attributes]
                needs = _needs(channel, sight, how)
                subject = Subject(
                    values, structure, family, channel, locale, held, needs[""] + needs[locale],
                    found.pictures, found.twins.of(own.id), found.outdated, sight,
                )  # fmt: skip
                rows.append((own.id, channel.id, locale, sight.key, judge(subject, rules)))
    return rows


def _needs(channel, sight: Sight, how: dict) -> Tally:
    """Return {locale or "": how many values in sight are required}, counted once a structure."""
    known = how["structure"].__dict__.setdefault("_quality_needs", {})
    family, variant = how["family"], how["family_variant"]
    key = (family and family.code, channel.code, variant and variant.code, how["level"], sight)
    if key not in known:
        needs = needs_of(channel=channel, **how)
        known[key] = Tally(n.locale for n in needs if n.attribute not in sight.attributes)
    return known[key]


def _sights(structure: Structure) -> dict[tuple[str, str], list[Sight]]:
    roles = roles_with_limits()
    return {
        (channel.code, locale): list(
            dict.fromkeys(
                [
                    WHOLE_SIGHT,
                    *filter(None, (sight_of(g, channel.code, locale, structure) for g in roles)),
                ]
            )
        )
        for channel in structure.channels.values()
        for locale in channel.locales
    }


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


def _outdated(drafts: dict[int, DraftState]) -> frozenset[tuple[str, str, str, str]]:
    """Return where translations are outdated: {(identifier, attribute, channel, locale)}."""
    rows = OutdatedTranslation.objects.filter(product_id__in=list(drafts))
    places = rows.values_list("product_id", "attribute__code", "channel", "locale")
    return frozenset((drafts[pk].identifier, *place) for pk, *place in places)


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
