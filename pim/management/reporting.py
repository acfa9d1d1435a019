"""What a command prints of a finished job: its first lines, its counts, its state."""

from django.core.management.base import CommandError

from pim.actions.jobs import report_lines
from pim.importing.report import counts_table, write_csv
from pim.models import Job, JobLine

SHOWN = 40


def report(command, job: Job, *, noun: str, to: str = "") -> None:
    """Print what became of a job, and write its whole report to the CSV file `to`."""
    lines = JobLine.objects.filter(job=job).order_by("id")
    for row in lines[:SHOWN]:
        command.stdout.write(_line(row))
    total = lines.count()
    if total > SHOWN:
        command.stdout.write(f"… and {total - SHOWN} more lines (--report FILE has them all)")
    if job.counts:
        command.stdout.write(counts_table(job.counts))
    if job.dry_run:
        command.stdout.write("Dry run: nothing was written.")
    command.stdout.write(f"{noun} {job.pk}: {job.state}.")
    if to:
        with open(to, "w", newline="", encoding="utf-8-sig") as out:
            write_csv(report_lines(job), out)


def end(job: Job) -> None:
    """Leave the command with the cause of a job that failed."""
    if job.state == "failed":
        raise CommandError(job.cause)


def _line(row: JobLine) -> str:
    where = f"{row.file}:{row.line}" if row.line else row.file
    column = f" [{row.column}]" if row.column else ""
    code = f" {row.code}:" if row.code else ""
    return f"{row.outcome}: {where}{column} {row.subject}{code} {row.message}"
