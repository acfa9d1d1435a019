"""Published products, each with its family: as they are, as they were, as somebody may see them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from pim.content.masks import masked_snapshot
from pim.content.rights import Holding, Level, Rights
from pim.content.snapshot import unpack
from pim.content.structure import Structure
from pim.models import Change, Product

from .rights import rights_on, visible_products
from .structure import load_structure
from .timetravel import versions_as_of


@dataclass(frozen=True, slots=True)
class Published:
    """A product's latest version; `snapshot` is None when it was never published.

    `parent_id` is the parent that the version names, not the draft's.
    """

    id: int
    uuid: str
    identifier: str
    role: str
    parent_id: int | None
    level: int
    version: int
    withdrawn: bool
    snapshot: dict | None
    digest: str = ""

    @property
    def live(self) -> bool:
        """Return whether there is something to be shown."""
        return self.snapshot is not None and not self.withdrawn


def snapshots(ids: Iterable[int]) -> dict[int, Published]:
    """Return {id: Published} of the products and of all their ancestors."""
    found: dict[int, Published] = {}
    wanted = set(ids)
    while wanted:
        fresh = _published(wanted)
        found.update(fresh)
        wanted = {p.parent_id for p in fresh.values() if p.parent_id} - set(found)
    return found


def snapshots_as_of(ids: Iterable[int], moment: datetime) -> dict[int, Published]:
    """Return {id: Published} of the products and all their ancestors, as they were then.

    Raises a `Refused` of code "not_kept" where a version has been let go since.
    """
    found: dict[int, Published] = {}
    wanted = set(ids)
    while wanted:
        past = versions_as_of(wanted, moment)
        parents = _by_identifier(p.snapshot["parent"] for p in past.values() if p.snapshot)
        known = named(past)
        for pk, then in past.items():
            shot = then.snapshot
            parent = parents.get(shot["parent"]) if shot and shot["parent"] else None
            uuid, identifier = known.get(pk, ("", ""))
            what = (
                (shot["identifier"], shot["role"], parent, shot["level"])
                if shot
                else (identifier, "item", None, 0)
            )
            name, role, parent_id, level = what
            found[pk] = Published(
                pk, uuid, name, role, parent_id, level, then.number, then.withdrawn, shot
            )
        wanted = {p.parent_id for p in found.values() if p.parent_id} - set(found)
    return found


def _masked(snapshot: dict, seen: set[str], holding: Holding, structure: Structure) -> dict:
    shown = masked_snapshot(snapshot, holding, structure)
    return shown if shown["parent"] in seen else {**shown, "parent": None}


def snapshots_seen(identifier: str, rights: Rights) -> dict[int, Published]:
    """Return {id: Published} of a product's family without what the rights hide.

    Empty where the product is not there or may not be seen. Variants that may not be seen are
    left out, and so is what names other products.
    """
    rows = visible_products(Product.objects.filter(identifier=identifier), rights)
    row = rows.values_list("id", "parent_id", "parent__parent_id").first()
    if row is None:
        return {}
    root = row[2] or row[1] or row[0]
    found = snapshots([root, *descendants([root])])
    known, held = load_structure(), rights_on(list(found), rights)
    above = {pk for pk in row if pk}
    seen = {one.identifier for pk, one in found.items() if held[pk].level}
    return {
        pk: replace(one, snapshot=_masked(one.snapshot, seen, held[pk], known))
        for pk, one in found.items()
        if one.snapshot is not None and (pk in above or held[pk].level >= Level.VIEW)
    }


def named(ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Return {id: (uuid, identifier)}, also of products that were deleted since."""
    wanted = set(ids)
    rows = Product.objects.filter(id__in=wanted).values_list("id", "uuid", "identifier")
    found = {pk: (str(uuid), identifier) for pk, uuid, identifier in rows}
    if gone := wanted - set(found):
        deleted = Change.objects.filter(product_id__in=gone, action="delete")
        for pk, name, detail in deleted.values_list("product_id", "subject", "detail"):
            found[pk] = (detail["@deleted"][0]["uuid"], name)
    return found


def descendants(ids: Iterable[int]) -> set[int]:
    """Return the ids of everything below the products, themselves left out."""
    ids = list(ids)
    products = Product.objects.order_by().values_list("id", flat=True)
    # Two searches of an index: as one condition with OR, every product would be read.
    below = products.filter(parent_id__among=ids), products.filter(parent__parent_id__among=ids)
    return set(below[0].union(below[1], all=True))


def _published(ids: set[int]) -> dict[int, Published]:
    rows = list(
        Product.objects.filter(id__among=ids).values_list(
            "id", "uuid", "identifier", "role", "level", "withdrawn", "parent_id",
            "parent__identifier", "version__number", "version__digest", "version__snapshot",
        )
    )  # fmt: skip
    found, moved = {}, {}
    for pk, uuid, name, role, level, withdrawn, parent_id, parent, number, text, stored in rows:
        snapshot = unpack(stored) if stored is not None else None
        if snapshot is not None:
            name, role, level = snapshot["identifier"], snapshot["role"], snapshot["level"]
            if snapshot["parent"] is None:
                parent_id = None
            elif snapshot["parent"] != parent:
                moved[pk] = snapshot["parent"]
        found[pk] = (pk, str(uuid), name, role, parent_id, level, number or 0, withdrawn,
                     snapshot, text or "")  # fmt: skip
    elsewhere = _by_identifier(moved.values())
    for pk, parent in moved.items():
        row = found[pk]
        found[pk] = (*row[:4], elsewhere.get(parent, row[4]), *row[5:])
    return {pk: Published(*row) for pk, row in found.items()}


def _by_identifier(names: Iterable[str | None]) -> dict[str, int]:
    names = [name for name in names if name]
    if not names:
        return {}
    return dict(Product.objects.filter(identifier__in=names).values_list("identifier", "id"))
