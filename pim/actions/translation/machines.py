"""Machine translation behind a small door: a package brings the machine, the setting names it."""

from collections.abc import Sequence
from functools import lru_cache
from importlib.metadata import entry_points
from typing import Protocol

from django.conf import settings

from pim.actions.jobs import Progress, queue_job
from pim.content.actor import Actor
from pim.content.protecting import Code, Part, join, parts_of
from pim.content.refusals import Refused, _
from pim.importing.report import REFUSED, Place
from pim.models import Job
from pim.queries.drafts import chunks
from pim.queries.selection import select
from pim.queries.structure import load_structure
from pim.queries.translations import MISSING, Unit, source_of, units

from .write import Translated, write_translations

GROUP = "pim.translators"
BATCH = 50
LEFT, RIGHT = "\u27e6", "\u27e7"  # brackets that no product text has: ⟦1⟧


class Translator(Protocol):
    """What a package offers under the entry point group "pim.translators"."""

    def translate(self, texts: Sequence[str], *, source: str, target: str) -> list[str]:
        """Return one translation per text; ⟦1⟧ and the like must come back as they are."""


def machine() -> Translator | None:
    """Return the machine that the setting PIM_TRANSLATOR names, None where it names none."""
    return _load(settings.TRANSLATOR) if settings.TRANSLATOR else None


def queue_machine(selection: dict, *, target: str, source: str = "", user=None, actor="") -> Job:
    """Queue the translation of what is missing; the texts become drafts, to be read by people."""
    if machine() is None:
        raise Refused(_("No translation machine is installed."), code="no_machine")
    source = source_of(target, load_structure(), asked=source)
    select(selection)
    params = {"selection": selection, "source": source, "target": target}
    title = f"{source} → {target}"
    return queue_job("machine_translation", title=title, params=params, user=user, actor=actor)


def run_machine(progress: Progress) -> None:
    """Run a job of the kind "machine_translation", some units at a time."""
    source, target = progress.params["source"], progress.params["target"]
    chosen = select(progress.params["selection"], rights=progress.actor.rights)
    ids = list(chosen.order_by("id").values_list("id", flat=True))
    progress.expect(len(ids))
    rest = (pk for pk in ids if pk > progress.cursor.get("after", 0))
    for part in chunks(rest, BATCH):
        found = units(part, source=source, target=target, states=(MISSING,),
                      rights=progress.actor.rights)  # fmt: skip
        for some in chunks(found, BATCH):
            _translate(some, source, target, progress)
        progress.advance(len(part))
        progress.keep(target, cursor={"after": part[-1]})


def _translate(some: list[Unit], source: str, target: str, progress: Progress) -> None:
    marked = [_marked(unit) for unit in some]
    texts = machine().translate([text for text, _parts in marked], source=source, target=target)
    wanted = [
        Translated(unit, _unmarked(text, parts, rich=unit.rich))
        for unit, text, (_text, parts) in zip(some, texts, marked, strict=True)
    ]
    actor = Actor(f"{progress.actor.name} (machine)", "job", progress.actor.rights)
    how = {"source": source, "target": target, "actor": actor, "at": progress.at}
    for one in write_translations(wanted, job=progress.job, **how):
        if one.outcome == REFUSED:
            place = Place("", 0, one.unit.identifier)
            progress.report.refuse("texts", place, [(one.unit.key, one.refusal)])
        else:
            progress.report.count("texts", one.outcome)


def _marked(unit: Unit) -> tuple[str, list[Part]]:
    """Return the text with a mark for each code, and its parts."""
    parts = parts_of(unit.source, rich=unit.rich)
    shown = [p if isinstance(p, str) else f"{LEFT}{n}{RIGHT}" for n, p in enumerate(parts)]
    return "".join(shown), parts


def _unmarked(text: str, parts: list[Part], *, rich: bool) -> str:
    """Return the translation with its codes back; a mark that names none stays for the check."""
    found: list[Part] = []
    for n, piece in enumerate(text.replace(LEFT, "\0").replace(RIGHT, "\0").split("\0")):
        code = parts[int(piece)] if n % 2 and piece.isdigit() and int(piece) < len(parts) else None
        found.append(code if isinstance(code, Code) else piece)
    return join(found, rich=rich)


@lru_cache(maxsize=4)
def _load(name: str) -> Translator:
    for point in entry_points(group=GROUP):
        if point.name == name:
            return point.load()()
    raise Refused(_("There is no translation machine “%(name)s”."), code="no_machine", name=name)
