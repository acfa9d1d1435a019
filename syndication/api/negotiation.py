"""HTTP negotiation of feeds: media types, content codings, entity tags (RFC 9110)."""

import gzip
from collections.abc import Callable, Iterable
from functools import lru_cache

import zstandard

JSON, NDJSON = "application/json", "application/x-ndjson"
_NDJSON_NAMES = {NDJSON, "application/ndjson", "application/jsonl", "application/jsonlines"}
FORMATS = {"json": JSON, "ndjson": NDJSON}
IDENTITY = "identity"

CODERS: dict[str, Callable[[bytes], bytes]] = {
    "zstd": lambda data: zstandard.ZstdCompressor(level=6).compress(data),
    "gzip": lambda data: gzip.compress(data, compresslevel=6, mtime=0),
}


@lru_cache(maxsize=1024)
def weighed(header: str) -> tuple[tuple[str, float], ...]:
    """Return the names of a list header with their weights, heaviest first (RFC 9110 12.4.2)."""
    found = []
    for part in header.lower().split(","):
        name, *parameters = (p.strip() for p in part.split(";"))
        if name:
            found.append((name, _weight(parameters)))
    return tuple(sorted(found, key=lambda pair: -pair[1]))


def _weight(parameters: Iterable[str]) -> float:
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return max(0.0, min(1.0, float(parameter[2:])))
            except ValueError:
                return 0.0
    return 1.0


@lru_cache(maxsize=1024)
def media_type(accept: str) -> str | None:
    """Return the media type that fits an Accept header best; None when neither is wanted."""
    if not accept:
        return JSON
    for name, weight in weighed(accept):
        if not weight:
            continue
        if name in _NDJSON_NAMES:
            return NDJSON
        if name in (JSON, "application/*", "*/*"):
            return JSON
    return None


@lru_cache(maxsize=1024)
def coding(accept_encoding: str) -> str:
    """Return the best content coding that the reader takes: zstd, gzip or identity."""
    weights = dict(weighed(accept_encoding))
    others = weights.get("*", 0.0)
    offered = {name: weights.get(name, others) for name in CODERS}
    best = max(offered, key=lambda name: offered[name])  # zstd is the first of equals
    preferred = offered[best] > 0 and offered[best] >= weights.get(IDENTITY, 0.0)
    return best if preferred else IDENTITY


def encoded(data: bytes, name: str) -> bytes:
    """Return the data in that coding."""
    return CODERS[name](data) if name in CODERS else data


def tag(base: str, name: str) -> str:
    """Return the strong entity tag of one coding of a representation (RFC 9110 8.8.3.3)."""
    return f'"{base}"' if name == IDENTITY else f'"{base}-{name}"'


def matches(if_none_match: str, current: str) -> bool:
    """Return whether If-None-Match names the tag; weak comparison, as RFC 9110 13.1.2 says."""
    if not if_none_match:
        return False
    given = (t.strip().removeprefix("W/") for t in if_none_match.split(","))
    return if_none_match.strip() == "*" or current in given
