"""From units to fragments: one bad unit becomes a refusal, the others go on."""

import hashlib
import traceback
from collections import deque
from collections.abc import Iterable, Iterator

import orjson
from django.utils.translation import gettext_noop as _

from syndication.contract import ItemRefused, Made, OutputKind, Refusal, RenderContext, Unit

from .wire import Result, refusal_row


class Renderer:
    """Runs an output kind over units, in order, keeping whose turn it is."""

    def __init__(self, kind: OutputKind, context: RenderContext):
        self.kind, self.context = kind, context

    def results(self, units: Iterable[tuple[Unit, str]]) -> Iterator[Result]:
        """Yield one result per unit; an exception of the kind is a refusal of its unit."""
        self.waiting: deque[tuple[Unit, str]] = deque()  # handed to the kind, no result yet
        self.again: deque[tuple[Unit, str]] = deque()  # to be handed over once more
        self.same: deque[Result] = deque()
        source = self._differing(iter(units))
        while True:
            try:
                yield from self._run(self._feed(source))
                yield from self._unchanged()
                return
            except MemoryError:
                raise
            except Exception as error:
                traceback.print_exc()
                if not self.waiting:
                    raise
                unit, reads = self.waiting.popleft()
                self.again.extendleft(reversed(self.waiting))
                self.waiting.clear()
                yield self._refused(unit, reads, [self._bug(unit, error)])

    def _differing(self, units) -> Iterator[tuple[Unit, str]]:
        for unit, before in units:
            reads = self._reads(unit)
            if reads and reads == before:
                self.same.append(Result(unit.id, True, reads, None, False, "{}", "", "[]", b""))
            else:
                yield unit, reads

    def _reads(self, unit: Unit) -> str:
        try:
            what = self.kind.reads(unit, self.context)
        except MemoryError:
            raise
        except Exception:  # the same unit is about to fail in `fragment`, and is reported there
            return ""
        if what is None:
            return ""
        text = orjson.dumps(what, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS)
        return hashlib.sha256(text).hexdigest()[:48]

    def _feed(self, source) -> Iterator[Unit]:
        while self.again:
            pair = self.again.popleft()
            self.waiting.append(pair)
            yield pair[0]
        for pair in source:
            self.waiting.append(pair)
            yield pair[0]

    def _run(self, units: Iterator[Unit]) -> Iterator[Result]:
        for made in self.kind.fragments(units, self.context):
            unit, reads = self.waiting[0]
            result = self._result(unit, reads, made)
            self.waiting.popleft()
            yield result
            yield from self._unchanged()

    def _unchanged(self) -> Iterator[Result]:
        while self.same:
            yield self.same.popleft()

    def _result(self, unit: Unit, reads: str, made: Made | ItemRefused) -> Result:
        if isinstance(made, ItemRefused):
            return self._refused(unit, reads, made.refusals)
        summary = {**self.kind.summary(unit, self.context), **made.summary}
        return Result(
            unit.id,
            False,
            reads,
            price_of(unit, self.context),
            False,
            orjson.dumps(summary).decode() if summary else "{}",
            *(_refusals(made.warnings, severity="warning") if made.warnings else ("", "[]")),
            made.payload,
        )

    def _refused(self, unit: Unit, reads: str, refusals) -> Result:
        if not refusals:
            identifier = unit.main(self.context.locale).identifier
            refusals = [Refusal(identifier, "refused", _("The output kind refused this item."))]
        price = price_of(unit, self.context)
        told = _refusals(refusals, severity="error")
        return Result(unit.id, False, reads, price, True, "{}", *told, b"")

    def _bug(self, unit: Unit, error: Exception) -> Refusal:
        identifier = unit.main(self.context.locale).identifier
        said = {"error": f"{type(error).__name__}: {error}"[:500]}
        message = _("The output kind failed on this item: %(error)s")
        return Refusal(identifier, "render_error", message, params=said)


def _refusals(refusals: Iterable[Refusal], *, severity: str) -> tuple[str, str]:
    """Return the codes of refusals, and JSON rows; whether the unit stays out says how grave."""
    rows = [refusal_row(refusal, severity=severity) for refusal in refusals]
    return ",".join(row[2] for row in rows)[:500], orjson.dumps(rows).decode()


def price_of(unit: Unit, context: RenderContext) -> float | None:
    """Return the first price of a unit's first priced listing: what the price guard compares."""
    role = context.labels[context.locale].body.get("roles", {}).get("price")
    for listing in unit.listings[context.locale]:
        facts = unit.facts.get(listing.identifier)
        if facts and facts.prices:
            return float(facts.prices[0]["amount"])
        prices = listing.value(role) if role else None
        if prices and isinstance(prices, dict) and "$state" not in prices:
            return float(prices[min(prices)])
    return None
