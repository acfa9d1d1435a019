"""One batch of products on its way to listings: everything read, nothing written."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import NamedTuple
from uuid import UUID

from pim import published
from pim.published import Structure
from syndication.models import LIVE, REMOVED, WITHHELD, Listing

from .listings_around import Link, Surroundings, media_in_fields
from .listings_body import View, views_of
from .listings_facts import FactSheet, fact_sheet
from .listings_reads import Reads, by_entity, reads_of
from .listings_subjects import ITEM, MODEL, Subject, reasons_withheld, subjects


class Key(NamedTuple):
    """Which listing a row is."""

    product_id: int
    channel: str
    audience: str
    locale: str


class Row(NamedTuple):
    """What a listing row says, apart from when and under which number it was written."""

    uuid: UUID
    identifier: str
    role: str
    parent_id: int | None
    root_id: int
    family: str
    name: str
    image: str
    slug: str
    gtin: str
    state: str
    reasons: list
    digest: str
    facts_digest: str

    @property
    def shown(self) -> tuple:
        """Return what a reader of feeds can tell apart."""
        return (self.digest, self.facts_digest) if self.state == LIVE else ("", "")


class Kept(NamedTuple):
    """A row as the database has it."""

    row: Row
    sequence: int


KEPT_FIELDS = ("product_id", "channel", "audience", "locale", *Row._fields, "sequence")


class Outcome(NamedTuple):
    """What a batch comes to: rows by key, the texts they name, categories, GTINs, versions."""

    rows: dict[Key, Row]
    texts: dict[str, str]
    categories: set[tuple[str, int, str]]
    packed: set[tuple[str, str, int, str]]
    versions: dict[int, int]


@dataclass(frozen=True)
class Batch:
    """The products of one batch and what was read of them; `as_of` is a moment in the past."""

    structure: Structure
    ids: tuple[int, ...]
    at: datetime
    as_of: datetime | None = None

    @cached_property
    def subjects(self) -> dict[int, Subject]:
        past = self.as_of is not None
        found = (
            published.snapshots_as_of(self.ids, self.as_of)
            if past
            else (published.snapshots(self.ids))
        )
        return subjects(found, self.ids)

    @cached_property
    def reads(self) -> dict[int, Reads]:
        return {i: reads_of(s, self.structure) for i, s in self.subjects.items()}

    @cached_property
    def uses(self) -> set[tuple[int, str, str]]:
        """Return the rows of `Use` that the batch should have."""
        return {use for i, reads in self.reads.items() for use in reads.uses(i)}

    @cached_property
    def kept(self) -> dict[Key, Kept]:
        """Return the rows that there are."""
        rows = Listing.objects.filter(product_id__in=self.ids).order_by()
        return {
            Key(*row[:4]): Kept(Row(*row[4:-1]), row[-1]) for row in rows.values_list(*KEPT_FIELDS)
        }

    @cached_property
    def views(self) -> dict[str, list[View]]:
        return {code: views_of(self.structure, code) for code in self.structure.channels}

    @cached_property
    def reasons(self) -> dict[tuple[int, str], list[dict]]:
        """Return why each (product, channel) is not shown; [] where it is."""
        channels = self.structure.channels
        found = {
            (s.id, channel): reasons_withheld(s, channel, self.structure)
            for s in self.subjects.values()
            for channel in channels
        }
        models = [s for s in self.subjects.values() if s.role == MODEL]
        sold = self._sold(found, models)
        for model in models:
            for channel in channels:
                if not found[model.id, channel] and (model.id, channel) not in sold:
                    found[model.id, channel] = [{"code": "no_live_variants"}]
        return found

    def _sold(self, found: dict, models: list[Subject]) -> set[tuple[int, str]]:
        """Return the (model, channel) pairs that have a live variant, in the batch or out of it."""
        sold = {
            (above.id, channel)
            for (product_id, channel), reasons in found.items()
            if not reasons and self.subjects[product_id].role == ITEM
            for above in self.subjects[product_id].line[1:]
        }
        elsewhere = set(published.descendants([m.id for m in models])) if models else set()
        rows = Listing.objects.filter(
            product_id__in=elsewhere - set(self.subjects), role=ITEM, state=LIVE
        )
        for channel, parent, root in rows.values_list("channel", "parent_id", "root_id").distinct():
            sold |= {(parent, channel), (root, channel)}
        return sold

    @cached_property
    def around(self) -> Surroundings:
        """Return the assets, records and links that the batch reads."""
        wanted = by_entity({code for reads in self.reads.values() for code in reads.records})
        records = published.records(wanted) if wanted else {}
        links = self._links()
        assets = {code for reads in self.reads.values() for code in reads.assets}
        assets.update(self._assets_of(records))
        assets.update(link.image for held in links.values() for link in held.values() if link.image)
        return Surroundings(
            published.assets(assets, at=self.as_of or self.at) if assets else {}, records, links
        )

    def _assets_of(self, records: Mapping) -> Iterator[str]:
        for (entity, _code), record in records.items():
            for field, by_locale in record.values.items():
                for data in by_locale.values():
                    yield from media_in_fields({field: data}, entity, self.structure)

    def _links(self) -> dict[tuple[str, str, str], dict[str, Link]]:
        uuids = {uuid for reads in self.reads.values() for uuid in reads.products}
        if not uuids:
            return {}
        audiences = {v.audiences[0] for views in self.views.values() for v in views}
        rows = Listing.objects.filter(uuid__in=uuids, audience__in=audiences, state=LIVE)
        links: dict[tuple[str, str, str], dict[str, Link]] = {}
        fields = ("channel", "audience", "locale", "uuid", *Link._fields)
        for *context, uuid, identifier, slug, name, image in rows.order_by().values_list(*fields):
            held = links.setdefault(tuple(context), {})
            held[str(uuid)] = Link(identifier, slug, name, image)
        return links

    @cached_property
    def slugs(self) -> dict[tuple[int, str], str]:
        """Return the slugs that were given before, {(product, locale): slug}."""
        return {(k.product_id, k.locale): v.row.slug for k, v in self.kept.items() if v.row.slug}

    def outcome(self) -> Outcome:
        """Return the rows that the batch should have, and the bodies that they name."""
        out = Outcome(
            {}, {}, set(), set(), {i: s.product.version for i, s in self.subjects.items()}
        )
        facts = {code: self._facts(code) for code in self.structure.channels}
        for subject in self.subjects.values():
            if subject.trouble == "not_published":
                continue
            for channel in self.structure.channels:
                self._list(subject, channel, facts[channel], out)
        for key, kept in self.kept.items():
            if key not in out.rows and kept.sequence:
                out.rows[key] = _removed(kept.row, self._why_gone(key))
        return out

    def _facts(self, channel: str) -> FactSheet:
        shown = [i for i in self.subjects if not self.reasons[i, channel]]
        audiences = self.structure.channels[channel].audiences
        return fact_sheet(channel, audiences=audiences, ids=shown, at=self.at)

    def _list(self, subject: Subject, channel: str, facts: FactSheet, out: Outcome) -> None:
        reasons = self.reasons[subject.id, channel]
        if subject.trouble == "withdrawn":
            return
        for view in self.views[channel]:
            if reasons:
                self._withhold(subject, view, reasons, out)
            else:
                self._show(subject, view, facts, out)
        if not reasons:
            out.categories.update(_closure(subject, channel, self.structure))

    def _withhold(self, subject: Subject, view: View, reasons: list, out: Outcome) -> None:
        slug = self.slugs.get((subject.id, view.locale), "")
        for audience in view.audiences:
            key = Key(subject.id, view.channel, audience, view.locale)
            out.rows[key] = Row(
                *subject.who, "", "", slug, "", WITHHELD, reasons, "", ""
            )  # fmt: skip

    def _show(self, subject: Subject, view: View, facts: FactSheet, out: Outcome) -> None:
        slug = self.slugs.get((subject.id, view.locale), "")
        built = view.build(subject, self.around, slug=slug)
        self.slugs[subject.id, view.locale] = built.slug
        out.texts[built.digest] = built.text
        for audience in view.audiences:
            out.packed.update((view.channel, audience, subject.id, g) for g in built.packed)
            digest, text = facts.of(subject.id, audience)
            if digest:
                out.texts[digest] = text
            out.rows[Key(subject.id, view.channel, audience, view.locale)] = Row(
                *subject.who,
                built.name, built.image, built.slug, built.gtin,
                LIVE, [], built.digest, digest,
            )  # fmt: skip

    def _why_gone(self, key: Key) -> str:
        subject = self.subjects.get(key.product_id)
        if subject is None:
            return "deleted"
        return subject.trouble if subject.trouble != "" else "context_closed"


def _removed(row: Row, reason: str) -> Row:
    return row._replace(
        name="", image="", gtin="", state=REMOVED, reasons=[{"code": reason}],
        digest="", facts_digest="",
    )  # fmt: skip


def _closure(
    subject: Subject, channel: str, structure: Structure
) -> Iterable[tuple[str, int, str]]:
    """Yield (channel, product, category) for its categories and all above them in the tree."""
    tree = structure.channels[channel].tree
    for code in subject.categories:
        found = structure.categories.get(code)
        if found and (not tree or tree in found.path):
            start = found.path.index(tree) if tree else 0
            yield from ((channel, subject.id, above) for above in found.path[start:])
