"""Files for translators: XLIFF 2.1 and 1.2 and CSV out, and the same back in."""

import csv
import io
import tempfile
from collections.abc import Iterator
from typing import IO

from django.core.files import File

from pim.actions.jobs import Progress, queue_job
from pim.actions.writing.batch import is_uuid
from pim.content.locales import to_bcp47
from pim.content.protecting import Code, Part, check_codes, join, parts_of
from pim.content.refusals import InvalidValue, Refused, UnknownCode, _
from pim.exporting.cells import FORMULA
from pim.importing.report import REFUSED, Place
from pim.importing.xliff import Returned, Row, read_xliff, write_xliff
from pim.models import Job, Product
from pim.queries.drafts import chunks
from pim.queries.selection import counted, describe, select
from pim.queries.structure import load_structure
from pim.queries.titles import sentence
from pim.queries.translations import MISSING, OUTDATED, STATES, Unit, source_of, units

from .write import Translated, write_translations

FORMATS = {"xliff-2.1": "xlf", "xliff-1.2": "xlf", "csv": "csv"}
CHUNK = 200
COLUMNS = ("product", "uuid", "key", "state", "source", "target", "note")
TEXTS = "texts"
_RISKY = (*FORMULA, "'")


def queue_export(
    selection: dict,
    *,
    target: str,
    source: str = "",
    form: str = "xliff-2.1",
    states: list[str] | None = None,
    attributes: list[str] | None = None,
    user=None,
    actor: str = "",
) -> Job:
    """Queue the file of what is to be translated; `states` are missing and outdated by default."""
    if form not in FORMATS:
        raise UnknownCode(what="format", name=form, field="format")
    for state in states or ():
        if state not in STATES:
            raise UnknownCode(what="state", name=state, field="states")
    source = source_of(target, load_structure(), asked=source)
    describe(selection)  # refuses what does not select
    params = {
        "selection": selection,
        "source": source,
        "target": target,
        "format": form,
        "states": states or [MISSING, OUTDATED],
        "attributes": attributes or [],
    }
    title = sentence(
        "%(source)s → %(target)s: %(what)s",
        source=source,
        target=target,
        what={"selection": counted(selection)},
    )
    return queue_job("translation_export", title=title, params=params, user=user, actor=actor)


def queue_return(upload, *, user=None, actor: str = "", dry_run: bool = False) -> Job:
    """Queue a file that came back from translators."""
    return queue_job(
        "translation_return",
        title=upload.name,
        upload=upload,
        user=user,
        actor=actor,
        dry_run=dry_run,
    )


def run_export(progress: Progress) -> None:
    """Run a job of the kind "translation_export": its result is the file."""
    params = progress.params
    source, target, form = params["source"], params["target"], params["format"]
    chosen = select(params["selection"], rights=progress.actor.rights)
    ids = chosen.order_by("id").values_list("id", flat=True)
    found = _counted(
        units(
            ids.iterator(chunk_size=2000), source=source, target=target, states=params["states"],
            attributes=params["attributes"], rights=progress.actor.rights,
        ),
        progress,
    )  # fmt: skip
    with tempfile.TemporaryFile() as out:
        if form == "csv":
            _write_csv(found, out)
        else:
            version = form.removeprefix("xliff-")
            write_xliff(map(_row, found), out, source=source, target=target, version=version)
        out.seek(0)
        name = f"{source}-{target}-{progress.job.pk}.{FORMATS[form]}"
        progress.job.result.save(name, File(out), save=False)


def run_return(progress: Progress) -> None:
    """Run a job of the kind "translation_return": what fits is written, the rest is said."""
    with progress.job.upload.open("rb") as stream:
        source, target, rows = _read(stream, progress.job.upload.name)
        source_of(target, load_structure(), asked=source)
        for part in chunks(rows, CHUNK):
            _take(part, source, target, progress)
            progress.advance(len(part))
            progress.keep(TEXTS)


def _counted(found: Iterator[Unit], progress: Progress) -> Iterator[Unit]:
    for number, unit in enumerate(found, 1):
        progress.report.count(TEXTS, "created")
        progress.advance()
        if number % 500 == 0:
            progress.keep(TEXTS)
        yield unit


def _row(unit: Unit) -> Row:
    source = parts_of(unit.source, rich=unit.rich)
    note = f"Translated from: {unit.before}" if unit.before else ""
    target = parts_of(unit.target, rich=unit.rich) if unit.target else []
    # Codes of an old translation are its own: only what the source has now may be written.
    if {c for c in target if isinstance(c, Code)} - {c for c in source if isinstance(c, Code)}:
        note, target = f"{note}\nOld translation: {unit.target}".strip(), []
    return Row(unit.uuid, unit.identifier, unit.key, source, target, unit.state, note)


def _write_csv(found: Iterator[Unit], out: IO[bytes]) -> None:
    text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    first = True
    for unit in found:
        if first:
            writer.writerow(COLUMNS)
            first = False
        cells = (
            unit.identifier, unit.uuid, unit.key, unit.state, unit.source, unit.target, unit.before
        )  # fmt: skip
        writer.writerow([_harmless(cell) for cell in cells])
    if first:
        writer.writerow(COLUMNS)
    text.detach()


def _harmless(cell: str) -> str:
    """Return a cell that no spreadsheet runs; reading takes the mark off again."""
    return f"'{cell}" if cell.startswith(_RISKY) else cell


def _read(stream: IO[bytes], name: str) -> tuple[str, str, Iterator[Returned]]:
    if not name.lower().endswith(".csv"):
        source, target, rows = read_xliff(stream)
        return to_bcp47(source), to_bcp47(target), rows
    parts = name.rsplit("/", 1)[-1].split("-")
    structure = load_structure()
    for cut in range(1, len(parts)):
        source, target = "-".join(parts[:cut]), "-".join(parts[cut:-1])
        if source in structure.locales and target in structure.locales:
            return source, target, _read_csv(stream)
    raise InvalidValue(
        _("Keep the name that the file had: it says from and into which language."),
        code="no_languages",
        field="file",
    )


def _read_csv(stream: IO[bytes]) -> Iterator[Returned]:
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
    first = text.readline()
    delimiter = max(",;\t", key=first.count)
    header = next(csv.reader([first], delimiter=delimiter), [])
    if not {"uuid", "key", "source", "target"} <= set(header):
        raise InvalidValue(
            _("The table needs the columns uuid, key, source and target."),
            code="no_columns",
            field="file",
        )
    for cells in csv.reader(text, delimiter=delimiter):
        row = dict(zip(header, (c[1:] if c[:1] == "'" else c for c in cells), strict=False))
        yield Returned(
            row.get("uuid", ""),
            row.get("key", ""),
            [row.get("source", "")],
            [row.get("target", "")],
        )


def _take(part: list[Returned], source: str, target: str, progress: Progress) -> None:
    known = _units(part, source, target, progress)
    wanted = []
    for returned in part:
        unit = known.get((returned.product, returned.key))
        try:
            text = _text(returned, unit)
        except Refused as refusal:
            name = unit.identifier if unit else returned.product
            progress.report.refuse(TEXTS, Place("", 0, name), [(returned.key, refusal)])
            continue
        if text:
            wanted.append(Translated(unit, text))
        else:
            progress.report.count(TEXTS, "unchanged")
    how = {"source": source, "target": target, "actor": progress.actor, "at": progress.at}
    for one in write_translations(wanted, job=_job(progress), **how):
        if one.outcome == REFUSED:
            place = Place("", 0, one.unit.identifier)
            progress.report.refuse(TEXTS, place, [(one.unit.key, one.refusal)])
        else:
            progress.report.count(TEXTS, one.outcome)


def _job(progress: Progress) -> Job | None:
    return None if progress.job.dry_run else progress.job


def _units(part: list[Returned], source: str, target: str, progress) -> dict:
    uuids = {r.product for r in part if len(r.product) == 36}
    ids = Product.objects.filter(uuid__in=[u for u in uuids if is_uuid(u)])
    found = units(
        list(ids.values_list("id", flat=True)), source=source, target=target, states=STATES,
        rights=progress.actor.rights,
    )  # fmt: skip
    return {(unit.uuid, unit.key): unit for unit in found}


def _text(returned: Returned, unit: Unit | None) -> str:
    """Return the translation with the codes of our own source; raise where it does not fit."""
    if unit is None:
        raise UnknownCode(what="text", name=returned.key[:60], field="key")
    own = parts_of(unit.source, rich=unit.rich)
    whole = [p for p in returned.target if p != ""]
    if not whole:
        return ""
    if len(returned.source) == 1 and isinstance(returned.source[0], str):
        _refuse_changed(returned.source[0], unit.source, own, rich=unit.rich)
        if len(whole) == 1 and isinstance(whole[0], str) and returned.source[0] == unit.source:
            return whole[0]
    elif _bare(returned.source) != _bare(own):
        raise _changed()
    literals = {(c.id, c.kind): c for c in own if isinstance(c, Code)}
    parts: list[Part] = [
        part if isinstance(part, str) else literals.get((part.id, part.kind), part)
        for part in whole
    ]
    check_codes(own, parts)
    return join(parts, rich=unit.rich)


def _refuse_changed(text: str, source: str, own: list[Part], *, rich: bool) -> None:
    """Raise where the file was made from another source text."""
    if text != source and [text] != own:
        raise _changed()


def _bare(parts: list[Part]) -> list:
    """Return the parts in a form in which what came back equals what went out."""
    found: list = []
    for part in parts:
        if isinstance(part, Code):
            found.append((part.id, part.kind))
        elif found and isinstance(found[-1], str):
            found[-1] += part
        else:
            found.append(part)
    return found


def _changed() -> Refused:
    return Refused(
        _("The source text was changed after the file was made: export this text again."),
        code="source_changed",
    )
