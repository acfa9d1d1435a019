"""Operations carried out on products: what each wants becomes one write per product."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pim.content.operations import Operation, Sheet
from pim.queries.drafts import DraftState, read_drafts
from pim.queries.structure import load_structure

from .writing.intents import ProductWrite


@dataclass(slots=True)
class Wanted:
    """What operations want of one product: its sheet, the write, and the names of who wants it."""

    sheet: Sheet
    write: ProductWrite
    by: list[str] = field(default_factory=list)

    @property
    def asks(self) -> bool:
        """Return whether anything is asked for at all."""
        return bool(self.sheet.values or self.sheet.places)


def operate(ids: Sequence[int], operations: Sequence[Operation]) -> list[Wanted]:
    """Return what the operations want of the products, in the order of the ids; writes nothing.

    The number of queries does not depend on the number of products.
    """
    return _operate({pk: [("", operations)] for pk in ids}, careful=False)


def operate_each(plan: Mapping[int, Sequence[tuple[str, Sequence[Operation]]]]) -> list[Wanted]:
    """Return what rules want of products, {id: [(name of the rule, its operations), …]}.

    Each attribute is left to the level where it lives.
    """
    return _operate(plan, careful=True)


def _operate(plan: Mapping, *, careful: bool) -> list[Wanted]:
    states = read_drafts(plan)
    structure, above = load_structure(), read_above(states.values())
    found = []
    for pk, parts in plan.items():
        if pk not in states:
            continue
        state = states[pk]
        sheet = Sheet(state, above(state), structure, careful=careful)
        by = [name for name, operations in parts if _asks(operations, sheet)]
        write = ProductWrite(state.identifier, uuid=state.uuid, **sheet.wishes())
        found.append(Wanted(sheet, write, by))
    return found


def _asks(operations: Sequence[Operation], sheet: Sheet) -> bool:
    """Apply the operations; return whether they ask for anything that is not there."""
    before = sheet.differing()
    for operation in operations:
        operation.apply(sheet)
    return sheet.differing() != before


def read_above(states: Iterable[DraftState]) -> Callable[[DraftState], list[dict]]:
    """Return a function that gives the value trees of a product's ancestors, nearest first."""
    near = read_drafts({state.parent_id for state in states if state.parent_id})
    far = read_drafts({state.parent_id for state in near.values() if state.parent_id})

    def above(state: DraftState) -> list[dict]:
        found = []
        parent = near.get(state.parent_id)
        while parent is not None:
            found.append(parent.values)
            parent = far.get(parent.parent_id)
        return found

    return above
