"""Subjects: published products as listings see them, their line of parents merged in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

from pim.published import Completeness, Published, Structure, completeness

ITEM, MODEL = "item", "model"


@dataclass(frozen=True)
class Subject:
    """One product with its ancestors, nearest first; `trouble` says why it cannot be listed."""

    product: Published
    line: tuple[Published, ...]
    trouble: str = ""
    chain: tuple = ()
    family: str = ""
    family_variant: str = ""
    categories: frozenset[str] = frozenset()
    groups: tuple[str, ...] = ()
    associations: Mapping[str, Mapping[str, int | None]] = field(default_factory=dict)

    @property
    def id(self) -> int:
        return self.product.id

    @property
    def role(self) -> str:
        return self.product.role

    @cached_property
    def who(self) -> tuple:
        """Return what every row of the product says first; see `listings_batch.Row`."""
        product = self.product
        return (
            UUID(str(product.uuid)), product.identifier, product.role, product.parent_id,
            self.root.id, self.family,
        )  # fmt: skip

    @property
    def root(self) -> Published:
        return self.line[-1]

    @property
    def parent(self) -> Published | None:
        return self.line[1] if len(self.line) > 1 else None


def subjects(found: Mapping[int, Published], ids: Iterable[int]) -> dict[int, Subject]:
    """Return {id: Subject} for those of `ids` that exist; `found` holds their ancestors too."""
    return {i: _subject(_line(found[i], found)) for i in ids if i in found}


def _line(product: Published, found: Mapping[int, Published]) -> tuple[Published, ...]:
    line = [product]
    while (parent := line[-1].parent_id) and parent in found and len(line) < 3:
        line.append(found[parent])
    return tuple(line)


def _subject(line: tuple[Published, ...]) -> Subject:
    trouble = _trouble(line)
    if line[0].snapshot is None:
        return Subject(line[0], line, trouble)
    shots = [p.snapshot for p in line if p.snapshot]
    return Subject(
        product=line[0],
        line=line,
        trouble=trouble,
        chain=tuple((shot["identifier"], shot["values"]) for shot in shots),
        family=_nearest(shots, "family"),
        family_variant=_nearest(shots, "family_variant"),
        categories=frozenset(code for shot in shots for code in shot["categories"]),
        groups=tuple(sorted({code for shot in shots for code in shot["groups"]})),
        associations=_associations(shots),
    )


def _trouble(line: tuple[Published, ...]) -> str:
    own, *ancestors = line
    if own.withdrawn:
        return "withdrawn"
    if own.snapshot is None:
        return "not_published"
    if any(p.withdrawn or p.snapshot is None for p in ancestors):
        return "parent_not_published"
    return "" if all(p.snapshot["enabled"] for p in line) else "disabled"


def _nearest(shots: list[dict], key: str) -> str:
    return next((shot[key] for shot in shots if shot[key]), "")


def _associations(shots: list[dict]) -> dict[str, dict[str, int | None]]:
    """Return {type: {uuid: quantity}}, own targets first, then inherited ones."""
    merged: dict[str, dict[str, int | None]] = {}
    for shot in shots:
        for code, ties in shot["associations"].items():
            held = merged.setdefault(code, {})
            for uuid, quantity in ties.get("products", ()):
                held.setdefault(uuid, quantity)
    return merged


def categories_in(subject: Subject, tree: str, structure: Structure) -> list[str]:
    """Return the subject's categories that lie in the tree, all of them where there is none."""
    kept = structure.__dict__.setdefault("_categories_in", {})
    key = (subject.categories, tree)
    if key not in kept:
        known = (structure.categories.get(code) for code in subject.categories)
        kept[key] = sorted(c.code for c in known if c and (not tree or tree in c.path))
    return kept[key]


def reasons_withheld(subject: Subject, channel: str, structure: Structure) -> list[dict]:
    """Return why the channel does not show the subject, [] when it does.

    What its variants have to say about a model is not asked here.
    """
    here = structure.channels[channel]
    if subject.trouble:
        return [{"code": subject.trouble}]
    if here.tree and not categories_in(subject, here.tree, structure):
        return [{"code": "not_in_tree"}]
    return _gate(subject, channel, structure) if here.gate else []


def _gate(subject: Subject, channel: str, structure: Structure) -> list[dict]:
    found = completeness_of(subject, channel, structure)
    gate = structure.channels[channel].gate
    if found.percent >= gate:
        return []
    missing = [
        {"code": "missing", "attribute": attribute, "locale": locale}
        for attribute, locale in found.missing
    ]
    return [{"code": "incomplete", "percent": found.percent, "gate": gate}, *missing]


def completeness_of(subject: Subject, channel: str, structure: Structure) -> Completeness:
    """Return how complete the published content of the subject is for the channel."""
    return completeness(
        subject.chain,
        family=structure.families.get(subject.family),
        channel=structure.channels[channel],
        structure=structure,
        family_variant=structure.family_variants.get(subject.family_variant),
        level=subject.product.level if subject.role == MODEL else None,
    )
