"""What `verify` checks: invariants that must hold at any time, each by a plain reading."""

from collections.abc import Callable, Iterator
from datetime import datetime
from importlib import import_module
from typing import NamedTuple

# "module:function"; each takes (full, at) and yields findings.
CHECKS = (
    "syndication.queries.listings_verification:findings",
    "syndication.queries.editions_verification:findings",
)


class Finding(NamedTuple):
    """Something that should not be: which check found it, about what, and what is wrong."""

    check: str
    subject: str
    message: str


def findings(*, full: bool, at: datetime) -> Iterator[Finding]:
    """Yield everything that is wrong; `full` looks at all rows instead of a sample."""
    for target in CHECKS:
        yield from _check(target)(full=full, at=at)


def _check(target: str) -> Callable[..., Iterator[Finding]]:
    module, _, name = target.partition(":")
    return getattr(import_module(module), name)
