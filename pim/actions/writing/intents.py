"""What somebody wants to write of one product, and what became of it."""

from dataclasses import dataclass, field
from typing import Any

from pim.content.address import Address
from pim.content.refusals import Refused
from pim.queries.drafts import DraftState

from .worked_out import Ready


@dataclass(slots=True)
class ProductWrite:
    """The wish to create or change one product; None leaves a thing as it is.

    `values` is {Address: raw}, raw None erases. `parent`, `family` "" take away.
    `associations` {type: {"products": [(identifier, quantity | None)], "groups": [codes]}}
    replaces the types it names, or adds to them where it says "add": True. Where it says
    "partly": True, "products" are items only and "models" models, and what is not named stays.
    `add_categories` and `remove_categories` leave the other categories alone. `uuid` finds the
    product where its identifier is to change. `inherits` says that the writer has seen what the
    product inherits among its own: that is then not taken for its own. `in_words` says that
    rich texts may come without their tags, as tables for people have them. `sheds` says that values
    which a new family has no place for are left behind; else they stay, out of sight.
    `expected_version` is the row version that the writer has seen. `reason` says why this
    product is written, where that is not the reason of all. `ready` is the same wish worked out
    ahead: it serves while the product is new and the structure the one it was worked out by.
    `asked` is the old name that it was asked for by, where it was.
    """

    identifier: str
    role: str | None = None
    family: str | None = None
    family_variant: str | None = None
    parent: str | None = None
    enabled: bool | None = None
    categories: list[str] | None = None
    groups: list[str] | None = None
    associations: dict[str, dict] | None = None
    values: dict[Address, Any] = field(default_factory=dict)
    expected_version: int | None = None
    uuid: str | None = None
    add_categories: list[str] = field(default_factory=list)
    remove_categories: list[str] = field(default_factory=list)
    inherits: bool = False
    in_words: bool = False
    sheds: bool = False
    reason: str = ""
    ready: Ready | None = None
    asked: str = ""


@dataclass(slots=True)
class WriteResult:
    """What became of a wish: `outcome` is created, changed, unchanged or refused.

    `differences` is {key: [before, after]} as in the change log; `row_version` is the
    product's after the write. `notes` are what rules that followed could not write, `along` the
    results of variants that changed their family with it. `above` are attributes whose values
    were passed over, since they live on a model above and are not what is inherited from it.
    """

    identifier: str
    product_id: int | None
    outcome: str
    refusals: list[Refused] = field(default_factory=list)
    differences: dict[str, list] = field(default_factory=dict)
    uuid: str = ""
    row_version: int = 0
    notes: list[Refused] = field(default_factory=list)
    along: list["WriteResult"] = field(default_factory=list)
    above: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Plan:
    """One product on its way through the steps: as it was, as it shall be, and why not.

    `ready` holds what storing it as it shall be takes, where that was worked out ahead.
    """

    state: DraftState
    before: DraftState | None
    writes: list[ProductWrite] = field(default_factory=list)
    refusals: list[Refused] = field(default_factory=list)
    differences: dict[str, list] = field(default_factory=dict)
    attributes: set[str] = field(default_factory=set)
    ready: Ready | None = None
    above: set[str] = field(default_factory=set)

    @classmethod
    def of_ready(cls, ready: Ready, number: int, write: ProductWrite) -> "Plan":
        """Return the plan of a product worked out, under an id; each attempt has its own."""
        state = ready.state.copy()
        state.id = number
        return cls(state, None, [write], [], dict(ready.differences), ready.attributes, ready)

    @property
    def identifier(self) -> str:
        return self.state.identifier

    @property
    def reason(self) -> str:
        """Return why this product is written, "" for the reason of all."""
        return self.writes[0].reason if self.writes else ""

    @property
    def live(self) -> bool:
        """Return whether the plan is to be written."""
        return not self.refusals and bool(self.differences)

    def refuse(self, refusal: Refused) -> None:
        """Note why this product cannot be written; all reasons are kept."""
        self.refusals.append(refusal)
