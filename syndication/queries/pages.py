"""What public pages read: landing outputs, live listings by slug, GTIN or uuid, and their units."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings
from django.db.models import Q

from pim import published
from syndication.contract import Facts, Labels, Listing, RenderContext, Unit
from syndication.models import (
    LIVE,
    ChannelSequence,
    ContextDocument,
    ListingBody,
    ListingCategory,
    ListingGtin,
    Output,
)
from syndication.models import Listing as Row
from syndication.registry import output_kind

from .brands import spoken, tokens_of

TAIL_PARTS = 8
SHEETS = "data_sheet"
# Parsed label documents of this process, by digest: they are large and seldom change.
KEPT_LABELS = 16
_labels: dict[str, Labels] = {}


@dataclass(frozen=True)
class Site:
    """One landing output and the locales it has; reads only live listings of its context.

    `sheets` are the public outputs of data sheets of its channel, its own audience's first.
    """

    output: Output
    sheets: tuple[Output, ...] = ()

    @property
    def locales(self) -> list[str]:
        return self.output.locales

    @cached_property
    def tokens(self) -> dict[str, Any]:
        """The design tokens of the output: its brand's, and its own."""
        return tokens_of(self.output)

    def locale(self, asked: str) -> str | None:
        """Return the output's locale for a code in any spelling ("de_DE", "de-de"), or None."""
        wanted = asked.replace("_", "-").lower()
        return next((code for code in self.locales if code.lower() == wanted), None)

    def rows(self, **filters):
        """Return the listings of the output's channel and audience."""
        return Row.objects.filter(
            channel=self.output.channel, audience=self.output.audience, **filters
        )

    def labels(self, locale: str) -> Labels | None:
        """Return the labels of a locale, None before its first listings are built."""
        rows = ContextDocument.objects.filter(channel=self.output.channel, locale=locale)
        digest = rows.values_list("digest", flat=True).first()
        if digest and digest not in _labels:
            while len(_labels) >= KEPT_LABELS:
                _labels.popitem()
            row = rows.get()
            digest, _labels[row.digest] = row.digest, Labels(row.digest, orjson.loads(row.body))
        return _labels.get(digest)

    def context(self, locale: str) -> RenderContext | None:
        """Return the context in which pages of a locale are rendered, None without labels."""
        labels = self.labels(locale)
        if labels is None:
            return None
        wanted = {"labels": {locale: labels}, "locales": (locale,), "tokens": self.says(locale)}
        return render_context(self.output, **wanted)

    def says(self, locale: str) -> dict[str, Any]:
        """Return the design tokens with the texts of the brand in a locale."""
        return spoken(self.tokens, [locale])


def render_context(
    output: Output,
    *,
    labels: dict[str, Labels],
    locales: tuple[str, ...],
    tokens: dict[str, Any],
) -> RenderContext:
    """Return what a page of an output may know; the same as in an edition, without files."""
    defaults = {option.code: option.default for option in output_kind(output.kind).options}
    options: dict[str, Any] = {**defaults, **(output.options or {})}
    return RenderContext(
        output=output.code,
        kind=output.kind,
        channel=output.channel,
        audience=output.audience,
        locales=locales,
        labels=labels,
        options=options,
        tokens=tokens,
        public_url=settings.PUBLIC_URL,
        assets=None,
        scratch=Path(),
    )


def public_outputs(**filters) -> list[Output]:
    """Return the enabled outputs that everybody may see: those of public audiences."""
    rows = Output.objects.filter(enabled=True, **filters).select_related("brand")
    outputs = list(rows.order_by("code"))
    sequences = ChannelSequence.objects.filter(channel__in={o.channel for o in outputs})
    public = {
        (row.channel, audience)
        for row in sequences
        for audience, is_public in row.contexts.get("audiences", [])
        if is_public
    }
    return [output for output in outputs if (output.channel, output.audience) in public]


def landing_sites() -> list[Site]:
    """Return the sites that landing pages are served from, in the order they are tried."""
    outputs = public_outputs(kind__in=("landing", SHEETS))
    return [Site(o, _sheets(o, outputs)) for o in outputs if o.kind == "landing"]


def _sheets(page: Output, outputs: list[Output]) -> tuple[Output, ...]:
    found = [o for o in outputs if o.kind == SHEETS and o.channel == page.channel]
    return tuple(sorted(found, key=lambda o: o.audience != page.audience))


def units(site: Site, root_id: int, locale: str) -> Unit | None:
    """Return the root with its live variants as one unit, None when the root is not live."""
    rows = list(site.rows(locale=locale, root_id=root_id, state=LIVE).order_by("product_id"))
    rows.sort(key=lambda row: row.product_id != root_id)
    if not rows or rows[0].product_id != root_id:
        return None
    bodies = load_bodies({d for row in rows for d in (row.digest, row.facts_digest) if d})
    members = [row for row in rows if row.product_id == root_id or row.role == "item"]
    listings = tuple(Listing(r.product_id, r.digest, bodies[r.digest]) for r in members)
    facts = {r.identifier: _facts(bodies[r.facts_digest]) for r in members if r.facts_digest}
    return Unit(root_id, {locale: listings}, facts)


def load_bodies(digests: set[str]) -> dict[str, dict]:
    """Return parsed bodies by digest."""
    rows = ListingBody.objects.filter(digest__in=digests).values_list("digest", "body")
    return {digest: orjson.loads(body) for digest, body in rows}


def pictured(rows: Iterable[Row]) -> dict[int, Row]:
    """Return {product: the listing whose picture stands for it}; a model may borrow a variant's."""
    found = {row.product_id: row for row in rows}
    bare = [row for row in rows if not row.image and row.role == "model"]
    if bare:
        context = {name: getattr(bare[0], name) for name in ("channel", "audience", "locale")}
        variants = Row.objects.filter(
            **context, state=LIVE, root_id__in=[row.product_id for row in bare]
        )
        for variant in variants.exclude(image="").order_by("-product_id"):
            found[variant.root_id] = variant
    return found


def _facts(body: dict) -> Facts:
    return Facts(tuple(body.get("prices") or ()), body.get("availability"))


def paths_by_locale(site: Site, product_id: int) -> dict[str, str]:
    """Return {locale: slug} of a product where it is live, in the order of the output."""
    rows = site.rows(product_id=product_id, state=LIVE, locale__in=site.locales)
    found = dict(rows.values_list("locale", "slug"))
    return {locale: found[locale] for locale in site.locales if locale in found}


def find_moved(site: Site, slug: str) -> int | None:
    """Return the product that a slug of another locale, or an older name, speaks of.

    A slug ends with the article number; the longest tail that is one decides.
    """
    known = site.rows(slug=slug).exclude(slug="").values_list("product_id", flat=True).first()
    if known is not None:
        return known
    parts = re.split(r"-", slug)[-TAIL_PARTS:]
    tails = ["-".join(parts[n:]) for n in range(len(parts))]
    spellings = {spelling for tail in tails for spelling in (tail, tail.upper(), tail.lower())}
    spellings |= set(published.current_codes("product", spellings))
    rows = site.rows(identifier__in=spellings | {slug}).values_list("product_id", "identifier")
    longest = max(rows, key=lambda row: len(row[1]), default=None)
    return longest[0] if longest else None


def find_gtin(site: Site, gtin14: str) -> int | None:
    """Return the live product with that GTIN, of its own or of a level of its packaging."""
    spellings = {gtin14, *(gtin14[cut:] for cut in (1, 2, 6) if set(gtin14[:cut]) == {"0"})}
    rows = site.rows(gtin__in=spellings, state=LIVE).order_by("product_id")
    own = rows.values_list("product_id", flat=True).first()
    if own is not None:
        return own
    here = {"channel": site.output.channel, "audience": site.output.audience}
    packed = ListingGtin.objects.filter(**here, gtin=gtin14).values("product_id")
    rows = site.rows(product_id__in=packed, state=LIVE).order_by("product_id")
    return rows.values_list("product_id", flat=True).first()


def overview(site: Site, locale: str, *, category: str = ""):
    """Return the live roots of a locale, of one category (and below) where one is given."""
    rows = site.rows(locale=locale, state=LIVE).filter(Q(parent_id=None))
    if category:
        inside = ListingCategory.objects.filter(channel=site.output.channel, category=category)
        rows = rows.filter(product_id__in=inside.values("product_id"))
    return rows.order_by("name", "product_id")


def alternatives(site: Site, product_id: int, locale: str, *, limit: int = 8) -> list[Row]:
    """Return live products to offer instead of one that has left: of its categories, else any."""
    shared = ListingCategory.objects.filter(channel=site.output.channel, product_id=product_id)
    near = ListingCategory.objects.filter(
        channel=site.output.channel, category__in=shared.values("category")
    )
    rows = overview(site, locale)
    return list(rows.filter(product_id__in=near.values("product_id"))[:limit]) or list(rows[:limit])


def live_slugs(site: Site, locale: str):
    """Return the slugs of all live products of a locale, in a stable order."""
    rows = site.rows(locale=locale, state=LIVE).exclude(slug="")
    return rows.order_by("product_id").values_list("slug", flat=True)
