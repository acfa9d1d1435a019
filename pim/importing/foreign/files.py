"""A file of another system that is no table."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import IO


@dataclass(frozen=True)
class ForeignFile:
    """`opener` gives a fresh binary stream; `folder` is where the file lies in its source."""

    name: str
    stem: str
    opener: Callable[[], IO[bytes]]
    folder: str = ""
    stamp: str = ""
