"""import_catalog PATH: import a file, a folder or a zip, and print what became of every row."""

import getpass
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import now

from pim.actions.imports import ImportOptions, import_catalog
from pim.actions.jobs import report_lines
from pim.content.actor import Actor
from pim.importing.report import counts_table, write_csv
from pim.models import JobLine

SHOWN = 40


class Command(BaseCommand):
    """Exit code 0 when the files could be read (refused rows are reported), 1 when not."""

    help = "Import a catalogue: a CSV, XLSX or ODS file, a folder, or a zip with pictures."

    def add_arguments(self, parser):
        parser.add_argument("path", help="a file, a folder or a zip")
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would happen and write nothing"
        )
        parser.add_argument(
            "--publish", action="store_true", help="publish every product of the files afterwards"
        )
        parser.add_argument(
            "--decimal-comma", action="store_true", help="numbers are written as 12,5"
        )
        parser.add_argument("--report", help="write the report to this CSV file")
        parser.add_argument("--reason", default="", help="why, for the change log")
        parser.add_argument("--quiet", action="store_true", help="print no progress")

    def handle(self, path, **options):
        job = import_catalog(
            Path(path),
            actor=Actor(getpass.getuser(), "import"),
            at=now(),
            options=ImportOptions(
                dry_run=options["dry_run"],
                publish=options["publish"],
                decimal_comma=options["decimal_comma"],
                reason=options["reason"],
            ),
            progress=None if options["quiet"] else self._progress(),
        )
        lines = JobLine.objects.filter(job=job).order_by("id")
        self._print(job, lines)
        if options["report"]:
            with open(options["report"], "w", newline="", encoding="utf-8-sig") as out:
                write_csv(report_lines(job), out)
        if job.state == "failed":
            raise CommandError(job.cause)

    def _progress(self):
        shown: list[str] = []

        def say(name: str) -> None:
            if name not in shown:
                shown.append(name)
                self.stderr.write(f"… {name}")

        return say if sys.stderr.isatty() else None

    def _print(self, job, lines) -> None:
        total = lines.count()
        for row in lines[:SHOWN]:
            where = f"{row.file}:{row.line}" if row.line else row.file
            column = f" [{row.column}]" if row.column else ""
            self.stdout.write(
                f"{row.outcome}: {where}{column} {row.subject} {row.code}: {row.message}"
            )
        if total > SHOWN:
            self.stdout.write(f"… and {total - SHOWN} more lines (--report FILE has them all)")
        if job.counts:
            self.stdout.write(counts_table(job.counts))
        if job.dry_run:
            self.stdout.write("Dry run: nothing was written.")
        self.stdout.write(f"Import {job.pk}: {job.state}.")
