"""Which design tokens an output is rendered with: its brand's as put into use, and its own."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Q

from pim import files
from pim.published import structure
from syndication.models import Brand, BrandChange, Output
from syndication.models.brands import CREATED, USED
from syndication.registry import output_kind, targets
from syndication.rendering.faces import aliased, lay_ready
from syndication.rendering.tokens import merged, tokens_digest

LOOKS_KEPT = 20


def tokens_of(output: Output, *, overrides: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return the tokens of an output: the house's, its brand's in use, its own overrides.

    An output that names no brand has the default one. Drafts of brands never come in here.
    """
    own = overrides if overrides is not None else (output.options or {}).get("tokens")
    brand = output.brand if output.brand_id else default_brand()
    return look_of(brand.tokens if brand else None, own)


def house_tokens() -> dict[str, Any]:
    """Return the tokens of what belongs to no output: the default brand's."""
    brand = default_brand()
    return look_of(brand.tokens if brand else None)


def default_brand() -> Brand | None:
    """Return the brand of outputs that name none, None where there is no brand at all."""
    return Brand.objects.filter(is_default=True).first()


def flat(document: dict[str, Any]) -> dict[str, Any]:
    """Return a brand's document as tokens: of the logos, the digests of their bytes."""
    logos = {name: (document.get(name) or {}).get("sha256", "") for name in ("logo", "logo_dark")}
    return {**document, **logos}


def look_of(document: dict[str, Any] | None, own: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return the tokens of a brand's document and an output's own, its fonts ready to be used."""
    tokens = merged(flat(document) if document else None, own)
    shelf = files.assets()
    lay_ready(tokens["faces"], lambda sha256: shelf.local(files.name_of(sha256)))
    return aliased(tokens)


def spoken(tokens: dict[str, Any], locales: Iterable[str]) -> dict[str, Any]:
    """Return the tokens with the tagline as it is said in these locales and in no other: where
    one says nothing, the nearest of those that it falls back to.
    """
    said, wanted = tokens.get("tagline") or {}, list(locales)
    if isinstance(said, str):
        return tokens
    silent = bool(said) and not all(said.get(code) for code in wanted)
    chains = {code: structure().chain(code) if silent else (code,) for code in wanted}
    found = {c: next(filter(None, map(said.get, chain)), "") for c, chain in chains.items()}
    return {**tokens, "tagline": {code: text for code, text in found.items() if text}}


def looks_served(outputs: Iterable[Output]) -> Iterator[dict[str, Any]]:
    """Yield the tokens of outputs as they are, and as they lately were: pages stay in caches."""
    outputs, default = list(outputs), default_brand()
    yield from map(tokens_of, outputs)
    used = BrandChange.objects.filter(action__in=(CREATED, USED)).order_by("-id")
    for change in used[:LOOKS_KEPT]:
        for output in outputs:
            if change.brand_id == (output.brand_id or (default.pk if default else None)):
                yield look_of(change.tokens, (output.options or {}).get("tokens"))


def tokens_read(tokens: dict[str, Any], names: Iterable[str] | None) -> dict[str, Any]:
    """Return those of the tokens that a kind says it reads (None: all)."""
    return tokens if names is None else {name: tokens.get(name) for name in names}


def look_digest(output: Output) -> str:
    """Return the digest of the tokens that an output's files show, "" where they show none."""
    kind = output_kind(output.kind) if output.kind in targets() else None
    if kind is None or kind.fragment_tokens == kind.assembly_tokens == ():
        return ""
    every = None in (kind.fragment_tokens, kind.assembly_tokens)
    names = None if every else (*kind.fragment_tokens, *kind.assembly_tokens)
    return tokens_digest(tokens_read(tokens_of(output), names))


def outputs_with(brand: Brand):
    """Return the outputs that are rendered with a brand, those that name none with the default."""
    mine = Q(brand=brand) | Q(brand=None) if brand.is_default else Q(brand=brand)
    return Output.objects.filter(mine).order_by("code")


def touched_by(brand: Brand, changed: set[str]) -> list[Output]:
    """Return the outputs whose files show any of the named tokens of a brand."""
    return [o for o in outputs_with(brand) if o.kind in targets() and _shows(o, changed)]


def _shows(output: Output, changed: set[str]) -> bool:
    kind = output_kind(output.kind)
    steps = (kind.fragment_tokens, kind.assembly_tokens)
    return any(names is None or changed & set(names) for names in steps)
