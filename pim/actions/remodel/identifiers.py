"""Renaming products: their identifiers, and those that versions of their variants name."""

from collections.abc import Iterable

from django.db.models import Q

from pim.actions.products import ProductWrite, WriteResult, write_products
from pim.content.refusals import InvalidValue, Refused, _
from pim.importing.report import CHANGED, Place
from pim.models import Product
from pim.queries.drafts import chunks

from .change import Change
from .operations import PART, Operation

MOST = 100_000


class RenameIdentifiers(Change):
    """Renames products in their snapshots and in those of their variants."""

    def __init__(self, names: dict[str, str]):
        self.names = names

    def codes(self, snapshot: dict) -> dict:
        found = {
            key: self.names[snapshot[key]]
            for key in ("identifier", "parent")
            if snapshot[key] in self.names
        }
        return {**snapshot, **found} if found else snapshot


class RenameProducts(Operation):
    """Gives products other identifiers; `names` is {old: new}. The old ones stay understood."""

    code = "rename_products"
    label = _("Rename products")
    asks = {"names": "identifiers"}

    def check(self) -> None:
        names = self.params["names"]
        if not isinstance(names, dict) or len(names) > MOST:
            raise InvalidValue(
                _("Name up to %(limit)s products as old and new identifier."),
                code="bad_names",
                field="names",
                limit=MOST,
            )
        if len(set(names.values())) < len(names):
            raise InvalidValue(
                _("Two products would get the same identifier."), code="twice", field="names"
            )
        self.ids: dict[str, int] = {}
        for part in chunks(names, PART):
            rows = Product.objects.filter(identifier__in=part)
            self.ids.update(rows.values_list("identifier", "id"))

    def affected(self):
        ids = sorted(self.ids.values())
        below = set()
        for part in chunks(ids, PART):
            rows = Product.objects.filter(Q(parent_id__in=part) | Q(parent__parent_id__in=part))
            below |= set(rows.values_list("id", flat=True))
        return sorted({*ids, *below})

    def restructure(self) -> None:
        refused = 0
        for part in chunks(self.params["names"].items(), PART):
            refused += self._write(part)
        if refused:
            raise Refused(
                _("%(count)s products cannot be renamed; the report says why."),
                code="not_renamed",
                field="names",
                count=refused,
            )

    def _write(self, part: list[tuple[str, str]]) -> int:
        uuids = dict(
            Product.objects.filter(id__in=[self.ids[old] for old, _new in part if old in self.ids])
            .values_list("identifier", "uuid")
        )  # fmt: skip
        writes = [ProductWrite(new, uuid=str(uuids[old])) for old, new in part if old in uuids]
        results = write_products(writes, mode="update", reason=self.title(), **self.how)
        for old, _new in part:
            if old not in uuids:
                unknown = Refused(_("There is no such product."), code="unknown_product")
                self.report.refuse("products", Place("", 0, old), [("", unknown)])
        self._tell(results)
        refused = [r for r in results if r.outcome == "refused"]
        for result in refused:
            place = Place("", 0, result.identifier)
            self.report.refuse("products", place, [(r.field, r) for r in result.refusals])
        return len(refused) + len(part) - len(uuids)

    def _tell(self, results: Iterable[WriteResult]) -> None:
        """Count and show what was renamed: a preview by the names that stay."""
        for result in results:
            if result.outcome == "changed":
                old, new = result.differences["@identifier"]
                self.report.count("products", CHANGED)
                self.show(old if self.how["job"].dry_run else new, result.differences)

    def change(self) -> Change:
        return RenameIdentifiers(self.params["names"])

    def aliases(self):
        return [("product", "", old, new) for old, new in self.params["names"].items()]

    def told(self):
        return None

    def title(self) -> str:
        names = self.params["names"]
        first = next(iter(names), "")
        more = f" (+{len(names) - 1})" if len(names) > 1 else ""
        return f"{first} → {names.get(first, '')}{more}"

    def undoing(self) -> dict:
        back = {new: old for old, new in self.params["names"].items()}
        return {"operation": self.code, "params": {"names": back}}
