"""The class behind an output's kind, and the settings it offers."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from .context import RenderContext
from .edition import EditionPlan, FileSink
from .items import ItemRefused, Made, Pieces, Refusal
from .listing import Unit


@dataclass(frozen=True, slots=True)
class Option:
    """One setting of an output kind, shown as a form field in the admin.

    An asset's code arrives as {"code", "sha256", "media_type", "width", "height"} or None; of
    kind "assets" the setting is the beginning of asset codes, and what arrives is {rest of the
    code: such an asset}. Of kind "rows" the setting is a list of {code: value}, one for each of
    the `columns`. `scope` "assembly" says that no fragment depends on it, "unit" that those
    fragments do which tell so by their `reads`.

    Options of one `group` (a heading) stand together in the form; `needs` is the code of another
    option without which this one has no effect, or "code=value|value" of a choice.
    """

    code: str
    kind: str  # text | number | boolean | choice | attribute | locale | asset | assets | rows
    label: Any
    default: Any = None
    choices: tuple[tuple[str, Any], ...] = ()
    help: Any = ""
    scope: str = "fragment"
    group: Any = ""
    needs: str = ""
    columns: tuple["Option", ...] = ()


class OutputKind:
    """The class behind an output's `kind`; subclass it, one file each.

    Class attributes: `code`, `label`, `version` (raise it when the bytes change), `unit`
    ("listing": one fragment per live item or model, or "model": a root with its variants),
    `roles` (which product roles make units), `media_types`, `options`, `part_size` (units per
    child process), `keep_days` (None: for ever), `numbered` (the files show the number, the date
    or codes of their edition: where nothing changed they are assembled anew, not linked again),
    `memory_mb` and `seconds` (limits of a part, and of assembly), `preload` (modules imported once
    and shared by every child by fork), `cures` ({code of a refusal: what helps a person}),
    `ahead` (idle workers prepare the next edition as soon as listings change: for kinds whose
    fragments are costly), `proofed` (people compare an edition with the one before, item by item:
    the texts that are being served are kept for it), `fragment_tokens` and `assembly_tokens`
    (which design tokens either step reads: a change of others leaves its work as it is; None:
    all), `preview` (what the desk shows of it while people edit: "page" of the whole, "alone":
    the product's own file, "": nothing), `arranged_by` (the option that holds where people put
    products on the flat plan: "placing" for rules, "order" for a list, "": nowhere).
    The module of a kind is imported by the web process too: keep heavy imports inside functions.
    """

    code: ClassVar[str]
    label: ClassVar[Any]
    version: ClassVar[int] = 1
    unit: ClassVar[str] = "listing"
    roles: ClassVar[tuple[str, ...]] = ("item",)
    options: ClassVar[tuple[Option, ...]] = ()
    part_size: ClassVar[int] = 500
    keep_days: ClassVar[int | None] = None
    memory_mb: ClassVar[int] = 1024
    seconds: ClassVar[int] = 600
    needs_facts: ClassVar[bool] = True
    combinable: ClassVar[bool] = False
    numbered: ClassVar[bool] = False
    ahead: ClassVar[bool] = False
    proofed: ClassVar[bool] = False
    preload: ClassVar[tuple[str, ...]] = ()
    fragment_tokens: ClassVar[tuple[str, ...] | None] = None
    assembly_tokens: ClassVar[tuple[str, ...] | None] = None
    preview: ClassVar[str] = ""
    arranged_by: ClassVar[str] = ""
    cures: ClassVar[Mapping[str, Any]] = {}

    @property
    def troubles(self) -> list[str]:
        """Return what is wrong on this installation, as sentences shown with every output."""
        return []

    def environment(self, context: RenderContext) -> str:
        """Return what else fragments depend on: versions of templates, fonts, tokens, CLDR.

        A change of it renders everything again. The kind's version, its options, the tokens
        and the labels are part of every key already. It runs outside the child: be quick.
        """
        return ""

    def partly(self, context: RenderContext) -> str:
        """Return the state of what only some fragments depend on, and say so in `reads`.

        A change of it, as of an option of scope "unit", has every unit looked at again, and only
        those rendered whose `reads` differ.
        """
        return ""

    def warm(self, locale: str) -> None:
        """Load what every child would load for that locale; it runs in the process they share.

        No threads, no open files, no state of an edition: children are forked from here.
        """

    def reads(self, unit: Unit, context: RenderContext) -> Any:
        """Return the JSON-able part of the unit that its fragment depends on (default: all)."""
        return None

    def fragment(self, unit: Unit, context: RenderContext) -> Made:
        """Return the fragment of one unit; raise `ItemRefused` to leave it out."""
        raise NotImplementedError

    def fragments(
        self, units: Iterable[Unit], context: RenderContext
    ) -> Iterator["Made | ItemRefused"]:
        """Yield one result per unit, in order; override where a batch is cheaper."""
        for unit in units:
            try:
                yield self.fragment(unit, context)
            except ItemRefused as refused:
                yield refused

    def summary(self, unit: Unit, context: RenderContext) -> dict:
        """Return what `assemble` must know of a unit besides its fragment (order, headings)."""
        return {}

    def assemble(
        self, plan: EditionPlan, pieces: Pieces, context: RenderContext, sink: FileSink
    ) -> Iterable[Refusal]:
        """Write the edition's files to `sink`; yield what else must be reported."""
        raise NotImplementedError

    def verify(self, path: Path, name: str, plan: EditionPlan) -> None:
        """Raise ValueError when a written file is not what it claims to be."""


class SetTogether(OutputKind):
    """A kind that sets many fragments in one layout; a single one is set the same way."""

    def fragment(self, unit: Unit, context: RenderContext) -> Made:
        """Return the fragment of one unit; raise ItemRefused where there is none."""
        made = next(iter(self.fragments([unit], context)))
        if isinstance(made, ItemRefused):
            raise made
        return made
