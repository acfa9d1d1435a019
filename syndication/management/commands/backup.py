"""Write a backup of the database and the files to one archive."""

from pathlib import Path

from django.core.management.base import BaseCommand
from django.utils import timezone

from syndication.actions.backup import backup


class Command(BaseCommand):
    """Back up a running system."""

    help = "Write the database, assets and artefacts to one archive; safe while running."

    def add_arguments(self, parser):
        parser.add_argument("path", type=Path, help="the archive to write, for example backup.tar")

    def handle(self, *args, **options):
        made = backup(options["path"].absolute(), at=timezone.now())
        self.stdout.write(f"{made} ({made.stat().st_size / 1e6:.1f} MB)")
