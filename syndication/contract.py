"""What an output kind is given and what it gives back: plain values, no database, no clock.

An output kind is a pure two-step. `fragment` turns one unit (a listing, or a model with its
variants) into bytes; `assemble` puts the fragments of an edition together into files. Both run
in a supervised child process that has no database and no network.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, ClassVar, NamedTuple, Protocol


@dataclass(frozen=True, slots=True)
class Value:
    """One resolved value: `data` is raw (see pim.content.kinds), `origin` says where it came from.

    `origin` is "own", "inherited:<identifier>", "channel:<code>" (not used where the value is
    the product's own for this channel) or "fallback:<locale>"; several are joined by ";".
    `language` is the BCP 47 code of the language the text is in, "" for common values.
    """

    data: Any
    origin: str = "own"
    language: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """One product as it appears in one context; the parsed form of a listing body.

    body JSON: {"uuid", "identifier", "role", "parent": identifier|None, "root": identifier,
    "family", "family_variant", "axes": [attribute codes that set this variant apart],
    "slug", "enabled",
    "name": display name in the locale ("[SKU]" when there is none),
    "image": asset code | None, "categories": [codes in the channel's tree], "groups": [codes],
    "values": {attribute: [data, origin, language]},
    "associations": {type: [{"uuid", "identifier", "quantity"?, "slug", "name", "image"}]},
    "assets": {asset code: {"sha256", "filename", "kind", "media_type", "size", "width",
    "height", "alt", "caption"}}, those of values, records and associated products,
    "records": {entity: {record code: {"label", "fields": {code: data}}}}}
    Only live products are named in associations. Facts are not in the body: they arrive
    beside it in `Unit.facts`. Nor is the version: a change of the Finnish text must leave
    the English listing, digest and all, as it was.
    """

    product_id: int
    digest: str
    body: dict

    @property
    def identifier(self) -> str:
        return self.body["identifier"]

    def value(self, attribute: str) -> Any:
        """Return the raw data of `attribute`, or None."""
        entry = self.body["values"].get(attribute)
        return entry[0] if entry else None


@dataclass(frozen=True, slots=True)
class Facts:
    """Prices and availability of one product, as frozen.

    `prices` is [{"currency", "amount", "min_quantity", "price_list", "tax_included",
    "valid_to": ISO | None}], best first; `availability` is {"state", "quantity", "available_on"}
    or None.
    """

    prices: tuple[dict, ...] = ()
    availability: dict | None = None


@dataclass(frozen=True, slots=True)
class Unit:
    """What one fragment is made of: one listing, or a model followed by its live variants.

    `listings[locale]` holds the tuple per locale of the edition (one locale unless combined).
    """

    id: int
    listings: dict[str, tuple[Listing, ...]]
    facts: dict[str, Facts] = field(default_factory=dict)  # by identifier

    def main(self, locale: str) -> Listing:
        return self.listings[locale][0]


@dataclass(frozen=True, slots=True)
class Labels:
    """The context document: what listings of one channel and locale share.

    body JSON: {"channel": {"code", "label", "currencies", "tree": root category code},
    "locale", "locales": [all locales of the channel], "direction": "ltr"|"rtl",
    "roles": {role: attribute code},
    "groups": [{"code", "label"}], in order,
    "attributes": {code: {"label", "kind", "role", "group", "sort", "default_unit",
    "measurement_family", "columns"?}},
    "options": {attribute: {code: {"label", "sort"}}},
    "units": {family: {unit: {"label", "symbol", "cldr"}}},
    "categories": {code: {"label", "parent", "sort", "path": [codes from the root], "intro"?:
    rich text, "image"?: {"sha256", "filename", "kind", "media_type", "size", "width", "height",
    "alt"}}}: introduction and picture are for assembly, a change of them renders no fragment,
    "families": {code: {"label", "attributes": [codes]}}, "associations": {code: {"label",
    "two_way", "quantified", "bundle"}}}
    """

    digest: str
    body: dict


@dataclass(frozen=True, slots=True)
class RenderContext:
    """Everything a render may know besides its units.

    `assets` opens an ingested file by the sha256 of its bytes: a path on this machine.
    `scratch` is a private directory of this child. `touchpoint` gives the URL to be coded for
    (identifier, place); it is known to `assemble` only. `memo` keeps costly parts of an
    assembly from one edition to the next (rendering.memo.FolderMemo); without it nothing is kept.
    """

    output: str
    kind: str
    channel: str
    audience: str
    locales: tuple[str, ...]
    labels: dict[str, Labels]
    options: dict[str, Any]
    tokens: dict[str, Any]
    public_url: str
    assets: "AssetSource"
    scratch: Path
    memo: "Memo | None" = None

    @property
    def locale(self) -> str:
        return self.locales[0]

    def remember(self, key: str, make: Callable[[], bytes]) -> bytes:
        """Return `make()`, or what it returned before; `key` digests all that it depends on."""
        return self.memo(key, make) if self.memo else make()

    def recalls(self, key: str) -> bool:
        """Say whether `remember` would find `key`."""
        return self.memo is not None and self.memo.knows(key)


class Memo(Protocol):
    """Keeps bytes by key from one edition to the next."""

    def __call__(self, key: str, make: Callable[[], bytes]) -> bytes: ...

    def knows(self, key: str) -> bool: ...


class AssetSource(Protocol):
    """Opens ingested files; never the network."""

    def path(self, sha256: str) -> Path: ...

    def derivative(self, sha256: str, *, width: int, media_type: str) -> Path: ...


def _params():
    return field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why one item cannot be issued as it should; `severity` "error" leaves it out.

    `message` is an English sentence that every reader sees in a language of their own: mark it
    for the message catalogue, and write what differs as %(name)s, filled from `params` (texts
    and numbers). Without params it is shown as it stands, per cent signs and all.
    """

    identifier: str
    code: str
    message: str
    field: str = ""
    severity: str = "error"
    params: Mapping[str, Any] = _params()


def said(message: str, params: Mapping[str, Any], translate=None) -> str:
    """Return a sentence with its places filled; `translate` is gettext.

    `wanted` is a phrase of ours and is translated too. Never fails: where a translation, or the
    sentence itself, does not fit the params, what it was made from is returned.
    """
    if translate and isinstance(wanted := params.get("wanted"), str) and wanted:
        params = {**params, "wanted": translate(wanted)}
    for sentence in (translate(message) if translate else message, message):
        try:
            return sentence % params if params else sentence
        except (KeyError, TypeError, ValueError):
            continue
    return message


class ItemRefused(Exception):
    """Raised by `fragment` when a unit cannot be issued at all; holds its refusals."""

    def __init__(self, *refusals: Refusal):
        super().__init__("; ".join(said(r.message, r.params) for r in refusals))
        self.refusals = refusals


@dataclass(frozen=True, slots=True)
class Made:
    """A fragment: its bytes, the warnings that come with it, and what is added to its summary."""

    payload: bytes
    warnings: tuple[Refusal, ...] = ()
    summary: Mapping[str, Any] = field(default_factory=dict, hash=False)


class Piece(NamedTuple):
    """One unit of an edition at assembly: who it is, its fragment, and when it is asked, itself."""

    unit_id: int
    identifier: str
    payload: bytes
    summary: dict  # what `OutputKind.summary` returned for the unit


class Pieces:
    """The pieces of an edition at assembly, in order of units; iterate over them, once or again."""

    def __init__(self, pieces: Iterable[Piece] = ()):
        self._pieces = pieces

    def __iter__(self) -> Iterator[Piece]:
        return iter(self._pieces)

    def copy_to(self, target: IO[bytes]) -> None:
        """Write all payloads one behind another: much quicker than piece by piece."""
        for piece in self:
            target.write(piece.payload)


# Pages of a file beyond these are not noted: nobody looks at so many side by side.
MOST_NOTED = 3000


class PageNote(NamedTuple):
    """What stands on a page of a file bound in pages, for people who proof it.

    `page` is counted from 1, `folio` is the number readers are told ("" without one), `title`
    names the chapter or part. `products` are (identifier, (x, y, width, height)) in points from
    the lower left corner of the trimmed page.
    """

    file: str
    page: int
    folio: str
    title: str
    products: list[tuple[str, tuple[float, float, float, float]]]


@dataclass(frozen=True, slots=True)
class EditionPlan:
    """The edition being assembled; the only things about it that a file may show.

    An assembly that binds pages notes them in `pages`.
    """

    number: int
    issued_on: str  # ISO date, the frozen clock of the edition
    data_version: int
    items: int
    touchpoint: Any = None  # (identifier, place) -> URL
    window: "Window | None" = None  # a preview wants a few of its pages only
    pages: list[PageNote] = field(default_factory=list, hash=False)


class Window(Protocol):
    """What a preview tells an assembly that is bound in pages; an edition has none.

    An assembly that knows windows says before it binds where every product stands, and may
    leave pages blank that are not shown; the numbers and texts of the others are as in the whole.
    """

    def places(self, pages: dict[int, list[str]]) -> None:
        """Learn the identifiers on every page, counted from 1; it may raise to end the assembly."""

    def shows(self, page: int) -> bool:
        """Say whether the page will be looked at."""


class FileSink(Protocol):
    """Where `assemble` writes: opens a named file for binary writing inside the scratch."""

    def open(self, name: str, *, media_type: str): ...


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
