"""Drafts read set-wise: everything that people edit of many products, in a few queries."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from django.db.models import F, Q, QuerySet

from pim.content.snapshot import compose, digest
from pim.models import Association, Draft, Product

from .structure import Ids, forget_structure, load_structure, structure_ids

_COLUMNS = (
    "id", "uuid", "identifier", "role", "family_id", "family_variant_id", "parent_id",
    "parent__identifier", "level", "enabled", "row_version", "draft_digest", "version_id",
    "withdrawn",
)  # fmt: skip


@dataclass(slots=True)
class DraftState:
    """The whole draft of one product; `values` is locale → attribute → channel → data."""

    id: int
    uuid: str
    identifier: str
    role: str = "item"
    family: str = ""
    family_variant: str = ""
    parent_id: int | None = None
    parent: str | None = None
    level: int = 0
    enabled: bool = True
    row_version: int = 0
    draft_digest: str = ""
    version_id: int | None = None
    withdrawn: bool = False
    categories: list[str] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    associations: dict[str, dict] = field(default_factory=dict)
    values: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)

    def copy(self) -> "DraftState":
        """Return a copy that shares what it holds; whoever changes it puts new things in."""
        return DraftState(*_FIELDS(self))

    def snapshot(self) -> dict:
        """Return the snapshot document of this draft."""
        return compose(
            identifier=self.identifier,
            uuid=self.uuid,
            role=self.role,
            values=self.values,
            family=self.family,
            family_variant=self.family_variant,
            parent=self.parent,
            level=self.level,
            enabled=self.enabled,
            categories=self.categories,
            groups=self.groups,
            associations=self.associations,
        )

    def digest(self) -> str:
        """Return the digest of the whole draft."""
        return digest(self.snapshot())


_FIELDS = attrgetter(*DraftState.__slots__)


def read_drafts(ids: Iterable[int]) -> dict[int, DraftState]:
    """Return {id: DraftState}; the same handful of queries for one product or a thousand."""
    ids = list(ids)
    if not ids:
        return {}
    try:
        return _read(ids)
    except KeyError:
        # Somebody has added to the structure since it was read: what is new is read with it.
        forget_structure()
        return _read(ids)


def _read(ids: list[int]) -> dict[int, DraftState]:
    known = structure_ids(load_structure())
    states = _products(ids, known)
    _fill_values(states)
    _fill_memberships(states, known)
    _fill_associations(states, known)
    return states


def unpublished(queryset: QuerySet | None = None) -> QuerySet:
    """Return the products whose draft differs from their latest version, or that have none."""
    queryset = Product.objects.all() if queryset is None else queryset
    differs = ~Q(draft_digest=F("version__digest"))
    return queryset.filter(Q(version__isnull=True) | differs)


def chunks(ids: Iterable[int], size: int) -> Iterator[list[int]]:
    """Yield lists of at most `size` from any iterable."""
    held: list[int] = []
    for pk in ids:
        held.append(pk)
        if len(held) == size:
            yield held
            held = []
    if held:
        yield held


def _products(ids: list[int], known: Ids) -> dict[int, DraftState]:
    states = {}
    rows = Product.objects.filter(id__among=ids).order_by("id").values_list(*_COLUMNS)
    for pk, uuid, identifier, role, family, variant, *rest in rows:
        states[pk] = DraftState(
            pk,
            str(uuid),
            identifier,
            role,
            known.family_codes[family] if family else "",
            known.variant_codes[variant] if variant else "",
            *rest,
        )
    return states


def _fill_values(states: dict[int, DraftState]) -> None:
    rows = Draft.objects.filter(product_id__among=states).values_list(
        "product_id", "locale", "values"
    )
    for pk, locale, values in rows:
        if values:
            states[pk].values[locale] = values


def _fill_memberships(states: dict[int, DraftState], known: Ids) -> None:
    through = Product.categories.through.objects.filter(product_id__among=states)
    for pk, category in through.values_list("product_id", "category_id"):
        states[pk].categories.append(known.category_codes[category])
    through = Product.groups.through.objects.filter(product_id__among=states)
    for pk, group in through.values_list("product_id", "group_id"):
        states[pk].groups.append(known.group_codes[group])
    for state in states.values():
        state.categories.sort()
        state.groups.sort()


def _fill_associations(states: dict[int, DraftState], known: Ids) -> None:
    rows = Association.objects.filter(source_id__among=states).order_by("sort_order", "id")
    ties: dict[int, dict] = defaultdict(dict)
    for source, kind, target, group, quantity in rows.values_list(
        "source_id", "type_id", "target__uuid", "group_id", "quantity"
    ):
        code = known.association_codes[kind]
        held = ties[source].setdefault(code, {"products": [], "groups": []})
        if target:
            held["products"].append([str(target), quantity])
        else:
            held["groups"].append(known.group_codes[group])
    for pk, found in ties.items():
        states[pk].associations = found
