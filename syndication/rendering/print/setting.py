"""Sets cards in batches: many pages of the sizes of cells in one layout, one small PDF per card."""

import io
from collections.abc import Iterable, Iterator
from itertools import islice

from django.utils.safestring import mark_safe
from django.utils.translation import gettext_noop as _

from syndication.contract import ItemRefused, Made, Refusal, RenderContext, Unit

from ..formats import cldr_locale
from ..pages import render
from ..pdf import Sheets, lay_out
from ..press.stage import is_tagged
from ..printable import spelt
from .blocks import Blocks, mark_of
from .cards import Card, digest_of
from .fitting import MARKED, Fitted, Job
from .layouts.folders import PLAIN, shelf
from .letters import strangers
from .placing import Choice, placing_of
from .sheet import MM, NOTES_HEIGHT, Box, Sheet
from .styles import card_css, colours, style

__all__ = ["colours", "set_units", "sheet_of", "style"]

BATCH = 24  # one layout grows faster than its cards; smaller ones repeat the fixed cost
IMAGE = b"/Subtype /Image"
MODULES = 41  # across a code of an edition, quiet zone included
NOTE_LANGUAGE = 3.4 * MM  # more room for notes with every further language
MOST_PARTS = 20  # cards that one product may go on over


def set_units(units: Iterable[Unit], context: RenderContext) -> Iterator[Made | ItemRefused]:
    """Yield one card per unit, in order."""
    source = iter(units)
    while batch := list(islice(source, BATCH)):
        yield from _Batch(batch, context).results()


def sheet_of(context: RenderContext) -> Sheet:
    """Return the page format of a locale."""
    rtl = cldr_locale(context.locale).text_direction == "rtl"
    if not context.options.get("note"):
        return Sheet(rtl=rtl)
    # Notes at the foot of pages need room above the running foot, in every language.
    more = NOTE_LANGUAGE * (len(context.locales) - 1)
    return Sheet(rtl=rtl, bottom=25 * MM + more, notes=NOTES_HEIGHT + more)


def reads(unit: Unit, context: RenderContext) -> list:
    """Return all that a unit's card depends on: its content, its layout, and how it is chosen."""
    choice = placing_of(context).choose(unit)
    return [Card(unit, context, choice.layout).reads(), choice.told]


class _Batch:
    """Sets cards together, layout by layout, until each fits or says what does not."""

    def __init__(self, units: list[Unit], context: RenderContext):
        self.context, self.sheet = context, sheet_of(context)
        placing = placing_of(context)
        self.jobs = [self._job(unit, placing.choose(unit)) for unit in units]
        self.made: dict[int, Made | ItemRefused] = {}

    def _job(self, unit: Unit, choice: Choice) -> Job:
        job = Job(Card(unit, self.context, choice.layout))
        for code, message, params in choice.told:
            job.tell(code, message, **params)
        job.begin()
        return job

    def results(self) -> list[Made | ItemRefused]:
        waiting = dict(enumerate(self.jobs))
        while waiting:
            groups: dict[str, list[int]] = {}
            for n, job in waiting.items():
                groups.setdefault(job.card.layout.code, []).append(n)
            for group in groups.values():
                self._round(group)
            waiting = {n: job for n, job in waiting.items() if n not in self.made}
        return [self.made[n] for n in range(len(self.jobs))]

    def _round(self, group: list[int]) -> None:
        sheets = self._lay_out(group)
        if sheets is not None and not sheets.errors:
            self._judge(group, sheets)
        elif len(group) > 1:  # set one by one, what is wrong with a card is its own
            for n in group:
                self._round([n])
        else:
            self._failed(group[0], sheets.errors[0] if sheets else "it cannot be laid out")

    def _failed(self, n: int, why: str) -> None:
        """Try the plain layout where one that was added fails on a card; else leave it out."""
        old = self.jobs[n].card
        plain = shelf().layouts[PLAIN]
        if old.layout.code == plain.code:
            self.made[n] = _refused(old, why)
            return
        message = _("On page %(page)s, the layout “%(layout)s” failed and “six” was used: %(why)s")
        job = Job(Card(old.unit, self.context, plain))
        job.tell("layout_failed", message, layout=old.layout.code, why=why[:300])
        job.begin()
        self.jobs[n] = job

    def _lay_out(self, group: list[int]) -> Sheets | None:
        layout = self.jobs[group[0]].card.layout
        pictures = dict(layout.pictures)
        for n in group:
            pictures |= _pictures(self.jobs[n].card)
        try:
            html = self._html([self.jobs[n] for n in group])
            css = card_css(layout, self.context, self.sheet)
            return lay_out(html, css=css, pictures=pictures)
        except MemoryError:
            raise
        except Exception:
            # One of the cards breaks the layout: setting them one by one tells which.
            return None

    def _html(self, jobs: list[Job]) -> str:
        return render(
            "outputs/catalogue/cards.html",
            {
                "cards": [_filled(job) for job in jobs],
                "locale": self.context.locale,
                "direction": cldr_locale(self.context.locale).text_direction,
            },
        )

    def _judge(self, group: list[int], sheets: Sheets) -> None:
        anchors = sheets.anchors()
        # A card that runs over leaves its anchor on every page it touches: the first one counts.
        marks = [self.jobs[n].card.mark for n in group]
        starts = [next(p for p, ids in enumerate(anchors) if mark in ids) for mark in marks]
        ends = [*starts[1:], len(sheets)]
        for n, first, end in zip(group, starts, ends, strict=True):
            job = self.jobs[n]
            if job.attempt.stage == MARKED:
                job.attempt = job.cut(_kept(job, anchors[first : first + job.pages]))
            elif end - first <= job.pages and not self._spills(job, sheets, first):
                self._fits(n, sheets, first)
            elif job.spare and job.attempt.full:
                self._done(n, job.spare)
            elif (
                job.is_stuck and end - first <= job.pages and self._only_covers(job, sheets, first)
            ):
                job.cover()
            elif job.is_stuck:
                message = _("On page %(page)s, the card has no room for its text.")
                job.tell("card_overflows", message)
                self._fits(n, sheets, first)
            else:
                job.attempt = job.next(end - first)

    def _only_covers(self, job: Job, sheets: Sheets, first: int) -> bool:
        """Say whether text lies where the code will be, and none leaves the card."""
        return not job.covered and not self._spills(job, sheets, first, coded=False)

    def _spills(self, job: Job, sheets: Sheets, first: int, *, coded: bool = True) -> bool:
        """Say whether text leaves the card or lies where its code will be."""
        width, height = self.sheet.extent(*job.sizes[job.attempt.size])
        place = job.card.layout.manifest.code if job.attempt.part == 0 else None
        code = None
        coded = coded and not job.covered and self.context.options.get("codes") is not False
        if place and coded:
            box = self.sheet.code(place, Box(0, 0, width, height), modules=MODULES)
            code = (box.x, height - box.y - box.height, box.x + box.width, height - box.y)
        for page in range(first, first + job.pages):
            if sheets.text_outside(page, width, height, clear=code if page == first else None):
                return True
        return False

    def _fits(self, n: int, sheets: Sheets, first: int) -> None:
        job = self.jobs[n]
        payload = sheets.pdf(
            *range(first, min(first + job.pages, len(sheets))), tagged=is_tagged(self.context)
        )
        fitted = Fitted(job.attempt, job.sizes[job.attempt.size], payload)
        if sheets.missing:
            _tell_missing(job, sheets.missing)
        if job.card.pictures.first and job.attempt.part == 0 and IMAGE not in payload:
            self.made[n] = _refused(job.card, "the picture is missing")
        elif not job.tries_all(fitted):
            self._done(n, fitted)

    def _done(self, n: int, fitted: Fitted) -> None:
        """Take what fitted, and go on with what it leaves over."""
        job = self.jobs[n]
        job.done.append(fitted)
        job.attempt = fitted.attempt
        if not self._goes_on(job):
            self.made[n] = _made(job)

    def _goes_on(self, job: Job) -> bool:
        """Begin the next part where the card continues; tell what is left out where it does not."""
        rest = job.attempt.rest(job.whole)
        more = any(start < stop for start, stop in rest.values())
        if job.card.continues and more and len(job.done) < MOST_PARTS:
            job.go_on(rest)
            return True
        _tell_left_out(job)
        return False


def _filled(job: Job) -> dict[str, str]:
    blocks, now = Blocks(job), job.attempt
    inner = blocks.continued() if now.part else job.card.layout.html.fill(blocks.values())
    part = f"part size{now.size}" if now.part else f"size{now.size} {job.card.settings.classes}"
    # Filled by our own engine, which escapes whatever is not a block.
    return {"id": job.card.mark, "classes": f"step{now.step} {part}", "inner": mark_safe(inner)}


def _pictures(card: Card) -> dict:
    shown = [card.pictures.first] if card.uses("photo") else []
    return {
        p.path.name: p.path for p in [*shown, *card.pictures.more] if p
    } | card.trimmings.pictures


def _kept(job: Job, pages: list[set[str]]) -> dict[str, int]:
    """Return how many pieces of each section stand before the edge."""
    found = set().union(*pages)
    kept = {}
    for name, (start, stop) in job.attempt.spans.items():
        # A mark at the very end of a line may be lost: the last one that is there counts.
        marks = (n for n in range(stop - start) if mark_of(job.card, name, n) in found)
        kept[name] = max(marks, default=-1) + 1
    return kept


def _tell_missing(job: Job, characters: list[str]) -> None:
    shown = " ".join(spelt(character) for character in sorted(set("".join(characters))))
    message = _("On page %(page)s, no font has: %(characters)s")
    job.tell("characters_without_glyph", message, characters=shown[:200])


def _tell_left_out(job: Job) -> None:
    """Tell what the design has a place for, and the card had no room for."""
    card = job.card
    rest = job.attempt.rest(job.designed)
    left = {name: span for name, span in rest.items() if span[0] < span[1]}
    if job.attempt.short_name and len(card.name) > len(Blocks(job).name):
        message = _("On page %(page)s, the name is shortened: “%(beginning)s…”")
        job.tell("text_shortened", message, field="name", beginning=card.name[:60])
    for name, (start, stop) in left.items():
        if name in ("intro", "description"):
            rest = "".join(Blocks(job).pieces[name][start:stop])
            message = _("On page %(page)s, words without room: %(count)d, from “%(beginning)s…”")
            job.tell("text_shortened", message, field=name, count=stop - start, beginning=rest[:60])
        else:
            message = _("On page %(page)s, rows of the table without room: %(count)d")
            job.tell("rows_left_out", message, field=name, count=stop - start)


def _made(job: Job) -> Made:
    card = job.card
    if strange := strangers(_texts(card), card.context.tokens):
        _tell_missing(job, strange)
    pages = card.layout.manifest.pages
    cells = [part.cell for part in job.done for _ in range(1 if part.attempt.part else pages)]
    summary = {"layout": card.layout.code, "cells": cells, "facing": pages == 2}
    if job.told:
        summary["told"] = job.told
    payload = _joined(job.done)
    summary["digest"] = digest_of(payload)
    return Made(payload, tuple(dict.fromkeys(card.warnings)), summary)


def _texts(card: Card) -> str:
    """Return every character that a card may print."""
    values = (f"{label}{text}" for label, text in card.values)
    return "".join([card.name, card.intro, *card.description, *values, card.main.text("brand")])


def _joined(parts: list[Fitted]) -> bytes:
    """Return the pages of all parts as one PDF; the same parts give the same bytes."""
    if len(parts) == 1:
        return parts[0].payload
    import pikepdf

    target = io.BytesIO()
    with pikepdf.new() as whole:
        for part in parts:
            with pikepdf.open(io.BytesIO(part.payload)) as pdf:
                whole.pages.extend(pdf.pages)
        whole.save(target, deterministic_id=True)
    return target.getvalue()


def _refused(card: Card, why: str) -> ItemRefused:
    message = _("The card could not be set: %(why)s")
    told = {"why": why[:500]}
    return ItemRefused(Refusal(card.main.identifier, "render_error", message, params=told))
