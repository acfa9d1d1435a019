"""The first phase: which tables there are, what they hold, and what cannot be read."""

from collections.abc import Callable
from dataclasses import dataclass, field

from pim.content.refusals import Refused
from pim.content.structure import Structure

from .foreign import ForeignFile, Target, foreign_tables
from .mapping import mapped
from .recognise import ORDER, STRUCTURE, recognise
from .refusals import FileRefused
from .source import Source
from .tables import Table

PRODUCT_KINDS = ("product_models", "products")


@dataclass
class Plan:
    """The tables in the order in which they are to be applied, and the files left out."""

    tables: list[tuple[str, Table]] = field(default_factory=list)
    refused: list[tuple[str, Refused]] = field(default_factory=list)

    def of(self, *kinds: str) -> list[tuple[str, Table]]:
        """Return the tables of these kinds, in order."""
        return [(kind, table) for kind, table in self.tables if kind in kinds]

    @property
    def structure(self) -> list[tuple[str, Table]]:
        """Return the tables of the structure, in order."""
        return self.of(*STRUCTURE)


# Gives the mapping of a table's columns, None where it is read as it stands.
MappingOf = Callable[[Table], dict | None]


def read_plan(
    source: Source,
    *,
    identifier: str = "",
    target: Target | None = None,
    mapping_of: MappingOf = lambda table: None,
) -> Plan:
    """Return the plan of a source; `identifier` is the identifier attribute as it is now.

    Files of other systems become tables that fit into `target`.
    """
    plan = Plan()
    target = target or Target(Structure())
    for found in source.tables():
        if isinstance(found, tuple):
            plan.refused.append(found)
        else:
            _add(plan, found, identifier, target, mapping_of)
    plan.tables.sort(key=lambda pair: (ORDER.index(pair[0]), pair[1].name))
    return plan


def _add(
    plan: Plan,
    found: Table | ForeignFile,
    identifier: str,
    target: Target,
    mapping_of: MappingOf,
) -> None:
    try:
        mapping = mapping_of(found) if isinstance(found, Table) and found.header else None
        if mapping:
            found = mapped(found, mapping, structure=target.structure)
            plan.tables.append((found.kind, found))
            return
        tables = foreign_tables(found, target)
        if tables is not None:
            plan.tables += [(table.kind, table) for table in tables]
            return
        plan.tables.append((recognise(found, identifier=identifier), found))
    except FileRefused as refusal:
        # A text that is no table is a reader's note, not a mistake.
        if not found.name.casefold().endswith(".txt"):
            plan.refused.append((found.name, refusal))
