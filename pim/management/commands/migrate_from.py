"""Move in from a running Akeneo-compatible system: `manage.py migrate_from https://pim.example`."""

import getpass
import os
import sys
import time

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import now

from pim.actions.migrations import StillRunning, migrate_from
from pim.content.actor import Actor
from pim.content.refusals import Refused
from pim.importing.remote import Credentials
from pim.management.bar import Bar
from pim.management.reporting import end, report
from pim.models import Job

SECRETS = ("client_id", "secret", "username", "password")


class Command(BaseCommand):
    """Exit code 0 when everything was read (refused documents are reported), 1 when not."""

    help = "Move in from a running Akeneo-compatible system: structure, products and media."

    def add_arguments(self, parser):
        parser.add_argument("url", help="the address of the other system")
        for name in SECRETS:
            variable = f"PIM_MIGRATE_{name.upper()}"
            option = f"--{name.replace('_', '-')}"
            parser.add_argument(option, default="", help=f"or {variable} in the environment")
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would happen and write nothing"
        )
        parser.add_argument(
            "--publish", action="store_true", help="publish every product that was moved"
        )
        parser.add_argument(
            "--fresh", action="store_true", help="begin anew where an attempt was broken off"
        )
        parser.add_argument("--report", help="write the report to this CSV file")
        parser.add_argument("--quiet", action="store_true", help="print no progress")

    def handle(self, url, **options):
        bar = Bar(self.stderr._out) if sys.stderr.isatty() and not options["quiet"] else None
        same = {name: options[name] for name in ("dry_run", "publish", "fresh")}
        actor = Actor(getpass.getuser(), "import")
        try:
            job = self._moved(url, _credentials(options), actor=actor, progress=bar, **same)
        except Refused as refusal:
            raise CommandError(refusal.say()) from None
        if bar:
            bar.end()
        report(self, job, noun="Move", to=options["report"])
        end(job)

    def _moved(self, url: str, credentials: Credentials, **how) -> Job:
        """Move; where the last attempt may be alive, wait until it is seen to move or not to."""
        heard = None
        while True:
            try:
                return migrate_from(url, credentials, at=now(), **how)
            except StillRunning as running:
                if heard and running.until > heard:
                    raise
                heard = running.until
                seconds = max((heard - now()).total_seconds(), 0) + 1
                self.stderr.write(
                    f"The last move was alive a moment ago: looking again in {seconds:.0f} seconds."
                )
                time.sleep(seconds)


def _credentials(options: dict) -> Credentials:
    found = {
        name: options[name] or os.environ.get(f"PIM_MIGRATE_{name.upper()}", "") for name in SECRETS
    }
    missing = [f"--{name.replace('_', '-')}" for name, value in found.items() if not value]
    if missing:
        raise CommandError(f"Give {', '.join(missing)}, or its variable in the environment.")
    return Credentials(**found)
