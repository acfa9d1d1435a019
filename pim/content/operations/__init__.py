"""Operations: what bulk edits and rules do to a product, as documents that are checked and kept.

A document is {"op": code, …}; OPERATIONS names them all. There is no code in them to execute.
"""

from typing import Any

from ..refusals import Refused, _
from .base import Operation, Reading, Spot, bad
from .choices import Append, Map, Remove
from .places import overlap
from .placing import Associate, Categorise, Enable, Group, Move, Reparent
from .sheet import Sheet
from .texts import Concatenate, Replace
from .values import Clear, Convert, Copy, Set

OPERATIONS: dict[str, type[Operation]] = {
    operation.code: operation
    for operation in (
        Set,
        Clear,
        Copy,
        Append,
        Remove,
        Replace,
        Concatenate,
        Convert,
        Map,
        Categorise,
        Group,
        Associate,
        Move,
        Reparent,
        Enable,
    )
}
MOST = 50


class OperationsRefused(Refused):
    """A list of operations that cannot be done; `refusals` holds every reason.

    Each has `params["place"]`, the number of its operation, counted from 1.
    """

    code = "bad_operations"

    def __init__(self, refusals: list[Refused]):
        said = (f"{r.params['place']}: {r}" for r in refusals)
        super().__init__(" ".join(said).replace("%", "%%"))
        self.refusals = refusals

    def say(self, translate=None) -> str:
        """Return every reason with the number of its operation."""
        return " ".join(f"{r.params['place']}: {r.say(translate)}" for r in self.refusals)


def read_operations(documents: Any, reading: Reading) -> list[Operation]:
    """Return the operations of the documents; raise `OperationsRefused` with every reason."""
    if not isinstance(documents, list) or not 0 < len(documents) <= MOST:
        refusal = bad(_("Name 1 to %(limit)s operations in a list."), "operations", limit=MOST)
        refusal.params["place"] = 0
        raise OperationsRefused([refusal])
    found, refusals = [], []
    for place, document in enumerate(documents, 1):
        try:
            found.append(_operation(document).read(document, reading))
        except Refused as refusal:
            refusal.params["place"] = place
            refusals.append(refusal)
    if refusals:
        raise OperationsRefused(refusals)
    return found


def _operation(document: Any) -> type[Operation]:
    code = document.get("op") if isinstance(document, dict) else None
    if not isinstance(code, str) or code not in OPERATIONS:
        raise bad(_("“op” is one of: %(known)s."), "unknown_operation", known=", ".join(OPERATIONS))
    return OPERATIONS[code]


__all__ = [
    "OPERATIONS",
    "Operation",
    "OperationsRefused",
    "Reading",
    "Sheet",
    "Spot",
    "overlap",
    "read_operations",
]
