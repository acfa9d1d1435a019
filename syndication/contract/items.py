"""What becomes of an item: a fragment, a refusal, a piece of the edition."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import IO, Any, NamedTuple


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

    def apart(self) -> Iterator[tuple[Piece, Callable[[], bytes]]]:
        """Yield every piece with an empty payload, and what reads its payload, then or later."""
        for piece in self:
            yield piece._replace(payload=b""), partial(bytes, piece.payload)

    def copy_to(self, target: IO[bytes]) -> None:
        """Write all payloads one behind another: much quicker than piece by piece."""
        for piece in self:
            target.write(piece.payload)
