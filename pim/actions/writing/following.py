"""Rules that follow a write: in its transaction, set-wise, with changes of their own."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from pim.actions.operating import operate_each
from pim.content.actor import Actor
from pim.content.rules import RuleDef, waves
from pim.models import MODEL, Product
from pim.queries.drafts import chunks
from pim.queries.rules import ON_IMPORT, ON_SAVE, rules_for
from pim.queries.selection import select

from .intents import WriteResult

# A run of rules and an undo say exactly what is to be; everybody else's writes are followed.
_TRIGGERS = {"import": ON_IMPORT, "job": "", "rule": "", "schedule": ""}
_CHUNK = 1000
_REASON = 300


def follow(results: Sequence[WriteResult], *, write: Callable, actor: Actor, **how) -> None:
    """Let the rules of the trigger follow what was written; the results take in what they did.

    A rule that cannot write (its text is too long) holds nobody up: the result notes why.
    Variants of models that were written are looked at too, for what they inherit.
    """
    written = {r.product_id: r for r in results if r.outcome in ("created", "changed")}
    rules = following(actor) if written else ()
    if not rules:
        return
    how = {**how, "actor": replace(actor.unlimited(), source="rule"), "mode": "update"}
    ids = _with_variants(list(written))
    for wave in waves(rules):
        for chunk in chunks(ids, _CHUNK):
            for result in _apply(wave, chunk, write, how):
                _take_in(written.get(result.product_id), result)


def following(actor: Actor) -> Sequence[RuleDef]:
    """Return the rules that follow the writes of an actor."""
    trigger = _TRIGGERS.get(actor.source, ON_SAVE)
    return rules_for(trigger) if trigger else ()


def _apply(
    wave: list[RuleDef], ids: list[int], write: Callable, how: dict
) -> Iterable[WriteResult]:
    matched: dict[int, list[RuleDef]] = {}
    for rule in wave:
        hit = select(rule.when).filter(pk__among=ids).order_by().values_list("pk", flat=True)
        for pk in hit:
            matched.setdefault(pk, []).append(rule)
    if not matched:
        return []
    plan = {pk: [(r.name, r.operations) for r in rules] for pk, rules in sorted(matched.items())}
    writes = []
    for wanted in operate_each(plan):
        if wanted.asks:
            wanted.write.reason = ", ".join(wanted.by)[:_REASON]
            writes.append(wanted.write)
    return write(writes, **how) if writes else []


def _take_in(mine: WriteResult | None, result: WriteResult) -> None:
    if mine is None:
        return
    if result.outcome == "refused":
        mine.notes += result.refusals
        return
    mine.row_version = result.row_version
    for key, (before, after) in result.differences.items():
        first = mine.differences[key][0] if key in mine.differences else before
        mine.differences[key] = [first, after]


def _with_variants(ids: list[int]) -> list[int]:
    models = Product.objects.filter(pk__among=ids, role=MODEL)
    if not models.exists():
        return ids
    products = Product.objects.order_by().values("id")
    below = products.filter(parent_id__among=ids), products.filter(parent__parent_id__among=ids)
    found = Product.objects.filter(id__in=below[0].union(below[1], all=True))
    found = found.order_by("level", "id").values_list("id", flat=True)
    return list(dict.fromkeys([*ids, *found]))
