"""What every remodelling has in common: what it touches, what it changes, how it is taken back."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.db.models import Model

from pim.content.refusals import InvalidValue, UnknownCode, _
from pim.content.structure import AttributeDef, Structure
from pim.importing.report import Report
from pim.models import Attribute, Product
from pim.queries.drafts import chunks
from pim.queries.touched import products_having_attribute

from .change import Change
from .keeping import documents_of, kept_document

PART = 500


class Operation:
    """One remodelling, made from its parameters; `code` names it in jobs and in the API.

    In order: `check`, `restructure`, then the products are rewritten by `change`,
    then `finish`. Whatever changes or deletes rows calls `keep` first; `kept` and `made`
    become what an undo needs.
    """

    code: ClassVar[str]
    label: ClassVar[str]
    # {parameter: what it names}, in the order in which a form asks for them.
    asks: ClassVar[dict[str, str]] = {}
    optional: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, params: dict[str, Any], structure: Structure, report: Report):
        self.params, self.structure, self.report = params, structure, report
        self.kept: list[dict] = []
        self.made: list[Model] = []
        for name in self.asks:
            if name not in self.optional and params.get(name) in (None, "", []):
                raise InvalidValue(
                    _("“%(name)s” is missing."), code="missing", field=name, name=name
                )

    def check(self) -> None:
        """Raise `Refused` where it cannot be done at all."""

    def affected(self) -> Iterable[int]:
        """Return the ids of the products to look at: too many rather than too few."""
        raise NotImplementedError

    def parts(self) -> Iterable[list[int]]:
        """Yield the affected ids in parts that are rewritten together."""
        return chunks(self.affected(), PART)

    def restructure(self) -> None:
        """Change the rows of the structure that the products need to see changed."""

    def change(self) -> Change:
        """Return what happens to values; asked for after `restructure`."""
        return Change()

    def keep(self, rows: Iterable[Model]) -> None:
        """Note how rows are before they are changed or deleted, for an undo."""
        self.kept += documents_of(rows)

    def finish(self) -> None:
        """Take away what no product needs any more."""

    def aliases(self) -> list[tuple[str, str, str, str]]:
        """Return (kind, owner, old, new) of what is to be understood from now on."""
        return []

    def told(self) -> tuple[str, list[str]] | None:
        """Return (kind, codes) for the publication log, None where versions tell it all."""
        raise NotImplementedError

    def differences(self) -> dict:
        """Return {field: [before, after]} for the change log."""
        return {}

    def title(self) -> str:
        """Return one line that says what is done, for lists of jobs and change logs."""
        raise NotImplementedError

    def undoing(self) -> dict:
        """Return the document that an undo works from: rows, changed, made, told, aliases.

        An operation that is taken back by another one returns {"operation", "params"}.
        """
        return {
            **kept_document(self.kept),
            "made": [[m._meta.label, m.pk] for m in self.made],
            "told": self.told(),
            "aliases": self.aliases(),
        }

    def attribute(self, name: str = "attribute") -> AttributeDef:
        """Return the attribute that a parameter names; raise `UnknownCode`."""
        code = self.params[name]
        if code not in self.structure.attributes:
            raise UnknownCode(what="attribute", name=code, field=name)
        return self.structure.attributes[code]

    def attribute_row(self) -> Attribute:
        """Return the row of the attribute."""
        return Attribute.objects.get(pk=self.attribute().id)


def having(attribute: str) -> list[int]:
    """Return the ids of products that may have a value of the attribute, in order."""
    return sorted(products_having_attribute([attribute]))


def everything() -> Iterable[int]:
    """Yield the ids of all products, in order."""
    return Product.objects.order_by("id").values_list("id", flat=True).iterator(chunk_size=2000)
