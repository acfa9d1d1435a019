"""What a render may know besides its units, and the doors it may use."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from .listing import Labels


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
