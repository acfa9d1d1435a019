"""Put a backup in place."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from pim.published import Refused
from syndication.actions.backup import restore


class Command(BaseCommand):
    """Restore an archive made by `backup`; stop the workers first."""

    help = "Restore an archive made by `backup`. Channels start a new epoch."

    def add_arguments(self, parser):
        parser.add_argument("path", type=Path)
        parser.add_argument("--replace", action="store_true", help="overwrite a filled database")

    def handle(self, *args, **options):
        try:
            restore(options["path"], replace=options["replace"])
        except Refused as refused:
            raise CommandError(refused.say()) from refused
        self.stdout.write("Restored. Readers of deltas will be told to begin again.")
