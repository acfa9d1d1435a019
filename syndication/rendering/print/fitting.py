"""How much of a card is set at once: a larger cell, smaller type, then what is left goes elsewhere.

Nothing is guessed: a card that runs over is set once more with a mark behind every word and row,
and what fits is what stands before the edge.
"""

from dataclasses import dataclass, field, replace

from django.utils.translation import gettext_noop as _

from .cards import Card

STEPS = 3  # sizes of type, from that of the design to the smallest
NAME_ROOM = 90  # characters of a name that leaves room for nothing else
LETTERS = {"line": 10.4, "row": 11.3, "name": 13.5}  # points of height, for guesses
DESIGNED, MARKED, CUT = "designed", "marked", "cut"
WORD = 48  # characters of a word
HOPELESS = 2  # more pages than this, and no smaller type will save the card
MOST = 1200  # words or rows of a section that are laid out at once: no card holds more
LEAST_VALUES = 2  # rows of values that stay where variants need room
SLOWLY, DROPS = 4, 16  # times that a cut card loses one more piece, then twice as many each time


COVERED = _("On page %(page)s, text runs under the QR code.")
Spans = dict[str, tuple[int, int]]


@dataclass(frozen=True)
class Attempt:
    """One way to set a card: which cell, which size of type, which pieces of each section.

    `stage` is "designed", "marked" (to be measured) or "cut" (to what was measured). `part` is 0
    for the card itself, and counts its continuations. `full` shows every row in the hope that
    there is room, also those that the layout would not show.
    """

    spans: Spans
    size: int = 0
    step: int = 0
    stage: str = DESIGNED
    part: int = 0
    drops: int = 0
    short_name: bool = False
    full: bool = False

    def rest(self, whole: Spans) -> Spans:
        """Return what of the `whole` this attempt leaves over."""
        return {name: (self.spans[name][1], stop) for name, (_, stop) in whole.items()}


@dataclass
class Fitted:
    """A finished part of a card: how it was set, its size in units, its pages."""

    attempt: Attempt
    cell: tuple[int, int]
    payload: bytes


@dataclass
class Job:
    """A card on its way: what it tries next, what is done, and what is to be told with its page."""

    card: Card
    attempt: Attempt | None = None
    whole: Spans = field(default_factory=dict)
    designed: Spans = field(default_factory=dict)
    done: list[Fitted] = field(default_factory=list)
    told: list[list] = field(default_factory=list)  # [code, message, field, params]
    spare: Fitted | None = None  # what is taken where all rows turn out to have no room
    covered: bool = False  # text that cannot be cut lies where the code will be

    def begin(self) -> None:
        self.whole = {n: (0, len(pieces)) for n, pieces in pieces_of(self.card).items()}
        spans = {name: (0, self._designed(name, stop)) for name, (_, stop) in self.whole.items()}
        self.designed = spans
        full = self._has_room_for_all()
        self.attempt = Attempt(_capped(self.whole), full=True) if full else self._first()

    def _first(self) -> Attempt:
        """Return the attempt that shows what the layout is designed for."""
        last = len(self.card.layout.manifest.cells) == 1
        step = first_step(self.card, self.designed) if last else 0
        return Attempt(_capped(self.designed), step=step)

    def _has_room_for_all(self) -> bool:
        """Say whether rows beyond the usual can be expected to fit: none is held back above a gap.

        A number of rows that editors chose is kept.
        """
        layout = self.card.layout.manifest
        if not self._holds_back or len(layout.cells) > 1 or layout.measure is None:
            return False
        return first_step(self.card, self.whole) == 0

    @property
    def _holds_back(self) -> bool:
        """Say whether the layout shows fewer rows than there are, and editors chose no number."""
        usual = all(self.card.settings.is_usual(name) for name in ("values", "variants"))
        return usual and self.whole != self.designed

    def tries_all(self, fitted: Fitted) -> bool:
        """Try all rows in the cell that the usual ones fit, once, where nothing tells beforehand
        whether they have room; say whether that is so."""
        now, guessed = self.attempt, self.card.layout.manifest.measure is not None
        if guessed or now.stage != DESIGNED or now.part or now.full or not self._holds_back:
            return False
        self.spare = fitted
        self.attempt = replace(now, spans=_capped(self.whole), full=True)
        return True

    def _designed(self, name: str, stop: int) -> int:
        """Return how many pieces of a section the layout shows where there is room."""
        if self.card.continues or name not in ("values", "variants"):
            return stop
        settings, variants = self.card.settings, len(self.card.variants)
        most = settings.amount(name)
        if name == "values" and variants and not self.card.table:
            beside = settings.amount("values_beside_variants")
            most = max(beside, most - variants)
        return stop if stop == most + 1 else min(stop, most)  # "and 1 more" takes a row itself

    @property
    def sizes(self) -> tuple[tuple[int, int], ...]:
        """The cells that the present part may take, smallest first."""
        cells = self.card.layout.manifest.cells
        return cells if self.attempt.part == 0 else continued_cells(cells)

    @property
    def pages(self) -> int:
        return self.card.layout.manifest.pages if self.attempt.part == 0 else 1

    def next(self, used: int) -> Attempt:
        """Return what to try after an attempt that ran over, and used so many pages."""
        now = self.attempt
        if now.full:
            return self._first()
        if now.stage == CUT:
            return self._drop(now)
        if used > HOPELESS * self.pages and now.size + 1 == len(self.sizes):
            step = STEPS - 1 if now.part == 0 else now.step
            return replace(now, step=step, stage=MARKED, short_name=True)
        if now.size + 1 < len(self.sizes):
            return replace(now, size=now.size + 1)
        if now.step + 1 < STEPS and now.part == 0:
            return replace(now, step=now.step + 1)
        return replace(now, stage=MARKED, short_name=True)

    def _drop(self, now: Attempt) -> Attempt:
        """Take away the last piece of what is cut and still runs over; at last more at once."""
        spans, left = dict(now.spans), 2 ** max(0, now.drops - SLOWLY)
        for name, kept in _expendable(spans, self.whole):
            start, stop = spans[name]
            taken = max(0, min(left, stop - start - kept))
            spans[name], left = (start, stop - taken), left - taken
        return replace(now, spans=spans, drops=now.drops + 1)

    @property
    def is_stuck(self) -> bool:
        """Say whether nothing more can be taken away."""
        now = self.attempt
        empty = all(start >= stop for start, stop in now.spans.values())
        return now.stage == CUT and (empty or now.drops >= DROPS)

    def cover(self) -> None:
        """Begin again where taking away does not clear the place of the code: it is told, and
        what was taken away is shown."""
        self.covered = True
        self.tell("code_covered", COVERED)
        self.attempt = self._first()

    def cut(self, kept: dict[str, int]) -> Attempt:
        """Return the attempt that shows of each section only the pieces that fitted."""
        now, over = self.attempt, False
        spans: Spans = {}
        for name, (start, stop) in now.spans.items():
            held = 0 if over else min(stop, start + kept.get(name, 0))
            over = over or held < stop
            spans[name] = (start, max(start, held))
        if not self.card.continues:
            spans = _favoured(spans, short=now.spans)
        return replace(now, spans=spans, stage=CUT)

    def go_on(self, rest: Spans) -> None:
        """Begin the next part with what is left."""
        self.whole = self.designed = rest
        self.attempt = Attempt(_capped(rest), part=self.attempt.part + 1)

    def tell(self, code: str, message: str, *, field: str = "", **params) -> None:
        told = [code, message, field, params]
        if told not in self.told:
            self.told.append(told)


def _expendable(spans: Spans, whole: Spans) -> list[tuple[str, int]]:
    """Return the sections to be cut, the first one first, with how many pieces it keeps: where
    every variant has room but for some values, these give way."""
    beside = "values" in spans and "variants" in spans
    least = 0 if spans.get("variants") == whole.get("variants") else LEAST_VALUES
    return [("values", least)] * beside + [(name, 0) for name in reversed(spans)]


def _favoured(spans: Spans, *, short: Spans) -> Spans:
    """Let values give way to variants: nothing can be ordered without its article number."""
    if "values" not in spans or "variants" not in spans:
        return spans
    (first, stop), (begin, end) = spans["values"], spans["variants"]
    missing, rows = short["variants"][1] - end, stop - first
    least = 0 if missing <= rows else LEAST_VALUES
    given = max(0, min(missing, rows - least))
    return spans | {"values": (first, stop - given), "variants": (begin, end + given)}


def _capped(spans: Spans) -> Spans:
    return {name: (start, min(stop, start + MOST)) for name, (start, stop) in spans.items()}


def pieces_of(card: Card) -> dict[str, list]:
    """Return the pieces of every section of a card, in the order of its template."""
    found = {
        "intro": _words([card.intro]) if card.intro else [],
        "description": _words(card.description),
        "values": card.values if card.uses("values") else [],
        "variants": [] if card.table else card.variant_rows,
        "table": card.table.rows if card.table else [],
    }
    return {name: found[name] for name in card.layout.sections}


def _words(paragraphs: list[str]) -> list[str]:
    """Return the words of paragraphs, each with what follows it: a space or a line break.

    A word that is too long to be one comes in parts, so that it can be cut.
    """
    found = []
    for text in paragraphs:
        for word in text.split(" "):
            parts = [word[n : n + WORD] for n in range(0, len(word), WORD)] or [""]
            found += [*(f"{part}\u200b" for part in parts[:-1]), f"{parts[-1]} "]
        found[-1] = found[-1].rstrip() + "\n"
    return found


def continued_cells(cells: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    """Return the cells of a continuation: as wide as the card, and as high as it takes."""
    columns, lowest = cells[0]
    heights = [n for n in (3, 4, 6, 8, 12) if n % lowest == 0 or lowest > 6]
    return tuple((columns, rows) for rows in heights)


def first_step(card: Card, spans: Spans) -> int:
    """Return the first size of type at which a card can be expected to fit."""
    if card.layout.manifest.measure is None:
        return 0
    line, value, height = card.layout.manifest.measure
    height -= LETTERS["name"] * _lines(card.name, line * 0.68)  # it keeps its size
    for step, scale in enumerate((1.0, 0.93, 0.86)):
        if _height(card, spans, line / scale, value / scale) * scale <= height:
            return step
    return STEPS - 1


def _height(card: Card, spans: Spans, line: float, value: float) -> float:
    height = 20 + LETTERS["line"] * _lines(card.intro, line)
    shown = card.values[: spans.get("values", (0, 0))[1]]
    rows = sum(_lines(text, value) for _, text in shown)
    rows += spans.get("variants", (0, 0))[1]
    more = (len(shown) < len(card.values)) + (spans.get("variants", (0, 0))[1] < len(card.variants))
    trimmings = card.trimmings
    for told in card.tongues:
        height += 13.5 * _lines(told["name"], line * 0.85) + 4
        height += LETTERS["line"] * _lines(told["intro"], line)
    height += 10 * (trimmings.lines + 1) if trimmings.lines else 0
    height += 18 if trimmings.pictures else 0
    return height + LETTERS["row"] * rows + 10 * more


def _lines(text: str, measure: float) -> int:
    return -(-len(text) // int(measure))
