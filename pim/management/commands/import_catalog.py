"""import_catalog PATH: import a file, a folder or a zip, and print what became of every row."""

import getpass
import shutil
import sys
from pathlib import Path

from django.core.management.base import BaseCommand
from django.utils.timezone import now

from pim.actions.import_options import EMPTY, MODES, ImportOptions
from pim.actions.imports import import_catalog
from pim.content.actor import Actor
from pim.management.bar import Bar
from pim.management.reporting import end, report


class Command(BaseCommand):
    """Exit code 0 when the files could be read (refused rows are reported), 1 when not."""

    help = "Import a catalogue: CSV, XLSX, ODS, JSON lines, XML; a folder, or a zip with pictures."

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
        parser.add_argument(
            "--mode", choices=MODES, default="upsert", help="what to write: all, new, known"
        )
        parser.add_argument(
            "--empty", choices=EMPTY, default="clear", help="what a blank cell means"
        )
        parser.add_argument(
            "--locale", default="", help="the language of files that do not name one"
        )
        parser.add_argument(
            "--currency", default="", help="the currency of files that do not name one"
        )
        parser.add_argument(
            "--no-fetch", action="store_true", help="fetch no pictures from their addresses"
        )
        parser.add_argument("--refused", help="write the refused rows to this file, to be mended")
        parser.add_argument("--report", help="write the report to this CSV file")
        parser.add_argument("--reason", default="", help="why, for the change log")
        parser.add_argument("--quiet", action="store_true", help="print no progress")

    def handle(self, path, **options):
        bar = Bar(self.stderr._out) if sys.stderr.isatty() and not options["quiet"] else None
        job = import_catalog(
            Path(path),
            actor=Actor(getpass.getuser(), "import"),
            at=now(),
            options=_options(options),
            progress=bar,
        )
        if bar:
            bar.end()
        report(self, job, noun="Import", to=options["report"])
        if options["refused"] and job.result:
            with job.result.open("rb") as source, open(options["refused"], "wb") as out:
                shutil.copyfileobj(source, out)
        end(job)


def _options(options: dict) -> ImportOptions:
    same = ("dry_run", "publish", "decimal_comma", "reason", "mode", "empty", "locale", "currency")
    return ImportOptions(fetch=not options["no_fetch"], **{name: options[name] for name in same})
