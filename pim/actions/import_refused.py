"""The rows that an import refused, as a file of the same layout: mend it and send it again."""

import csv
import io
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath

import orjson
from django.core.files import File
from django.db.models import Max

from pim.actions.import_options import ImportOptions
from pim.actions.import_sources import keep_stamp
from pim.actions.imports import open_import, plan_of
from pim.actions.jobs import Progress
from pim.importing.columns import REASON
from pim.importing.report import REFUSED
from pim.importing.tables import Table
from pim.models import Job, JobLine

SPOOL = 8 * 1024 * 1024


def keep_refused_rows(progress: Progress) -> None:
    """Make the result of an import's job: its refused rows, each with its reason.

    One table gives a file, several give a zip. Without refused rows there is no result.
    """
    job = progress.job
    progress.report.flush()
    progress.come_back()
    progress.record()
    keep_stamp(job)
    refused = JobLine.objects.filter(job=job, outcome=REFUSED, line__gt=0).order_by()
    last = dict(refused.values_list("file").annotate(last=Max("line")))
    if not last:
        return
    with open_import(job) as source, tempfile.TemporaryFile() as out:
        plan = plan_of(source, ImportOptions.read(job.params))
        # The first line of a table is its header: whoever is refused there has no rows.
        tables = [t for _k, t in plan.tables if last.get(t.name[:200], 0) > (not t.documents)]
        made = _write_all(job, tables, out)
        if made:
            out.seek(0)
            job.result.save(f"refused-{job.pk}-{made}", File(out), save=False)


def _write_all(job: Job, tables: list[Table], out) -> str:
    """Write the rows; return the name of what was made, "" if nothing."""
    if not tables:
        return ""
    if len(tables) == 1:
        _write(job, tables[0], out)
        return _name(tables[0])
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for table in tables:
            with archive.open(_name(table), "w", force_zip64=True) as entry:
                _write(job, table, entry)
    return "rows.zip"


def _name(table: Table) -> str:
    stem = PurePosixPath(table.stem).name.split(".", 1)[0]
    return f"{stem}.{'jsonl' if table.documents else 'csv'}"


def _write(job: Job, table: Table, out) -> None:
    as_sent = table.origin or table
    if table.documents:
        for document, reason in _refused(job, table, as_sent):
            out.write(orjson.dumps({**(document or {}), REASON: reason}) + b"\n")
        return
    text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
    text.write("\ufeff")  # spreadsheets take a file without it for another encoding
    writer = csv.writer(text, delimiter=";")
    width = len(as_sent.header)
    places = [i for i, title in enumerate(as_sent.header) if title != REASON]
    writer.writerow([*(as_sent.header[i] for i in places), REASON])
    for cells, reason in _refused(job, table, as_sent):
        cells = [*cells, *[""] * (width - len(cells))]
        writer.writerow([*(cells[i] for i in places), reason])
    text.flush()
    text.detach()


def _refused(job: Job, table: Table, as_sent: Table) -> Iterator[tuple]:
    """Yield (row as it was sent, reasons) in the order of the file, holding one at a time."""
    lines = _reasons(job, table.name[:200])
    line, reason = next(lines, (0, ""))
    for number, cells in as_sent.read() if line else ():
        while line and line < number:
            line, reason = next(lines, (0, ""))
        if line == number:
            yield cells, reason
            line, reason = next(lines, (0, ""))
        if not line:
            return


def _reasons(job: Job, name: str) -> Iterator[tuple[int, str]]:
    rows = JobLine.objects.filter(job=job, outcome=REFUSED, line__gt=0, file=name)
    held, texts = 0, []
    for line, column, message in (
        rows.order_by("line", "id").values_list("line", "column", "message").iterator()
    ):
        if line != held and held:
            yield held, " ".join(texts)
            texts = []
        held = line
        texts.append(f"{column}: {message}" if column else message)
    if held:
        yield held, " ".join(texts)
