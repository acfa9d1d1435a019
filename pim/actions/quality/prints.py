"""Fingerprints of texts: which products say the same, word for word."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from pim.actions.bulk import delete, upsert
from pim.content.kinds.texts import plain_text
from pim.content.quality import Rule
from pim.content.quality.checks import USUAL_ROLES, fingerprint
from pim.content.structure import Structure
from pim.models import QualityState, TextPrint
from pim.queries.drafts import DraftState

_COLUMNS = ["product_id", "attribute", "channel", "locale", "digest"]
_SHOWN = 3
_SHORTEST = 20  # characters: “Blue” is no copied text


@dataclass
class Twins:
    """{product id: {(attribute, channel, locale): identifiers of others with that text}}."""

    found: dict[int, dict[tuple[str, str, str], list[str]]] = field(default_factory=dict)

    def of(self, product_id: int) -> dict[tuple[str, str, str], list[str]]:
        """Return the twins of one product."""
        return self.found.get(product_id, {})


def keep_prints(drafts: Sequence[DraftState], rules: list[Rule], structure: Structure) -> Twins:
    """Keep the fingerprints of the products' own texts and return who else has them.

    Others that gain or lose a twin by it are counted again.
    """
    attributes = _attributes(rules, structure)
    now = {row[:4]: row[4] for draft in drafts for row in _prints(draft, attributes)}
    ids = [draft.id for draft in drafts]
    rows = TextPrint.objects.filter(product_id__in=ids).values_list(*_COLUMNS, "id")
    held = {tuple(row[:4]): (row[4], row[5]) for row in rows}
    fresh = [(*key, digest) for key, digest in now.items() if held.get(key, ("",))[0] != digest]
    gone = [(pk,) for key, (_digest, pk) in held.items() if key not in now]
    moved = {row[4] for row in fresh} | {
        digest for key, (digest, _pk) in held.items() if now.get(key) != digest
    }
    upsert(TextPrint, _COLUMNS, fresh, unique=_COLUMNS[:4])
    delete(TextPrint, ["id"], gone)
    _forget_twins(moved, ids)
    return _twins(now)


def _forget_twins(digests: set[str], ids: list[int]) -> None:
    if not digests:
        return
    others = TextPrint.objects.filter(digest__in=digests).exclude(product_id__in=ids)
    QualityState.objects.filter(product_id__in=others.values("product_id")).delete()


def forget_twins_of(ids: Sequence[int]) -> None:
    """Make the scores of those stale who share a text with products that are about to go."""
    theirs = TextPrint.objects.filter(product_id__in=ids)
    _forget_twins(set(theirs.values_list("digest", flat=True)), list(ids))


def _twins(now: dict[tuple, str]) -> Twins:
    digests = set(now.values())
    rows = TextPrint.objects.filter(digest__in=digests).order_by("product_id") if digests else ()
    holders: dict[tuple, list[tuple[int, str]]] = defaultdict(list)
    for pk, name, attribute, locale, digest in (
        rows.values_list("product_id", "product__identifier", "attribute", "locale", "digest")
        if digests
        else ()
    ):
        holders[attribute, locale, digest].append((pk, name))
    twins = Twins()
    for (pk, attribute, channel, locale), digest in now.items():
        others = [name for other, name in holders[attribute, locale, digest] if other != pk]
        if others:
            place = (attribute, channel, locale)
            twins.found.setdefault(pk, {})[place] = list(dict.fromkeys(others))[:_SHOWN]
    return twins


def _attributes(rules: list[Rule], structure: Structure) -> dict[str, bool]:
    """Return {attribute whose texts any rule compares: whether they are rich}."""
    names: set[str] = set()
    for rule in (r for r in rules if r.kind == "duplicate"):
        names.update(rule.attributes)
        roles = rule.roles or (() if rule.attributes else USUAL_ROLES["duplicate"])
        names.update(a.code for a in structure.attributes.values() if a.role in roles)
    known = {name: structure.attributes[name] for name in names if name in structure.attributes}
    return {name: attribute.kind == "richtext" for name, attribute in known.items()}


def _prints(draft: DraftState, attributes: dict[str, bool]):
    for locale, held in draft.values.items():
        for attribute in attributes.keys() & held.keys():
            rich = attributes[attribute]
            for channel, data in held[attribute].items():
                if isinstance(data, str) and len(plain_text(data) if rich else data) >= _SHORTEST:
                    yield (draft.id, attribute, channel, locale, fingerprint(data, rich=rich))
