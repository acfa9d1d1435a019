"""Translations as worklists: what is missing or outdated in a locale, unit by unit."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from hashlib import blake2b

from django.db.models import QuerySet

from pim.content.protecting import parts_of, words_of
from pim.content.refusals import InvalidValue, UnknownCode, _
from pim.content.rights import EVERYTHING, Holding, Level, Rights
from pim.content.states import shown, state_of
from pim.content.structure import AttributeDef, Structure
from pim.models import OutdatedTranslation, TranslationMemory

from .drafts import DraftState, chunks, read_drafts
from .rights import rights_on
from .structure import load_structure

MISSING, CURRENT, OUTDATED = "missing", "current", "outdated"
STATES = (MISSING, OUTDATED, CURRENT)
TEXTS = frozenset({"text", "textarea", "richtext"})
CHUNK = 200
LIKE, LOOKED_AT, PROPOSED = 0.7, 200, 3

Proposal = tuple[int, str, str]  # (per cent alike, source text, translation)


@dataclass(frozen=True, slots=True)
class Unit:
    """One text to translate: `before` is the source that an outdated translation was made from."""

    product: int
    uuid: str
    identifier: str
    row_version: int
    attribute: str
    channel: str
    source: str
    target: str
    state: str
    before: str = ""
    rich: bool = False

    @property
    def key(self) -> str:
        """Return what names the unit within its product."""
        return f"{self.attribute}:{self.channel}"


def units(
    ids: Iterable[int],
    *,
    source: str,
    target: str,
    states: Iterable[str] = (MISSING, OUTDATED),
    attributes: Iterable[str] = (),
    rights: Rights = EVERYTHING,
) -> Iterator[Unit]:
    """Yield the units of the products in those states, product by product.

    Own source texts only: what a variant inherits is translated once, at its model. What the
    rights do not let the person edit in the target locale is left out.
    """
    structure = load_structure()
    wanted, only = set(states), set(attributes)
    for part in chunks(ids, CHUNK):
        drafts = read_drafts(part)
        old = _outdated(part, target)
        held = rights_on(part, rights)
        for pk in part:
            if pk not in drafts:
                continue
            for unit in _of_product(drafts[pk], structure, source, target, old):
                attribute = structure.attributes[unit.attribute]
                allowed = _allowed(held[pk], attribute, unit.channel, source, target)
                if unit.state in wanted and allowed and (not only or unit.attribute in only):
                    yield unit


def source_of(target: str, structure: Structure, *, asked: str = "") -> str:
    """Return what a locale is translated from; raise where that is nothing, or itself."""
    if target not in structure.locales:
        raise UnknownCode(what="locale", name=target, field="target")
    source = asked or structure.locales[target].source
    if source not in structure.locales or source == target:
        raise InvalidValue(
            _("Say which locale %(target)s is translated from."),
            code="no_source",
            field="source",
            target=target,
        )
    return source


def proposals(
    waiting: Sequence[Unit], *, source: str, target: str, rights: Rights
) -> list[list[Proposal]]:
    """Return what the memory holds for each of the units, best first.

    What was translated to the letter is found by one query for all, what is only alike by one
    each. The memory knows no roles: who has limits is proposed what the text that they see was
    translated as, and no text that is only like it.
    """
    rows = TranslationMemory.objects.filter(source=source, target=target)
    digests = [digest_of(unit.source) for unit in waiting]
    exact = rows.filter(digest__in=digests).values_list("digest", "source_text", "target_text")
    held = {digest: [(100, text, translation)] for digest, text, translation in exact}
    return [
        held.get(digest) or (_near(unit.source, rows, rich=unit.rich) if rights.unlimited else [])
        for unit, digest in zip(waiting, digests, strict=True)
    ]


def _near(text: str, rows: QuerySet, *, rich: bool) -> list[Proposal]:
    words = words_of(parts_of(text, rich=rich))
    count = len(words.split())
    near = rows.filter(words__gte=count * 0.7, words__lte=count * 1.4 + 1)
    pairs = near.order_by("-at").values_list("source_text", "target_text")[:LOOKED_AT]
    rated = [(_alike(words, words_of(parts_of(s, rich=rich))), s, t) for s, t in pairs]
    best = sorted((r for r in rated if r[0] >= LIKE * 100), key=lambda r: -r[0])
    return best[:PROPOSED]


def digest_of(text: str) -> str:
    """Return what a text is found by in the memory."""
    return blake2b(text.encode(), digest_size=16).hexdigest()


def _alike(one: str, other: str) -> int:
    matcher = SequenceMatcher(None, one.casefold(), other.casefold(), autojunk=False)
    if matcher.quick_ratio() < LIKE:
        return 0
    return round(matcher.ratio() * 100)


def _allowed(
    held: Holding, attribute: AttributeDef, channel: str, source: str, target: str
) -> bool:
    """Return whether the person may read the source and write the translation."""
    reads = held.value(attribute, channel, source) >= Level.VIEW
    return reads and held.value(attribute, channel, target) >= Level.EDIT


def _of_product(
    draft: DraftState, structure: Structure, source: str, target: str, old: dict
) -> Iterator[Unit]:
    texts, done = draft.values.get(source, {}), draft.values.get(target, {})
    for code in sorted(texts, key=lambda c: _order(c, structure)):
        attribute = structure.attributes.get(code)
        if attribute is None or not attribute.localizable or attribute.kind not in TEXTS:
            continue
        if attribute.available_locales and target not in attribute.available_locales:
            continue
        for channel, data in sorted(texts[code].items()):
            held = done.get(code, {}).get(channel)
            if not isinstance(shown(data), str) or state_of(held) in ("empty", "na"):
                continue
            before = old.get((draft.id, code, channel), "")
            state = MISSING if not shown(held) else OUTDATED if before else CURRENT
            yield Unit(
                draft.id, draft.uuid, draft.identifier, draft.row_version, code, channel,
                data, shown(held) or "", state, before, attribute.kind == "richtext",
            )  # fmt: skip


def _order(code: str, structure: Structure) -> tuple:
    attribute = structure.attributes.get(code)
    return (attribute.sort if attribute else (), code)


def _outdated(ids: list[int], target: str) -> dict[tuple[int, str, str], str]:
    rows = OutdatedTranslation.objects.filter(product_id__in=ids, locale=target)
    found = rows.values_list("product_id", "attribute__code", "channel", "before")
    return {(pk, code, channel): before for pk, code, channel, before in found}
