"""Documents on their way through an upsert, and what becomes of them."""

from dataclasses import dataclass, field
from typing import Any

from pim.content.refusals import Refused


@dataclass(slots=True)
class StructureResult:
    """What became of one document: created, changed, unchanged or refused.

    `refusals` are all the reasons that one look found, `refusal` the first of them.
    """

    code: str
    outcome: str = "unchanged"
    refusals: list[Refused] = field(default_factory=list)
    differences: dict[str, list] = field(default_factory=dict)

    @property
    def refusal(self) -> Refused | None:
        return self.refusals[0] if self.refusals else None


@dataclass(slots=True)
class Entry:
    """One document on its way, with its row; a `hidden` one the actor may not even see."""

    document: dict
    result: StructureResult
    row: Any = None
    new: bool = False
    hidden: bool = False

    @property
    def live(self) -> bool:
        return not self.result.refusals

    def refuse(self, refusal: Refused) -> None:
        """Refuse the whole document; all reasons are kept."""
        self.result.refusals.append(refusal)
        self.result.outcome = "refused"

    def differs(self, name: str, before: Any, after: Any) -> bool:
        """Note a difference if there is one."""
        if before == after:
            return False
        self.result.differences[name] = [before, after]
        return True
