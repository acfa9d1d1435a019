"""What a page of products is made of, read set-wise: from drafts, or from published versions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from pim import published
from pim.content.rights import Holding, Rights
from pim.content.snapshot import any_tie
from pim.models import MODEL, Product
from pim.queries.drafts import read_drafts
from pim.queries.rights import visible_products
from pim.queries.structure import load_structure

# What a page selects of each product before its content is read.
COLUMNS = (
    "id", "uuid", "identifier", "row_version", "parent_id", "parent__row_version",
    "parent__parent_id", "parent__parent__row_version", "created_at", "updated_at",
)  # fmt: skip


@dataclass(slots=True)
class Content:
    """One product with what it inherits; `chain` is [(identifier, values)], itself first.

    `state` is its own `DraftState`, or of the same form its published state; `versions` tells
    one state of product and ancestors from another. `parent` is the model above, None also
    where the reader does not see it; `above` are the categories it stands in. `holding` are
    the reader's rights on the product, None where nothing is limited.
    """

    state: object
    chain: list[tuple[str, dict]]
    categories: list[str]
    associations: dict[str, dict]
    created: datetime
    updated: datetime
    versions: str
    parent: str | None
    above: list[str]
    holding: Holding | None = None


@dataclass(slots=True)
class PublishedState:
    """A published snapshot in the form of a draft."""

    id: int
    uuid: str
    identifier: str
    role: str
    family: str
    family_variant: str
    parent: str | None
    parent_id: int | None
    enabled: bool
    categories: list[str]
    groups: list[str]
    associations: dict[str, dict]
    values: dict = field(default_factory=dict)
    number: int = 0


def readable(products: QuerySet, *, published_only: bool) -> QuerySet:
    """Return the rows of products as pages read them; only what is published where asked."""
    products = products.order_by("id")
    if not published_only:
        return products.values(*COLUMNS)
    products = products.filter(version__isnull=False, withdrawn=False)
    # When it came to readers: a product that is brought back has its old version.
    moment = Coalesce("published__updated_at", "version__at")
    return products.annotate(published_at=moment).values(*COLUMNS, "published_at")


def read_contents(rows: Sequence[dict], *, published_only: bool, rights: Rights) -> list[Content]:
    """Return the content of every row, in a number of queries that does not depend on it.

    Categories that the rights do not show are left out; values go by `holding`.
    """
    ids = {
        pk
        for row in rows
        for pk in (row["id"], row["parent_id"], row["parent__parent_id"])
        if pk is not None
    }
    states = _published(row["id"] for row in rows) if published_only else read_drafts(ids)
    contents = [_content(row, states) for row in rows if row["id"] in states]
    if not rights.unlimited:
        _limit(contents, rights)
    return contents


def _limit(contents: list[Content], rights: Rights) -> None:
    structure = load_structure()
    for content in contents:
        content.holding = rights.on(content.categories, structure)
        shown = [code for code in content.categories if rights.category(code, structure)]
        content.categories = shown
        if content.parent and not rights.on(content.above, structure).level:
            content.parent = None


def names_of(uuids: set[str], rights: Rights) -> dict[str, tuple[str, bool]]:
    """Return {uuid: (identifier, is a model)} of the products that the rights show."""
    if not uuids:
        return {}
    shown = visible_products(Product.objects.filter(uuid__in=uuids), rights)
    rows = shown.values_list("uuid", "identifier", "role")
    return {str(other): (name, role == MODEL) for other, name, role in rows}


def _content(row: dict, states: dict) -> Content:
    state = states[row["id"]]
    chain = [state]
    while chain[-1].parent_id and len(chain) < 3 and chain[-1].parent_id in states:
        chain.append(states[chain[-1].parent_id])
    return Content(
        state=state,
        chain=[(s.identifier, s.values) for s in chain],
        categories=sorted({code for s in chain for code in s.categories}),
        associations=_ties(chain),
        created=row["created_at"],
        updated=row.get("published_at") or row["updated_at"],
        versions=_versions(row, chain),
        parent=state.parent,
        above=[code for s in chain[1:] for code in s.categories],
    )


def _ties(chain: list) -> dict[str, dict]:
    """Return the ties of a product and its ancestors together, its own first."""
    if len(chain) == 1:
        return chain[0].associations
    found: dict[str, dict] = {}
    for state in chain:
        for code, ties in state.associations.items():
            held = found.setdefault(code, {"products": {}, "groups": {}})
            for other, quantity in ties.get("products", ()):
                held["products"].setdefault(other, quantity)
            held["groups"].update(dict.fromkeys(ties.get("groups", ())))
    together = {
        code: {"products": list(held["products"].items()), "groups": list(held["groups"])}
        for code, held in found.items()
    }
    return {code: ties for code, ties in together.items() if any_tie(ties)}


def _versions(row: dict, chain: list) -> str:
    if isinstance(chain[0], PublishedState):
        return "-".join(f"p{state.number}" for state in chain)
    numbers = ("row_version", "parent__row_version", "parent__parent__row_version")
    return "-".join(str(row[name]) for name in numbers if row[name] is not None)


def _published(ids: Iterable[int]) -> dict[int, PublishedState]:
    return {
        pk: PublishedState(
            id=pk,
            uuid=found.uuid,
            parent_id=found.parent_id,
            number=found.version,
            **{
                name: found.snapshot[name]
                for name in (
                    "identifier", "role", "family", "family_variant", "parent", "enabled",
                    "categories", "groups", "associations", "values",
                )
            },
        )
        for pk, found in published.snapshots(ids).items()
        if found.live
    }  # fmt: skip
