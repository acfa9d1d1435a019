"""What a run of changes came to, address by address: the net of what somebody wrote."""

from collections.abc import Iterable, Iterator
from typing import Any

# Codes without an order: each is an address of its own, so that others may come and go.
MEMBERS = ("@categories", "@groups")
TIES = "@associations"
# What follows from others, or never changes.
_DERIVED = ("@level", "@role")


def net(details: Iterable[dict[str, list]]) -> dict[tuple[str, str], list]:
    """Return {(key, part): [before, after]} of change details, oldest first.

    `part` is a code of "@categories" and "@groups" (held or not), a type of "@associations"
    (its ties), else "". Where somebody else wrote in between, the span begins after them.
    """
    spans: dict[tuple[str, str], list] = {}
    for detail in details:
        for address, before, after in _steps(detail):
            held = spans.get(address)
            if held is not None and held[1] == before:
                held[1] = after
            else:
                spans[address] = [before, after]
    return {address: span for address, span in spans.items() if span[0] != span[1]}


def ties_back(now: dict, span: list) -> tuple[dict, list[str]]:
    """Return the ties of a type with a span taken back, and the targets that others changed.

    Ties are {"products": [[uuid, quantity], …], "groups": [codes]}. Untouched since, they
    are what they were, order and all; else tie by tie.
    """
    before, after = (_whole(side) for side in span)
    if _whole(now) == after:
        return before, []
    result, left = {}, []
    for name in ("products", "groups"):
        wrote, was, held = (_by_target(side[name]) for side in (after, before, _whole(now)))
        for target in {**was, **wrote}:
            if was.get(target) == wrote.get(target) or held.get(target) == was.get(target):
                continue
            if held.get(target) != wrote.get(target):
                left.append(target)
            elif target in was:
                held[target] = was[target]
            else:
                del held[target]
        result[name] = list(held.values())
    return result, left


def _steps(detail: dict[str, list]) -> Iterator[tuple[tuple[str, str], Any, Any]]:
    for key, (before, after) in detail.items():
        if key in MEMBERS:
            old, new = set(before or ()), set(after or ())
            for code in sorted(old ^ new):
                yield (key, code), code in old, code in new
        elif key == TIES:
            old, new = before or {}, after or {}
            for code in sorted({*old, *new}):
                if old.get(code) != new.get(code):
                    yield (key, code), old.get(code), new.get(code)
        elif key not in _DERIVED:
            yield (key, ""), before, after


def _whole(ties: dict | None) -> dict:
    return {"products": [], "groups": [], **(ties or {})}


def _by_target(items: list) -> dict[str, Any]:
    return {item if isinstance(item, str) else item[0]: item for item in items}
