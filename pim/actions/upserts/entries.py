"""Documents on their way through an upsert, and what becomes of them."""

from dataclasses import dataclass, field
from typing import Any

from pim.content.refusals import Refused


@dataclass(slots=True)
class StructureResult:
    """What became of one document: created, changed, unchanged or refused (and why)."""

    code: str
    outcome: str = "unchanged"
    refusal: Refused | None = None
    differences: dict[str, list] = field(default_factory=dict)


@dataclass(slots=True)
class Entry:
    """One document on its way, with its row."""

    document: dict
    result: StructureResult
    row: Any = None
    new: bool = False

    @property
    def live(self) -> bool:
        return self.result.refusal is None

    def refuse(self, refusal: Refused) -> None:
        """Refuse the whole document; the first reason stands."""
        if self.live:
            self.result.refusal, self.result.outcome = refusal, "refused"

    def differs(self, name: str, before: Any, after: Any) -> bool:
        """Note a difference if there is one."""
        if before == after:
            return False
        self.result.differences[name] = [before, after]
        return True
